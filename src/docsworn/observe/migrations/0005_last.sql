-- What the last round of a target came to, as JSON without values, so that a restart does not forget it.
CREATE TABLE last (
  subject TEXT NOT NULL, name TEXT NOT NULL, at REAL NOT NULL, told TEXT NOT NULL,
  PRIMARY KEY (subject, name)
) STRICT, WITHOUT ROWID;

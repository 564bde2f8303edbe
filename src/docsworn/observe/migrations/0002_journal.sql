-- What a prober must not forget: each request of the last day, and moments and marks by name.
CREATE TABLE spent (subject TEXT NOT NULL, at REAL NOT NULL) STRICT;
CREATE INDEX spent_by_subject ON spent (subject, at);
CREATE TABLE mark (
  subject TEXT NOT NULL, name TEXT NOT NULL, value REAL NOT NULL,
  PRIMARY KEY (subject, name)
) STRICT, WITHOUT ROWID;

-- What the bodies of one situation have looked like, place by place: one JSON text, no values but short
-- words where a place holds few of them again and again. The revision counts the changes.
CREATE TABLE profile (
  host TEXT NOT NULL, provider TEXT NOT NULL, operation TEXT NOT NULL, contract TEXT NOT NULL,
  situation TEXT NOT NULL, revision INTEGER NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (host, provider, operation, contract, situation)
) STRICT, WITHOUT ROWID;

-- What a host has taught, and what became of each promise.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO meta VALUES ('salt', lower(hex(randomblob(16))));
CREATE TABLE streak (
  host TEXT NOT NULL, provider TEXT NOT NULL, operation TEXT NOT NULL, revision TEXT NOT NULL,
  context TEXT NOT NULL, promise TEXT NOT NULL,
  length INTEGER NOT NULL, first_conversation TEXT NOT NULL, several INTEGER NOT NULL,
  PRIMARY KEY (host, provider, operation, revision, context, promise)
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger (
  host TEXT NOT NULL, provider TEXT NOT NULL, operation TEXT NOT NULL, revision TEXT NOT NULL,
  promise TEXT NOT NULL,
  kept INTEGER NOT NULL, broken INTEGER NOT NULL, not_evaluable INTEGER NOT NULL, last_seen REAL NOT NULL,
  PRIMARY KEY (host, provider, operation, revision, promise)
) STRICT, WITHOUT ROWID;

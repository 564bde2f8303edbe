-- Each run with its exchanges, and each finding with what became of it. No value of a body is in here.
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL, provider TEXT NOT NULL, operation TEXT NOT NULL, revision TEXT NOT NULL,
  at REAL NOT NULL,          -- Unix seconds of its end
  verdict TEXT NOT NULL,
  available INTEGER,         -- 0 or 1; NULL where nothing could be judged
  reason TEXT,               -- why it was not available, of a closed set
  kept INTEGER NOT NULL, broken INTEGER NOT NULL, unseen INTEGER NOT NULL, not_evaluable INTEGER NOT NULL,
  kinds TEXT NOT NULL,       -- JSON: the kinds that were put to the test
  fits TEXT NOT NULL,        -- JSON: revisions with the share of their promises that was kept
  notes TEXT NOT NULL        -- JSON: sentences for people
) STRICT;
CREATE INDEX run_by_scope ON run (host, provider, operation, revision, at);
CREATE INDEX run_by_time ON run (at);
CREATE TABLE exchange (
  run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE, position INTEGER NOT NULL,
  case_id TEXT NOT NULL, purpose TEXT NOT NULL, started REAL NOT NULL,
  status INTEGER, failure TEXT,
  total REAL NOT NULL,       -- seconds, as are the phases
  dns REAL, connect REAL, tls REAL, send REAL, wait REAL, receive REAL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE finding (
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL, provider TEXT NOT NULL, operation TEXT NOT NULL, revision TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  promise TEXT NOT NULL, kind TEXT NOT NULL, severity TEXT NOT NULL, pointer TEXT NOT NULL,
  documented TEXT NOT NULL, observed TEXT NOT NULL, document TEXT NOT NULL, line INTEGER NOT NULL,
  case_id TEXT NOT NULL, reason TEXT, waived TEXT,
  first_seen REAL NOT NULL, last_seen REAL NOT NULL,
  since REAL NOT NULL,       -- when it came, came back, or was fixed: whichever was last
  count INTEGER NOT NULL,    -- runs that showed it
  state TEXT NOT NULL CHECK (state IN ('new', 'open', 'fixed', 'reopened', 'waived')),
  UNIQUE (host, provider, operation, revision, fingerprint)
) STRICT;
CREATE TABLE finding_state (
  finding INTEGER NOT NULL REFERENCES finding ON DELETE CASCADE, at REAL NOT NULL, state TEXT NOT NULL,
  PRIMARY KEY (finding, at)
) STRICT, WITHOUT ROWID;
ALTER TABLE ledger ADD COLUMN state TEXT NOT NULL DEFAULT 'kept';
UPDATE ledger SET state = CASE WHEN kept THEN 'kept' WHEN broken THEN 'broken' ELSE 'not_evaluable' END;

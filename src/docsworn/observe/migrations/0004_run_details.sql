-- What a report of a run names beside its findings, each a JSON list of texts.
ALTER TABLE run ADD COLUMN not_evaluable_promises TEXT NOT NULL DEFAULT '[]';
ALTER TABLE run ADD COLUMN crashes TEXT NOT NULL DEFAULT '[]';

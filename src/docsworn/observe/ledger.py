"""What became of every promise over time: how often it was kept, broken or not evaluable."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from docsworn.check.hold import Held

_UPSERT = """
INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET kept = kept + excluded.kept, broken = broken + excluded.broken,
  not_evaluable = not_evaluable + excluded.not_evaluable, last_seen = max(last_seen, excluded.last_seen)
"""

_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """How many exchanges kept, broke or could not evaluate a promise; ``last_seen`` in Unix seconds."""

    kept: int
    broken: int
    not_evaluable: int
    last_seen: float

    @property
    def exercised(self) -> bool:
        """Whether live traffic has put the promise to the test at all."""
        return bool(self.kept or self.broken)


def write_ledger(database: sqlite3.Connection, key: _Key, held: Held) -> None:
    """Add what one round showed, within the caller's transaction."""
    kept: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    unsure: Counter[str] = Counter()
    for _, account, _ in held.accounts:
        kept.update(account.kept)
        broken.update({breach.promise.id for breach in account.breaches})
        unsure.update(account.not_evaluable)
    now = max((exchange.started for exchange, _, _ in held.accounts), default=0.0)
    promises = kept.keys() | broken.keys() | unsure.keys()
    rows = [(*key, promise, kept[promise], broken[promise], unsure[promise], now) for promise in promises]
    database.executemany(_UPSERT, rows)


def read_ledger(database: sqlite3.Connection, key: _Key) -> Mapping[str, Entry]:
    """The entries of one host, provider, operation and revision by promise id."""
    rows = database.execute(
        "SELECT promise, kept, broken, not_evaluable, last_seen FROM ledger"
        " WHERE (host, provider, operation, revision) = (?, ?, ?, ?)",
        key,
    )
    return {promise: Entry(*counts) for promise, *counts in rows}

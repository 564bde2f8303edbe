"""What became of every promise over time: how often it was kept, broken or not evaluable."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from docsworn.check.hold import Held

_UPSERT = """
INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET kept = kept + excluded.kept, broken = broken + excluded.broken,
  not_evaluable = not_evaluable + excluded.not_evaluable, last_seen = max(last_seen, excluded.last_seen),
  state = excluded.state
"""

_Key = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """How many exchanges kept, broke or could not evaluate a promise; ``last_seen`` in Unix seconds.

    ``state`` is what the last run that put it to the test made of it: broken by any exchange, else kept
    by any, else not evaluable.
    """

    kept: int
    broken: int
    not_evaluable: int
    last_seen: float
    state: str

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
    rows = [
        (*key, promise, *counts, now, _state(*counts))
        for promise in promises
        for counts in [(kept[promise], broken[promise], unsure[promise])]
    ]
    database.executemany(_UPSERT, rows)


def _state(kept: int, broken: int, _unsure: int) -> str:
    return "broken" if broken else "kept" if kept else "not_evaluable"


def read_ledger(database: sqlite3.Connection, key: _Key) -> Mapping[str, Entry]:
    """The entries of one host, provider, operation and revision by promise id."""
    rows = database.execute(
        "SELECT promise, kept, broken, not_evaluable, last_seen, state FROM ledger"
        " WHERE (host, provider, operation, revision) = (?, ?, ?, ?)",
        key,
    )
    return {promise: Entry(*told) for promise, *told in rows}

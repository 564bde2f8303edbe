"""What a prober must not forget, whenever it is killed: requests sent, and moments that matter later."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docsworn.contract.settings import BudgetSettings
from docsworn.observe.migrate import transaction
from docsworn.observe.store import Store
from docsworn.probe.budget import DAY, MINUTE, may_spend

_COUNT = "SELECT count(*) FROM spent WHERE subject = ? AND at > ?"


@dataclass(frozen=True, slots=True)
class Remaining:
    """Requests that a budget still allows in the current minute and day."""

    minute: int
    day: int


class Journal(Store):
    """The journal in a history file, or in memory for one process; safe to share between threads.

    ``subject`` is whose requests are counted together, ``clock`` gives Unix seconds. What a call has
    written survives the process from when it returns.
    """

    def __init__(self, path: Path | None = None, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(path)
        # A process that is killed loses nothing with this; only a power cut could.
        self._database.execute("PRAGMA synchronous = NORMAL")
        # Of subjects that are no more, too.
        for table in ("spent", "last"):
            self._database.execute(f"DELETE FROM {table} WHERE at <= ?", (clock() - DAY,))  # noqa: S608

    def spend(self, subject: str, budget: BudgetSettings, now: float) -> None:
        """Count one request that is about to be sent at ``now`` (Unix); BudgetSpent if it may not be."""
        with self._lock, transaction(self._database):
            self._database.execute("DELETE FROM spent WHERE subject = ? AND at <= ?", (subject, now - DAY))
            may_spend(
                budget, in_minute=self._sent(subject, now - MINUTE), in_day=self._sent(subject, now - DAY)
            )
            self._database.execute("INSERT INTO spent VALUES (?, ?)", (subject, now))

    def remaining(self, subject: str, budget: BudgetSettings, now: float) -> Remaining:
        """What a budget still allows; ``minute`` is never more than ``day``."""
        with self._lock:
            day = max(0, budget.per_day - self._sent(subject, now - DAY))
            minute = max(0, budget.per_minute - self._sent(subject, now - MINUTE))
        return Remaining(min(minute, day), day)

    def mark(self, subject: str, name: str, value: float) -> None:
        """Keep a number under a name, in place of the one before."""
        with self._lock:
            self._database.execute("INSERT OR REPLACE INTO mark VALUES (?, ?, ?)", (subject, name, value))

    def marked(self, subject: str, name: str) -> float | None:
        """The number that was kept, or None."""
        with self._lock:
            row = self._database.execute(
                "SELECT value FROM mark WHERE (subject, name) = (?, ?)", (subject, name)
            ).fetchone()
        return None if row is None else float(row[0])

    def keep(self, subject: str, name: str, at: float, text: str) -> None:
        """Keep a text of a moment (Unix seconds) under a name, in place of the one before."""
        with self._lock:
            self._database.execute(
                "INSERT OR REPLACE INTO last VALUES (?, ?, ?, ?)", (subject, name, at, text)
            )

    def kept(self, subject: str, name: str, *, since: float, until: float) -> str | None:
        """The text that was kept between two moments, or None."""
        with self._lock:
            row = self._database.execute(
                "SELECT told FROM last WHERE (subject, name) = (?, ?) AND at BETWEEN ? AND ?",
                (subject, name, since, until),
            ).fetchone()
        return None if row is None else str(row[0])

    def _sent(self, subject: str, since: float) -> int:
        (count,) = self._database.execute(_COUNT, (subject, since)).fetchone()
        return int(count)


@dataclass(frozen=True, slots=True)
class JournalBudget:
    """A budget that is counted in a journal; ``clock`` gives Unix seconds."""

    journal: Journal
    subject: str
    settings: BudgetSettings
    clock: Callable[[], float]

    def spend(self) -> None:
        """Count one request that is about to be sent; BudgetSpent if it may not be."""
        self.journal.spend(self.subject, self.settings, self.clock())

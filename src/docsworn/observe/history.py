"""What is known over time: which promises one host has kept, how long, over how many conversations."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from docsworn.check.hold import Held
from docsworn.check.subject import Account, Lesson
from docsworn.contract.promises import PRESENCE
from docsworn.model import Confidence, Exchange, Kind, Learned, Promise, Purpose, Severity
from docsworn.observe.findings import Known, State, read_findings, read_states, write_findings
from docsworn.observe.ledger import Entry, read_ledger, write_ledger
from docsworn.observe.migrate import transaction
from docsworn.observe.outcome import NOTHING_JUDGED, Round
from docsworn.observe.profiles import Profiles
from docsworn.observe.prune import Pruned, prune
from docsworn.observe.runs import PastRun, Span, read_exchanges, read_runs, read_spans, write_run
from docsworn.observe.scope import Scope
from docsworn.observe.store import Store
from docsworn.observe.trend import Bucket, read_trend
from docsworn.observe.unusable import reads_rows

ENOUGH_RESPONSES = 20

_ALL = ""  # the streaks of a promise over all contexts
_ANY = ""  # the streak of a context itself

_EXTEND = """
INSERT INTO streak VALUES (?, ?, ?, ?, ?, ?, 1, ?, 0, 0, 0)
ON CONFLICT DO UPDATE SET
  several = CASE WHEN length = 0 OR missed THEN 0
    ELSE max(several, first_conversation <> excluded.first_conversation) END,
  first_conversation =
    CASE WHEN length = 0 OR missed THEN excluded.first_conversation ELSE first_conversation END,
  length = CASE WHEN missed THEN 1 ELSE length + 1 END,
  absences = absences + missed,
  missed = 0
"""
# Each absence that something got over asks for twice the evidence.
_STEADY = f"length >= {ENOUGH_RESPONSES} << min(absences, 20) AND several"
_AT = "(host, provider, operation, revision, context, promise) = (?, ?, ?, ?, ?, ?)"
# What is steady stays so: from then on its absence is a finding and no lesson.
_BREAK = f"""
UPDATE streak SET length = 0, several = 0, absences = absences + (context <> '{_ALL}')
WHERE {_AT} AND NOT ({_STEADY})
"""  # noqa: S608 - all ours
# If it is there again after that, somewhere else or later, it was not gone for good.
_MISS = f"UPDATE streak SET missed = 1 WHERE {_AT}"  # noqa: S608 - all ours


class History(Store):
    """The history in a file, or in memory for one process; safe to share between threads.

    One that is only for ``reading`` need not be writable: it is then what the file holds now.
    """

    def __init__(self, path: Path | None = None, *, reading: bool = False) -> None:
        super().__init__(path, reading=reading)
        self._profiles = Profiles(self._database, self._salt)

    def learned(self, scope: Scope) -> Learned:
        """What this host has taught: only what at least 20 responses of 2 conversations show."""
        with self._lock:
            steady = _read_steady(self._database, scope)
            profiles = self._profiles.of(scope.key)
            states = self._profiles.states(scope.key)
        return Learned(
            corroborated=frozenset(steady.pop(None, ())),
            steady={context: kept for context, kept in steady.items() if context is not None},
            profiles=profiles,
            states=states,
        )

    def ledger(self, scope: Scope) -> Mapping[str, Entry]:
        """What has become of each promise so far, by id; a promise that is not there was never seen."""
        with self._lock:
            return read_ledger(self._database, scope.key)

    def hosts(self, provider: str) -> tuple[str, ...]:
        """The hosts that have been held to a provider's contract, sorted."""
        with self._lock:
            rows = self._database.execute("SELECT DISTINCT host FROM ledger WHERE provider = ?", (provider,))
            return tuple(sorted(host for (host,) in rows))

    def findings(
        self, scope: Scope | None = None, *, states: frozenset[State] | None = None
    ) -> tuple[Known, ...]:
        """What has been found on a scope (everywhere where None), in these states (in any where None)."""
        with self._lock:
            return read_findings(self._database, scope, states)

    def runs(
        self, scope: Scope | None = None, *, since: float = 0.0, last: int | None = None, skip: int = 0
    ) -> tuple[PastRun, ...]:
        """The runs of a scope (all where None) from ``since`` (Unix seconds) on, as ``read_runs``."""
        with self._lock:
            return read_runs(self._database, scope, since=since, last=last, skip=skip)

    def exchanges(self, run: PastRun) -> tuple[Exchange, ...]:
        """The exchanges of a run, without paths, headers and bodies."""
        with self._lock:
            return read_exchanges(self._database, run)

    def states(self, scope: Scope) -> Mapping[int, Sequence[tuple[float, State]]]:
        """How each finding of a scope changed, by its id: when (Unix seconds), and to what."""
        with self._lock:
            return read_states(self._database, scope)

    def trend(self, scope: Scope, since: float = 0.0) -> tuple[Bucket, ...]:
        """Availability and latency of a scope from ``since`` (Unix seconds) on, oldest first."""
        with self._lock:
            return read_trend(self._database, scope, since)

    def prune(self, before: float, *, shrink: bool = True) -> Pruned:
        """Leave out runs and fixed findings of before a moment (Unix seconds)."""
        with self._lock:
            return prune(self._database, before, shrink=shrink)

    def spans(self) -> tuple[Span, ...]:
        """All that has been checked with how often and when, what was checked last first."""
        with self._lock:
            return read_spans(self._database)

    def scopes(self) -> tuple[Scope, ...]:
        """All that has been checked, the host that was checked last first."""
        return tuple(span.scope for span in self.spans())

    def record(
        self,
        scope: Scope,
        held: Held,
        promises: Mapping[str, Promise],
        *,
        outcome: Round = NOTHING_JUDGED,
        at: float = 0.0,
        promised: frozenset[str] | None = None,
    ) -> None:
        """Keep a run and what it found, count its promises, and learn from it: all of it or nothing.

        ``promises`` are those about bodies: whether we are answered in time is never corroborated.
        A broken response teaches nothing. ``at`` is the run's end in Unix seconds, ``promised`` as in
        ``write_findings``.
        """
        known = self.learned(scope).corroborated
        with self._lock, transaction(self._database):
            write_run(self._database, scope, held.run, outcome, at)
            write_findings(self._database, scope, held, at, promised)
            write_ledger(self._database, scope.key, held)
            for exchange, account, context in held.accounts:
                if _teaches(exchange, account, known):
                    self._learn(scope, exchange, account, context, promises)
                missed = [each.promise for each in account.breaches if each.kind is Kind.VANISHED]
                gone = [promise.id for promise in missed if promise.keyword in PRESENCE]
                if context is not None and gone:
                    self._change(_MISS, scope, json.dumps(context), gone)
            self._profiles.learn(scope.key, _lessons(held, known))

    def _learn(
        self,
        scope: Scope,
        exchange: Exchange,
        account: Account,
        context: tuple[str, ...] | None,
        promises: Mapping[str, Promise],
    ) -> None:
        conversation = self.anonymous(exchange.case.subject_id or exchange.case.path)
        unsure = {p for p in account.kept if p in promises and _is_unsure(promises[p])}
        broken = {breach.promise.id for breach in account.breaches}
        self._extend(scope, _ALL, {p for p in unsure if promises[p].keyword not in PRESENCE}, conversation)
        self._change(_BREAK, scope, _ALL, broken)
        if context is not None:
            where = json.dumps(context)
            present = {p for p in unsure if promises[p].keyword in PRESENCE}
            self._extend(scope, where, {*present, _ANY}, conversation)
            self._change(_BREAK, scope, where, account.absent)

    def _extend(self, scope: Scope, context: str, promises: Iterable[str], conversation: str) -> None:
        self._database.executemany(
            _EXTEND, [(*scope.key, context, promise, conversation) for promise in promises]
        )

    def _change(self, statement: str, scope: Scope, context: str, promises: Iterable[str]) -> None:
        self._database.executemany(statement, [(*scope.key, context, promise) for promise in promises])


@reads_rows
def _read_steady(database: sqlite3.Connection, scope: Scope) -> dict[tuple[str, ...] | None, dict[str, int]]:
    """The promises that were kept steadily and how often, by context; None for all of them together."""
    rows = database.execute(
        f"SELECT context, promise, length FROM streak WHERE {_STEADY}"  # noqa: S608 - all ours
        " AND (host, provider, operation, revision) = (?, ?, ?, ?)",
        scope.key,
    )
    steady: defaultdict[tuple[str, ...] | None, dict[str, int]] = defaultdict(dict)
    for context, promise, length in rows:
        steady[None if context == _ALL else tuple(json.loads(context))][promise] = int(length)
    return steady


def _lessons(held: Held, corroborated: frozenset[str]) -> Iterator[Lesson]:
    """What profiles may learn from a round: from refusals too, but never from what is broken."""
    for exchange, account, _ in held.accounts:
        good = exchange.case.purpose is Purpose.GOOD
        as_meant = exchange.status is not None and exchange.status // 100 == (2 if good else 4)
        if as_meant and _is_sound(account, corroborated):
            yield from account.lessons


def _teaches(exchange: Exchange, account: Account, corroborated: frozenset[str]) -> bool:
    good = exchange.case.purpose is Purpose.GOOD and exchange.status is not None and exchange.status < 300
    return good and _is_sound(account, corroborated)


def _is_sound(account: Account, corroborated: frozenset[str]) -> bool:
    return not any(
        (breach.severity or breach.promise.severity) is Severity.ERROR or breach.promise.id in corroborated
        for breach in account.breaches
    )


def _is_unsure(promise: Promise) -> bool:
    return promise.confidence in (Confidence.INFERRED, Confidence.CURATED)

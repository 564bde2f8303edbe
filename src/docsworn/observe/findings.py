"""Findings over time: when each came, how often it was seen, and whether it is new, open or fixed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace
from enum import StrEnum
from typing import Any

from docsworn.check.branches import Thing, thing
from docsworn.check.hold import Held
from docsworn.model import Finding, Kind, Severity, Source
from docsworn.observe.outcome import RATE_LIMITED
from docsworn.observe.scope import Scope
from docsworn.observe.unusable import reads_rows


class State(StrEnum):
    """Where a finding is in its life."""

    NEW = "new"
    OPEN = "open"
    FIXED = "fixed"
    REOPENED = "reopened"
    WAIVED = "waived"


FRESH = frozenset({State.NEW, State.REOPENED})
WITHDRAWN = "withdrawn: the contract makes this promise no more"
STANDING = frozenset({State.NEW, State.OPEN, State.REOPENED})

# What a finding becomes that is seen: from nothing, and from each state.
_SEEN = {
    None: State.NEW,
    State.NEW: State.OPEN,
    State.OPEN: State.OPEN,
    State.REOPENED: State.OPEN,
    State.FIXED: State.REOPENED,
    State.WAIVED: State.REOPENED,  # its waiver has ended: somebody must look again
}

_COLUMNS = (
    "id, host, provider, operation, revision, promise, kind, severity, pointer, documented, observed,"
    " document, line, case_id, reason, waived, first_seen, last_seen, since, count, state"
)
_SCOPE = "(host, provider, operation, revision) = (?, ?, ?, ?)"
_SAVE = """
INSERT INTO finding (host, provider, operation, revision, fingerprint, promise, kind, severity, pointer,
  documented, observed, document, line, case_id, reason, waived, first_seen, last_seen, since, count, state)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)
ON CONFLICT DO UPDATE SET severity = excluded.severity, documented = excluded.documented,
  observed = excluded.observed, document = excluded.document, line = excluded.line,
  case_id = excluded.case_id, reason = excluded.reason, waived = excluded.waived,
  last_seen = max(last_seen, excluded.last_seen), since = excluded.since, count = count + 1,
  state = excluded.state
RETURNING id
"""
# Another revision of the same host may have told of it before: then it is not new.
_ELSEWHERE = """
SELECT min(first_seen) FROM finding
WHERE (host, provider, operation, fingerprint) = (?, ?, ?, ?) AND state <> 'fixed'
"""
_FIX = "UPDATE finding SET state = 'fixed', since = ?, reason = ? WHERE id = ?"
_SAVE_STATE = "INSERT OR REPLACE INTO finding_state VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Known:
    """A finding as it was last seen, and its life; times are in Unix seconds.

    ``since`` is when it came, came back or was fixed, whichever was last; ``count`` the runs that
    showed it.
    """

    id: int
    scope: Scope
    finding: Finding
    first_seen: float
    last_seen: float
    since: float
    count: int
    state: State


def write_findings(
    database: sqlite3.Connection,
    scope: Scope,
    held: Held,
    at: float,
    promised: frozenset[str] | None = None,
) -> None:
    """Take in the findings of a run that ended ``at``, and what it showed to be fixed.

    ``promised`` has the ids of all promises that the contract makes now (None: not known): a finding of
    another one is over too, and says so. A 429 says how often we may ask and nothing of the
    contract: it opens no finding, and ends none. What several branches of a union show is told of one
    of them: another one than before is no news, and what was told before is seen too.
    """
    known = {one.finding.fingerprint: one for one in read_findings(database, scope)}
    things = _things(known.values())
    for finding in (one for one in held.run.findings if one.reason != RATE_LIMITED):
        own = known.get(finding.fingerprint)
        _see(database, scope, finding, own, own or things.get(thing(finding)), at)
    seen = {finding.fingerprint for finding in held.run.findings}
    told = {thing(finding): finding for finding in held.run.findings}
    broken = {breach.promise.id for _, account, _ in held.accounts for breach in account.breaches}
    tested = _tested(held)
    for fingerprint, one in known.items():
        if one.state is State.FIXED or fingerprint in seen:
            continue
        teller = told.get(thing(one.finding))
        if teller is not None and one.finding.promise in broken:
            _see(database, scope, _beside(one.finding, teller), one, one, at)
            continue
        withdrawn = promised is not None and one.finding.promise not in promised
        if withdrawn or _is_tested(one.finding, tested):
            reason = WITHDRAWN if withdrawn else one.finding.reason
            database.execute(_FIX, (at, reason, one.id))
            database.execute(_SAVE_STATE, (one.id, at, State.FIXED.value))


@reads_rows
def read_findings(
    database: sqlite3.Connection, scope: Scope | None = None, states: frozenset[State] | None = None
) -> tuple[Known, ...]:
    """The findings of a scope (all where None), in the order in which they came."""
    where, given = ("", ()) if scope is None else (f" WHERE {_SCOPE}", scope.key)
    rows = database.execute(f"SELECT {_COLUMNS} FROM finding{where} ORDER BY id", given)  # noqa: S608
    found = (_known(row) for row in rows)
    return tuple(one for one in found if states is None or one.state in states)


@reads_rows
def read_states(database: sqlite3.Connection, scope: Scope) -> Mapping[int, Sequence[tuple[float, State]]]:
    """How the state of each finding of a scope changed, by its id, oldest first."""
    rows = database.execute(
        "SELECT finding, at, finding_state.state FROM finding_state JOIN finding ON finding.id = finding"  # noqa: S608
        f" WHERE {_SCOPE} ORDER BY finding, at",
        scope.key,
    )
    lives: dict[int, list[tuple[float, State]]] = {}
    for identifier, at, state in rows:
        lives.setdefault(identifier, []).append((at, State(state)))
    return lives


def _see(
    database: sqlite3.Connection,
    scope: Scope,
    finding: Finding,
    own: Known | None,
    known: Known | None,
    at: float,
) -> None:
    """Keep a finding: ``own`` is what is kept of itself, ``known`` that or what is of the same thing."""
    first, before = (at, None) if known is None else (known.first_seen, known.state)
    if known is None:
        lookup = (scope.host, scope.provider, scope.operation, finding.fingerprint)
        (earlier,) = database.execute(_ELSEWHERE, lookup).fetchone()
        if earlier is not None:
            first, before = earlier, State.OPEN
    state = State.WAIVED if finding.waived else _SEEN[before]
    since = first if known is None else (at if state is State.REOPENED else known.since)
    told = (
        *(finding.fingerprint, finding.promise, finding.kind.value, finding.severity.value),
        *(finding.pointer, finding.documented, finding.observed, *astuple(finding.source)),
        *(finding.case, finding.reason, finding.waived, first, at, since, state.value),
    )
    (identifier,) = database.execute(_SAVE, (*scope.key, *map(_storable, told))).fetchone()
    if own is None or state is not own.state:
        database.execute(_SAVE_STATE, (identifier, at, state.value))


def _storable(value: str | float | None) -> str | float | None:
    """SQLite keeps UTF-8, which has no lone surrogates."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value


def _things(known: Iterable[Known]) -> dict[Thing, Known]:
    """Of each thing what was seen of it last, rather of what stands."""
    in_order = sorted(known, key=lambda one: (one.state is not State.FIXED, one.last_seen))
    return {thing(one.finding): one for one in in_order}


def _beside(finding: Finding, teller: Finding) -> Finding:
    """A finding of a thing that another one tells, which is waived only where all are."""
    return replace(finding, severity=teller.severity, waived=teller.waived) if teller.waived else finding


def _tested(held: Held) -> dict[str, frozenset[str]]:
    """Which promises each case put to the test."""
    return {
        exchange.case.id: account.kept | {breach.promise.id for breach in account.breaches}
        for exchange, account, _ in held.accounts
    }


def _is_tested(finding: Finding, tested: Mapping[str, frozenset[str]]) -> bool:
    """Whether a run looked where the finding was: at its own case or, where that is no more, at any."""
    if finding.case in tested:
        return finding.promise in tested[finding.case]
    return any(finding.promise in promises for promises in tested.values())


def _known(row: tuple[Any, ...]) -> Known:
    # In the order of _COLUMNS.
    identifier, *names, promise, kind, severity, pointer, documented, observed = row[:11]
    document, line, case, reason, waived, *life, count, state = row[11:]
    scope = Scope(*names)
    finding = Finding(
        provider=scope.provider,
        operation=scope.operation,
        revision=scope.revision,
        promise=promise,
        kind=Kind(kind),
        severity=Severity(severity),
        pointer=pointer,
        documented=documented,
        observed=observed,
        source=Source(document, line),
        case=case,
        reason=reason,
        waived=waived,
    )
    first_seen, last_seen, since = life
    return Known(identifier, scope, finding, first_seen, last_seen, since, count, State(state))

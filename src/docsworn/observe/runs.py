"""Runs over time, with their exchanges: verdict, availability, latencies; bodies and ids are not kept."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import astuple, dataclass
from typing import Any

from docsworn.model import (
    Case,
    Credential,
    Exchange,
    Failure,
    FailureReason,
    Kind,
    Purpose,
    Run,
    Tally,
    Timings,
    Verdict,
)
from docsworn.observe.outcome import Round
from docsworn.observe.scope import Scope
from docsworn.observe.unusable import reads_rows

_SAVE = """
INSERT INTO run (host, provider, operation, revision, at, verdict, available, reason,
  kept, broken, unseen, not_evaluable, kinds, fits, notes, not_evaluable_promises, crashes)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_SAVE_EXCHANGE = "INSERT INTO exchange VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_SCOPE = "(host, provider, operation, revision) = (?, ?, ?, ?)"
_COLUMNS = (
    "id, at, verdict, available, reason, kept, broken, unseen, not_evaluable, kinds, fits, notes,"
    " not_evaluable_promises, crashes, host, provider, operation, revision"
)


@dataclass(frozen=True, slots=True)
class PastRun:
    """One run as it is remembered; ``at`` is its end in Unix seconds.

    ``available`` is None where nothing could be judged; ``reason`` says why it was not available.
    """

    id: int
    scope: Scope
    at: float
    verdict: Verdict
    available: bool | None
    reason: str | None
    promises: Tally
    kinds: frozenset[Kind]
    fits: tuple[tuple[str, float], ...]
    notes: tuple[str, ...]
    not_evaluable: tuple[str, ...] = ()
    crashes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The runs of one scope together: how many, and the ends of the first and the last in Unix seconds."""

    scope: Scope
    runs: int
    first: float
    last: float


def write_run(database: sqlite3.Connection, scope: Scope, run: Run, outcome: Round, at: float) -> None:
    """Add a run that ended ``at``, and its exchanges without paths, headers and bodies."""
    told = (
        *(at, run.verdict.value, outcome.success, outcome.reason, *astuple(run.promises)),
        json.dumps(sorted(run.kinds)),
        json.dumps(run.fits),
        *(json.dumps(texts) for texts in (run.notes, run.not_evaluable, run.crashes)),
    )
    identifier = database.execute(_SAVE, (*scope.key, *told)).lastrowid
    rows = [_exchange_row(identifier, *numbered) for numbered in enumerate(run.exchanges)]
    database.executemany(_SAVE_EXCHANGE, rows)


@reads_rows
def read_runs(
    database: sqlite3.Connection,
    scope: Scope | None = None,
    *,
    since: float = 0.0,
    last: int | None = None,
    skip: int = 0,
) -> tuple[PastRun, ...]:
    """The runs of a scope (of all where None) that ended at ``since`` or later, newest first.

    ``skip`` leaves out so many of the newest; of what is left only the ``last`` come.
    """
    where, given = ("", ()) if scope is None else (f" AND {_SCOPE}", scope.key)
    query = f"SELECT {_COLUMNS} FROM run WHERE at >= ?{where} ORDER BY at DESC, id DESC LIMIT ? OFFSET ?"  # noqa: S608
    rows = database.execute(query, (since, *given, -1 if last is None else last, skip))
    return tuple(_past_run(row) for row in rows)


def read_spans(database: sqlite3.Connection) -> tuple[Span, ...]:
    """All scopes that have runs, the one of the newest run first."""
    rows = database.execute(
        "SELECT host, provider, operation, revision, count(*), min(at), max(at) FROM run"
        " GROUP BY host, provider, operation, revision ORDER BY max(at) DESC, max(id) DESC"
    )
    return tuple(Span(Scope(*row[:4]), *row[4:]) for row in rows)


@reads_rows
def read_exchanges(database: sqlite3.Connection, run: PastRun) -> tuple[Exchange, ...]:
    """The exchanges of a run as they are remembered: without path, headers and body."""
    rows = database.execute(
        "SELECT case_id, purpose, started, status, failure, total, dns, connect, tls, send, wait, receive"
        " FROM exchange WHERE run = ? ORDER BY position",
        (run.id,),
    )
    return tuple(_exchange(run, row) for row in rows)


def _exchange_row(run: int | None, position: int, exchange: Exchange) -> tuple[Any, ...]:
    failure = exchange.failure.reason.value if exchange.failure else None
    case = exchange.case
    told = (case.id, case.purpose.value, exchange.started, exchange.status, failure)
    return (run, position, *told, *astuple(exchange.timings))


def _exchange(run: PastRun, row: tuple[Any, ...]) -> Exchange:
    case, purpose, started, status, failure, *seconds = row
    return Exchange(
        case=Case(case, run.scope.operation, Purpose(purpose), Credential.KEY, path=""),
        started=started,
        timings=Timings(*seconds),
        status=status,
        failure=Failure(FailureReason(failure), "") if failure else None,
    )


def _past_run(row: tuple[Any, ...]) -> PastRun:
    identifier, at, verdict, available, reason, *tally, kinds, fits, notes, unsure, crashes = row[:14]
    return PastRun(
        id=identifier,
        scope=Scope(*row[14:]),
        at=at,
        verdict=Verdict(verdict),
        available=None if available is None else bool(available),
        reason=reason,
        promises=Tally(*tally),
        kinds=frozenset(Kind(kind) for kind in json.loads(kinds)),
        fits=tuple((name, share) for name, share in json.loads(fits)),
        notes=tuple(json.loads(notes)),
        not_evaluable=tuple(json.loads(unsure)),
        crashes=tuple(json.loads(crashes)),
    )

"""Ninety days of three providers in a history, a round every five minutes: made up, and always the same."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from docsworn.cli.choose import Wanted, choose_providers, load_compiled
from docsworn.contract.compiled import CompiledContract
from docsworn.model import Finding, Kind, Severity
from docsworn.observe.findings import State
from docsworn.observe.history import History

DAY = 86_400.0
EVERY = 300.0  # seconds
DAYS = 90
MEANS = {"elevenlabs": 0.35, "speechify": 0.22, "tavus": 0.5}  # seconds of an answer

# What was found: a keyword of the provider's promises, the state, and days ago that it came and went.
FOUND = (
    ("elevenlabs", "enum", State.OPEN, 12.0, None),
    ("elevenlabs", "type", State.FIXED, 60.0, 41.0),
    ("speechify", "enum", State.NEW, 0.0, None),
    ("tavus", "type", State.FIXED, 20.0, 0.0),
)

_RUN = (
    "INSERT INTO run (id, host, provider, operation, revision, at, verdict, available, reason, kept, broken,"
    " unseen, not_evaluable, kinds, fits, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]')"
)
_EXCHANGE = f"INSERT INTO exchange VALUES ({', '.join('?' * 14)})"
_FINDING = (
    "INSERT INTO finding (host, provider, operation, revision, fingerprint, promise, kind, severity, pointer,"
    " documented, observed, document, line, case_id, first_seen, last_seen, since, count, state)"
    f" VALUES ({', '.join('?' * 19)}) RETURNING id"
)


def write_ninety_days(path: Path, now: float) -> None:
    """A history file whose last round ended ``now`` (Unix seconds)."""
    History(path).close()
    database = sqlite3.connect(path)
    with database:
        for number, (provider, revision) in enumerate(choose_providers(Wanted(()))):
            contract = load_compiled(provider, revision)
            _write_runs(database, contract, now, first=number * 100_000 + 1)
            _write_findings(database, contract, now)
            _write_ledger(database, contract, now)
    database.close()


def scope(contract: CompiledContract) -> tuple[str, str, str, str]:
    """Host, provider, operation and revision."""
    host = contract.settings.base_url.partition("://")[2].partition("/")[0]
    return (host, contract.contract.provider, next(iter(contract.operations)), contract.contract.revision)


def _write_runs(database: sqlite3.Connection, contract: CompiledContract, now: float, first: int) -> None:
    rng, name = random.Random(contract.contract.provider), contract.contract.provider
    total = len(contract.operation(scope(contract)[2]).promises)
    unseen, fits = total // 12, json.dumps([[contract.contract.revision, 1.0]])
    outage = range(30 * 288, 30 * 288 + 40) if name == "tavus" else range(0)
    broken = {number for number in range(int(DAYS * DAY / EVERY)) if _is_broken(name, number)}
    runs, exchanges = [], []
    for number in range(int(DAYS * DAY / EVERY)):
        at, identifier = now - DAYS * DAY + (number + 1) * EVERY, first + number
        up = number not in outage and rng.random() > 0.0005
        verdict = "broken" if number in broken or not up else "kept"
        tally = (total - unseen - (number in broken), int(number in broken), unseen, 0)
        reason = None if up else "timeout"
        kinds = '["enum", "type"]'
        runs.append((identifier, *scope(contract), at, verdict, int(up), reason, *tally, kinds, fits))
        exchanges += list(_exchanges(rng, identifier, at, up=up, mean=MEANS[name]))
    database.executemany(_RUN, runs)
    database.executemany(_EXCHANGE, exchanges)


def _is_broken(provider: str, number: int) -> bool:
    days_ago = DAYS - (number + 1) * EVERY / DAY
    return any(
        found == provider and days_ago <= came and (gone is None or days_ago > gone)
        for found, _, _, came, gone in FOUND
    )


def _exchanges(
    rng: random.Random, run: int, at: float, *, up: bool, mean: float
) -> Iterator[tuple[object, ...]]:
    for position in range(3):
        wait = mean * rng.uniform(0.5, 0.9) * (1 + 0.3 * (at % (7 * DAY) > 5 * DAY))
        case = (f"get_conversation/good/{position + 1}", "good", at - 2)
        if not up:
            yield (run, position, *case, None, "timeout", 20.0, *([None] * 6))
            continue
        fresh = (0.004, 0.02, 0.04) if position == 0 else (None, None, None)
        phases = (*fresh, 0.001, wait, 0.03)
        yield (run, position, *case, 200, None, sum(one or 0.0 for one in phases), *phases)


def _write_findings(database: sqlite3.Connection, contract: CompiledContract, now: float) -> None:
    where = scope(contract)
    promises = contract.operation(where[2]).promises
    for provider, keyword, state, came, gone in FOUND:
        if provider != where[1]:
            continue
        promise = next(one for one in promises.values() if one.keyword == keyword and one.pointer)
        observed = 'string "escalated"' if keyword == "enum" else "integer"
        found = Finding(
            *(where[1], where[2], where[3], promise.id, Kind(keyword), Severity.ERROR, promise.pointer),
            *(promise.documented, observed, promise.source, "get_conversation/good/1"),
        )
        since = now - (came if gone is None else gone) * DAY
        last = now if gone is None else since - EVERY
        told = (
            *(found.fingerprint, found.promise, keyword, "error", found.pointer, found.documented),
            *(observed, found.source.document, found.source.line, found.case),
            *(now - came * DAY, last, since, max(1, int((came - (gone or 0)) * 288)), state.value),
        )
        (identifier,) = database.execute(_FINDING, (*where, *told)).fetchone()
        changes = {
            (now - came * DAY, "new"),
            (now - came * DAY + EVERY * (came > 0), "open" if came else "new"),
        }
        if gone is not None:
            changes.add((since, "fixed"))
        rows = [(identifier, at, name) for at, name in sorted(changes)]
        database.executemany("INSERT INTO finding_state VALUES (?, ?, ?)", rows)


def _write_ledger(database: sqlite3.Connection, contract: CompiledContract, now: float) -> None:
    """All promises kept but some never seen, some not evaluable and those that stand broken."""
    where = scope(contract)
    broken = {
        promise for (promise,) in database.execute("SELECT promise FROM finding WHERE state <> 'fixed'")
    }
    rows = []
    for number, name in enumerate(contract.operation(where[2]).promises):
        state = "broken" if name in broken else "not_evaluable" if number % 40 == 1 else "kept"
        if number % 12 != 5 or name in broken:
            rows.append((*where, name, 100, int(name in broken), 0, now, state))
    database.executemany(f"INSERT INTO ledger VALUES ({', '.join('?' * 10)})", rows)

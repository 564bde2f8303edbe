"""Every drift, one after another, each beside the same requests without it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from detecting.bench import Bench
from detecting.knowable import why_unknowable
from detecting.others import Others, Prism
from docsworn.contract.pointer import split
from docsworn.emulate.drift import Drift
from docsworn.emulate.drifts import list_drifts
from docsworn.model import Exchange, Finding, Kind, Learned, Purpose

_GONE = frozenset({Kind.MISSING, Kind.VANISHED, Kind.NOVEL, Kind.INVARIANT})
_OTHER = frozenset({Kind.TYPE, Kind.ENUM, Kind.FORMAT, Kind.NOVEL, Kind.INVARIANT, Kind.IDENTITY})
_NUMBER = frozenset({Kind.TYPE, Kind.BOUND, Kind.INVARIANT, Kind.NOVEL})
# Which kinds say what happened; a field under another name is both gone and new. What was always there in
# too few conversations to call it vanished is a novelty.
FITTING: Mapping[str, frozenset[Kind]] = {
    "drop": _GONE,
    "rename": _GONE | {Kind.UNDOCUMENTED},
    "retype": _OTHER,
    "null": _OTHER,
    "enum": _OTHER,
    "format": _OTHER,
    "zone": _OTHER,
    "number-to-string": _OTHER,
    "list-to-object": _OTHER,
    "new-field": frozenset({Kind.UNDOCUMENTED, Kind.NOVEL}),
    "envelope": _GONE | {Kind.UNDOCUMENTED, Kind.TYPE},
    "error-body": _GONE | {Kind.UNDOCUMENTED, Kind.CONTENT_TYPE},
    "status": frozenset({Kind.STATUS, Kind.REDIRECT}),
    "ms-to-s": _NUMBER,
    "s-to-ms": _NUMBER,
    "invariant": frozenset({Kind.INVARIANT}),
}
_WHOLE = ("status", "error-body", "envelope")  # their place is the whole answer


@dataclass(slots=True)
class Row:
    """What became of the drifts of one class; the others count on the same responses."""

    drifts: int = 0
    unknowable: int = 0
    detected: int = 0
    placed: int = 0
    kinds: int = 0
    unlearned: int = 0
    plain: int = 0
    schemathesis: int = 0
    prism: int = 0
    missed: list[tuple[str, str]] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)
    hidden: list[tuple[str, str]] = field(default_factory=list)

    @property
    def knowable(self) -> int:
        """How many of the drifts a reader could know."""
        return self.drifts - self.unknowable


def run_drifts(bench: Bench, learned: Learned, prism: Prism | None, *, every: int = 1) -> dict[str, Row]:
    """The rows by class of drift; of all drifts one in ``every`` is run."""
    rows: dict[str, Row] = defaultdict(Row)
    others = Others(bench)
    usual = [orjson.loads(exchange.body or b"null") for exchange in bench.send(bench.good)]
    told = {case.id: prism.tells(case) for case in bench.cases} if prism else {}
    for drift in list_drifts(bench.provider)[::every]:
        cases, row = bench.cases_of(drift), rows[drift.kind]
        before, exchanges = tuple(bench.send(cases)), tuple(bench.send(cases, drift))
        found = _new(bench, before, exchanges, learned)
        row.drifts += 1
        row.unlearned += bool(_new(bench, before, exchanges, Learned()))
        row.plain += others.plain_sees(exchanges)
        row.schemathesis += others.schemathesis_sees(exchanges) and not others.schemathesis_sees(before)
        row.prism += prism is not None and prism.sees(cases, drift, told)
        _count(row, drift, found, bench, why_unknowable(drift, usual, exchanges))
    return dict(rows)


def _new(
    bench: Bench, before: Sequence[Exchange], after: Sequence[Exchange], learned: Learned
) -> list[Finding]:
    """The findings that the same requests without the drift do not have."""
    usual = {finding.fingerprint for finding in bench.hold(before, learned)}
    return [finding for finding in bench.hold(after, learned) if finding.fingerprint not in usual]


def _count(row: Row, drift: Drift, found: Sequence[Finding], bench: Bench, why: str | None) -> None:
    placed = any(_at(drift, finding.pointer, bench) for finding in found)
    row.detected += bool(found)
    row.placed += placed
    row.kinds += any(finding.kind in FITTING[drift.kind] for finding in found)
    if found and not placed:
        row.misplaced.append(f"{drift.id} found at {', '.join(sorted(each.pointer for each in found))}")
    if not found and why is not None:
        row.unknowable += 1
        row.hidden.append((drift.id, why))
    elif not found:
        row.missed.append((drift.id, "the body keeps the contract, and looks as bodies of its state did"))


def _at(drift: Drift, pointer: str, bench: Bench) -> bool:
    """Whether a finding stands at the drift's place: itself, its new name beside it, or what it holds."""
    if drift.kind in _WHOLE:
        return True
    return any(_is_at(drift, place, pointer) for place in _places(drift, bench))


def _is_at(drift: Drift, place: str, pointer: str) -> bool:
    beside = place.rsplit("/", 1)[0]
    if drift.kind == "rename" and pointer == f"{beside}/{drift.value}":
        return True
    if drift.kind == "new-field":
        return pointer.rsplit("/", 1)[0] == place
    return pointer == place or pointer.startswith(place + "/")


def _places(drift: Drift, bench: Bench) -> Iterator[str]:
    """The pointer of a drift, with each name that an unnamed field of the page may have."""
    response = bench.compiled.response_for(200)
    first = split(drift.pointer)[:1]
    if drift.purpose is Purpose.GOOD and response is not None and first and first[0].startswith("{"):
        for name in response.places.unnamed.get(first[0].strip("{}"), ()):
            yield drift.pointer.replace(first[0], name, 1)
    yield drift.pointer

"""The power of detection: every drift that the emulator can list, through the whole pipeline, beside others.

    python benchmarks/detection.py [--provider NAME] [--healthy N] [--learn N] [--show N]

A drift counts as detected only by a finding that drift-free responses do not have. On the same responses
in the same run stand (a) plain jsonschema validation of the pack and (b) schemathesis's own response
validation. "place" and "kind" say that a finding stands where the drift is, with a kind that fits.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime

import jsonschema
import orjson
import requests
import schemathesis
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response as SchemathesisResponse

from docsworn.check.hold import hold
from docsworn.check.loader import load_checks
from docsworn.cli.choose import load_compiled
from docsworn.cli.engage import emulated_target
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.packs import Provider, load_provider, pack_roots, provider_names
from docsworn.emulate.drift import Drift
from docsworn.emulate.drifts import list_drifts
from docsworn.emulate.server import Emulator
from docsworn.model import Case, Exchange, Finding, Kind, Learned, Purpose, Severity
from docsworn.observe.history import History
from docsworn.observe.rounds import hold_and_learn, scope_of
from docsworn.probe.budget import Budget
from docsworn.probe.cases import plan
from docsworn.probe.client import Client

# Which kinds say what happened; a field under another name is both gone and new.
FITTING: Mapping[str, frozenset[Kind]] = {
    "drop": frozenset({Kind.MISSING, Kind.VANISHED, Kind.INVARIANT}),
    "rename": frozenset({Kind.MISSING, Kind.VANISHED, Kind.UNDOCUMENTED, Kind.INVARIANT}),
    "retype": frozenset({Kind.TYPE, Kind.ENUM, Kind.FORMAT, Kind.NOVEL}),
    "null": frozenset({Kind.TYPE, Kind.ENUM, Kind.NOVEL, Kind.INVARIANT}),
    "enum": frozenset({Kind.ENUM, Kind.NOVEL, Kind.INVARIANT}),
    "format": frozenset({Kind.FORMAT, Kind.NOVEL, Kind.INVARIANT, Kind.IDENTITY}),
    "number-to-string": frozenset({Kind.TYPE, Kind.NOVEL}),
    "list-to-object": frozenset({Kind.TYPE, Kind.NOVEL}),
    "new-field": frozenset({Kind.UNDOCUMENTED, Kind.NOVEL}),
    "envelope": frozenset({Kind.MISSING, Kind.VANISHED, Kind.UNDOCUMENTED, Kind.TYPE}),
    "status": frozenset({Kind.STATUS, Kind.REDIRECT}),
    "error-body": frozenset({Kind.CONTENT_TYPE, Kind.MISSING, Kind.VANISHED, Kind.UNDOCUMENTED}),
    "ms-to-s": frozenset({Kind.TYPE, Kind.BOUND, Kind.INVARIANT, Kind.NOVEL}),
    "s-to-ms": frozenset({Kind.TYPE, Kind.BOUND, Kind.INVARIANT, Kind.NOVEL}),
    "zone": frozenset({Kind.FORMAT, Kind.NOVEL, Kind.INVARIANT}),
    "invariant": frozenset({Kind.INVARIANT}),
}


@dataclass(slots=True)
class Row:
    """What became of the drifts of one class."""

    drifts: int = 0
    detected: int = 0
    placed: int = 0
    kinds: int = 0
    plain: int = 0
    schemathesis: int = 0
    missed: list[str] = field(default_factory=list)


class Bench:
    """One provider on the emulator, with what docsworn has learned of it."""

    def __init__(self, provider: Provider, emulator: Emulator, stack: ExitStack) -> None:
        self.provider, self.emulator = provider, emulator
        self.contract: CompiledContract = load_compiled(provider, None)
        self.target = emulated_target(self.contract, emulator)
        self.client = stack.enter_context(Client(self.target, Budget(self.target.budget, time.time)))
        self.history = stack.enter_context(History())
        self.checks = load_checks()
        self.learned = Learned()
        (self.operation,) = self.contract.operations
        compiled = self.contract.operations[self.operation]
        self.cases = plan(
            compiled.operation, self.contract.settings.operations[self.operation], self.target.ids
        )
        success = compiled.response_for(200)
        assert success is not None
        self.plain = jsonschema.Draft202012Validator(
            success.response.schema or {}, format_checker=jsonschema.FormatChecker()
        )
        loaded = schemathesis.openapi.from_dict(dict(self.contract.contract.document))
        self.reference = loaded[compiled.operation.path][compiled.operation.method]

    def learn(self, number: int) -> None:
        """Take in drift-free responses; from then on what is known stays as it is."""
        refusals = [case for case in self.cases if case.purpose is not Purpose.GOOD]
        for exchange in (
            *self.healthy(number),
            *(self.client.send(case) for case in refusals for _ in range(20)),
        ):
            hold_and_learn(
                self.contract,
                self.operation,
                [exchange],
                host="emulator",
                history=self.history,
                checks=self.checks,
                clock=time.time,
            )
        self.learned = self.history.learned(scope_of(self.contract, self.operation, "emulator"))

    def hold(self, exchanges: Sequence[Exchange]) -> tuple[Finding, ...]:
        """The findings of these exchanges, which teach nothing: a drift must not become normal."""
        today = datetime.fromtimestamp(time.time(), UTC).date()
        held = hold(
            self.contract, self.operation, exchanges, learned=self.learned, checks=self.checks, today=today
        )
        return held.run.findings

    def healthy(self, number: int) -> Iterator[Exchange]:
        """Drift-free good exchanges, the conversations and variants in turn."""
        good = [case for case in self.cases if case.purpose is Purpose.GOOD]
        for case in itertools.islice(itertools.cycle(good), number):
            yield self.client.send(case)

    def cases_of(self, drift: Drift) -> tuple[Case, ...]:
        """The cases that would show a drift."""
        if drift.purpose is not Purpose.GOOD:
            return tuple(case for case in self.cases if case.purpose is drift.purpose)
        shown = drift.shown
        return tuple(
            case
            for case in self.cases
            if case.purpose is Purpose.GOOD
            and (shown is None or (case.subject_id == shown.conversation and case.query == shown.query))
        )

    def schemathesis_sees(self, exchange: Exchange) -> bool:
        """Whether schemathesis's own validation refuses a response."""
        response = SchemathesisResponse(
            status_code=exchange.status or 0,
            headers={name: [value] for name, value in exchange.headers},
            content=exchange.body or b"",
            request=requests.Request("GET", self.target.base_url).prepare(),
            elapsed=exchange.timings.total,
            verify=False,
        )
        try:
            self.reference.validate_response(response)
        except (Failure, FailureGroup):
            return True
        return False

    def plain_sees(self, exchange: Exchange) -> bool:
        """Whether a plain validator refuses the body of a 200, or the status is another one."""
        if exchange.status != 200:
            return False
        try:
            return not self.plain.is_valid(orjson.loads(exchange.body or b""))
        except orjson.JSONDecodeError:
            return True


def run_drifts(bench: Bench) -> dict[str, Row]:
    """Every drift, one after another, each beside the same cases without it."""
    rows: dict[str, Row] = defaultdict(Row)
    for drift in list_drifts(bench.provider):
        cases = bench.cases_of(drift)
        before = {found.fingerprint for found in bench.hold([bench.client.send(case) for case in cases])}
        bench.emulator.drift(bench.provider.settings.provider, drift)
        exchanges = [bench.client.send(case) for case in cases]
        bench.emulator.drift(bench.provider.settings.provider, None)
        found = [each for each in bench.hold(exchanges) if each.fingerprint not in before]
        _count(rows[drift.kind], drift, found, bench, exchanges)
    return rows


def _count(
    row: Row, drift: Drift, found: Sequence[Finding], bench: Bench, exchanges: Sequence[Exchange]
) -> None:
    row.drifts += 1
    row.detected += bool(found)
    row.placed += any(_at(drift, finding.pointer) for finding in found)
    row.kinds += any(finding.kind in FITTING[drift.kind] for finding in found)
    good = [exchange for exchange in exchanges if exchange.case.purpose is Purpose.GOOD]
    row.plain += any(bench.plain_sees(exchange) for exchange in good)
    row.schemathesis += any(bench.schemathesis_sees(exchange) for exchange in good)
    if not found:
        row.missed.append(drift.id)


def _at(drift: Drift, pointer: str) -> bool:
    """Whether a finding stands at the drift's place: itself, its new name beside it, or what it holds."""
    if drift.kind in ("status", "error-body", "envelope"):
        return True
    beside = drift.pointer.rsplit("/", 1)[0]
    if drift.kind == "rename" and pointer == f"{beside}/{drift.value}":
        return True
    if drift.kind == "new-field":
        return pointer.rsplit("/", 1)[0] == drift.pointer
    return pointer == drift.pointer or pointer.startswith(drift.pointer + "/")


def run_healthy(bench: Bench, number: int) -> Counter[Severity]:
    """False alarms: the findings of drift-free responses, each counted every time."""
    alarms: Counter[Severity] = Counter()
    for exchange in bench.healthy(number):
        alarms.update(finding.severity for finding in bench.hold([exchange]))
    return alarms


def print_rows(name: str, rows: Mapping[str, Row], show: int) -> None:
    """The table of one provider, and what was missed."""
    heads = ("drifts", "detected", "place", "kind", "(a) jsonschema", "(b) schemathesis")
    print(f"\n{name:<18}" + "".join(f"{head:>17}" for head in heads))
    total = Row()
    for kind, row in sorted(rows.items()):
        _print_row(kind, row)
        for part in ("drifts", "detected", "placed", "kinds", "plain", "schemathesis"):
            setattr(total, part, getattr(total, part) + getattr(row, part))
    _print_row("all", total)
    missed = [drift for row in rows.values() for drift in row.missed]
    for drift in missed[:show]:
        print(f"  missed  {drift}")
    if len(missed) > show:
        print(f"  missed  … and {len(missed) - show} more (--show)")


def _print_row(kind: str, row: Row) -> None:
    shares = (row.detected, row.placed, row.kinds, row.plain, row.schemathesis)
    cells = [f"{row.drifts:>17}", *(f"{share / row.drifts:>17.1%}" for share in shares)]
    print(f"  {kind:<16}" + "".join(cells))


def main() -> None:
    """Run it and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--provider", action="append", help="one provider; may stand several times")
    parser.add_argument("--learn", type=int, default=200, help="drift-free responses to learn from (200)")
    parser.add_argument("--healthy", type=int, default=10_000, help="drift-free responses to hold (10000)")
    parser.add_argument("--show", type=int, default=20, help="how many missed drifts to name (20)")
    options = parser.parse_args()
    for name in options.provider or provider_names(pack_roots()):
        provider = load_provider(name, pack_roots())
        with ExitStack() as stack:
            emulator = stack.enter_context(Emulator([provider]))
            bench = Bench(provider, emulator, stack)
            bench.learn(options.learn)
            started = time.perf_counter()
            print_rows(name, run_drifts(bench), options.show)
            print(f"  {time.perf_counter() - started:.1f} s")
            alarms = run_healthy(bench, options.healthy)
            told = ", ".join(f"{number} {severity}" for severity, number in alarms.items()) or "none"
            print(f"  false alarms in {options.healthy} drift-free responses: {told}")


if __name__ == "__main__":
    main()

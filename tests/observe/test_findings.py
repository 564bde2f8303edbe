"""A finding is new once, then open; it is fixed only when somebody looked, and may come back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from docsworn.check.hold import hold
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.settings import Waiver
from docsworn.model import Kind, Learned, Verdict
from docsworn.observe.findings import STANDING, WITHDRAWN, State
from docsworn.observe.history import History
from docsworn.observe.scope import Scope
from tests.contract.sample import BODY, SETTINGS, contract
from tests.observe.rounds import CHECKS, GOOD, SCOPE, exchange, sample, see

BAD: dict[str, Any] = {**GOOD, "type": "zzz"}
WAIVER = Waiver(kind=Kind.ENUM, pointer="/type", reason="known to them", until=date(2026, 11, 30))


@pytest.fixture(scope="module")
def compiled() -> CompiledContract:
    """The made-up contract."""
    return sample()


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """A history in a file."""
    with History(tmp_path / "history.db") as opened:
        yield opened


def lives(history: History, scope: Scope = SCOPE) -> list[tuple[str, str, float, float, float, int]]:
    """Place, state, first and last seen, since and count of each finding."""
    return [
        (one.finding.pointer, one.state.value, one.first_seen, one.last_seen, one.since, one.count)
        for one in history.findings(scope)
    ]


def test_a_finding_is_new_then_open_then_fixed_then_reopened(
    compiled: CompiledContract, history: History
) -> None:
    """Each run moves it on, with its times and its count."""
    steps = [
        (BAD, ("/type", "new", 1.0, 1.0, 1.0, 1)),
        (BAD, ("/type", "open", 1.0, 2.0, 1.0, 2)),
        (GOOD, ("/type", "fixed", 1.0, 2.0, 3.0, 2)),
        (GOOD, ("/type", "fixed", 1.0, 2.0, 3.0, 2)),
        (BAD, ("/type", "reopened", 1.0, 5.0, 5.0, 3)),
        (BAD, ("/type", "open", 1.0, 6.0, 5.0, 4)),
    ]
    for at, (body, expected) in enumerate(steps, start=1):
        see(compiled, history, body, at=float(at))
        assert lives(history) == [expected]
    ((_, changes),) = history.states(SCOPE).items()
    assert [(at, state.value) for at, state in changes] == [
        *((1.0, "new"), (2.0, "open"), (3.0, "fixed"), (5.0, "reopened"), (6.0, "open"))
    ]


def test_an_outage_fixes_nothing(compiled: CompiledContract, history: History) -> None:
    """Where nobody answered, nobody looked: the finding stays, and its last sight is what it was."""
    see(compiled, history, BAD, at=1.0)
    see(compiled, history, None, at=2.0)
    assert ("/type", "new", 1.0, 1.0, 1.0, 1) in lives(history)
    (down, up) = history.runs(SCOPE)
    assert (down.available, down.reason, up.available) == (False, "connect", True)


def test_a_429_opens_nothing_and_ends_nothing(compiled: CompiledContract, history: History) -> None:
    """How often we may ask is no matter of the contract: only a status that was broken before stays so."""
    for status, state in ((429, None), (418, "new"), (429, "new"), (200, "fixed")):
        answer = replace(exchange(1, GOOD), status=status)
        held = hold(
            compiled, "get_call", [answer], learned=Learned(), checks=CHECKS, today=date(2026, 11, 20)
        )
        assert status == 200 or "status" in {one.kind for one in held.run.findings}
        history.record(SCOPE, held, compiled.operation("get_call").body_promises)
        found = [one.state for one in history.findings(SCOPE) if one.finding.kind is Kind.STATUS]
        assert found == ([] if state is None else [state])


def test_another_conversation_fixes_nothing(compiled: CompiledContract, history: History) -> None:
    """What the second case showed is not fixed by the first being well."""
    see(compiled, history, GOOD, BAD, at=1.0)
    see(compiled, history, GOOD, None, at=2.0)
    assert lives(history)[0][1] == "new"
    see(compiled, history, GOOD, at=3.0)  # the second is asked no more
    assert lives(history)[0][1] == "fixed"


def test_a_waiver_is_a_state_and_its_end_opens_again(compiled: CompiledContract, history: History) -> None:
    """While it is waived it is neither new nor open; at its end it is back."""
    waiving = replace(compiled, settings=compiled.settings.model_copy(update={"waivers": (WAIVER,)}))
    see(waiving, history, BAD, at=1.0)
    assert lives(history)[0][1] == "waived"
    assert history.findings(SCOPE, states=STANDING) == ()
    see(waiving, history, BAD, at=2.0, today=date(2026, 12, 1))
    assert lives(history)[0][1] == "reopened"


def test_what_the_contract_promises_no_more_is_over(compiled: CompiledContract, history: History) -> None:
    """Nobody can keep it, so it would stay open for ever; it says why, and comes back with its promise."""
    loose = {name: schema for name, schema in BODY["properties"]["type"].items() if name != "enum"}
    without = {**BODY, "properties": {**BODY["properties"], "type": loose}, "x-unnamed": []}
    see(compiled, history, BAD, at=1.0)
    see(compile_contract(contract(without), SETTINGS), history, None, at=2.0)
    one = next(one for one in history.findings(SCOPE) if one.finding.pointer == "/type")
    assert (one.state, one.since, one.finding.reason) == (State.FIXED, 2.0, WITHDRAWN)
    see(compiled, history, BAD, at=3.0)
    one = next(one for one in history.findings(SCOPE) if one.finding.pointer == "/type")
    assert (one.state, one.finding.reason) == (State.REOPENED, None)


def test_a_new_revision_is_told_what_the_old_one_knew(compiled: CompiledContract, history: History) -> None:
    """A finding that was open under another revision of the same host is open, since then."""
    see(compiled, history, BAD, at=1.0)
    later = Scope("host", "acme", "get_call", "v2")
    see(compiled, history, BAD, at=9.0, scope=later)
    assert lives(history, later) == [("/type", "open", 1.0, 9.0, 1.0, 1)]
    elsewhere = Scope("staging", "acme", "get_call", "v2")
    see(compiled, history, BAD, at=9.0, scope=elsewhere)
    assert lives(history, elsewhere)[0][1] == "new"


def test_a_finding_comes_back_as_it_was(compiled: CompiledContract, history: History) -> None:
    """All that a report says of a finding is in the history."""
    held = see(compiled, history, BAD, at=1.0)
    (known,) = history.findings(SCOPE)
    assert known.finding == held.run.findings[0]
    assert known.state is State.NEW


def test_a_run_comes_back_with_its_exchanges(compiled: CompiledContract, history: History) -> None:
    """Verdict, promises, kinds and every phase; paths, headers and bodies do not."""
    held = see(compiled, history, BAD, None, at=4.0)
    (run,) = history.runs(SCOPE)
    assert (run.at, run.verdict, run.promises) == (4.0, Verdict.BROKEN, held.run.promises)
    assert run.kinds == held.run.kinds
    kept = history.exchanges(run)
    assert [one.timings for one in kept] == [one.timings for one in held.run.exchanges]
    assert [(one.case.id, one.status) for one in kept] == [
        ("get_call/good/1", 200),
        ("get_call/good/2", None),
    ]
    assert all(one.body is None and one.headers == () and one.case.path == "" for one in kept)


def test_runs_are_chosen_by_time_and_number(compiled: CompiledContract, history: History) -> None:
    """Newest first, from a moment on, or the last few."""
    for at in range(1, 6):
        see(compiled, history, GOOD, at=float(at))
    assert [run.at for run in history.runs(SCOPE, since=3.0)] == [5.0, 4.0, 3.0]
    assert [run.at for run in history.runs(last=2)] == [5.0, 4.0]
    assert history.scopes() == (SCOPE,)


def test_a_thing_goes_on_whichever_branch_of_a_union_tells_it(history: History) -> None:
    """Another branch that shows it too is no news, and one that is not told is not mended."""
    union = _union()
    sail, row = {"kind": "sail"}, {"kind": "row"}
    steps = [
        ([row], [("1", "new")]),
        ([row, sail], [("1", "open"), ("0", "open")]),
        ([sail], [("1", "open"), ("0", "open")]),
        ([sail | {"at": ""}, row], [("1", "open"), ("0", "fixed")]),
        ([sail | {"at": ""}, row | {"at": ""}], [("1", "fixed"), ("0", "fixed")]),
        ([sail], [("1", "fixed"), ("0", "reopened")]),
    ]
    for at, (shown, expected) in enumerate(steps, start=1):
        see(union, history, {"id": "c1", "legs": shown}, at=float(at))
        found = [one for one in history.findings(SCOPE) if one.finding.pointer == "/legs/*/at"]
        assert [(one.finding.promise[-1], one.state.value) for one in found] == expected, at
        assert {one.first_seen for one in found} == {1.0}


def test_a_thing_is_waived_once_all_its_branches_are(history: History) -> None:
    """Until then the one that is not waived tells it."""
    shown = {"id": "c1", "legs": [{"kind": "sail"}, {"kind": "row"}]}
    waivers = [
        Waiver(promise=f"get_call.200:/legs/*/at#required@{branch}", reason="known", until=date(2026, 11, 30))
        for branch in "01"
    ]
    for at, (count, expected) in enumerate([(0, ["open"]), (1, ["open", "open"]), (2, ["waived", "waived"])]):
        for again in range(2):
            see(_union(*waivers[:count]), history, shown, at=at + again / 2)
        found = [one for one in history.findings(SCOPE) if one.finding.pointer == "/legs/*/at"]
        assert [one.state.value for one in found] == expected


def _union(*waivers: Waiver) -> CompiledContract:
    legs = {"type": "array", "items": {"oneOf": [_leg("sail"), _leg("row")]}}
    body = {"type": "object", "properties": {"legs": legs}}
    return compile_contract(contract(body), SETTINGS.model_copy(update={"waivers": waivers}))


def _leg(kind: str) -> dict[str, Any]:
    fields = {"kind": {"const": kind}, "at": {"type": "string"}}
    return {"type": "object", "required": ["at"], "properties": fields}

"""A fault of our own is told, and hides nothing of what else was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from docsworn.check.crashes import Crashes
from docsworn.check.hold import hold
from docsworn.check.loader import load_checks
from docsworn.check.strict_json import Parsed, parse
from docsworn.check.subject import Account, Check, Subject
from docsworn.contract.answers import by_status
from docsworn.model import Kind, Learned


class PanicException(BaseException):
    """What PyO3 makes of a crash in Rust, by its name: no ``Exception``."""


def _fail(*_: Any, **__: Any) -> Any:
    raise PanicException("secret")


def _hold_with(bench: Any, exchange: Any, **broken: Any) -> Any:
    """Hold an exchange to the contract, whose response to 200 has parts that fail."""
    contract = bench.contract
    operation = contract.operations["get_thing"]
    response = replace(operation.responses["200"], **broken)
    failing = replace(operation, responses={**operation.responses, "200": response})
    return hold(
        replace(contract, operations={"get_thing": failing}), "get_thing", [exchange],
        learned=Learned(), checks=load_checks(), today=date(2026, 6, 1),
    )  # fmt: skip


def test_a_survey_that_fails_hides_no_finding(bench: Any, thing: Mapping[str, Any]) -> None:
    """The schema, the identity and the invariants are held to all the same."""

    class Failing:
        survey = staticmethod(_fail)

    body = {**thing, "state": "lost", "thing_id": "another"}
    held = _hold_with(bench, bench.exchange(body), surveyor=Failing())
    assert held.crashes == ("the survey failed with PanicException",)
    assert {finding.kind for finding in held.run.findings} == {Kind.ENUM, Kind.IDENTITY}


def test_a_validator_that_fails_hides_no_finding(bench: Any, thing: Mapping[str, Any]) -> None:
    """What the other checks see of the body is told."""

    class Failing:
        is_valid = iter_errors = staticmethod(_fail)

    body = {**thing, "nobody_knows": 1, "size": 0}
    held = _hold_with(bench, bench.exchange(body), validator=Failing())
    assert held.crashes == ("the check body_schema failed with PanicException",)
    assert {finding.kind for finding in held.run.findings} == {Kind.UNDOCUMENTED, Kind.INVARIANT}


@pytest.mark.parametrize("error", [PanicException("secret"), RecursionError("secret"), MemoryError()])
def test_a_crash_is_told_once_without_its_message(error: BaseException) -> None:
    """Only what failed and how."""

    def crash() -> None:
        raise error

    crashes = Crashes()
    assert crashes.guard("it", crash) is None
    assert crashes.guard("it", crash) is None
    assert crashes.guard("all", lambda: 7) == 7
    assert crashes.told == (f"it failed with {type(error).__name__}",)


@pytest.mark.parametrize("wish", [KeyboardInterrupt, SystemExit])
def test_who_wants_to_stop_stops(bench: Any, thing: Mapping[str, Any], wish: type[BaseException]) -> None:
    """That is no crash."""

    def stop(_subject: Subject) -> Account:
        raise wish

    with pytest.raises(wish):
        bench.hold(bench.exchange(thing), checks=[Check("stopping", "stops", (), stop)])


def test_parsing_that_fails_hides_no_finding(
    bench: Any, thing: Mapping[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs no body is told, and the exchange after it is held to everything."""
    exchanges = [bench.exchange(thing), bench.exchange({**thing, "state": "lost"})]
    exchanges[0] = replace(exchanges[0], headers=(("content-type", "text/html"),))
    first = exchanges[0].body

    def fragile(data: bytes) -> Parsed:
        return cast(Parsed, _fail()) if data == first else parse(data)

    monkeypatch.setattr("docsworn.check.hold.parse", fragile)
    held = hold(
        bench.contract, "get_thing", exchanges,
        learned=Learned(), checks=load_checks(), today=date(2026, 6, 1),
    )  # fmt: skip
    assert held.crashes == ("parsing failed with PanicException",)
    assert {finding.kind for finding in held.run.findings} == {Kind.CONTENT_TYPE, Kind.ENUM}


def test_an_invariant_that_fails_hides_no_other(bench: Any, thing: Mapping[str, Any]) -> None:
    """The others are evaluated, and the one that failed is told by its id."""

    class Failing:
        execute = staticmethod(_fail)

        @staticmethod
        def variables() -> list[str]:
            return []

    operation = bench.contract.operations["get_thing"]
    (sound,) = operation.invariants
    promise = replace(sound.promise, id="get_thing.200:invariant/fragile")
    fragile = replace(
        sound, invariant=replace(sound.invariant, promise=promise), when=None, hold=cast(Any, Failing())
    )
    failing = replace(operation, by_status=by_status((fragile, sound)))
    held = hold(
        replace(bench.contract, operations={"get_thing": failing}), "get_thing",
        [bench.exchange({**thing, "size": 0})],
        learned=Learned(), checks=load_checks(), today=date(2026, 6, 1),
    )  # fmt: skip
    assert held.crashes == ("the invariant get_thing.200:invariant/fragile failed with PanicException",)
    assert {finding.kind for finding in held.run.findings} == {Kind.INVARIANT}

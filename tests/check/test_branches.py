"""One thing wrong in several branches of a union is one finding; the ledger has each promise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from tests.contract.sample import SETTINGS, contract
from tests.observe.rounds import CHECKS, exchange

from docsworn.check.hold import Held, hold
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.settings import Waiver
from docsworn.model import Learned, Severity

UNTIL = date(2026, 12, 31)
SAIL, ROW = ("get_call.200:/legs/*/{}#{}@" + str(branch) for branch in range(2))


def leg(kind: str, note: Mapping[str, Any], **marks: object) -> dict[str, Any]:
    """A branch of a leg."""
    fields = {"kind": {"const": kind}, "at": {"type": "string"}, "note": note}
    return {"type": "object", "required": ["at"], "properties": fields, **marks}


def voyages(
    note: Mapping[str, Any] = {"type": "integer"}, waivers: tuple[Waiver, ...] = (), **marks: object
) -> CompiledContract:
    """A contract of legs that are sailed or rowed; ``note`` and ``marks`` are of those that are sailed."""
    items = {"oneOf": [leg("sail", note, **marks), leg("row", {"type": "integer"})]}
    body = {"type": "object", "properties": {"legs": {"type": "array", "items": items}}}
    return compile_contract(contract(body), SETTINGS.model_copy(update={"waivers": waivers}))


def held(compiled: CompiledContract, *legs: Mapping[str, Any]) -> Held:
    """A round with one body."""
    today, learned = date(2026, 11, 20), Learned()
    asked = [exchange(1, {"legs": list(legs)})]
    return hold(compiled, "get_call", asked, learned=learned, checks=CHECKS, today=today)


def told(result: Held) -> list[tuple[str, Severity]]:
    """Promise and severity of what is found in legs."""
    return [(one.promise, one.severity) for one in result.run.findings if one.pointer.startswith("/legs")]


def test_a_drop_in_two_branches_is_told_once_and_counted_twice() -> None:
    """Whatever comes first in the answer, the same promise tells it: its fingerprint is the same."""
    legs: list[dict[str, str]] = [{"kind": "sail"}, {"kind": "row"}]
    found = [held(voyages(), *order) for order in (legs, legs[::-1])]
    assert [told(each) for each in found] == [[(SAIL.format("at", "required"), Severity.ERROR)]] * 2
    for each in found:
        ((_, account, _),) = each.accounts
        broken = {breach.promise.id for breach in account.breaches}
        both = {one.format("at", "required") for one in (SAIL, ROW)}
        assert both <= broken
        assert not both & account.kept
        assert each.run.promises.broken == len(broken)


def test_what_branches_document_apart_is_told_apart() -> None:
    """A text is neither of them, and they are not the same."""
    found = held(
        voyages({"type": "boolean"}), *({"kind": kind, "at": "", "note": ""} for kind in ("sail", "row"))
    )
    assert [name for name, _ in told(found)] == [one.format("note", "type") for one in (SAIL, ROW)]


@pytest.mark.parametrize(
    "less",
    [
        {"x-keywords": {"required/at": {"confidence": "inferred"}}},
        {"waivers": (Waiver(promise=SAIL.format("at", "required"), reason="known", until=UNTIL),)},
    ],
)
def test_what_matters_most_tells_it(less: dict[str, Any]) -> None:
    """A warning, or what is waived, does not hide an error."""
    found = held(voyages(**less), {"kind": "sail"}, {"kind": "row"})
    assert told(found) == [(ROW.format("at", "required"), Severity.ERROR)]
    ((_, severity),) = told(held(voyages(**less), {"kind": "sail"}))
    assert severity is not Severity.ERROR

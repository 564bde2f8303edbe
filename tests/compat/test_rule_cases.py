"""Every row of the rule table has a case: its id is told where it should be, in each direction and area."""

from __future__ import annotations

import pytest

from docsworn.compat.assemble import Asked, compare_documents
from docsworn.compat.changes import Direction, Verdict
from docsworn.compat.document import Document
from docsworn.compat.document_rules import DOCUMENT_RULES
from docsworn.compat.reading import Raw
from docsworn.compat.report import Found
from docsworn.compat.rules import RULES
from tests.compat.cases import Case, cases
from tests.compat.test_documents import compare

CASES = [case for case in cases() if case.id.startswith("rules: ")]
AREAS = {
    Direction.RESPONSE: ("body", "property", "header"),
    Direction.REQUEST: ("body", "property", "parameter"),
}
_JSON = "application/json"


def fact(case: Case) -> str:
    """What the row says, without direction and area."""
    (rule,) = case.rules or ()
    return next(
        rule.removeprefix(start) for start in ("response-body-", "response-property-") if start in rule
    )


def document(schema: object) -> Document:
    """A document that has a schema wherever one may stand: bodies, a field, a header, a parameter."""
    field = {"type": "object", "required": ["field"], "properties": {"field": schema}}
    bodies = [{"content": {_JSON: {"schema": one}}} for one in (schema, field)]
    coded = {"required": True, "content": {_JSON: {"schema": schema}}}
    calls = {
        f"/{at}": {
            "post": {
                "parameters": [{"name": "q", "in": "query", **coded}],
                "requestBody": body,
                "responses": {"200": {"headers": {"X-Q": coded}, **body}},
            }
        }
        for at, body in enumerate(bodies)
    }
    return Document(Raw("side", {"openapi": "3.1.0", "paths": calls}, "3.1"))


def told(case: Case, direction: Direction) -> dict[str, Found]:
    """The findings by rule."""
    report = compare_documents(
        document(case.old),
        document(case.new),
        Asked("strict", (direction,)),
        lambda a, b, way: compare(a, b, way),
    )
    return {one.change.rule: one for one in report.found}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_rule_is_told_in_each_direction_and_area(case: Case) -> None:
    """The id, and the verdict: what breaks who reads is safe for who sends, unless it may do both."""
    for direction, areas in AREAS.items():
        if fact(case) == "schema-changed" and direction is Direction.REQUEST:
            continue  # it only tells a break that nothing else tells, and here is none
        found = told(case, direction)
        for area in areas:
            # A change of an object's field is one of a property wherever the object is; what no part of a
            # body tells is one of the body.
            names = [f"{direction}-{one}-{fact(case)}" for one in (area, "property", "body")]
            name = next((one for one in names if one in found), names[0])
            assert name in found, sorted(found)
            rule = RULES[name]
            verdict = found[name].verdict
            if direction is Direction.RESPONSE:
                assert verdict == case.verdicts["strict"] or "discriminator" in name
            elif rule.waiver is None and "discriminator" not in name and not name.endswith("property-added"):
                assert (verdict is Verdict.BREAKING) is (case.verdicts["strict"] == "safe")


def test_every_rule_about_schemas_has_a_case() -> None:
    """No row of the table is only claimed."""
    shown = {fact(case) for case in CASES}
    claimed = set()
    for rule in RULES.values():
        if rule not in DOCUMENT_RULES:
            start = f"{rule.direction}-{rule.area}-"
            assert rule.id.startswith(start)
            claimed.add(rule.id.removeprefix(start))
    assert claimed == shown

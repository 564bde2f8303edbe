"""A compiled contract names every breach by place and promise, and walks a body once."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.contract.compiled import CompiledOperation, CompiledResponse, compile_contract
from docsworn.errors import ContractError, UnknownNameError
from docsworn.model import Confidence, Kind, Severity, Source
from tests.contract.sample import SETTINGS, contract

GOOD: dict[str, Any] = {
    "id": "c1",
    "type": "a",
    "note": None,
    "mask": "x",
    "steps": [{"kind": "edge", "to": "n"}, {"kind": "nested", "steps": [{"kind": "edge", "to": "m"}]}],
    "labels": {"any name at all": 1},
    "meta": {"n": 0},
}


@pytest.fixture(scope="module")
def operation() -> CompiledOperation:
    """The made-up operation, compiled."""
    return compile_contract(contract(), SETTINGS).operation("get_call")


@pytest.fixture(scope="module")
def response(operation: CompiledOperation) -> CompiledResponse:
    """Its 200 response."""
    found = operation.response_for(200)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("change", "pointer", "kind", "observed"),
    [
        ({"id": 5}, "/id", Kind.TYPE, "integer"),
        ({"type": "zz"}, "/type", Kind.ENUM, 'string "zz"'),
        ({"type": "a private sentence"}, "/type", Kind.ENUM, "string of 18 characters"),
        ({"labels": {"any name at all": "x"}}, "/labels/*", Kind.TYPE, "string"),
        ({"meta": {"n": -1}}, "/meta/n", Kind.BOUND, "integer"),
        ({"meta": {}}, "/meta/n", Kind.MISSING, "no such field"),
        ({"meta": "text"}, "/meta", Kind.TYPE, "string"),
        ({"steps": [{"kind": "edge"}]}, "/steps/*/to", Kind.MISSING, "no such field"),
        ({"steps": [{"kind": "nested", "to": "x"}]}, "/steps/*/steps", Kind.MISSING, "no such field"),
        (
            {"steps": [{"kind": "nested", "steps": [{"kind": "edge", "to": 3}]}]},
            "/steps/*/steps/*/to",
            Kind.TYPE,
            "integer",
        ),
        ({"steps": [{"kind": "alien", "to": "x"}]}, "/steps/*/kind", Kind.ENUM, 'string "alien"'),
        ({"steps": [{}]}, "/steps/*", Kind.TYPE, "object with 0 fields"),
        ({"events": [{"kind": 1}]}, "/events/*/kind", Kind.TYPE, "integer"),
    ],
)
def test_a_breach_has_its_place_and_shape(
    response: CompiledResponse, change: dict[str, Any], pointer: str, kind: Kind, observed: str
) -> None:
    """Each broken keyword is one breach at the place of the value, told by shape."""
    breaches = list(response.breaches({**GOOD, **change}))
    assert [(b.pointer, b.kind, b.observed) for b in breaches] == [(pointer, kind, observed)]


def test_a_good_body_breaks_nothing(response: CompiledResponse) -> None:
    """What keeps the schema has no breach, and is_valid says the same."""
    assert response.is_valid(GOOD)
    assert list(response.breaches(GOOD)) == []


def test_a_literal_that_names_no_branch_is_told_the_ones_that_do(response: CompiledResponse) -> None:
    """Not blamed on a branch that happened to be first: the values of all branches are documented."""
    (breach,) = response.breaches({**GOOD, "steps": [{"kind": "alien", "to": "x"}]})
    assert breach.documented == "one of: edge, nested"


def test_a_missing_field_bears_its_own_pointer_and_line(response: CompiledResponse) -> None:
    """The line of a required field is that of its entry in the list, with its own confidence."""
    breaches = {b.pointer: b.promise for b in response.breaches({})}
    assert breaches["/id"].source == Source("page.md", 90)
    assert breaches["/id"].severity is Severity.ERROR
    assert breaches["/steps"].confidence is Confidence.INFERRED
    assert breaches["/steps"].severity is Severity.WARNING


def test_every_schema_promise_has_an_id_of_its_own(operation: CompiledOperation) -> None:
    """The promises of both branches of the union stand apart, the operation's own among them."""
    names = list(operation.promises)
    assert "get_call.200:/steps/*/kind#enum@Edge" in names
    assert "get_call.200:/steps/*/kind#enum@Nested" in names
    assert "get_call#status" in names
    assert len(names) == len(set(names))


def test_the_survey_tells_exercised_from_unseen(response: CompiledResponse) -> None:
    """Only the promises of places that are there, and of the branch that is meant, are exercised."""
    seen = response.survey({"id": "c", "steps": [{"kind": "edge", "to": "x"}]}, {})
    assert "get_call.200:/steps/*/kind#enum@Edge" in seen.exercised
    assert "get_call.200:/steps/*/kind#enum@Nested" not in seen.exercised
    assert "get_call.200:/labels#type" not in seen.exercised
    assert "get_call.200:/id#required" in seen.exercised


def test_listed_fields_are_present_or_absent(response: CompiledResponse) -> None:
    """A listed field is satisfied by any of its names; one that is not there is absent, not broken."""
    seen = response.survey({**GOOD}, {})
    assert {"get_call.200:/note#presence", "get_call.200:/face#presence"} <= seen.present
    without = {name: value for name, value in GOOD.items() if name not in ("note", "mask")}
    absent = [pointer for _, pointer in response.survey(without, {}).absent]
    assert [pointer for pointer in absent if pointer in ("/note", "/face", "/mask")] == ["/face", "/note"]


def test_optional_fields_are_promises_too(response: CompiledResponse) -> None:
    """A field beside a list of required ones is optional: present, or absent where one item lacks it."""
    kind = "get_call.200:/steps/*/kind#optional@Edge"
    edges = [{"kind": "edge", "to": "n"}, {"kind": "edge", "to": "m"}]
    assert kind in response.survey({**GOOD, "steps": edges}, {}).present
    del edges[1]["kind"]
    seen = response.survey({**GOOD, "steps": edges}, {})
    assert kind not in seen.present
    assert kind in [promise.id for promise, _ in seen.absent]


def test_an_unnamed_field_is_asked_for_only_under_its_query(response: CompiledResponse) -> None:
    """A field without a name is promised under verbose=true, and any candidate satisfies it."""
    verbose = {"verbose": "true"}
    unnamed = "get_call.200:/{extra_events}#presence"
    assert unnamed in response.survey({**GOOD, "log": []}, verbose).present
    assert unnamed in [p.id for p, _ in response.survey(GOOD, verbose).absent]
    assert unnamed not in [p.id for p, _ in response.survey(GOOD, {}).absent]
    assert response.named({"log": [1]}) == {"extra_events": [1]}


def test_undocumented_fields_show_short_names_only(response: CompiledResponse) -> None:
    """A new field is named where its name is a token; a map's keys and an open object's are not fields."""
    body = {**GOOD, "new_field": 1, "a secret sentence as a name": 2, "open": {"x": 1}}
    body["steps"] = [{"kind": "edge", "to": "n", "colour": "red"}]
    assert response.survey(body, {}).undocumented == ("/steps/*/colour", "/new_field", "/*")


def test_a_null_that_the_page_cannot_speak_of_only_warns() -> None:
    """Some exporters drop nullability: then a null is unknown, not never."""
    body = {"type": "object", "properties": {"a": {"type": "string", "x-nullable": "unknown"}}}
    response = compile_contract(contract(body), SETTINGS).operation("get_call").response_for(200)
    assert response is not None
    (null,) = response.breaches({"a": None})
    (number,) = response.breaches({"a": 1})
    assert (null.severity, number.severity) == (Severity.WARNING, None)


def test_an_empty_field_name_is_no_crash() -> None:
    """jsonschema-rs drops empty parts of a path: the breach is told all the same."""
    body = {"type": "object", "properties": {"": {"type": "integer"}}, "required": ["", "a"]}
    response = compile_contract(contract(body), SETTINGS).operation("get_call").response_for(200)
    assert response is not None
    assert [breach.kind for breach in response.breaches({"": "x"})] == [Kind.MISSING, Kind.TYPE]


def test_a_schema_that_is_none_is_a_contract_error() -> None:
    """What cannot be compiled is the pack's fault, with the file and the status."""
    broken = {"type": "object", "properties": {"a": {"type": "nonsense"}}}
    with pytest.raises(
        ContractError, match=r"acme/v1/openapi.json: the schema of status 200 is not JSON Schema"
    ):
        compile_contract(contract(broken), SETTINGS)


def test_an_unknown_operation_has_a_guess() -> None:
    """A name that nobody knows is answered with the nearest one."""
    with pytest.raises(UnknownNameError, match='did you mean "get_call"'):
        compile_contract(contract(), SETTINGS).operation("get_cal")

"""Whether documentation has changed: what counts as a change, and what a format merely cannot tell."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docsworn.derive.compare import compare, compare_documents
from docsworn.derive.facts import Fact
from tests.derive.test_facts import document, node


def fact(pointer: str | None, types: str = "string", **said: Any) -> Fact:
    """A fact of status 200 with plain answers."""
    plain = Fact("200", pointer, (), tuple(types.split()), "no", "no", (), None, "documented", 1)
    return replace(plain, **said)


BODY = fact("", "object")
KITE = (BODY, fact("/id", required="yes"), fact("/mood", enum=("calm", "wild"), nullable="yes"))


def test_the_same_facts_are_no_change() -> None:
    """Lines, confidence, the order of facts and of values are no facts of the API."""
    moved = (KITE[0], replace(KITE[2], enum=("wild", "calm"), line=9), replace(KITE[1], line=7))
    assert compare(KITE, moved).same


def test_added_gone_changed() -> None:
    """A field more, a field less, another type: each with its fact."""
    page = (BODY, replace(KITE[1], types=("integer",), line=5), fact("/size", "number", line=6))
    found = compare(KITE, page)
    assert not found.same
    assert [item.pointer for item in found.added] == ["/size"]
    assert [item.pointer for item in found.gone] == ["/mood"]
    ((change),) = found.changed
    assert (change.pointer, change.what, change.contract, change.page, change.line) == (
        "/id", "types", ("string",), ("integer",), 5,
    )  # fmt: skip
    assert found.as_data()["gone"][0]["pointer"] == "/mood"


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"nullable": "no"}, "nullable"),
        ({"required": "yes"}, "required"),
        ({"enum": ("calm", "wild", "lost")}, "enum"),
        ({"enum": ()}, "enum"),
        ({"format": "uri"}, "format"),
    ],
)
def test_each_answer_is_compared(said: dict[str, Any], what: str) -> None:
    """Null, requiredness, values and format count where both sides say them."""
    found = compare(KITE, (*KITE[:2], replace(KITE[2], **said)))
    assert [change.what for change in found.changed] == [what]


@pytest.mark.parametrize(
    "said",
    [
        {"nullable": "unknown"}, {"required": "unknown"}, {"types": ()}, {"types": (), "enum": ()},
        {"format": "int32"}, {"enum": (), "confidence": "inferred"},
    ],
)  # fmt: skip
def test_what_is_unknown_is_no_change(said: dict[str, Any]) -> None:
    """A format that cannot say a thing, the width of a number, or a guess speaks against nothing."""
    assert compare(KITE, (*KITE[:2], replace(KITE[2], **said))).same


def test_an_opaque_object_takes_nothing_back() -> None:
    """What is inside of a list whose items the page leaves opaque is untold; beside it, gone."""
    wind = (fact("/wind", "array"), fact("/wind/*", "object"), fact("/wind/*/speed", "number"))
    told = compare((*KITE, *wind), (*KITE, wind[0], wind[1]))
    assert told.same
    assert [item.pointer for item in told.untold] == ["/wind/*/speed"]
    assert compare((*KITE, *wind), (*KITE, wind[0])).same
    assert [item.pointer for item in compare((*KITE, *wind), KITE).gone] == [item.pointer for item in wind]


def test_statuses_that_a_page_never_lists() -> None:
    """Errors are gone only from a page that lists errors, parameters from one that lists parameters."""
    errors = (replace(BODY, status="401", types=()), replace(BODY, status="404", types=()))
    parameter = (fact("/id", status="request"), fact("/page", status="request"))
    contract = (*parameter, *KITE, *errors)
    assert compare(contract, KITE).same
    found = compare(contract, (parameter[0], *KITE, errors[0]))
    assert [(item.status, item.pointer) for item in found.gone] == [("request", "/page"), ("404", "")]
    success = compare(contract, (*parameter, *errors))
    assert success.same
    assert len(success.untold) == len(KITE)


def test_an_empty_value_is_nothing() -> None:
    """A map of anything and an object of which no more is said are the same."""
    assert compare(
        (*KITE, fact("/extra", "object")), (*KITE, fact("/extra", "object"), fact("/extra/*", ""))
    ).same


def test_what_a_person_added_is_not_gone() -> None:
    """Curated facts are not of the page; an alias stands for its field."""
    curated = fact("/tail", confidence="curated")
    assert compare((*KITE, curated), KITE).same
    assert [
        c.what for c in compare((*KITE, curated), (*KITE, replace(curated, types=("array",)))).changed
    ] == ["types"]
    renamed = (*KITE, fact("/owner", names=("holder",)), fact("/holder"))
    assert compare(renamed, (*KITE, fact("/owner"))).same
    assert [item.pointer for item in compare(renamed, KITE).gone] == ["/owner", "/holder"]


def test_unnamed_fields_are_counted() -> None:
    """Nothing tells one unnamed field from another but their number."""
    nameless = fact(None, line=8)
    assert compare((*KITE, nameless), (*KITE, replace(nameless, line=20))).same
    assert compare((*KITE, nameless), KITE).same
    assert len(compare((*KITE, nameless), (*KITE, nameless, nameless)).added) == 1


def test_calls_and_servers() -> None:
    """Another path, method or host is a change where both sides name it."""
    contract = {**document(node(2)), "servers": [node(3, url="https://api.kites.example/")]}
    page = {**document(node(2)), "servers": [node(3, url="https://api.kites.example")]}
    assert compare_documents(contract, page).same
    item = page["paths"].pop("/kites/{id}")
    page["paths"]["/v2/kites/{id}"] = {"get": {**item["get"], "x-source": {"document": "page", "line": 12}}}
    page["servers"] = [node(4, url="https://kites.example")]
    call, server = compare_documents(contract, page).changed
    assert (call.what, call.contract, call.page, call.line) == (
        "call", "GET /kites/{id}", "GET /v2/kites/{id}", 12,
    )  # fmt: skip
    assert (server.what, server.page, server.line) == ("server", "https://kites.example", 4)
    homeless = {"components": {"responses": item["get"]["responses"]}}
    assert compare_documents(contract, homeless).same


def test_what_a_recipe_requires_is_not_taken_back() -> None:
    """Requiredness that a person or a layout gave is unknown to the page."""
    body = node(2, properties={"id": node(3, type="string")}, required=["id"])
    body["x-keywords"] = {"required/id": {"line": 3, "confidence": "inferred"}}
    plain = node(2, properties={"id": node(3, type="string")})
    assert compare_documents(document(body), document(plain)).same
    del body["x-keywords"]
    assert not compare_documents(document(body), document(plain)).same

"""What a derived document says, as rows: places, unions, recursion, unnamed fields, bounds."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.derive.facts import MAX_DEPTH, Fact, facts_of
from docsworn.errors import DocumentError, UsageError

Schema = dict[str, Any]


def node(line: int, confidence: Any = "documented", **keywords: Any) -> Schema:
    """A schema with its source."""
    return {**keywords, "x-source": {"document": "page", "line": line}, "x-confidence": confidence}


def document(
    schema: Any = None, *, components: Schema | None = None, parameters: Any = (), **responses: Schema
) -> Schema:
    """A document of one operation with this body of status 200."""
    content = {} if schema is None else {"content": {"application/json": {"schema": schema}}}
    operation = {
        "operationId": "get_kite",
        "parameters": list(parameters),
        "responses": {"200": node(1, **content), **responses},
    }
    return {
        "openapi": "3.1.0",
        "paths": {"/kites/{id}": {"get": operation}},
        "components": {"schemas": components or {}},
    }


def facts(schema: Any, **components: Schema) -> dict[str, Fact]:
    """The facts of a body by place."""
    found = facts_of(document(schema, components=components))
    return {fact.pointer: fact for fact in found if fact.pointer is not None}


def ref(name: str, line: int = 9) -> Schema:
    """A reference to a component."""
    return node(line, **{"$ref": f"#/components/schemas/{name}"})


def test_a_row_as_json() -> None:
    """Exactly the keys of the agreement, lists for what may be several."""
    row = facts(node(2, properties={"mood": node(3, type=["string", "null"], enum=["calm", "wild", None])}))
    assert row["/mood"].as_row() == {
        "status": "200", "pointer": "/mood", "names": [], "types": ["string"], "nullable": "yes",
        "required": "no", "enum": ["calm", "wild"], "format": None, "confidence": "documented", "line": 3,
    }  # fmt: skip


def test_items_and_values_have_rows() -> None:
    """One star each for items, values, tuples and patterns; an object of anything is a map of anything."""
    found = facts(
        node(
            2,
            properties={
                "tags": node(3, type="array", items=node(4, type="string")),
                "sizes": node(5, type="object", additionalProperties=node(6, type="integer", format="int32")),
                "pair": node(7, type="array", prefixItems=[node(8, type="string"), node(9, type="integer")]),
                "coded": node(10, type="object", patternProperties={"^k": node(11, type="boolean")}),
                "extra": node(12, type="object", additionalProperties=True),
                "open": node(13, type="object", additionalProperties=True, properties={"a": node(14)}),
            },
        )
    )
    assert {place: fact.types for place, fact in found.items() if place.endswith("*")} == {
        "/tags/*": ("string",), "/sizes/*": ("integer",), "/pair/*": ("string", "integer"),
        "/coded/*": ("boolean",), "/extra/*": (),
    }  # fmt: skip
    assert found["/sizes/*"].format == "int32"
    assert {found["/tags/*"].line, found["/extra/*"].line} == {4, 12}


def test_every_status_has_a_row() -> None:
    """Without a body the row is the status's own: no type, and its line."""
    refused = node(40)
    found = facts_of(document(node(2, type="array", items=node(3, type="string")), **{"404": refused}))
    assert [(fact.status, fact.pointer, fact.types, fact.line) for fact in found] == [
        ("200", "", ("array",), 1), ("200", "/*", ("string",), 3), ("404", "", (), 40),
    ]  # fmt: skip
    assert found[-1].nullable == "unknown"


def test_parameters_are_of_the_request() -> None:
    """By their bare name wherever they stand, with what is below them; a body's fields likewise."""
    parameters = [
        node(5, name="id", **{"in": "path"}, required=True, schema=node(6, type="string", format="uuid")),
        node(7, name="tags", **{"in": "query"}, schema=node(8, type="array", items=node(9, type="string"))),
        node(10, name="X-Trace", **{"in": "header", "x-required": "unknown"}, schema=node(11, type="string")),
    ]
    page = document(node(2), parameters=parameters)
    body = node(20, type="object", properties={"name": node(21, type="string")}, required=["name"])
    operation = page["paths"]["/kites/{id}"]["get"]
    operation["requestBody"] = node(19, content={"application/json": {"schema": body}})
    found = [fact for fact in facts_of(page) if fact.status == "request"]
    assert [(fact.pointer, fact.types, fact.required, fact.line) for fact in found] == [
        ("/id", ("string",), "yes", 5),
        ("/tags", ("array",), "no", 7),
        ("/tags/*", ("string",), "no", 9),
        ("/X-Trace", ("string",), "unknown", 10),
        ("", ("object",), "no", 19),
        ("/name", ("string",), "yes", 21),
    ]


def test_branches_share_a_row() -> None:
    """Types, values and formats of all branches; a branch of null is nullable, not a type."""
    mood = node(4, oneOf=[node(5, type="string", enum=["calm"]), node(6, type="null")])
    other = node(8, type="string", enum=["wild"])
    wind = node(7, anyOf=[node(7, type="string", format="uri"), node(7, type="integer")])
    body = node(2, properties={"mood": mood, "wind": wind, "all": node(9, allOf=[ref("Kite"), node(9)])})
    found = facts(body, Kite=node(20, oneOf=[ref("Box"), ref("Delta")]),
                  Box=node(30, type="object", properties={"mood": other, "side": node(31, type="number")},
                           required=["mood", "side"]),
                  Delta=node(40, type="object", properties={"mood": mood}))  # fmt: skip
    assert (found["/mood"].types, found["/mood"].nullable, found["/mood"].enum) == (
        ("string",),
        "yes",
        ("calm",),
    )
    assert (found["/wind"].types, found["/wind"].format) == (("string", "integer"), "uri")
    shared = found["/all/mood"]
    assert (shared.enum, shared.required, shared.nullable, shared.line) == (("wild", "calm"), "no", "yes", 8)
    assert (found["/all"].types, found["/all/side"].required) == (("object",), "yes")


def test_values_of_one_branch_do_not_bind_another() -> None:
    """A free string beside listed ones leaves the values open; an integer beside them does not."""
    listed = node(3, type="string", enum=["calm"])
    assert facts(node(2, anyOf=[listed, node(4, type="string")]))[""].enum == ()
    assert facts(node(2, anyOf=[listed, node(4, type="integer")]))[""].enum == ("calm",)
    assert facts(node(2, anyOf=[listed, node(4)]))[""].enum == ()


def test_types_that_are_implied() -> None:
    """Fields imply an object, items an array, listed values their types; else nothing is said."""
    found = facts(
        node(2, properties={
            "one": node(3, properties={"a": node(4, const=7)}), "two": node(5, items=node(6)),
            "three": node(7, enum=["x", 2, None, True]), "four": node(8),
        })
    )  # fmt: skip
    assert found["/one"].types == ("object",)
    assert (found["/one/a"].types, found["/one/a"].enum) == (("integer",), (7,))
    assert found["/two"].types == ("array",)
    assert (found["/three"].types, found["/three"].nullable) == (("string", "integer", "boolean"), "yes")
    assert (found["/four"].types, found["/four"].nullable) == ((), "unknown")


def test_what_is_unknown() -> None:
    """Formats that cannot tell say so on the node; null that is written down is known all the same."""
    body = node(
        2,
        properties={
            "a": node(3, type="string", **{"x-nullable": "unknown", "x-required": "unknown"}),
            "b": node(4, type=["string", "null"], **{"x-nullable": "unknown", "x-presence": "expected"}),
            "c": node(5, "curated", type="string"),
            "d": {**ref("Kite"), "x-nullable": "unknown"},
            "e": node(6, **{"x-nullable": "yes"}),
        },
        required=["d"],
    )
    found = facts(body, Kite=node(20, type="object"))
    assert {place[1:]: (f.nullable, f.required) for place, f in found.items() if place} == {
        "a": ("unknown", "unknown"), "b": ("yes", "unknown"), "c": ("no", "unknown"),
        "d": ("unknown", "yes"), "e": ("yes", "no"),
    }  # fmt: skip


def test_recursion_is_cut_at_the_first_repeat() -> None:
    """A component within itself has its row and is not entered again, directly or by way of another."""
    found = facts(ref("Kite"), Kite=node(20, type="object", properties={
        "tail": ref("Tail", 21), "twin": node(22, anyOf=[ref("Kite", 23), node(24, type="null")])}),
        Tail=node(30, properties={"kites": node(31, type="array", items=ref("Kite", 32))}))  # fmt: skip
    assert list(found) == ["", "/tail", "/tail/kites", "/tail/kites/*", "/twin"]
    assert (found["/twin"].types, found["/twin"].nullable) == (("object",), "yes")
    assert found["/tail/kites/*"].types == ("object",)


def test_a_reference_to_itself_says_nothing() -> None:
    """Loops without a field between them end."""
    found = facts(ref("A"), A=node(3, anyOf=[ref("B"), ref("A")]), B=node(4, allOf=[ref("A")], type="object"))
    assert list(found) == [""]


def test_unnamed_fields() -> None:
    """No pointer; candidates, and the way from them to what is below."""
    entry = {
        "id": "field_2", "candidates": ["log", "events"],
        "schema": node(7, "inferred", type="array", items=node(8, properties={"at": node(9, type="number")})),
    }  # fmt: skip
    found = facts_of(document(node(2, **{"type": "object", "x-unnamed": [entry]})))[1:]
    assert [(fact.pointer, fact.names, fact.types, fact.required) for fact in found] == [
        (None, ("log", "events"), ("array",), "unknown"),
        (None, ("log/*", "events/*"), ("object",), "no"),
        (None, ("log/*/at", "events/*/at"), ("number",), "no"),
    ]


def test_a_page_without_a_path() -> None:
    """Parts that stand in components are told, with unnamed parameters."""
    page = {
        "components": {
            "parameters": {"id": node(3, name="id", **{"in": "path"}, required=True, schema=node(3))},
            "responses": {"200": node(5, "inferred", content={"application/json": {"schema": node(6)}})},
        },
        "x-unnamed": [node(4, id="query_1", candidates=[], schema=node(4, type="string"), **{"in": "query"})],
    }
    assert [(f.status, f.pointer, f.confidence) for f in facts_of(page)] == [
        ("request", "/id", "documented"), ("request", None, "documented"), ("200", "", "inferred"),
    ]  # fmt: skip


def test_one_operation_is_told() -> None:
    """Of several one is to be chosen, by id or by method and path; a wrong name gets a guess."""
    page = document(node(2))
    page["paths"]["/kites"] = {"post": {"operationId": "fly", "responses": {"201": node(9)}}}
    with pytest.raises(
        UsageError, match=r'2 operations are described, as "GET /kites/\{id\}", "POST /kites"'
    ):
        facts_of(page)
    assert [fact.status for fact in facts_of(page, "fly")] == ["201"]
    assert [fact.status for fact in facts_of(page, "post /kites")] == ["201"]
    with pytest.raises(UsageError, match='did you mean "get_kite"'):
        facts_of(page, "get_kit")


def test_a_row_is_as_sure_as_its_weakest_part() -> None:
    """What adds that a field is required weakens its row, not what the page says, nor strengthens a guess."""
    annotations = {
        "required/a": {"line": 3, "confidence": "inferred"},
        "required/b": {"line": 4},
        "required/c": {"line": 5, "confidence": "curated"},
        "required/d": {"line": 6, "confidence": "documented"},
    }
    fields = {name: node(3, type="string") for name in "abc"} | {"d": node(6, "inferred", type="string")}
    body = node(2, properties=fields, required=list("abcd"), **{"x-keywords": annotations})
    found = facts(body)
    assert {place: fact.confidence for place, fact in found.items() if place} == {
        "/a": "inferred", "/b": "documented", "/c": "curated", "/d": "inferred",
    }  # fmt: skip
    page_only = facts_of(document(body), additions=False)
    assert {fact.pointer: fact.confidence for fact in page_only}["/a"] == "documented"


def test_facts_have_an_end() -> None:
    """Depth and number are bounded, each with its reason; a wide web of components is no way round."""
    deep = node(3, type="string")
    for _ in range(MAX_DEPTH + 1):
        deep = node(3, properties={"a": deep})
    with pytest.raises(DocumentError, match=f"page:3: fields more than {MAX_DEPTH} levels deep"):
        facts(deep)
    names = [f"C{at}" for at in range(12)]
    web = {name: node(3, properties={other: ref(other) for other in names}) for name in names}
    with pytest.raises(DocumentError, match="page:9: more than 50000 facts"):
        facts(ref("C0"), **web)


def test_a_union_of_a_thousand_is_one_row() -> None:
    """Branches merge at their place, however many."""
    branches = [node(at, type="object", properties={"kind": node(at, const=f"k{at}")}) for at in range(1000)]
    found = facts(node(2, oneOf=branches))
    assert list(found) == ["", "/kind"]
    assert len(found["/kind"].enum) == 1000

"""References: however they are written they lead where they should, and what they lead to is a component."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openapi_spec_validator import validate

from docsworn.contract.pointer import join
from docsworn.derive import Derivation, derive
from docsworn.derive.render import render_document
from docsworn.errors import DocumentError
from tests.derive.tables import row_of


def document(schema: Any, **components: Any) -> str:
    """A document of one response with this body; ``components`` are schemas by name."""
    return json.dumps({
        "openapi": "3.1.0", "info": {"title": "Kites", "version": "1"},
        "paths": {"/kites": {"get": {"operationId": "get", "responses": {"200": {
            "description": "", "content": {"application/json": {"schema": schema}}}}}}},
        "components": {"schemas": components},
    }, indent=1)  # fmt: skip


def derived(schema: Any, **components: Any) -> Derivation:
    """The derivation of such a document, which is valid OpenAPI."""
    found = derive(document(schema, **components), document="page")
    validate(json.loads(render_document(found.openapi)))
    return found


def rows(found: Derivation) -> list[str]:
    """Place, types, null, required and values of each fact of the body."""
    return [" ".join(row_of(fact).split(" ")[1:6]) for fact in found.facts]


def ref(name: str) -> dict[str, str]:
    """A reference to a component as most write it."""
    return {"$ref": f"#/components/schemas/{name}"}


KITE = {"type": "object", "required": ["tail"], "properties": {"tail": {"type": "string"}}}


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Kite", "Kite"),
        ("type_:Kite", "type_:Kite"),
        ("type_:Kite", "type_%3AKite"),
        ("type_air/kites:Kite", "type_air/kites:Kite"),
        ("type_air/kites:Kite", "type_air~1kites:Kite"),
        ("type_air/kites:Kite", "type_air%2Fkites%3AKite"),
        ("type_a/b/c/d:Kite", "type_a/b/c/d:Kite"),
        ("Kite[str]", "Kite[str]"),
        ("Kite«List»", "Kite%C2%ABList%C2%BB"),
        ("a~b", "a~0b"),
        ("50%", "50%"),
        ("50%25", "50%2525"),
        ("Ärger", "Ärger"),
    ],
)
def test_names_as_they_are_written(name: str, written: str) -> None:
    """Escaped, percent-encoded or neither: the component is found; its name becomes a plain one."""
    found = derived(ref(written), **{name: KITE})
    assert rows(found) == [". object no no -", "/tail string no yes -"]
    (plain,) = found.openapi["components"]["schemas"]
    assert set(plain) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=4, unique=True))
def test_any_names(names: list[str]) -> None:
    """Components of any names keep apart, and escaped references lead to the right one."""
    written = [f"#{join('components', 'schemas', name)}".replace("%", "%25") for name in names]
    fields = {f"f{at}": {"$ref": reference} for at, reference in enumerate(written)}
    parts = {name: {"type": "string", "enum": [f"v{at}"]} for at, name in enumerate(names)}
    found = derive(document({"type": "object", "properties": fields}, **parts), document="page")
    values = {fact.pointer: fact.enum for fact in found.facts if fact.pointer}
    assert values == {f"/f{at}": (f"v{at}",) for at in range(len(names))}


def test_names_that_become_the_same_stay_apart() -> None:
    """Two names that differ only in what OpenAPI does not allow are numbered in the document's order."""
    found = derived(ref("a:b"), **{"a:b": KITE, "a/b": {"type": "string"}, "a_b": {"type": "integer"}})
    assert {name: part["type"] for name, part in found.openapi["components"]["schemas"].items()} == {
        "a_b_2": "object", "a_b_3": "string", "a_b": "integer",
    }  # fmt: skip
    assert rows(found)[0] == ". object no no -"


def test_references_into_other_parts() -> None:
    """A reference to a part of a schema, or of another response, becomes a component of its own."""
    schema = {"type": "object", "properties": {
        "a": ref("Kite/properties/tail"),
        "b": {"$ref": "#/paths/~1kites/get/responses/200/content/application~1json/schema/properties/c"},
        "c": {"type": "array", "items": ref("Kite")},
    }}  # fmt: skip
    found = derived(schema, Kite=KITE)
    assert rows(found) == [
        ". object no no -", "/a string no no -", "/b array no no -", "/b/* object no no -",
        "/b/*/tail string no yes -", "/c array no no -", "/c/* object no no -", "/c/*/tail string no yes -",
    ]  # fmt: skip


def test_definitions_that_a_schema_brought_along() -> None:
    """Pasted JSON Schema refers to its own $defs, the nearest ones."""
    pasted = {"$defs": {"Tail": {"type": "string"}}, "type": "array", "items": {"$ref": "#/$defs/Tail"}}
    inner = {"definitions": {"Tail": {"type": "integer"}}, "items": {"$ref": "#/definitions/Tail"}}
    found = derived({"type": "object", "properties": {"a": ref("Pasted"), "b": inner}}, Pasted=pasted)
    assert rows(found)[1:] == [
        "/a array no no -",
        "/a/* string no no -",
        "/b array no no -",
        "/b/* integer no no -",
    ]


def test_siblings_of_a_reference_count() -> None:
    """What stands beside a reference is said too."""
    found = derived(
        {"properties": {"a": {**ref("Kite"), "deprecated": True, "description": "A kite"}}}, Kite=KITE
    )
    assert rows(found)[1] == "/a object no no -"


PET = {"type": "object", "discriminator": {"propertyName": "kind"}, "required": ["kind"],
       "properties": {"kind": {"type": "string"}}}  # fmt: skip
CAT = {
    "allOf": [
        ref("Pet"),
        {"type": "object", "required": ["claws"], "properties": {"claws": {"type": "integer"}}},
    ]
}
LION = {"allOf": [ref("Cat"), {"properties": {"mane": {"type": "boolean"}}}]}
FAMILY = [". object no no -", "/kind string no yes -", "/claws integer no yes -", "/mane boolean no no -"]


def test_a_base_with_a_discriminator_may_be_any_child() -> None:
    """Children that say allOf of a base may come where it is meant, theirs too; the base itself as well."""
    found = derived(ref("Pet"), Pet=PET, Cat=CAT, Lion=LION)
    assert rows(found) == FAMILY
    schema = found.openapi["paths"]["/kites"]["get"]["responses"]["200"]["content"]["application/json"][
        "schema"
    ]
    assert [part["$ref"].rpartition("/")[2] for part in schema["anyOf"]] == ["Pet", "Cat", "Lion"]
    assert schema["x-normalised"][0]["keyword"] == "$ref"


def test_a_base_that_lists_its_children() -> None:
    """A base with oneOf of children that say allOf of the base would hold itself: they get the bare base."""
    listed = {**PET, "oneOf": [ref("Cat"), ref("Lion")]}
    found = derived(ref("Pet"), Pet=listed, Cat=CAT, Lion=LION)
    assert rows(found) == FAMILY
    assert list(found.openapi["components"]["schemas"]) == ["Pet", "Cat", "Lion", "Pet_base"]


def test_without_a_discriminator_a_base_is_a_part() -> None:
    """Inheritance that no discriminator tells is only composition."""
    plain = {key: value for key, value in PET.items() if key != "discriminator"}
    assert rows(derived(ref("Pet"), Pet=plain, Cat=CAT)) == FAMILY[:2]


def test_children_are_read_for_one_operation() -> None:
    """One operation of a document reaches the children of a base that it uses."""
    found = derive(document(ref("Pet"), Pet=PET, Cat=CAT, Dog=KITE), document="page", operation="GET /kites")
    assert list(found.openapi["components"]["schemas"]) == ["Pet", "Cat"]


@pytest.mark.parametrize(
    ("components", "problem"),
    [
        ({"A": ref("B"), "B": ref("A")}, "page:31: a reference leads back to itself"),
        ({"A": {"allOf": [ref("A")]}}, "page:30: a reference leads back to itself"),
        ({"A": {"anyOf": [{"type": "null"}, {"not": ref("A")}]}},
         "page:34: a reference leads back to itself"),
        ({"A": ref("Nothing")}, "page:29: a reference leads nowhere: is the page cut off?"),
        ({"A": {"$ref": "#/components/schemas/A/properties/x"}},
         "page:29: a reference leads nowhere: is the page cut off?"),
        ({"A": {"$ref": "#A"}}, "page:29: a reference leads nowhere: is the page cut off?"),
        ({"A": {"$ref": "#"}}, "page:29: a reference to the whole document"),
        ({"A": {"$ref": 5}}, "page:29: a reference must be a text"),
        ({"A": {"$ref": "https://evil.example/kites.yaml#/A"}},
         "page:29: a remote reference is never fetched: https://evil.example/kites.yaml#/A"),
        ({"A": {"$ref": "./common\n.yaml"}}, "page:29: a remote reference is never fetched: ./common?.yaml"),
        ({"A": {"$ref": "file:///etc/passwd"}}, "page:29: a remote reference is never fetched: file:///etc/passwd"),
        ({"A": {"$ref": "x" * 500}}, f"page:29: a remote reference is never fetched: {'x' * 200}…"),
        ({"A": ref("/".join("a" * 900))}, "page:29: a reference leads nowhere: is the page cut off?"),
        ({"A": ref("B"), "B": 5}, "page:31: a schema must be a mapping"),
    ],
)  # fmt: skip
def test_references_that_lead_nowhere(components: dict[str, Any], problem: str) -> None:
    """Cyclic, dangling, remote and endless references are refused with one line and its number."""
    with pytest.raises(DocumentError) as caught:
        derive(document(ref("A"), **components), document="page")
    assert str(caught.value) == problem


def test_a_recursive_schema_is_none_of_them() -> None:
    """A schema that holds itself in a field, in items or in values is told once."""
    tree = {
        "type": "object",
        "properties": {"left": ref("Tree"), "rest": {"type": "array", "items": ref("Tree")}},
    }
    assert rows(derived(ref("Tree"), Tree=tree)) == [
        ". object no no -", "/left object no no -", "/rest array no no -", "/rest/* object no no -",
    ]  # fmt: skip

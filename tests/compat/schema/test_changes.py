"""Changes: what happened, where, and what it does to each reader."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.compat import compare_schemas
from docsworn.compat.changes import Change, Verdict
from docsworn.errors import ContractError, DocswornError

SHARED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "first": {"$ref": "#/$defs/Word"},
        "more": {"type": "array", "items": {"$ref": "#/$defs/Word"}},
    },
    "$defs": {"Word": {"type": "object", "properties": {"role": {"enum": ["user", "agent"]}}}},
}
CHANGED: dict[str, Any] = {
    **SHARED,
    "$defs": {"Word": {"type": "object", "properties": {"role": {"enum": ["user", "agent", "tool"]}}}},
}


def _changes(old: Any, new: Any, **options: Any) -> tuple[Change, ...]:
    return compare_schemas(old, new, **options).changes


def test_a_shared_component_is_told_once() -> None:
    """One value more in a component that two fields reach is one change, at the component."""
    (change,) = _changes(SHARED, CHANGED)
    assert change.rule == "response-property-enum-value-added"
    assert (change.place, change.new_pointer) == ("/first/role", "/$defs/Word/properties/role")
    assert change.message == 'value "tool" added'
    assert change.verdicts == {"strict": Verdict.BREAKING, "tolerant": Verdict.SAFE}


def test_requests_fear_what_narrows() -> None:
    """The same change is safe for who sends requests, and its opposite is not."""
    (change,) = _changes(SHARED, CHANGED, direction="request")
    assert change.rule == "request-property-enum-value-added"
    assert set(change.verdicts.values()) == {Verdict.SAFE}
    (change,) = _changes(CHANGED, SHARED, direction="request")
    assert change.rule == "request-property-enum-value-removed"
    assert change.verdicts["strict"] is Verdict.BREAKING


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"type": "string", "nullable": True}, {"type": ["null", "string"]}),
        (
            {"minimum": 1, "exclusiveMinimum": True, "type": "number"},
            {"exclusiveMinimum": 1, "type": "number"},
        ),
        ({"type": "integer", "exclusiveMinimum": 0}, {"type": "integer", "minimum": 1}),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": ["string", "null"]}),
        ({"allOf": [{"required": ["a"]}, {"type": "object"}]}, {"type": "object", "required": ["a"]}),
        ({"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}}, {"type": "string"}),
    ],
    ids=["nullable", "exclusive bound", "integers", "null as a variant", "allOf", "reference"],
)
def test_other_words_are_no_change(old: Any, new: Any) -> None:
    """The same meaning in the words of another version has no change."""
    assert _changes(old, new) == _changes(new, old) == ()


def test_a_field_of_a_closed_object() -> None:
    """A field that comes breaks the strict reader of a closed object, and nobody's of an open one."""
    open_old: dict[str, Any] = {"type": "object", "properties": {}}
    open_new = {"type": "object", "properties": {"a": {"type": "string"}}}
    (change,) = _changes(open_old, open_new)
    assert (change.place, change.verdicts["strict"]) == ("/a", Verdict.SAFE)
    assert (change.old_pointer, change.new_pointer) == (None, "/properties/a")
    closed = {"additionalProperties": False}
    (change,) = _changes({**open_old, **closed}, {**open_new, **closed})
    assert change.verdicts == {"strict": Verdict.BREAKING, "tolerant": Verdict.SAFE}


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"properties": {"a": {"type": "text"}}}, "not a schema of 2020-12: at /properties/a/type"),
        ({"items": {"$ref": "#/$defs/gone"}}, 'reference "#/.defs/gone" leads nowhere .at /items.'),
        ({"$ref": "https://example.com/x.json"}, "is remote and is not fetched"),
        ({"$schema": "https://example.com/own"}, "this dialect of JSON Schema is not known"),
        ("string", "not a schema: an object, true or false is asked for, this is a text"),
        (None, "this is null"),
        ([], "this is an array"),
        ({1: True}, "not JSON: a name that is no text, at its root"),
        ({"properties": {"a": {"const": float("nan")}}}, "NaN or infinity., at /properties/a/const"),
        ({"required": ("a",)}, "not JSON: a Python tuple, at /required"),
        ({"enum": [{"\ud800": 1}]}, "half of a surrogate pair, at /enum/0"),
        ({"properties": {"a": {"pattern": "["}}}, "no regular expression, at /properties/a/pattern"),
        ({"patternProperties": {"(": True}}, "no regular expression, at /patternProperties/"),
    ],
)
def test_what_is_no_schema_is_told_with_its_place(schema: Any, words: str) -> None:
    """Bad input is a sentence with the side and the place."""
    with pytest.raises(ContractError, match=words):
        compare_schemas(True, schema)


def test_a_schema_that_holds_itself_is_told() -> None:
    """A Python value that leads to itself is told with its place; one that stands twice is fine."""
    endless: dict[str, Any] = {"type": "object"}
    endless["properties"] = {"a": endless}
    with pytest.raises(ContractError, match="a value that holds itself, at /properties/a") as caught:
        compare_schemas(endless, {})
    assert caught.value.pointer == "/properties/a"
    shared = {"type": "string"}
    twice = {"properties": {"a": shared, "b": shared}}
    assert compare_schemas(twice, twice).verdict is Verdict.SAFE


@pytest.mark.parametrize("wrong", [{"direction": "sideways"}, {"reader": 5}, {"dialect": 5}])
def test_wrong_settings_are_told(wrong: dict[str, Any]) -> None:
    """A direction, a reader or a dialect that is none is a mistake of the user, told as one."""
    with pytest.raises(DocswornError):
        compare_schemas({}, {}, **wrong)


def test_unknown_says_why() -> None:
    """What is neither proven nor witnessed is unknown, with the reason."""
    compared = compare_schemas({"pattern": "^(.+)\\1$"}, {"type": "string", "pattern": "^(aa)+$"})
    assert (compared.verdict, compared.reason) == (Verdict.UNKNOWN, "a pattern that is not understood")
    endless = compare_schemas({"$ref": "#"}, {"type": "string"})
    assert (endless.verdict, endless.reason) == (Verdict.UNKNOWN, "a reference leads to itself")


def test_deep_schemas_have_room() -> None:
    """A chain of references far deeper than Python's stack is compared like any other."""
    depth = 400
    old: dict[str, Any] = {"$ref": "#/$defs/c0", "$defs": {}}
    for at in range(depth):
        below = {"$ref": f"#/$defs/c{at + 1}"} if at + 1 < depth else {"type": "integer"}
        old["$defs"][f"c{at}"] = {"type": "object", "properties": {"next": below}}
    new = {**old, "$defs": {**old["$defs"], f"c{depth - 1}": {"type": "object"}}}
    assert compare_schemas(old, old).verdict is Verdict.SAFE
    assert compare_schemas(new, old).verdict is Verdict.SAFE


def test_of_another_type_only_the_type_is_told() -> None:
    """An object that became a list has not lost each of its fields, nor a text its values."""
    old = {"type": "object", "required": ["a"], "properties": {"a": {"enum": ["x"]}, "b": {"type": "string"}}}
    (change,) = _changes(old, {"type": "array", "items": {"type": "string"}})
    assert change.rule == "response-body-type-changed"
    (change,) = _changes({"type": "string", "enum": ["x"], "minLength": 1}, {"type": "integer"})
    assert change.rule == "response-body-type-changed"

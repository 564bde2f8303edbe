"""Bodies drawn from schemas are valid, deterministic, full, and end."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsworn.emulate.sampler import Unsampleable, sample

SCALARS: tuple[dict[str, Any], ...] = (
    {"type": "string"},
    {"type": "string", "minLength": 30},
    {"type": "string", "maxLength": 3},
    {"type": "string", "pattern": "^id_[0-9a-f]{8}$"},
    *({"type": "string", "format": name} for name in ("date-time", "date", "email", "uuid", "uri", "ipv4")),
    {"type": "string", "enum": ["on", "off"]},
    {"const": 7},
    {"type": "integer"},
    {"type": "integer", "minimum": 3, "maximum": 4},
    {"type": "integer", "exclusiveMinimum": -1, "exclusiveMaximum": 1},
    {"type": "integer", "multipleOf": 7, "maximum": -1},
    {"type": "number", "minimum": 0, "maximum": 1},
    {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
    {"type": "number", "multipleOf": 0.5},
    {"type": "boolean"},
    {"type": "null"},
    {"type": ["string", "null"], "format": "date-time"},
    {"type": ["integer", "string", "null"]},
    {},
)
NAMES = st.sampled_from(("id", "name", "created_at", "type", "enum", "$ref", "a/b", "properties"))


def objects(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Object schemas with required, optional and additional fields."""
    return st.builds(
        lambda properties, required, extra: {
            "type": "object",
            "properties": properties,
            "required": sorted(required),
            **({} if extra is None else {"additionalProperties": extra}),
        },
        st.dictionaries(NAMES, inner, max_size=4),
        st.sets(st.sampled_from(("id", "name", "other")), max_size=2),
        st.none() | inner,
    )


def schemas() -> st.SearchStrategy[Any]:
    """Schemas of any shape that some value keeps; ``Node`` is recursive and always there."""
    leaves = st.sampled_from((*SCALARS, {"$ref": "#/$defs/Node"}))
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            objects(inner),
            st.builds(
                lambda items, least: {"type": "array", "items": items, "minItems": least},
                inner,
                st.integers(0, 3),
            ),
            st.builds(
                lambda items: {"type": "array", "prefixItems": items}, st.lists(inner, min_size=1, max_size=3)
            ),
            st.builds(
                lambda value: {"type": "object", "additionalProperties": value, "minProperties": 1}, inner
            ),
            st.builds(lambda branches: {"anyOf": branches}, st.lists(inner, min_size=1, max_size=3)),
            st.builds(lambda branch: {"oneOf": [branch, {"const": "\u0000 nothing draws this"}]}, inner),
            st.builds(lambda part: {"allOf": [part, {"description": "also"}]}, inner),
        ),
        max_leaves=12,
    )


DEFINITIONS = {
    "Node": {
        "type": "object",
        "required": ["value"],
        "properties": {
            "value": {"type": "integer"},
            "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]},
            "children": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
        },
    }
}


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(schemas(), st.integers(0, 1000))
def test_drawn_bodies_are_valid(schema: dict[str, Any], seed: int) -> None:
    """Every drawn body validates, is the same again for its seed, and so does the minimal one."""
    whole = {**schema, "$defs": DEFINITIONS}
    body = sample(whole, seed=seed, max_depth=5)
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    assert validator.is_valid(body)
    assert sample(whole, seed=seed, max_depth=5) == body
    assert validator.is_valid(sample(whole, seed=seed, required_only=True))


CONVERSATION: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "note": {"type": ["string", "null"]},
        "labels": {"type": "object", "additionalProperties": {"type": "integer"}},
        "old_id": {"type": "string", "x-alias-of": "id"},
        "call": {"oneOf": [{"anyOf": [{"$ref": "#/$defs/Sip"}, {"$ref": "#/$defs/Web"}]}, {"type": "null"}]},
        "node": {"$ref": "#/$defs/Node"},
    },
    "$defs": {
        **DEFINITIONS,
        "Sip": {"type": "object", "required": ["number"], "properties": {"number": {"type": "string"}}},
        "Web": {"type": "object", "required": ["page"], "properties": {"page": {"type": "string"}}},
    },
}


def test_optional_fields_are_filled_and_never_null() -> None:
    """A full body has every field, but not the old name of a renamed one."""
    body = sample(CONVERSATION, seed=1)
    assert set(body) == {"id", "note", "labels", "call", "node"}
    assert isinstance(body["note"], str)
    assert len(body["labels"]) == 2
    assert body["call"] is not None


def test_required_only() -> None:
    """The smallest body has the required fields and no other."""
    assert list(sample(CONVERSATION, seed=1, required_only=True)) == ["id"]


@pytest.mark.parametrize(("branch", "field"), [("Sip", "number"), ("Web", "page")])
def test_a_union_takes_the_picked_branch(branch: str, field: str) -> None:
    """A pick by name works through a union around the union."""
    for seed in range(5):
        assert field in sample(CONVERSATION, seed=seed, pick={"/call": branch})["call"]


def test_places_have_their_own_random_numbers() -> None:
    """A new field changes no other one, and another seed changes them."""
    before = sample(CONVERSATION, seed=1)
    properties = {"first": {"type": "string"}, **CONVERSATION["properties"]}
    after = sample({**CONVERSATION, "properties": properties}, seed=1)
    assert {name: after[name] for name in before} == before
    assert sample(CONVERSATION, seed=2) != before


@pytest.mark.parametrize(
    ("schema", "problem"),
    [
        ({"type": "object", "required": ["a"], "properties": {"a": False}}, "nothing is allowed at /a"),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"$ref": "#/$defs/A"}}}, "refers to itself"),
        ({"type": "string", "pattern": "^(?=a)b"}, "looks around"),
        ({"type": "integer", "minimum": 2, "maximum": 1}, "no valid value could be drawn for /"),
        ({"anyOf": [False]}, "nothing is allowed|no valid value"),
        (
            {
                "$ref": "#/$defs/A",
                "$defs": {"A": {"required": ["a"], "properties": {"a": {"$ref": "#/$defs/A"}}}},
            },
            "requires itself without end",
        ),
        ({"type": "banana"}, "is not JSON Schema 2020-12"),
        ({"$ref": "https://elsewhere.example/schema.json"}, "is not JSON Schema 2020-12|leaves"),
        ({"$ref": "#/$defs/nowhere"}, "is not JSON Schema 2020-12"),
    ],
)
def test_what_has_no_value_is_said(schema: dict[str, Any], problem: str) -> None:
    """A schema without a value that can be drawn is refused with its place."""
    with pytest.raises(Unsampleable, match=problem):
        sample(schema, seed=0)


def test_what_fits_only_as_null() -> None:
    """Where every other branch matches twice, the null one is found."""
    twice = {"const": "twice"}
    assert sample({"oneOf": [{"oneOf": [{"type": "null"}, twice]}, twice]}, seed=0) is None


def test_optional_recursion_ends_soon() -> None:
    """A tree whose branches are optional is three deep and small, not twelve."""
    node = {"type": "object", "properties": {"left": {"$ref": "#/$defs/N"}, "right": {"$ref": "#/$defs/N"}}}
    body = sample({"$ref": "#/$defs/N", "$defs": {"N": node}}, seed=1)
    twig: dict[str, object] = {"left": {}, "right": {}}
    assert body == {"left": twig, "right": twig}

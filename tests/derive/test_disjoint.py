"""Whether two schemas are proved disjoint: never where a value satisfies both."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from docsworn.derive.disjoint import Prover, settle_unions

TAGGED = {
    name: {"type": "object", "properties": {"tag": {"type": "string", "enum": [name]}}, "required": ["tag"]}
    for name in ("a", "b")
}
UNTYPED = {name: {"properties": schema["properties"], "required": ["tag"]} for name, schema in TAGGED.items()}
COMPONENTS: dict[str, Any] = {
    **TAGGED,
    "loop": {"$ref": "#/components/schemas/loop"},
    "loops": {"oneOf": [{"$ref": "#/components/schemas/loops"}, {"type": "string"}]},
    "part": {"allOf": [{"$ref": "#/components/schemas/a"}, {"type": "object"}]},
    "both": {"oneOf": [{"$ref": "#/components/schemas/a"}, {"type": "null"}]},
}


def ref(name: str) -> dict[str, str]:
    """A reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize(
    ("one", "other", "disjoint"),
    [
        ({"type": "string"}, {"type": "null"}, True),
        ({"type": "integer"}, {"type": "number"}, False),
        ({"type": ["string", "null"]}, {"type": "null"}, False),
        ({"type": "integer"}, {"type": "string"}, True),
        ({}, {"type": "null"}, False),
        ({"enum": ["a"]}, {"enum": ["b"]}, True),
        ({"enum": [1]}, {"enum": [1.0]}, False),
        ({"const": True}, {"const": 1}, True),
        ({"enum": ["a"]}, {"type": "integer"}, True),
        (ref("a"), ref("b"), True),
        (ref("part"), ref("b"), True),
        (ref("both"), ref("b"), True),
        (ref("both"), {"type": "null"}, False),
        (ref("a"), {**TAGGED["b"], "required": []}, False),
        (TAGGED["a"], UNTYPED["b"], True),
        (UNTYPED["a"], UNTYPED["b"], False),
        (ref("loop"), ref("a"), False),
        (ref("loops"), {"type": "integer"}, False),
        (True, {"type": "null"}, False),
        ({"enum": [{"a": 1}]}, {"enum": [{"b": 1}]}, False),
    ],
)
def test_proofs(one: Any, other: Any, disjoint: bool) -> None:
    """By types, by values, by a property that both require; through references, and without end none."""
    assert Prover(COMPONENTS).disjoint(one, other) is disjoint
    assert Prover(COMPONENTS).disjoint(other, one) is disjoint


SCALARS = st.sampled_from(
    [None, True, False, 0, 1, 1.0, 1.5, "a", "b", [], [1], {}, {"tag": "a"}, {"tag": "b"}]
)
TYPES = st.sampled_from(["null", "boolean", "integer", "number", "string", "object"])
UNIONS = st.sampled_from(["oneOf", "anyOf", "allOf"])
LEAVES = st.one_of(
    st.builds(lambda name: {"type": name}, TYPES),
    st.builds(lambda values: {"enum": values}, st.lists(SCALARS, min_size=1, max_size=3)),
    st.builds(lambda value: {"const": value}, SCALARS),
    st.sampled_from([{}, *TAGGED.values()]),
)


def tagged(schema: Any, required: bool) -> dict[str, Any]:
    """An object whose tag has a schema."""
    return {"type": "object", "properties": {"tag": schema}, "required": ["tag"] if required else []}


SCHEMAS: st.SearchStrategy[Any] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda word, parts: {word: parts}, UNIONS, st.lists(inner, min_size=1, max_size=3)),
        st.builds(tagged, inner, st.booleans()),
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(SCHEMAS, SCHEMAS, SCALARS)
def test_no_value_satisfies_what_is_proved_disjoint(one: Any, other: Any, value: Any) -> None:
    """The prover is sound against the validator, whatever the schemas."""
    if Prover({}).disjoint(one, other):
        assert not (Draft202012Validator(one).is_valid(value) and Draft202012Validator(other).is_valid(value))


def test_a_union_of_a_thousand_branches_is_not_proved() -> None:
    """Too many branches to compare in pairs are read as anyOf, at once."""
    union = {"oneOf": [{"const": number} for number in range(1000)], "x-source": {"line": 3}}
    settled = settle_unions(union, Prover({}))
    assert "anyOf" in settled
    assert settled["x-normalised"][0]["line"] == 3


def test_names_are_not_keywords() -> None:
    """A property named oneOf is a property."""
    schema = {"type": "object", "properties": {"oneOf": {"type": "string"}}}
    assert settle_unions(schema, Prover({})) == schema

"""A decision by few questions takes what the plain list of shapes or branches takes."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from docsworn.observe.decide import OTHERS, Branch, Fields, Shape, any_of, one_of, words_in

NAMES, WORDED = ("bow", "deck", "keel", "mast"), ("crew", "role")
WORDS = ("oar", "sail", "wheel")
OBJECTS = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(NAMES, st.just(1)),
        **dict.fromkeys(WORDED, st.sampled_from((*WORDS, "none", 7))),
    },
)


@st.composite
def _shapes(draw: st.DrawFn) -> Shape:
    seen = draw(OBJECTS)
    words = (f"{name}={seen[name]}" for name in WORDED if seen.get(name) in WORDS)
    others = {OTHERS} if draw(st.integers(0, 5)) == 5 else set()
    return frozenset(seen) | others, tuple(words)


def _has(seen: dict[str, Any], shape: Shape, ever: frozenset[str]) -> bool:
    names, words = shape
    named = frozenset(name for name in seen if name in ever)
    unnamed = len(seen) > len(named)
    return (
        names - {OTHERS} == named
        and unnamed is (OTHERS in names)
        and all(seen[name] == word for name, word in words_in(words).items())
    )


@given(shapes=st.lists(_shapes(), min_size=1, max_size=10), seen=OBJECTS, other=st.booleans())
def test_an_object_has_one_of_the_shapes(shapes: list[Shape], seen: dict[str, Any], other: bool) -> None:
    """By number, word and field: no object passes but one of these shapes, and each of them does."""
    ever = frozenset().union(*(names for names, _ in shapes))
    ever -= {OTHERS}
    body = {name: value for name, value in seen.items() if name in ever} | ({"zz": 1} if other else {})
    validator = jsonschema_rs.validator_for(one_of(shapes, Fields()))
    assert validator.is_valid(body) is any(_has(body, shape, ever) for shape in shapes)
    assert validator.is_valid(None)


@given(shapes=st.lists(_shapes(), min_size=1, max_size=10), seen=OBJECTS, other=st.booleans())
def test_its_fields_are_what_they_are_to_be(shapes: list[Shape], seen: dict[str, Any], other: bool) -> None:
    """With what each field is, and those without a name: the answer is the same, where they are that."""
    ever = frozenset().union(*(names for names, _ in shapes)) - {OTHERS}
    listed: dict[str, dict[str, Any] | bool] = {
        "role": {"enum": list(WORDS[:2])},
        "bow": {"type": "string"},
        "crew": {"const": "oar"},
    }
    named = {name: schema for name, schema in listed.items() if name in ever}
    validator = jsonschema_rs.validator_for(one_of(shapes, Fields(named, {"type": "boolean"})))
    fields = jsonschema_rs.validator_for(
        {"properties": dict.fromkeys(ever, True) | named, "additionalProperties": {"type": "boolean"}}
    )
    body = {name: value for name, value in seen.items() if name in ever} | ({"zz": True} if other else {})
    taken = fields.is_valid(body) and any(_has(body, shape, ever) for shape in shapes)
    assert validator.is_valid(body) is taken


BRANCHES = st.builds(
    lambda role, crew, extra: Branch(
        {
            "type": "object",
            "properties": {"role": {"enum": role}, "crew": {"enum": crew}, **dict.fromkeys(extra, True)},
            "required": ["crew", "role"],
            "additionalProperties": False,
        },
        {"role": frozenset(role), "crew": frozenset(crew)},
    ),
    *[st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True)] * 2,
    st.sets(st.sampled_from(NAMES)).map(sorted),
)
PLAIN = st.sampled_from(
    [Branch({"type": "null"}), Branch({"type": ["object", "string"], "maxProperties": 0})]
)


@given(
    branches=st.lists(st.one_of(BRANCHES, BRANCHES, PLAIN), min_size=1, max_size=6),
    seen=st.one_of(OBJECTS, st.sampled_from([None, "text", 1])),
)
def test_a_value_keeps_one_of_the_branches(branches: list[Branch], seen: Any) -> None:
    """What words find is what a union of all branches takes."""
    plain = jsonschema_rs.validator_for({"anyOf": [each.schema for each in branches]})
    assert jsonschema_rs.validator_for(any_of(branches)).is_valid(seen) is plain.is_valid(seen)

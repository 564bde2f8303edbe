"""A decision by few questions takes what the plain list of shapes or branches takes."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
from hypothesis import given
from hypothesis import strategies as st

from docsworn.observe.decide import OTHERS, Branch, Known, Shape, any_of, one_of, words_in

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
    counted = OTHERS not in ever
    ever -= {OTHERS}
    body = {name: value for name, value in seen.items() if name in ever}
    if other and not counted:
        body["zz"] = 1
    known = Known(ever, most=len(ever) if counted else None)
    validator = jsonschema_rs.validator_for(one_of(shapes, known))
    assert validator.is_valid(body) is any(_has(body, shape, ever) for shape in shapes)
    assert validator.is_valid(None)


@given(shapes=st.lists(_shapes(), min_size=1, max_size=10), seen=OBJECTS)
def test_what_is_known_is_not_asked_again(shapes: list[Shape], seen: dict[str, Any]) -> None:
    """With the words that fields can hold, and a field that is there: the answer is the same."""
    told = [(names - {OTHERS} | {"role"}, words) for names, words in shapes]
    ever = frozenset().union(*(names for names, _ in told))
    body = {"role": "oar"} | {name: value for name, value in seen.items() if name in ever}
    listed = {"role": frozenset(WORDS[:2])}
    if body["role"] not in listed["role"]:
        body["role"] = "sail"
    known = Known(ever, there=frozenset({"role"}), most=len(ever), words=listed)
    validator = jsonschema_rs.validator_for(one_of(told, known))
    assert validator.is_valid(body) is any(_has(body, shape, ever) for shape in told)


BRANCHES = st.builds(
    lambda role, crew, extra: Branch(
        {
            "type": "object",
            "properties": {"role": {"enum": role}, "crew": {"enum": crew}, **dict.fromkeys(extra, True)},
            "required": ["crew", "role"],
            "additionalProperties": False,
        },
        frozenset({"crew", "role"}),
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

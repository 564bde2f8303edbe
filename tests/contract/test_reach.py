"""What an expression can look at: no expression tells the projection from the body."""

from __future__ import annotations

import json
import re
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from docsworn.cli.choose import load_compiled
from docsworn.contract.invariants import CompiledInvariant, compile_invariant, context_of
from docsworn.contract.packs import load_provider, pack_roots, provider_names
from docsworn.contract.reach import project, reach_of, sight
from docsworn.model import Confidence, Invariant, Kind, Promise, Severity, Source

BODY: dict[str, Any] = {
    "a": {"b": {"c": 1, "d": 2}, "e": 3},
    "list": [{"x": 1, "y": 2}, {"x": 3, "y": 4}, 5],
    "text": "abc",
    "body": 7,
}


@pytest.mark.parametrize(
    ("expression", "left"),
    [
        ("body.a.e == 3", {"a": {"e": 3}}),
        ("body.a.b.c == 1 && has(body.a.e)", {"a": {"b": {"c": 1}, "e": 3}}),
        ("has(body.a.b)", {"a": {"b": {}}}),
        ("body.a.b == null", {"a": {"b": {}}}),
        ("body.list != null && body.text == null", {"list": [None, None, None], "text": "abc"}),
        ("null == body.a.b", {"a": {"b": {"c": 1, "d": 2}}}),
        ("body.a.all(name, name > '')", {"a": {"b": None, "e": None}}),
        ("body.a.exists(n, body.a[n].d == 2)", {"a": {"b": {"d": 2}, "e": 3}}),
        ("[0, 1].all(at, body.list[at].x > 0)", {"list": [{"x": 1}, {"x": 3}, 5]}),
        ("[0].all(at, body.list[at].x == body.list[1].y)", {"list": [{"x": 1}, {"x": 3, "y": 4}, 5]}),
        ("size(body.list) > 1", {"list": [None, None, None]}),
        ("body.list[1].x == 3", {"list": [None, {"x": 3}, None]}),
        ("size(body.list) > 0 && body.list[0].y == 2", {"list": [{"y": 2}, None, None]}),
        ("size(body.a) == 2", {"a": {"b": None, "e": None}}),
        ("size(body.a) == 2 && body.a.e == 3", {"a": {"b": None, "e": 3}}),
        ("size(body) == 4", {"a": None, "list": None, "text": None, "body": None}),
        ("size(body.a.b) + size(body.text) == 5", {"a": {"b": {"c": None, "d": None}}, "text": "abc"}),
        ("body.list.all(each, each.x > 0)", {"list": BODY["list"]}),
        ("body.list.size() > 0", {"list": BODY["list"]}),
        ("body.list[size(body.list) - 1] == 5", {"list": BODY["list"]}),
        ('body["a"].e == 3', BODY),
        ("body == body", BODY),
        ('body.text == "body.a.e" || body.body == 7', {"text": "abc", "body": 7}),
        ("[1].all(body, body.a.e == 3)", BODY),
        ('body.text.matches(r"\\"body")', BODY),
        ('body.text == "r user" && body.a.e == 3', {"text": "abc", "a": {"e": 3}}),
        ("body.nothing.at.all == 1", {}),
        ("body.text.deeper[0] == 1", {"text": "abc"}),
        ("body.list.x == 1 || body.a[0] == 1", {"list": BODY["list"], "a": BODY["a"]}),
    ],
)
def test_what_is_left(expression: str, left: Any) -> None:
    """Fields, items and sizes that are asked for; everything where that cannot be told."""
    assert project(reach_of([expression]), BODY) == left


def test_expressions_share_one_projection() -> None:
    """It holds what each of them reaches."""
    reach = reach_of(["body.a.e == 3", "size(body.list) == 3", "body.a.b.d == 2"])
    assert project(reach, BODY) == {"a": {"b": {"d": 2}, "e": 3}, "list": [None] * 3}


def _invariant(expression: str) -> CompiledInvariant:
    promise = Promise(
        "x", "", "invariant", Kind.INVARIANT, Severity.ERROR, Confidence.DOCUMENTED, Source("p", 1), "x"
    )
    return compile_invariant(Invariant(promise, "get", "200", None, expression))


ATOMS = st.sampled_from([
    "body.a == null", "body.a.b == 1", "has(body.a.b)", "has(body.a) && has(body.a.b.a)", "size(body.a) > 1",
    "body.a[0] == 1", "body.a[1].b == body.b", "size(body.a[0]) == 1", "body.b.all(x, x == 1)",
    "body.b.exists(x, has(x.a))", "size(body) == 1", "size(body.b) == size(body.a)", "body.b[0].a.b == null",
    '"a" in body.b', "body.a.b in body.b", "type(body.b) == type([])", "body.b[size(body.b) - 1] == 1",
])  # fmt: skip
EXPRESSIONS = st.recursive(
    ATOMS,
    lambda below: (
        st.builds("({} && {})".format, below, below) | st.builds("({} || !{})".format, below, ATOMS)
    ),
    max_leaves=4,
)
VALUES = st.recursive(
    st.sampled_from([None, True, 0, 1, "a", ""]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from("ab"), below),
    max_leaves=8,
)


@given(expressions=st.lists(EXPRESSIONS, min_size=1, max_size=3), body=VALUES)
def test_no_expression_can_tell(expressions: list[str], body: Any) -> None:
    """Each is kept, broken or not evaluable as it is of the whole body."""
    projected = context_of(project(reach_of(expressions), body), {}, {})
    whole = context_of(body, {}, {})
    for expression in expressions:
        compiled = _invariant(expression)
        assert compiled.evaluate(projected) is compiled.evaluate(whole)


PLAIN = st.recursive(
    st.sampled_from([None, True, "a", ""]),
    lambda below: st.lists(below, max_size=2) | st.dictionaries(st.sampled_from("ab"), below),
    max_leaves=5,
)


@given(
    expressions=st.lists(EXPRESSIONS, min_size=1, max_size=3),
    bodies=st.lists(PLAIN | VALUES, min_size=4, max_size=8),
)
@example(expressions=["size(body) == 1"], bodies=[[], {}, None, [True]])  # no schema has an empty list
def test_what_keeps_a_sight_is_seen_alike(expressions: list[str], bodies: list[Any]) -> None:
    """A body keeps its own sight, and of another that keeps it expressions see the same."""
    reach = reach_of(expressions)
    schema = sight(reach, bodies[0])
    if schema is None:  # 1 is 1.0 to a schema
        assert re.search(r"\d", json.dumps(project(reach, bodies[0])))
        return
    keeps = jsonschema_rs.validator_for(schema).is_valid
    assert keeps(bodies[0])
    told = {json.dumps(project(reach, body), sort_keys=True): keeps(body) for body in bodies}
    assert told.pop(json.dumps(project(reach, bodies[0]), sort_keys=True))
    assert not any(told.values())


def test_the_packs_reach_little() -> None:
    """A long transcript stays out of CEL, but for how long it is and how it begins."""
    for name in provider_names(pack_roots()):
        contract = load_compiled(load_provider(name, pack_roots()), None)
        for operation in contract.operations.values():
            for found in operation.by_status.values():
                assert not found.reach.whole
                transcript = found.reach.fields.get("transcript")
                assert transcript is None or not transcript.whole

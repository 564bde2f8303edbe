"""The fast walk and the exact one agree on every body."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from docsworn.contract.compiled import CompiledResponse, compile_contract
from tests.contract.sample import SETTINGS, contract

NAMES = ("id", "type", "note", "face", "mask", "steps", "labels", "open", "meta", "events", "kind", "to", "n")

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b", "edge", "nested", "else"]),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text("xy z", max_size=3), below, max_size=6)
    ),
    max_leaves=25,
)


@pytest.fixture(scope="module")
def response() -> CompiledResponse:
    """The made-up contract's 200 response: one object for all examples, as a daemon has it."""
    found = compile_contract(contract(), SETTINGS).operation("get_call").response_for(200)
    assert found is not None
    return found


@given(body=VALUES, verbose=st.booleans())
def test_the_fast_walk_says_what_the_exact_one_says(
    response: CompiledResponse, body: Any, verbose: bool
) -> None:
    """Whatever was walked before, exercised, present, absent and undocumented are the same."""
    query = {"verbose": "true"} if verbose else {}
    assert response.survey(body, query) == response.surveyor.look_closer(body, query)


STEP: st.SearchStrategy[Any] = st.deferred(
    lambda: (
        st.fixed_dictionaries({"to": st.just("x")}, optional={"kind": st.just("edge")})
        | st.fixed_dictionaries({"steps": st.lists(STEP, max_size=2)}, optional={"kind": st.just("nested")})
    )
)
EVENT = st.dictionaries(st.just("kind"), st.just("e"))
LISTED: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(["a", "b"]),
    "note": st.none() | st.just("n"),
    "face": st.just("f"),
    "mask": st.just("m"),
    "labels": st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3)),
    "open": st.dictionaries(st.sampled_from("xyz"), VALUES, max_size=2),
    "meta": st.none() | st.fixed_dictionaries({"n": st.integers(0, 3)}),
    "events": st.lists(EVENT, max_size=3),
    "log": st.lists(EVENT, max_size=2),
}
CALLS = st.fixed_dictionaries({"id": st.just("c"), "steps": st.lists(STEP, max_size=4)}, optional=LISTED)


def shows(response: CompiledResponse, body: Any, query: dict[str, str]) -> tuple[frozenset[str], ...]:
    """What a body exercises, what it has anywhere, and what it lacks anywhere."""
    seen = response.survey(body, query)
    return seen.exercised, seen.present | seen.lacking, seen.lacking


@st.composite
def two_calls(draw: st.DrawFn) -> tuple[Any, Any]:
    """A well body, and another that mostly is the same."""
    first = draw(CALLS)
    second = {**first, **draw(st.fixed_dictionaries({}, optional=LISTED))}
    gone = draw(st.sets(st.sampled_from(sorted(LISTED)), max_size=2))
    if draw(st.booleans()):
        second["steps"] = [draw(STEP | st.just(step)) for step in first["steps"]]
    return first, {name: value for name, value in second.items() if name not in gone}


@given(calls=two_calls(), verbose=st.booleans())
def test_what_keeps_a_trace_shows_what_was_traced(
    response: CompiledResponse, calls: tuple[Any, Any], verbose: bool
) -> None:
    """The traced body itself, and any other well one that keeps its trace, shows all that was shown."""
    assert is_well(response, calls[0])
    assert is_well(response, calls[1])
    hold_to_trace(response, *calls, {"verbose": "true"} if verbose else {})


NUMBER, WORD = {"type": "integer"}, {"type": "string"}


def many(**item: Any) -> dict[str, Any]:
    """The schema of a list of such items."""
    return {"type": "array", "items": item}


def thing(*names: str, **literals: Any) -> dict[str, Any]:
    """The schema of an object with optional numbers of these names, and with words."""
    return {"type": "object", "properties": {**literals, **dict.fromkeys(names, NUMBER)}}


LISTS = {
    "words": many(
        anyOf=[
            thing("name", "phone", "mail", "memo", kind={"const": "a"}, sort=WORD, way=WORD, tone=WORD),
            thing("name", "mail", kind={"enum": ["b", "c"]}),
            thing(kind={"const": "d"}, sort={"const": "x"}, way={"const": "y"}, tone={"const": "z"}),
        ]
    ),
    "open": many(anyOf=[thing("name", "phone", kind={"const": "a"}), thing("name", "memo", kind=WORD)]),
    "bare": many(anyOf=[thing("name", "phone", kind=WORD, sort=WORD), thing("name", "mail", "memo")]),
    "free": many(**thing("name", "mail"), additionalProperties={"type": "integer"}),
    "parts": many(**thing("name", "phone", "mail", "memo")),
}
TANGLED = {"type": "object", "properties": LISTS}
FIELDS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(["name", "phone", "mail", "memo"], st.just(1)),
    **{"kind": st.sampled_from("abcd"), "sort": st.just("x"), "way": st.just("y"), "tone": st.just("z")},
}
ITEM = st.fixed_dictionaries({}, optional=FIELDS)


@pytest.fixture(scope="module")
def tangled() -> CompiledResponse:
    """A response with a union whose branches are hard to tell apart, and an object with optional fields."""
    found = compile_contract(contract(TANGLED), SETTINGS).operation("get_call").response_for(200)
    assert found is not None
    return found


@settings(max_examples=300)
@given(where=st.sampled_from(sorted(LISTS)), items=st.lists(ITEM, max_size=3), last=ITEM)
@example(
    "words",
    [
        {"kind": "a"},
        {"kind": "a", "phone": 1, "mail": 1, "memo": 1},
        {"kind": "a", "name": 1, "phone": 1, "mail": 1},
    ],
    {"kind": "a", "name": 1, "sort": "x", "way": "y", "tone": "z"},
)
@example("open", [{"kind": "a", "name": 1, "phone": 1}], {"kind": "a", "name": 1, "memo": 1})
@example(
    "bare",
    [{}, {"phone": 1, "kind": "a", "sort": "x"}, {"name": 1, "phone": 1}],
    {"name": 1, "mail": 1, "memo": 1},
)
@example("bare", [{"name": 1, "memo": 1}], {"name": 1, "phone": 1})
@example("free", [{"name": 1, "memo": 1}], {"phone": 1, "memo": 1})
@example("parts", [{"name": 1}, {"name": 1, "memo": 1}], {"name": 1, "phone": 1})
def test_other_fields_and_branches_do_not_pass(
    tangled: CompiledResponse, where: str, items: list[Any], last: Any
) -> None:
    """An item with others than were traced, or one that another branch of a union holds, is seen."""
    before = [
        item
        for item in items
        if is_well(tangled, {where: [item]}) and not tangled.survey({where: [item]}, {}).undocumented
    ]
    after = [*before[:-1], last]
    if is_well(tangled, {where: after}):
        hold_to_trace(tangled, {where: before}, {where: after}, {})


def is_well(response: CompiledResponse, body: Any) -> bool:
    """Whether a body keeps the contract and has documented fields only."""
    assert response.closed.validator is not None
    return response.closed.validator.is_valid(body)


def hold_to_trace(response: CompiledResponse, first: Any, second: Any, query: dict[str, str]) -> None:
    """A second body that keeps the trace of the first shows what that did."""
    still = response.surveyor.still(first, query, response.survey(first, query))
    assert still(first)
    if still(second):
        then = shows(response, second, query)
        assert all(before <= now for before, now in zip(shows(response, first, query), then, strict=True))


@given(calls=st.lists(CALLS, min_size=1, max_size=4), order=st.lists(st.integers(0, 3), max_size=12))
def test_a_glance_says_nothing_that_is_not_there(
    response: CompiledResponse, calls: list[Any], order: list[int]
) -> None:
    """Whatever a conversation showed before: a glance is never more than a survey, and at first is one."""
    for at in order:
        body = calls[at % len(calls)]
        assert response.glance(body, {}, "c").exercised <= response.survey(body, {}).exercised
        assert response.glance(body, {}, "c").lacking <= response.survey(body, {}).lacking
    assert response.glance(calls[0], {}, str(calls)) == response.survey(calls[0], {})


def test_a_conversation_that_shows_less_is_surveyed(response: CompiledResponse) -> None:
    """What is gone from any item of a list is not said any more."""
    call = {"id": "c", "steps": [{"kind": "nested", "steps": []}, {"kind": "edge", "to": "x"}]}
    for _ in range(4):
        seen = response.glance(call, {}, "less")
    less = {**call, "steps": [call["steps"][1], call["steps"][1]]}
    assert response.glance(less, {}, "less").exercised < seen.exercised


@given(body=st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_what_is_broken_was_exercised(response: CompiledResponse, body: dict[str, Any]) -> None:
    """A schema promise that a body breaks is among those that the walk counts as exercised."""
    exercised = response.survey(body, {}).exercised
    for breach in response.breaches(body):
        if breach.promise.pointer == breach.pointer:
            assert breach.promise.id in exercised

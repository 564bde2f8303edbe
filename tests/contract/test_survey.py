"""The fast walk and the exact one agree on every body."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.compiled import CompiledResponse, compile_contract
from docsworn.contract.trace import trace
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


STEP = st.fixed_dictionaries(
    {"kind": st.sampled_from(["edge", "nested"])},
    optional={"to": st.just("x"), "n": st.just(1), "steps": st.just([{"kind": "edge", "to": "y"}])},
)
CALLS = st.fixed_dictionaries(
    {"id": st.just("c"), "steps": st.lists(STEP, max_size=4)},
    optional=dict.fromkeys(("type", "face", "labels", "meta", "events", "open"), VALUES),
)


@given(first=CALLS | VALUES, change=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=2))
def test_what_keeps_a_trace_shows_what_was_traced(
    response: CompiledResponse, first: Any, change: dict[str, Any]
) -> None:
    """The traced body itself, and any other that keeps its trace, exercises all that was exercised."""
    validator = jsonschema_rs.Draft202012Validator(trace(response.surveyor.nodes, first))
    assert validator.is_valid(first)
    second = {**first, **change} if isinstance(first, dict) else change
    for name in change if isinstance(first, dict) else ():
        dropped = {field: value for field, value in first.items() if field != name}
        if validator.is_valid(dropped):
            assert response.survey(dropped, {}).exercised >= response.survey(first, {}).exercised
    if validator.is_valid(second):
        assert response.survey(second, {}).exercised >= response.survey(first, {}).exercised


@given(calls=st.lists(CALLS, min_size=1, max_size=4), order=st.lists(st.integers(0, 3), max_size=12))
def test_a_glance_says_nothing_that_is_not_there(
    response: CompiledResponse, calls: list[Any], order: list[int]
) -> None:
    """Whatever a conversation showed before: a glance is never more than a survey, and at first is one."""
    for at in order:
        body = calls[at % len(calls)]
        assert response.glance(body, {}, "c").exercised <= response.survey(body, {}).exercised
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

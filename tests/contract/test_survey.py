"""The fast walk and the exact one agree on every body."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
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


@given(body=st.dictionaries(st.sampled_from(NAMES), VALUES))
def test_what_is_broken_was_exercised(response: CompiledResponse, body: dict[str, Any]) -> None:
    """A schema promise that a body breaks is among those that the walk counts as exercised."""
    exercised = response.survey(body, {}).exercised
    for breach in response.breaches(body):
        if breach.promise.pointer == breach.pointer:
            assert breach.promise.id in exercised

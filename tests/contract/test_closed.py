"""The closed schema proves in one pass what the schema and the walk say together."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.cli.choose import load_compiled
from docsworn.contract.closed import close
from docsworn.contract.compiled import CompiledResponse, compile_contract
from docsworn.contract.packs import load_provider, pack_roots, provider_names
from docsworn.emulate.player import player_of
from tests.contract.sample import SETTINGS, contract

NAMES = ("id", "type", "note", "face", "steps", "labels", "open", "meta", "events", "kind", "to", "n", "new")
STEPS: st.SearchStrategy[Any] = st.recursive(
    st.fixed_dictionaries({"kind": st.just("edge"), "to": st.just("x")}, optional={"steps": st.just([])}),
    lambda below: st.fixed_dictionaries(
        {"steps": st.lists(below, max_size=3)},
        optional={"kind": st.sampled_from(["nested", "edge"]), "to": st.just("y"), "new": st.just(1)},
    ),
    max_leaves=5,
)
SCALARS: st.SearchStrategy[Any] = st.sampled_from(
    [None, 1, "a", "edge", {}, [], {"n": 0}, {"n": 1, "m": 2}, {"kind": "x"}, -1]
)
BODIES = st.fixed_dictionaries(
    {"id": st.just("c"), "steps": st.lists(STEPS, max_size=2)},
    optional=dict.fromkeys(NAMES[1:4] + NAMES[5:], SCALARS),
)


def _agree(response: CompiledResponse, body: Any) -> None:
    plain = response.is_valid(body) and not response.survey(body, {}).undocumented
    assert response.is_clean(body) is plain
    if response.closed.validator is not None and response.closed.validator.is_valid(body):
        assert plain


@pytest.fixture(scope="module")
def response() -> CompiledResponse:
    """The made-up contract's 200 response."""
    found = compile_contract(contract(), SETTINGS).operation("get_call").response_for(200)
    assert found is not None
    return found


@given(body=BODIES)
def test_it_takes_what_is_valid_and_documented(response: CompiledResponse, body: Any) -> None:
    """Whatever the fields are, and whichever branch of a union they mean."""
    _agree(response, body)


@pytest.mark.parametrize("name", provider_names(pack_roots()))
def test_every_pack_is_closed_and_takes_its_scenarios(name: str) -> None:
    """And no field that nobody documented, wherever it is."""
    provider = load_provider(name, pack_roots())
    (operation,) = load_compiled(provider, None).operations.values()
    found = operation.response_for(200)
    assert found is not None
    assert found.closed.validator is not None
    for conversation in player_of(provider).conversations:
        for variant in conversation.variants:
            assert found.closed.validator.is_valid(variant.body)
            for changed in _with_a_new_field(variant.body):
                _agree(found, changed)


def _with_a_new_field(body: Any) -> list[Any]:
    """The body with a field that nobody knows in each of its objects, in one after another."""
    text = json.dumps(body)
    places = [at for at, character in enumerate(text) if character == "{"]
    found = []
    for at in places:
        for field in ('"zz_new": 1', '"zz_new": 1, '):
            try:
                found.append(json.loads(f"{text[: at + 1]}{field}{text[at + 1 :]}"))
            except json.JSONDecodeError:
                continue
    return found


CHILD = {"type": "object", "properties": {"a": {"type": "integer"}}}
OTHER = {"type": "object", "properties": {"b": {"type": "integer"}}}


@pytest.mark.parametrize(
    "schema",
    [
        {"not": CHILD},
        {"allOf": [CHILD, OTHER]},
        {"properties": {"a": {"if": CHILD, "then": OTHER}}},
        {"$ref": "#", "properties": {"a": {}}},
        {"$ref": "#/$defs/Lost"},
        {"$ref": "#/$defs/A/properties/a", "$defs": {"A": CHILD}},
        {"patternProperties": {"^x": CHILD}, "properties": {"a": {}}},
    ],
)
def test_what_cannot_be_closed_is_left(schema: dict[str, Any]) -> None:
    """Then the walk decides, as it did before."""
    assert close(schema) is None


@pytest.mark.parametrize(
    ("body", "taken"), [({"a": 1}, False), ({"b": 1}, False), ({}, False), ({"a": "x"}, False), (None, True)]
)
def test_exactly_one_stays_exactly_one(body: Any, taken: bool) -> None:
    """Of open branches that overlap, a closed one alone must not make a ``oneOf`` hold."""
    schema = {
        "oneOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}, {"type": "null"}],
        "$defs": {"A": CHILD, "B": OTHER},
    }
    closed = close(schema)
    assert closed is not None
    assert jsonschema_rs.Draft202012Validator(closed).is_valid(body) is taken
    assert taken or not jsonschema_rs.Draft202012Validator(schema).is_valid(body) or body == {"a": "x"}

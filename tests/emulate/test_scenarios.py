"""What ``scenarios.yaml`` says is done, and what it says wrongly is told with its line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from docsworn.contract.packs import Provider
from docsworn.emulate.player import Player, player_of
from docsworn.errors import ContractError

MakeProvider = Callable[..., Provider]

HEAD = """\
operations:
  get_call:
    scenarios:
"""
GOOD = (
    HEAD
    + """\
      - id: call-1
        name: ringing
        fill: required
        patch: {state: ringing, owner: {name: Somebody}, turns: [{text: hello}]}
        nulls: [/started_at]
        unnamed: {extras: [bell]}
      - id: call-2
        name: over
        like: ringing
        patch: {state: over, started_at: "2026-03-02T09:00:00Z"}
        drop: [/owner]
      - id: call-2
        name: over
        like: over
        query: {full: "1"}
        patch: {turns: [{text: hello}, {text: bye}]}
      - id: call-3
        name: picked
        pick: {/owner: Person}
"""
)


def bodies(player: Player) -> dict[tuple[str, tuple[tuple[str, str], ...]], Any]:
    """All bodies by conversation id and query."""
    return {(found.id, each.query): each.body for found in player.conversations for each in found.variants}


def test_patches_nulls_drops_likes_and_queries(make_provider: MakeProvider) -> None:
    """Each key does what it says, and the body bears the conversation's id."""
    found = bodies(player_of(make_provider(scenarios=GOOD)))
    assert found["call-1", ()] == {
        "id": "call-1",
        "state": "ringing",
        "turns": [{"text": "hello"}],
        "owner": {"name": "Somebody"},
        "started_at": None,
    }
    assert found["call-2", ()] == {
        "id": "call-2",
        "state": "over",
        "turns": [{"text": "hello"}],
        "started_at": "2026-03-02T09:00:00Z",
    }
    assert len(found["call-2", (("full", "1"),)]["turns"]) == 2
    assert found["call-1", (("verbose", "true"),)]["extras"] == ["bell"]
    assert found["call-2", (("verbose", "true"),)]["extras"] == ["bell"]
    assert set(found["call-3", ()]) == {"id", "state", "started_at", "turns", "owner"}


def test_a_query_chooses_the_answer(make_provider: MakeProvider) -> None:
    """The answer that asks for most of what the request has is taken."""
    player = player_of(make_provider(scenarios=GOOD))
    (stage,) = player.stages
    key = {"X-Key": "k"}
    plain = player.answer(stage, "call-2", {}, key)
    full = player.answer(stage, "call-2", {"full": "1", "other": "x"}, key)
    assert player.answer(stage, "call-2", {"full": "2"}, key) == plain
    assert len(full.body) > len(plain.body)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "madeup/scenarios.yaml: the document is empty"),
        (HEAD + "      - {id: a, name: b, colour: red}\n", 'scenarios.yaml:4: unknown key "colour"'),
        (
            HEAD + "      - {id: a}\n",
            "scenarios.yaml:4: /operations/get_call/scenarios/0/name: field required",
        ),
        (HEAD + "      - {id: a, name: b, drop: [x]}\n", "a JSON pointer begins with /"),
        (HEAD + "      - {id: a, name: b, like: c}\n", '"b" is like "c", which does not stand before it'),
        (HEAD + "      - {id: a, name: b}\n      - {id: c, name: b}\n", 'the scenario "b" stands twice'),
        (HEAD + "      - {id: a, name: b}\n      - {id: a, name: c}\n", '"b" and "c" have the same id'),
        (HEAD + "      - {id: a, name: b, nulls: [/x/y]}\n", 'scenario "b": nulls: /x/y leads nowhere'),
        (HEAD + "      - {id: a, name: b, drop: [/x]}\n", 'scenario "b": drop: /x leads nowhere'),
        (HEAD + "      - {id: a, name: b, unnamed: {z: 1}}\n", 'the contract has no unnamed field "z"'),
        (
            HEAD + "      - {id: a, name: b, patch: {state: secret-value}}\n",
            'scenario "b": not as documented at /state',
        ),
        ("operations: {get_cal: {}}\n", 'the contract has no operation "get_cal", only get_call'),
        ("operations: {get_call: {errors: {good: {status: 404}}}}\n", '"good" is not an error'),
        ("operations: {get_call: {errors: {no_key: {status: 200}}}}\n", "greater than or equal to 400"),
        (
            "operations: {get_call: {errors: {no_key: {status: 401, body: {why: 1}}}}}\n",
            "errors: no_key: the body is not what is documented for 401",
        ),
    ],
)
def test_mistakes_are_told(make_provider: MakeProvider, text: str, message: str) -> None:
    """A sentence with file, line or scenario; never a value of a body."""
    schema = {"type": "object", "properties": {"why": {"type": "string"}}}
    responses = {"401": {"description": "", "content": {"application/json": {"schema": schema}}}}
    with pytest.raises(ContractError) as caught:
        player_of(make_provider(scenarios=text, responses=responses))
    assert message in str(caught.value)
    assert "secret-value" not in str(caught.value)


def test_a_scenario_of_another_revision_is_not_served(make_provider: MakeProvider) -> None:
    """And nothing may be like it."""
    other = HEAD + "      - {id: a, name: b, revision: v0}\n      - {id: c, name: d, like: b}\n"
    with pytest.raises(ContractError, match='it is like "b", which is of another revision'):
        player_of(make_provider(scenarios=other))
    only = HEAD + "      - {id: a, name: b, revision: v0}\n      - {id: c, name: d}\n"
    assert player_of(make_provider("other", scenarios=only)).ids == ("c",)

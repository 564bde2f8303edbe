"""A conversation moves from state to state, under one id, and its answers are coherent all the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import httpx
import pytest

from docsworn.contract.packs import Provider
from docsworn.contract.pointer import split
from docsworn.emulate.drift import Drift
from docsworn.emulate.edits import values_at
from docsworn.emulate.moments import shift
from docsworn.emulate.player import Player, player_of
from docsworn.emulate.sampler import validator
from docsworn.emulate.server import Emulator
from docsworn.emulate.stage import Stage
from docsworn.errors import ConfigError, ContractError

MakeProvider = Callable[..., Provider]
KEY = {"xi-api-key": "k", "Authorization": "Bearer k", "x-api-key": "k"}

LIVES = [
    ("elevenlabs", "initiated", ["in-progress", "processing", "done"]),
    ("elevenlabs", "in-progress", ["failed"]),
    ("speechify", "web-created", ["web-joined", "web"]),
    ("speechify", "sip-outbound-dialling", ["sip-outbound-no-answer"]),
    ("speechify", "sip-outbound-dialling", ["sip-outbound-voicemail-left"]),
    ("tavus", "active-waiting", ["active", "ended"]),
    ("tavus", "active", ["ended-no-vision"]),
]


def at(emulator: Emulator, provider: str, scenario: str) -> tuple[str, str]:
    """Id and path of the conversation of a scenario."""
    (found,) = (each for each in emulator.conversations(provider) if each.name == scenario)
    return found.id, found.path


@pytest.mark.parametrize(("provider", "begins", "states"), LIVES)
def test_a_life_over_http(emulator: Emulator, provider: str, begins: str, states: list[str]) -> None:
    """Each state is that of its scenario, with the id of the life everywhere that an id stands."""
    changing = ("status", "end_reason", "duration_ms", "transcript", "analysis", "events")
    identifier, path = at(emulator, provider, begins)
    control = f"/__docsworn/lives/{provider}/{identifier}"
    with httpx.Client(base_url=emulator.base_url, headers=KEY) as client:
        first = client.get(path).content
        assert client.get(control).json()["state"] == begins
        for state in states:
            moved = client.put(control, json={"state": state})
            assert (moved.status_code, moved.json()["state"]) == (200, state)
            theirs, there = at(emulator, provider, state)
            ours, other = client.get(path), client.get(there)
            assert ours.text.count(identifier) == other.text.count(theirs) > 0
            assert theirs not in ours.text
            told, scenario = ours.json(), other.json()
            assert told.keys() == scenario.keys()
            assert [told.get(name) for name in changing] == [scenario.get(name) for name in changing]
        assert client.delete(control).json()["state"] == begins
        assert client.get(path).content == first


def test_the_usual_next_state(emulator: Emulator) -> None:
    """Without a name it goes the usual way, to the end; Python moves conversations too."""
    identifier, path = at(emulator, "elevenlabs", "initiated")
    control = f"{emulator.base_url}/__docsworn/lives/elevenlabs/{identifier}"
    assert httpx.put(control).json()["state"] == "in-progress"
    assert httpx.put(control, json={}).json() == {
        "provider": "elevenlabs",
        "id": identifier,
        "state": "processing",
        "later": ["done"],
    }
    assert emulator.move("elevenlabs", identifier) == "done"
    assert httpx.get(f"{emulator.base_url}{path}", headers=KEY).json()["status"] == "done"
    ended = httpx.put(control)
    assert (ended.status_code, ended.json()["error"]) == (
        400,
        '"done" is the end of this conversation\'s life',
    )
    with pytest.raises(ConfigError, match="is the end"):
        emulator.move("elevenlabs", identifier)


def test_states_of_a_life_are_one_call(bundled: dict[str, Provider]) -> None:
    """ElevenLabs: the same agent and start, and no state knows less of the transcript than the one before."""
    conversations = {each.name: each for each in player_of(bundled["elevenlabs"]).conversations}
    bodies: list[dict[str, Any]] = [
        conversations[name].variants[-1].body for name in ("initiated", "in-progress", "processing", "done")
    ]
    assert [body["status"] for body in bodies] == ["initiated", "in-progress", "processing", "done"]
    assert len({(body["agent_id"], body["metadata"]["start_time_unix_secs"]) for body in bodies}) == 1
    for earlier, later in pairwise(bodies):
        turns = earlier["transcript"]
        assert later["transcript"][: len(turns)] == turns
    assert [bool(body["analysis"]) for body in bodies] == [False, False, False, True]


# What may never change in one conversation, by provider; a place that only some states have is theirs.
CONSTANT = {
    "elevenlabs": (
        "/conversation_id", "/agent_id", "/user_id", "/branch_id", "/metadata/start_time_unix_secs",
        "/metadata/authorization_method", "/metadata/phone_call", "/metadata/text_only",
        "/metadata/conversation_initiation_source", "/metadata/timezone",
        "/conversation_initiation_client_data",
    ),
    "speechify": (
        "/id", "/agent_id", "/room_name", "/transport", "/created_at", "/metadata", "/from_number",
        "/to_number", "/agent_snapshot", "/dynamic_variables",
    ),
    "tavus": (
        "/conversation_id", "/conversation_name", "/conversation_url", "/callback_url", "/created_at",
        "/face_id", "/pal_id", "/replica_id", "/persona_id",
    ),
}  # fmt: skip
PACKS = [("elevenlabs", "v1-2025-12"), ("speechify", "v1"), ("tavus", "v2-face"), ("tavus", "v2-replica")]


def bodies_of(player: Player, stage: Stage, identifier: str) -> Iterator[Any]:
    """What a conversation is answered with now, for each query."""
    headers = {"xi-api-key": "k", "Authorization": "Bearer k", "x-api-key": "k"}
    for query in ({}, {"verbose": "true"}):
        yield json.loads(player.answer(stage, identifier, query, headers).body)


@pytest.mark.parametrize(("name", "revision"), PACKS)
def test_what_never_changes_in_a_life(bundled: dict[str, Provider], name: str, revision: str) -> None:
    """Over every transition of every life; each answer is as documented."""
    player = player_of(bundled[name], revision)
    (stage,) = player.stages
    good = stage.operation.responses["200"].schema
    assert good is not None
    judge, moved = validator(good), 0
    for conversation in stage.conversations.values():
        for state in player.later(stage, conversation.id):
            player.restart(stage, conversation.id)
            before = list(bodies_of(player, stage, conversation.id))
            player.move(stage, conversation.id, state)
            for first, then in zip(before, bodies_of(player, stage, conversation.id), strict=True):
                assert judge.is_valid(then)
                for pointer in CONSTANT[name]:
                    told = [list(values_at(each, split(pointer))) for each in (first, then)]
                    assert told[0] == told[1], f"{conversation.name} -> {state}: {pointer}"
                moved += 1
        player.restart(stage, conversation.id)
    assert moved > 4


def test_times_and_numbers_move_with_a_life(bundled: dict[str, Provider]) -> None:
    """A call that is dialled at eleven is not answered by a mailbox minutes later, at another number."""
    player = player_of(bundled["speechify"])
    (stage,) = player.stages
    dialling = next(each for each in player.conversations if each.name == "sip-outbound-dialling")
    player.move(stage, dialling.id, "sip-outbound-voicemail-left")
    body, _ = bodies_of(player, stage, dialling.id)
    assert body["created_at"] == "2026-03-03T11:00:00.000Z"
    assert (body["started_at"], body["ended_at"]) == ("2026-03-03T11:00:14.000Z", "2026-03-03T11:00:36.500Z")
    assert body["caller_identity"] == f"sip_{body['to_number'][1:]}" == "sip_12025550143"


def test_unix_seconds_move_too() -> None:
    """Numbers that are moments move, others stay; without a beginning nothing does."""
    body = {"at": "2026-03-02T14:00:00Z", "turns": [{"t": 1772460004.25, "n": 3, "late": True}]}
    moved = shift(body, "2026-03-02T14:00:00Z", 1772460060)
    assert moved == {"at": "2026-03-02T14:01:00Z", "turns": [{"t": 1772460064.25, "n": 3, "late": True}]}
    assert shift(body, None, 1772460060) is body


def test_a_drift_stays_while_a_conversation_moves(emulator: Emulator) -> None:
    """The answers of the new state are under it too."""
    identifier, path = at(emulator, "tavus", "active-waiting")
    emulator.drift("tavus", Drift("drop", "/status"))
    emulator.move("tavus", identifier)
    answer = httpx.get(f"{emulator.base_url}{path}", headers=KEY).json()
    assert "status" not in answer
    emulator.drift("tavus", None)
    assert httpx.get(f"{emulator.base_url}{path}", headers=KEY).json()["status"] == "active"


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b'{"state": "initiated"}', 400, 'after "in-progress" comes processing or failed or done'),
        (b'{"state": "dun"}', 400, 'after "in-progress" comes'),
        (b'{"state": 3}', 400, "state is the name of a scenario"),
        (b'{"to": "done"}', 400, "a move is"),
        (b"[]", 400, "a move is"),
        (b"{", 400, "the body is not JSON"),
    ],
)
def test_bad_moves(emulator: Emulator, body: bytes, status: int, sentence: str) -> None:
    """A sentence, and the conversation stays where it is."""
    identifier, _ = at(emulator, "elevenlabs", "in-progress")
    control = f"{emulator.base_url}/__docsworn/lives/elevenlabs/{identifier}"
    answer = httpx.put(control, content=body)
    assert answer.status_code == status
    assert sentence in answer.json()["error"]
    assert httpx.get(control).json()["state"] == "in-progress"


def test_nobody_has_this_life(emulator: Emulator) -> None:
    """404 for an unknown conversation or provider."""
    for path in ("elevenlabs/nobody", "elevenlaps/nobody"):
        assert httpx.get(f"{emulator.base_url}/__docsworn/lives/{path}").status_code == 404


def test_what_comes_next_must_exist(make_provider: MakeProvider) -> None:
    """A name that no scenario has is told."""
    scenarios = "operations: {get_call: {scenarios: [{id: a, name: b, next: [c]}]}}\n"
    with pytest.raises(ContractError, match='after "b" comes "c", which is no scenario'):
        player_of(make_provider(scenarios=scenarios))

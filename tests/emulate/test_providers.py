"""The providers that come with docsworn: their scenarios keep their contracts, their refusals too."""

from __future__ import annotations

import re
import time
from typing import Any

import httpx
import orjson
import pytest

from docsworn.bundled import bundled_dir
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.invariants import State, context_of
from docsworn.contract.packs import Provider, load_contract, load_provider
from docsworn.emulate.player import player_of
from docsworn.emulate.server import Emulator

ROOT = bundled_dir("contracts")
REVISIONS = [
    (name, revision)
    for name in ("elevenlabs", "speechify", "tavus")
    for revision in load_provider(name, (ROOT,)).settings.revisions
]
KEYS = {
    "elevenlabs": {"xi-api-key": "a-key"},
    "speechify": {"Authorization": "Bearer a-key"},
    "tavus": {"x-api-key": "a-key"},
}
SCENARIOS = {
    "elevenlabs": {
        "done", "done-agent-changed", "done-deleted", "done-mailbox", "done-mcp", "done-phone",
        "done-text-only", "done-ticket", "done-transferred", "done-whatsapp", "done-workflow",
        "done-workflow-looped", "done-workflow-mailbox", "done-workflow-menu", "done-workflow-parts",
        "failed", "in-progress", "initiated", "processing",
    },
    "speechify": {
        "sip-inbound", "sip-inbound-max-duration", "sip-inbound-not-recorded", "sip-inbound-over-capacity",
        "sip-outbound-answered", "sip-outbound-busy", "sip-outbound-dialling", "sip-outbound-menu",
        "sip-outbound-menu-hangup", "sip-outbound-menu-surrendered", "sip-outbound-menu-unpressed",
        "sip-outbound-no-answer", "sip-outbound-not-connected", "sip-outbound-rejected",
        "sip-outbound-unavailable", "sip-outbound-voicemail-hangup", "sip-outbound-voicemail-left", "web",
        "web-created", "web-inactive", "web-joined", "web-loop", "web-never-joined", "web-not-recorded",
    },
    "tavus": {
        "active", "active-waiting", "ended", "ended-empty-summary", "ended-no-vision", "ended-old-names",
        "ended-summary-error",
    },
}  # fmt: skip
IDS = {
    "elevenlabs": r"conv_[0-9a-z]{28}",
    "speechify": r"conv_[0-9a-hjkmnp-tv-z]{26}",
    "tavus": r"c[0-9a-f]{16}",
}


def contract_of(provider: Provider, revision: str) -> CompiledContract:
    """One revision, compiled."""
    return compile_contract(load_contract(provider, revision), provider.settings)


@pytest.mark.parametrize(("name", "revision"), REVISIONS)
def test_every_scenario_keeps_its_contract(name: str, revision: str, bundled: dict[str, Provider]) -> None:
    """No breach, nothing undocumented, no invariant broken; Tavus lists no field that may be absent."""
    contract = contract_of(bundled[name], revision)
    for stage in player_of(bundled[name], revision).stages:
        operation = contract.operation(stage.operation.id)
        response = operation.response_for(stage.status)
        assert response is not None
        for conversation in stage.conversations.values():
            for variant in conversation.variants:
                query = dict(variant.query)
                assert response.is_valid(variant.body), conversation.name
                assert not list(response.breaches(variant.body)), conversation.name
                survey = response.survey(variant.body, query)
                assert not survey.undocumented, conversation.name
                absent = [pointer for promise, pointer in survey.absent if promise.keyword == "presence"]
                assert not absent or name != "tavus", conversation.name
                request = {"id": conversation.id, "query": query}
                context = context_of(variant.body, request, response.named(variant.body))
                states = {found.promise.id: found.evaluate(context) for found in operation.invariants}
                assert State.BROKEN not in states.values(), (conversation.name, states)


def test_every_invariant_of_speechify_is_kept_by_a_scenario(bundled: dict[str, Provider]) -> None:
    """The scenarios show every rule of the prose at least once."""
    contract = contract_of(bundled["speechify"], "v1")
    operation = contract.operation("get_conversation")
    kept: set[str] = set()
    for conversation in player_of(bundled["speechify"]).conversations:
        body = conversation.variants[0].body
        context = context_of(body, {"id": conversation.id, "query": {}}, {})
        kept |= {each.promise.id for each in operation.invariants if each.evaluate(context) is State.KEPT}
    assert kept == {each.promise.id for each in operation.invariants}


@pytest.mark.parametrize("name", SCENARIOS)
def test_scenarios_and_their_ids_are_stable(name: str, bundled: dict[str, Provider]) -> None:
    """The names that users and tests rely on, with ids as the provider has them."""
    conversations = player_of(bundled[name]).conversations
    assert {each.name for each in conversations} == SCENARIOS[name]
    assert all(re.fullmatch(IDS[name], each.id) for each in conversations)


@pytest.mark.parametrize("name", SCENARIOS)
def test_conversations_over_http(name: str, emulator: Emulator, bundled: dict[str, Provider]) -> None:
    """Each listed path answers 200 with its own id, the same bytes each time."""
    identity = bundled[name].settings.operations["get_conversation"].identity
    with httpx.Client(base_url=emulator.base_url, headers=KEYS[name]) as client:
        listed = client.get("/__docsworn/").json()["providers"][name]["scenarios"]
        assert tuple(each["id"] for each in listed) == emulator.ids(name)
        for scenario in listed:
            answer = client.get(scenario["path"])
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "application/json"
            assert identity is not None
            assert answer.json()[identity.strip("/")] == scenario["id"]
            assert client.get(scenario["path"]).content == answer.content


@pytest.mark.parametrize(("name", "revision"), REVISIONS)
def test_bytes_are_the_same_for_a_seed(name: str, revision: str, bundled: dict[str, Provider]) -> None:
    """What is drawn depends on the seed alone."""

    def rendered(seed: int) -> list[bytes]:
        player = player_of(bundled[name], revision, seed=seed)
        return [orjson.dumps(each.body) for found in player.conversations for each in found.variants]

    assert rendered(5) == rendered(5)


@pytest.mark.parametrize(("name", "revision"), REVISIONS)
def test_every_revision_has_three_conversations(
    name: str, revision: str, bundled: dict[str, Provider]
) -> None:
    """Enough to learn from."""
    assert len(player_of(bundled[name], revision).ids) >= 3


REFUSED: list[tuple[str, str, dict[str, str], int, str | None]] = [
    ("elevenlabs", "no key", {}, 422, None),
    ("elevenlabs", "wrong key", {"xi-api-key": "invalid"}, 401, None),
    ("elevenlabs", "conv_0000000000000000000000000000", KEYS["elevenlabs"], 422, None),
    ("elevenlabs", "not a conversation", KEYS["elevenlabs"], 422, None),
    ("tavus", "no key", {}, 401, "message"),
    ("tavus", "wrong key", {"x-api-key": "invalid-docsworn"}, 401, "message"),
    ("tavus", "c0000000000000000", KEYS["tavus"], 400, "error"),
    ("tavus", "not a conversation", KEYS["tavus"], 400, "error"),
    ("speechify", "no key", {}, 401, None),
    ("speechify", "wrong key", {"Authorization": "Bearer invalid"}, 401, None),
    ("speechify", "no prefix", {"Authorization": "a-key"}, 401, None),
    ("speechify", "no token", {"Authorization": "Bearer"}, 401, None),
    ("speechify", "conv_00000000000000000000000000", KEYS["speechify"], 404, None),
    ("speechify", "00000000-0000-4000-8000-000000000000", KEYS["speechify"], 404, None),
    ("speechify", "not a conversation", KEYS["speechify"], 404, None),
]


@pytest.mark.parametrize(("name", "asked", "headers", "status", "field"), REFUSED)
def test_the_error_contract(
    emulator: Emulator, name: str, asked: str, headers: dict[str, str], status: int, field: str | None
) -> None:
    """Each kind of wrong request is refused as the provider's page says."""
    template = emulator.conversations(name)[0].path
    path = template if asked.startswith(("no ", "wrong ")) else template.replace(emulator.ids(name)[0], asked)
    answer = httpx.get(f"{emulator.base_url}{path}", headers=headers)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    if field is not None:
        assert list(answer.json()) == [field]


@pytest.mark.parametrize(("name", "revision"), REVISIONS)
def test_refusals_keep_the_contract(name: str, revision: str, bundled: dict[str, Provider]) -> None:
    """The bodies of refusals are what is documented for their status."""
    contract = contract_of(bundled[name], revision)
    for stage in player_of(bundled[name], revision).stages:
        for answer in stage.refusals.values():
            response = contract.operation(stage.operation.id).response_for(answer.status)
            assert response is None or not list(response.breaches(orjson.loads(answer.body)))


def test_tool_results_answer_tool_calls(bundled: dict[str, Provider]) -> None:
    """ElevenLabs: every result follows the call of the same request, and time never runs back."""
    for conversation in player_of(bundled["elevenlabs"]).conversations:
        turns: list[dict[str, Any]] = conversation.variants[-1].body["transcript"]
        called: set[str] = set()
        for turn in turns:
            assert {each["request_id"] for each in turn.get("tool_results", [])} <= called
            called |= {each["request_id"] for each in turn.get("tool_calls", [])}
        times = [turn["time_in_call_secs"] for turn in turns]
        assert times == sorted(times)


def test_tavus_events_come_with_verbose_only(emulator: Emulator, bundled: dict[str, Provider]) -> None:
    """The unnamed tenth field is there when it is asked for; the older revision has none."""
    path = emulator.conversations("tavus")[2].path
    with httpx.Client(base_url=emulator.base_url, headers=KEYS["tavus"]) as client:
        plain = client.get(path).json()
        verbose = client.get(path, params={"verbose": "true"}).json()
    (tenth,) = verbose.keys() - plain.keys() - {"shutdown_reason"}
    assert len(plain) == 9
    kinds = [event["event_type"] for event in verbose[tenth]]
    assert kinds.count("system.pal_joined") == kinds.count("system.replica_joined") == 1
    with Emulator((bundled["tavus"],), revisions={"tavus": "v2-replica"}) as older:
        answer = httpx.get(f"{older.base_url}{path}?verbose=true", headers=KEYS["tavus"]).json()
    assert len(answer) == 9
    assert {"replica_id", "persona_id"} <= answer.keys()


def test_it_starts_soon(bundled: dict[str, Provider]) -> None:
    """From folders to the first answer: 0.2 s on a machine that does nothing else."""
    began = time.perf_counter()
    with Emulator(tuple(bundled.values())) as emulator:
        assert httpx.get(f"{emulator.base_url}/__docsworn/").status_code == 200
    assert time.perf_counter() - began < 5.0

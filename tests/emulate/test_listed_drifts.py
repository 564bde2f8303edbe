"""Every drift that the packs make possible: complete, replayable, and each changes an answer."""

from __future__ import annotations

import copy
import re
from collections import Counter
from functools import cache
from typing import get_args
from urllib.parse import quote

import httpx
import pytest

from docsworn.bundled import bundled_dir
from docsworn.contract.compiled import compile_contract
from docsworn.contract.invariants import State, context_of
from docsworn.contract.packs import Provider, load_contract, load_provider
from docsworn.emulate.drift import KINDS, Drift, DriftKind
from docsworn.emulate.drifts import apply, list_drifts
from docsworn.emulate.edits import values_at
from docsworn.emulate.player import Player, player_of
from docsworn.emulate.server import Emulator
from docsworn.emulate.spots import examples_of, spots_of
from docsworn.emulate.stage import Stage
from docsworn.model import Purpose

PACKS = [("elevenlabs", "v1-2025-12"), ("speechify", "v1"), ("tavus", "v2-face"), ("tavus", "v2-replica")]
KEY = {"xi-api-key": "k", "Authorization": "Bearer k", "x-api-key": "k"}


@cache
def provider(name: str) -> Provider:
    """A bundled provider."""
    return load_provider(name, (bundled_dir("contracts"),))


@cache
def drifts(name: str, revision: str) -> tuple[Drift, ...]:
    """All drifts of a revision, listed once."""
    return list_drifts(provider(name), revision)


@cache
def player(name: str, revision: str) -> Player:
    """A player of a revision."""
    return player_of(provider(name), revision)


def stage_of(name: str, revision: str) -> Stage:
    """The one operation of a pack."""
    (stage,) = player(name, revision).stages
    return stage


@pytest.mark.parametrize(("name", "revision"), PACKS)
def test_every_listed_drift_changes_the_answer_that_shows_it(name: str, revision: str) -> None:
    """Body, or status where the drift is that; the body it is applied to stays as it was."""
    stage = stage_of(name, revision)
    bodies = {each.shown: each.body for each in examples_of(stage)}
    for drift in drifts(name, revision):
        if drift.purpose is not Purpose.GOOD:
            answer = stage.refusals[drift.purpose]
            assert apply(drift, answer.status, b"") != (answer.status, b""), drift.id
            continue
        assert drift.shown is not None
        body = bodies[drift.shown]
        before = copy.deepcopy(body)
        status, changed = apply(drift, stage.status, body)
        assert body == before, drift.id
        if drift.kind == "status":
            assert status != stage.status
        else:
            assert (status, changed != body) == (stage.status, True), drift.id


@pytest.mark.parametrize(("name", "revision"), PACKS)
def test_ids_are_unique_and_say_where(name: str, revision: str) -> None:
    """An id is operation, place and class; places are of the contract; the shown scenario exists."""
    found = drifts(name, revision)
    assert len({drift.id for drift in found}) == len(found)
    pointers = {spot.pointer for spot in spots_of(stage_of(name, revision))} | {""}
    names = {each.name for each in player(name, revision).conversations}
    for drift in found:
        assert re.fullmatch(r"get_conversation:(/.*|@[a-z_]+|):[a-z\-]+(=[a-z0-9\-]+)?", drift.id)
        assert drift.kind == "invariant" or drift.pointer in pointers
        assert drift.shown is None or drift.shown.scenario in names
        assert drift.words


def test_there_are_hundreds() -> None:
    """The counts by class of the ElevenLabs pack; a change of them is a change of what is listed."""
    counts = Counter(drift.kind for drift in drifts("elevenlabs", "v1-2025-12"))
    assert sum(counts.values()) > 1500
    assert min(counts["drop"], counts["rename"], counts["retype"], counts["null"]) > 300
    assert counts["enum"] > 30
    assert counts["s-to-ms"] > 10


def test_every_class_is_possible_somewhere() -> None:
    """All classes but `set`, which is one's own, are listed for some pack."""
    listed: set[DriftKind] = {drift.kind for name, revision in PACKS for drift in drifts(name, revision)}
    assert listed == set(KINDS) - {"set"}
    assert get_args(DriftKind) == KINDS


@pytest.mark.parametrize(("name", "revision"), PACKS)
def test_every_place_of_a_contract_is_shown(name: str, revision: str) -> None:
    """No place that a page documents is missing in all scenarios; what is listed is complete so."""
    stage = stage_of(name, revision)
    bodies = [each.body for each in examples_of(stage)]
    absent = {
        spot.pointer
        for spot in spots_of(stage)
        if not any(True for body in bodies for _ in values_at(body, spot.pattern))
    }
    assert absent == set()
    dropped = {drift.pointer for drift in drifts(name, revision) if drift.kind == "drop"}
    assert dropped == {spot.pointer for spot in spots_of(stage) if spot.is_field}


@pytest.mark.parametrize(("name", "revision"), PACKS)
def test_every_invariant_can_be_breached(name: str, revision: str) -> None:
    """The breach is of this invariant, which stays evaluable; none is out of reach of the search."""
    contract = compile_contract(load_contract(provider(name), revision), provider(name).settings)
    operation = contract.operation("get_conversation")
    response = operation.response_for(200)
    assert response is not None
    bodies = {each.shown: each.body for each in examples_of(stage_of(name, revision))}
    breaches = {drift.value: drift for drift in drifts(name, revision) if drift.kind == "invariant"}
    assert breaches.keys() == {each.promise.id.rpartition("/")[2] for each in operation.invariants}
    alone = 0
    for invariant in operation.invariants:
        drift = breaches[invariant.promise.id.rpartition("/")[2]]
        assert drift.shown is not None
        _, body = apply(drift, 200, bodies[drift.shown])
        request = {"id": drift.shown.conversation, "query": dict(drift.shown.query)}
        context = context_of(body, request, response.named(body))
        states = [each.evaluate(context) for each in operation.invariants]
        assert invariant.evaluate(context) is State.BROKEN
        alone += states.count(State.BROKEN) == 1 and response.is_valid(body)
    assert alone >= len(operation.invariants) * 0.7


def test_a_listed_drift_is_replayed_over_http(bundled: dict[str, Provider]) -> None:
    """By its id: for all answers until it ends, with a rate, or by the header of one request."""
    identifier = "get_conversation:/transcript/*/role:enum"
    with (
        Emulator((bundled["elevenlabs"],)) as emulator,
        httpx.Client(base_url=emulator.base_url, headers=KEY) as client,
    ):
        path = emulator.conversations("elevenlabs")[0].path

        def roles(**headers: str) -> set[str]:
            return {turn["role"] for turn in client.get(path, headers=headers).json()["transcript"]}

        control = "/__docsworn/drifts/elevenlabs"
        assert "agent" in roles()
        assert roles(**{"X-Docsworn-Drift": identifier}) == {"docsworn_unheard_of"}
        assert "agent" in roles()
        answer = client.put(control, json={"id": identifier, "rate": 0.5, "seed": 4})
        assert answer.json()["drift"]["id"] == identifier
        seen = Counter("agent" in roles() for _ in range(60))
        assert 15 <= seen[True] <= 45
        listed = client.get(f"{control}/list").json()["drifts"]
        assert len(listed) > 1000
        assert {"id", "kind", "pointer", "purpose", "words", "shown"} == listed[0].keys()
        lost = client.put(control, json={"id": "get_conversation:/transcript/*/roll:enum"})
        assert lost.status_code == 400
        assert 'did you mean "get_conversation:/transcript/*/role' in lost.json()["error"]
        far = client.put(control, json={"id": "x"})
        assert (far.status_code, "did you mean" in far.json()["error"]) == (400, True)
        assert len(far.content) < 500
        both = client.put(control, json={"id": identifier, "kind": "drop"})
        assert (both.status_code, "beside an id there are" in both.json()["error"]) == (400, True)


def test_drifts_of_the_error_contract(bundled: dict[str, Provider]) -> None:
    """One refusal changes, good answers do not."""
    with (
        Emulator((bundled["tavus"],)) as emulator,
        httpx.Client(base_url=emulator.base_url, headers=KEY) as client,
    ):
        path = emulator.conversations("tavus")[0].path
        lost, good = path.replace(emulator.ids("tavus")[0], "c0000000000000000"), client.get(path).content
        client.put("/__docsworn/drifts/tavus", json={"id": "get_conversation:@unknown_id:status"})
        assert client.get(lost).status_code == 404
        client.put("/__docsworn/drifts/tavus", json={"id": "get_conversation:@unknown_id:error-body"})
        assert client.get(lost).json() == {"type": "about:blank", "title": "Bad Request", "status": 400}
        assert client.get(path).content == good
        assert httpx.get(f"{emulator.base_url}{path}").json().keys() == {"message"}


@pytest.mark.parametrize(("name", "revision"), PACKS)
def test_drifts_of_refusals_show_in_what_the_error_case_asks_for(name: str, revision: str) -> None:
    """Each is seen over HTTP in the answer to the settings' own error case, and in no other's."""
    settings = provider(name).settings
    cases = settings.operations["get_conversation"].error_cases
    listed = [each for each in drifts(name, revision) if each.purpose is not Purpose.GOOD]
    assert {each.purpose for each in listed} == {case.purpose for case in cases}
    with (
        Emulator((provider(name),), revisions={name: revision}) as emulator,
        httpx.Client(base_url=emulator.base_url) as client,
    ):
        known = emulator.conversations(name)[0]

        def ask() -> dict[Purpose, tuple[int, bytes]]:
            answers = {}
            for case in cases:
                path = known.path.replace(known.id, quote(case.value or known.id))
                key = {Purpose.NO_KEY: "", Purpose.WRONG_KEY: "invalid"}.get(case.purpose, "k")
                headers = {settings.auth.header: f"{settings.auth.prefix}{key}"} if key else {}
                answer = client.get(path, headers=headers)
                answers[case.purpose] = (answer.status_code, answer.content)
            return answers

        before = ask()
        for drift in listed:
            client.put(f"/__docsworn/drifts/{name}", json={"id": drift.id}).raise_for_status()
            changed = {purpose for purpose, answer in ask().items() if answer != before[purpose]}
            assert changed == {drift.purpose}, drift.id


@pytest.mark.parametrize("odd", ["a b", "conv/1", "conv:1", "c\u00f4nv", "conv%20"])
def test_an_id_that_no_provider_has_is_malformed(odd: str) -> None:
    """A character that the provider's own ids never have makes an id malformed, whatever the schema takes."""
    purpose_of = stage_of("tavus", "v2-face").purpose_of
    assert purpose_of(odd) is Purpose.MALFORMED_ID
    assert purpose_of("c0000000000000000") is purpose_of("c0123456789abcdef") is Purpose.UNKNOWN_ID


@pytest.mark.parametrize(
    ("identifier", "place", "before", "after"),
    [
        ("/duration_ms:ms-to-s", "duration_ms", 162430, 162.43),
        ("/cost_cents:number-to-string", "cost_cents", 27, "27"),
        ("/created_at:zone", "created_at", "2026-03-02T09:14:58.120Z", "2026-03-02T09:14:58.120"),
        ("/created_at:format", "created_at", "2026-03-02T09:14:58.120Z", "02/03/2026 09:14"),
        ("/status:enum", "status", "completed", "docsworn_unheard_of"),
        ("/status:null", "status", "completed", None),
        ("/message_count:retype", "message_count", 0, False),
    ],
)
def test_what_drifts_do(identifier: str, place: str, before: object, after: object) -> None:
    """A few of them by their effect, on the Speechify call in the browser."""
    (drift,) = (each for each in drifts("speechify", "v1") if each.id == f"get_conversation:{identifier}")
    body = stage_of("speechify", "v1").conversations[player("speechify", "v1").ids[0]].variants[0].body
    assert body[place] == before
    changed = apply(drift, 200, body)[1][place]
    assert changed == after or (drift.kind == "retype" and isinstance(changed, bool))

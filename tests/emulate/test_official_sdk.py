"""The official ElevenLabs SDK as a client of the emulator, and where it differs from the documentation page.

Its own reading is lenient, so each body is also put through its models strictly. Every difference stands
in docs/sdk-differences.md, and everything that stands there is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from elevenlabs.client import ElevenLabs
from elevenlabs.core.api_error import ApiError
from elevenlabs.types import GetConversationResponseModel
from pydantic import BaseModel, ValidationError

from docsworn.bundled import bundled_dir
from docsworn.contract.packs import load_provider
from docsworn.emulate.drift import Drift
from docsworn.emulate.player import Player, player_of
from docsworn.emulate.server import Emulator
from docsworn.emulate.spots import spots_of

PAGE = Path(__file__).parents[2] / "docs" / "sdk-differences.md"
REQUIRED, UNKNOWN, NEWER = "The SDK requires", "The SDK does not know", "The SDK knows"


@cache
def player() -> Player:
    """The emulated ElevenLabs."""
    return player_of(load_provider("elevenlabs", (bundled_dir("contracts"),)))


def bodies() -> dict[str, dict[str, Any]]:
    """The body of each scenario."""
    return {each.name: each.variants[-1].body for each in player().conversations}


@contextmanager
def client(url: str, key: str = "a-key") -> Iterator[ElevenLabs]:
    """The SDK pointed at an emulator."""
    with httpx.Client(timeout=5) as connections:
        yield ElevenLabs(api_key=key, base_url=url, httpx_client=connections)


def listed(heading: str) -> set[str]:
    """The places that a section of the page lists."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {heading}")[2].partition("\n## ")[0]
    return set(re.findall(r"^- `(/[^`]+)`", section, flags=re.MULTILINE))


def pointer(*parts: object) -> str:
    """A place as the page has it: items as ``*``, nested workflow results as the outer ones."""
    joined = "/" + "/".join("*" if isinstance(part, int) else str(part) for part in parts)
    return joined.replace("/result/steps/*/results/*", "")


def models(value: Any, place: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], BaseModel]]:
    """Every model within what the SDK has read, with its place."""
    if isinstance(value, BaseModel):
        yield place, value
        for name in value.model_fields_set:
            yield from models(getattr(value, name, None), (*place, name))
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from models(item, (*place, "*"))


def read_by_the_sdk() -> Iterator[tuple[tuple[object, ...], BaseModel]]:
    """All models of all bodies, what the SDK requires being added."""
    missing = {place.strip("/"): False for place in listed(REQUIRED)}
    for body in bodies().values():
        yield from models(GetConversationResponseModel.model_validate({**body, **missing}))


def test_the_sdk_reads_every_scenario(emulator: Emulator) -> None:
    """Over HTTP, with its own client: the ids, states and texts are those of the scenarios."""
    for conversation in player().conversations:
        body = conversation.variants[-1].body
        with client(emulator.base_url) as sdk:
            read = sdk.conversational_ai.conversations.get(conversation.id)
        assert (read.conversation_id, read.status) == (conversation.id, body["status"])
        assert [turn.message for turn in read.transcript] == [each["message"] for each in told(body)]
        assert read.metadata.start_time_unix_secs == body["metadata"]["start_time_unix_secs"]


def told(body: dict[str, Any]) -> list[dict[str, Any]]:
    """The turns of a body, with a message each."""
    return [{"message": None, **turn} for turn in body["transcript"]]


def test_the_sdk_meets_refusals(emulator: Emulator) -> None:
    """A wrong key and an unknown conversation are its exceptions, with the status."""
    identifier = emulator.ids("elevenlabs")[0]
    for key, asked, status in (("invalid", identifier, 401), ("a-key", "conv_nobody", 422)):
        with client(emulator.base_url, key) as sdk, pytest.raises(ApiError) as caught:
            sdk.conversational_ai.conversations.get(asked)
        assert caught.value.status_code == status


def test_the_sdk_is_lenient(emulator: Emulator) -> None:
    """Why its reading proves little: it takes a number as an id."""
    emulator.drift("elevenlabs", Drift("set", "/agent_id", value=7))
    with client(emulator.base_url) as sdk:
        read: Any = sdk.conversational_ai.conversations.get(emulator.ids("elevenlabs")[0])
    assert read.agent_id == 7


@pytest.mark.parametrize("name", sorted(bodies()))
def test_its_models_take_every_body_strictly(name: str) -> None:
    """No error but a listed one."""
    with pytest.raises(ValidationError) as caught:
        GetConversationResponseModel.model_validate_json(orjson.dumps(bodies()[name]), strict=True)
    found = {(pointer(*each["loc"]), each["type"]) for each in caught.value.errors()}
    assert found == {(place, "missing") for place in listed(REQUIRED)}


def test_a_drift_breaks_its_models() -> None:
    """The strict reading does notice what is wrong."""
    body = {**bodies()["done"], "has_auxiliary_audio": False, "agent_id": 7}
    with pytest.raises(ValidationError, match="agent_id"):
        GetConversationResponseModel.model_validate_json(orjson.dumps(body), strict=True)


def test_fields_that_the_sdk_does_not_know() -> None:
    """What is documented and falls through its models as something extra."""
    found = {pointer(*place, name) for place, model in read_by_the_sdk() for name in model.model_extra or {}}
    assert found == listed(UNKNOWN)


def test_fields_that_the_page_does_not_know() -> None:
    """What its models have and the documentation page lacks: what the API has learned since."""
    (stage,) = player().stages
    documented = {pointer(*spot.pattern) for spot in spots_of(stage)}
    known = {
        pointer(*place, field.alias or name)
        for place, model in read_by_the_sdk()
        for name, field in type(model).model_fields.items()
    }
    assert known - documented == listed(NEWER) | listed(REQUIRED)

"""Drifts come and go while the emulator runs, from the same process and over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from docsworn.contract.packs import Provider
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from docsworn.errors import ConfigError

MakeProvider = Callable[..., Provider]
KEY = {"X-Key": "anything"}
FIRST, SECOND = "/madeup/calls/sample-1", "/madeup/calls/sample-2"
CONTROL = "/__docsworn/drifts/madeup"


@pytest.fixture
def running(make_provider: MakeProvider) -> Iterator[tuple[Emulator, httpx.Client]]:
    """An emulator of the made-up provider and a client with a key."""
    with (
        Emulator((make_provider(),)) as emulator,
        httpx.Client(base_url=emulator.base_url, headers=KEY) as client,
    ):
        yield emulator, client


def test_a_dropped_field_is_gone_until_the_drift_ends(running: tuple[Emulator, httpx.Client]) -> None:
    """Every conversation and variant is under the drift, and none afterwards."""
    emulator, client = running
    before = client.get(FIRST).content
    emulator.drift("madeup", Drift("drop", "/state"))
    for path in (FIRST, SECOND, f"{FIRST}?verbose=true"):
        assert "state" not in client.get(path).json()
    emulator.drift("madeup", None)
    assert client.get(FIRST).content == before


def test_a_set_value_in_one_conversation(running: tuple[Emulator, httpx.Client]) -> None:
    """The other conversation stays as it was."""
    emulator, client = running
    emulator.drift("madeup", Drift("set", "/turns/*/text", value=5, conversation="sample-2"))
    assert all(turn["text"] == 5 for turn in client.get(SECOND).json()["turns"])
    assert all(isinstance(turn["text"], str) for turn in client.get(FIRST).json()["turns"])


def test_another_status(running: tuple[Emulator, httpx.Client]) -> None:
    """Good answers have it, refusals keep theirs."""
    emulator, client = running
    body = client.get(FIRST).content
    emulator.drift("madeup", Drift("status", status=218))
    answer = client.get(FIRST)
    assert (answer.status_code, answer.content) == (218, body)
    assert client.get("/madeup/calls/nobody").status_code == 404


def test_a_drift_over_http(running: tuple[Emulator, httpx.Client]) -> None:
    """Put, shown and removed, without a key."""
    _, client = running
    told = {"kind": "set", "pointer": "/state", "value": None, "conversation": "sample-1"}
    shown = {"id": "*:/state:set", **told}
    answer = httpx.put(f"{client.base_url}{CONTROL}", json=told)
    assert (answer.status_code, answer.json()) == (200, {"provider": "madeup", "drift": shown})
    assert client.get(FIRST).json()["state"] is None
    assert client.get(CONTROL).json()["drift"] == shown
    assert client.delete(CONTROL).json()["drift"] is None
    assert client.get(FIRST).json()["state"] is not None


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "the body is not JSON"),
        (b"\xff", "the body is not JSON"),
        (b'{"kind": "drop", "pointer": "/state"', "the body is not JSON"),
        (b"[" * 100_000, "the body is not JSON"),
        (b"[]", "a drift is a JSON object"),
        (b"{}", "a drift: it needs an id (docsworn emulate --list-drifts) or a kind"),
        (b'{"kind": "explode"}', "kind: input should be 'drop', 'rename', 'retype'"),
        (b'{"kind": "drop", "pointer": 3}', "pointer: input should be a valid string"),
        (
            b'{"kind": "drop", "pointer": "/state", "speed": 1}',
            "a drift has id, kind, pointer, value, status,",
        ),
        (b'{"kind": "drop", "pointer": "state"}', "a drop drift needs a JSON pointer that begins with /"),
        (b'{"kind": "drop", "pointer": "/nothing"}', "the drift changes nothing that madeup answers"),
        (b'{"kind": "drop", "pointer": "/state", "status": 500}', "a drop drift has no status"),
        (b'{"kind": "status", "status": 99}', "a status drift needs a status from 200 to 599"),
        (b'{"kind": "status", "status": 200}', "the drift changes nothing that madeup answers"),
        (
            b'{"kind": "drop", "pointer": "/state", "conversation": "nobody"}',
            "madeup has no conversation with",
        ),
        (
            b'{"kind": "set", "pointer": "/state", "value": ' + b"[" * 300 + b"]" * 300 + b"}",
            "nested too deeply",
        ),
    ],
)
def test_bad_control_requests(running: tuple[Emulator, httpx.Client], body: bytes, sentence: str) -> None:
    """400 with a sentence, and no drift."""
    _, client = running
    before = client.get(FIRST).content
    answer = client.put(CONTROL, content=body)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert client.get(FIRST).content == before


def test_an_unknown_provider_and_a_huge_body(running: tuple[Emulator, httpx.Client]) -> None:
    """404 with a guess; 413 with the limit."""
    _, client = running
    lost = client.put("/__docsworn/drifts/madeip", json={"kind": "status", "status": 500})
    assert (lost.status_code, lost.json()["error"]) == (
        404,
        'unknown provider "madeip": did you mean "madeup"?',
    )
    huge = client.put(CONTROL, content=b" " * (1024 * 1024 + 1))
    assert (huge.status_code, huge.json()["error"]) == (413, "the body is larger than 1048576 bytes")


WRONG: list[dict[str, Any]] = [
    {"kind": "wobble"},
    {"kind": "set"},
    {"kind": "status"},
    {"kind": "drop", "pointer": "/a", "status": 400},
]


@pytest.mark.parametrize("parts", WRONG)
def test_a_drift_whose_parts_do_not_fit(parts: dict[str, Any]) -> None:
    """It cannot be made in the first place."""
    with pytest.raises(ConfigError):
        Drift(**parts)

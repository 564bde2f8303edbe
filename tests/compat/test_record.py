"""What a consumer reads of a body is remembered, however it reads."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from docsworn.compat.uses import places_read, record

BODY = {
    "status": "done",
    "turns": [{"role": "user", "text": "hi"}, {"role": "agent"}],
    "meta": {"n": 1, "m": 2},
}


def read(consume: Callable[[Any], Any]) -> set[str]:
    """The places that a consumer reads of the body."""
    body = record(BODY)
    consume(body)
    return set(places_read(body))


WAYS: dict[str, tuple[Callable[[Any], Any], set[str]]] = {
    "item": (lambda b: b["status"], {"/status"}),
    "get": (lambda b: b.get("status"), {"/status"}),
    "get what is not there": (lambda b: b.get("gone", 1), {"/gone"}),
    "in": (lambda b: "status" in b, {"/status"}),
    "below": (lambda b: b["meta"]["n"], {"/meta", "/meta/n"}),
    "items of a list": (
        lambda b: [turn["role"] for turn in b["turns"]], {"/turns", "/turns/*", "/turns/*/role"}
    ),
    "one item of a list": (lambda b: b["turns"][0]["text"], {"/turns", "/turns/*", "/turns/*/text"}),
    "a slice": (lambda b: [t["role"] for t in b["turns"][:1]], {"/turns", "/turns/*", "/turns/*/role"}),
    "backwards": (
        lambda b: [t["role"] for t in reversed(b["turns"])], {"/turns", "/turns/*", "/turns/*/role"}
    ),
    "sorted": (
        lambda b: sorted(b["turns"], key=lambda t: t["role"]), {"/turns", "/turns/*", "/turns/*/role"}
    ),
    "unpacked list": (lambda b: list(b["turns"])[-1]["role"], {"/turns", "/turns/*", "/turns/*/role"}),
    "length": (lambda b: len(b["turns"]), {"/turns"}),
    "truth": (lambda b: bool(b["meta"]), {"/meta"}),
    "names": (lambda b: list(b["meta"]), {"/meta", "/meta/*"}),
    "pop": (lambda b: b.pop("status"), {"/status"}),
    "setdefault": (lambda b: b.setdefault("status", 1), {"/status"}),
    "pattern": (lambda b: _matched(b), {"/status"}),
    "equality": (lambda b: b["meta"] == {"n": 1}, {"/meta", "/meta/**"}),
    "inequality": (lambda b: b["meta"] != {"n": 1}, {"/meta", "/meta/**"}),
    "copied": (lambda b: copy.deepcopy(b["meta"]), {"/meta", "/meta/**"}),
    "a member of a list": (lambda b: {"role": "user"} in b["turns"], {"/turns", "/turns/**"}),
    "merged": (lambda b: b["meta"] | {"x": 1}, {"/meta", "/meta/**"}),
    "as text": (lambda b: str(b["meta"]), {"/meta", "/meta/**"}),
    "as json": (lambda b: json.dumps(b["meta"]), {"/meta", "/meta/*", "/meta/n", "/meta/m"}),
    "keyword arguments": (lambda b: dict(**b["meta"]), {"/meta", "/meta/*", "/meta/n", "/meta/m"}),
    "values": (lambda b: list(b["meta"].values()), {"/meta", "/meta/*", "/meta/n", "/meta/m"}),
    "pickled": (lambda b: pickle.dumps(b["meta"]), {"/meta", "/meta/**"}),
}  # fmt: skip


def _matched(body: Any) -> Any:
    match body:
        case {"status": status}:
            return status


@pytest.mark.parametrize("way", WAYS)
def test_a_read_is_remembered(way: str) -> None:
    """Each way to read leaves its places, and no other; the body itself always is one."""
    consume, places = WAYS[way]
    # `in`, and `match`, look at a mapping's size too.
    assert read(consume) - {"/"} == places


def test_a_body_that_is_never_looked_into_is_used_as_a_whole() -> None:
    """Whoever gets the body and no part of it may read all of it."""
    assert read(lambda body: body) == {"/"}


def test_the_recorded_body_behaves_as_the_body() -> None:
    """Consumers see the same values, types and errors."""
    body = record(BODY)
    assert isinstance(body, dict)
    assert isinstance(body["turns"], list)
    assert json.loads(json.dumps(body)) == BODY
    assert body == BODY
    assert repr(body) == repr(BODY)
    assert pickle.loads(pickle.dumps(body)) == BODY
    assert type(copy.copy(body)) is dict
    with pytest.raises(KeyError):
        body["nothing"]
    with pytest.raises(TypeError):
        hash(body)


def test_bodies_that_hold_nothing_are_themselves() -> None:
    """A text or null has no places to remember."""
    assert record(None) is None
    assert record("text") == "text"
    assert places_read("text") == ("/",)


@pytest.mark.parametrize("extra", [(), ("-n", "2")], ids=["one process", "workers"])
def test_tests_of_a_consumer_write_a_uses_file(tmp_path: Path, extra: tuple[str, ...]) -> None:
    """The plugin collects what all tests read, also from the workers of xdist."""
    (tmp_path / "test_consumer.py").write_text(CONSUMER)
    command = ["-m", "pytest", "-p", "docsworn.compat.pytest_uses", "--uses-file", "uses.txt", *extra]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "uses.txt").read_text() == "/\n/status\n/turns\n/turns/*\n/turns/*/role\n"


CONSUMER = """
def test_one(record_uses):
    assert record_uses({"status": "done", "x": 1})["status"] == "done"

def test_two(record_uses):
    assert record_uses({"turns": [{"role": "user"}]})["turns"][0]["role"] == "user"
"""

"""``pytest checks`` holds providers to their contracts, an item per provider, operation and promise group."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from docsworn.bundled import bundled_dir
from docsworn.contract.packs import load_provider, pack_roots
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from docsworn.observe.history import History
from tests.fuzz.pack import IDS, KEY, serving, write_pack

WITHOUT_NEIGHBOUR = ("-p", "no:schemathesis")  # whose start takes longer than ours and all items


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """Tavus on a free port."""
    with Emulator([load_provider("tavus", pack_roots())]) as served:
        yield served


def suite(folder: Path, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the shipped suite as a user would, from a folder of one's own."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "TAVUS"))}
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            str(bundled_dir("checks")),
            "-v",
            "-p",
            "no:cacheprovider",
            *WITHOUT_NEIGHBOUR,
            *arguments,
        ],
        cwd=folder,
        env={**clean, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def keys(emulator: Emulator) -> dict[str, str]:
    """The environment of a user with a key."""
    return {"TAVUS_API_KEY": "sk-good", "TAVUS_CONVERSATION_IDS": ",".join(emulator.ids("tavus"))}


def test_every_promise_group_is_an_item(emulator: Emulator, tmp_path: Path) -> None:
    """A kept contract passes, each item named after provider, operation and check."""
    ended = suite(tmp_path, "--provider", "tavus", "--base-url", emulator.base_url, **keys(emulator))
    assert ended.returncode == 0, ended.stdout
    for check in ("status", "body_schema", "invariants", "identity", "reachable"):
        assert re.search(rf"\[tavus-get_conversation-{check}\] PASSED", ended.stdout)


def test_a_drift_fails_its_own_items(emulator: Emulator, tmp_path: Path) -> None:
    """What is broken fails the item that looks at it, with place, promise and source, without a value."""
    emulator.drift("tavus", Drift("set", pointer="/conversation_name", value=["private words"]))
    try:
        ended = suite(tmp_path, "--provider", "tavus", "--base-url", emulator.base_url, **keys(emulator))
    finally:
        emulator.drift("tavus", None)
    assert "[tavus-get_conversation-body_schema] PASSED" in ended.stdout  # inferred: a warning at first
    assert ended.returncode == 0
    emulator.drift("tavus", Drift("set", pointer="/conversation_id", value="c000000000000"))
    try:
        ended = suite(tmp_path, "--provider", "tavus", "--base-url", emulator.base_url, **keys(emulator))
    finally:
        emulator.drift("tavus", None)
    assert ended.returncode == 1
    assert "[tavus-get_conversation-identity] FAILED" in ended.stdout
    assert "error identity at /conversation_id" in ended.stdout
    assert "private words" not in ended.stdout
    assert "Traceback" not in ended.stdout


def test_the_emulator_needs_no_key(tmp_path: Path) -> None:
    """--emulator checks all three providers on the embedded emulator."""
    ended = suite(tmp_path, "--emulator")
    assert ended.returncode == 0, ended.stdout
    assert re.search(r"\d+ passed", ended.stdout)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--provider", "tavus"], "tavus: no key: set TAVUS_API_KEY or TAVUS_API_KEY_FILE"),
        (["--provider", "tavsu"], 'unknown provider "tavsu": did you mean "tavus"?'),
    ],
)
def test_bad_usage_is_a_sentence(tmp_path: Path, arguments: list[str], message: str) -> None:
    """pytest's usage error (exit 4) with our sentence, no traceback."""
    ended = suite(tmp_path, *arguments)
    assert ended.returncode == 4
    assert message in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stdout + ended.stderr


def test_a_damaged_history_is_told_and_the_api_asked_once(tmp_path: Path) -> None:
    """By its name, without a traceback; no item sends the requests of the one before again."""
    file = tmp_path / "torn.db"
    History(file).close()
    with closing(sqlite3.connect(file)) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
        (page,) = database.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'ledger'").fetchone()
    torn = bytearray(file.read_bytes())
    torn[(page - 1) * size : page * size] = b"Z" * size
    file.write_bytes(torn)
    contracts = write_pack(tmp_path / "contracts")
    with serving() as api:
        where = ("--contracts", str(contracts), "--base-url", api.url, "--history", "torn.db")
        ended = suite(tmp_path, "--provider", "madeup", *where, MADEUP_KEY=KEY, MADEUP_IDS=",".join(IDS))
        asked = list(api.asked)
    assert ended.returncode == 1
    assert "\ntorn.db: not a history file that can be used (database disk image is malformed)" in ended.stdout
    assert "Traceback" not in ended.stdout
    assert "rounds.py" not in ended.stdout
    assert len(asked) == len(set(asked))

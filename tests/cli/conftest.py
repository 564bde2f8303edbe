"""Runs the command line in this process, in an empty folder, without anybody's keys."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from docsworn.cli.main import run
from docsworn.contract.packs import load_provider, pack_roots
from docsworn.emulate.server import Emulator

PROVIDERS = ("elevenlabs", "speechify", "tavus")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code and what it printed."""

    code: int
    out: str
    err: str


Docsworn = Callable[..., Ended]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test starts in an empty folder with no key or id in the environment."""
    for name in list(os.environ):
        if name.endswith(("_API_KEY", "_API_KEY_FILE", "_CONVERSATION_IDS")):
            monkeypatch.delenv(name)
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def docsworn(capsys: pytest.CaptureFixture[str]) -> Docsworn:
    """``docsworn("check", "tavus")`` runs the command and says how it ended."""

    def call(*arguments: str) -> Ended:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return Ended(code, printed.out, printed.err)

    return call


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """The three providers on a free port."""
    roots = pack_roots()
    with Emulator([load_provider(name, roots) for name in PROVIDERS]) as served:
        yield served


@pytest.fixture
def keys(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key and the emulator's conversation ids for every provider, as a user would set them."""
    for name in PROVIDERS:
        monkeypatch.setenv(f"{name.upper()}_API_KEY", "sk-a-good-key")
        monkeypatch.setenv(f"{name.upper()}_CONVERSATION_IDS", ",".join(emulator.ids(name)))

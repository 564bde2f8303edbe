"""A check that crashes is our own fault, exit code 5, and hides nothing that the others found."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import junitparser
import pytest

from docsworn.check import rules
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from tests.cli.conftest import Docsworn

CRASHING = """
from docsworn.check.subject import Check

def _run(subject):
    raise LookupError(subject.parsed.value)

CHECK = Check(name="crashing", summary="crashes with what it was given", kinds=(), run=_run, order=1)
"""
SENTENCE = "the check crashing failed with LookupError"


@pytest.fixture
def crashing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A check of one's own that crashes, and quotes a body as it does."""
    (tmp_path / "crashing.py").write_text(CRASHING, encoding="utf-8")
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    yield
    sys.modules.pop(f"{rules.__name__}.crashing", None)


@pytest.fixture
def drifting(emulator: Emulator) -> Iterator[Emulator]:
    """Tavus with a field of another type."""
    emulator.drift("tavus", Drift("set", "/conversation_id", 7))
    yield emulator
    emulator.drift("tavus", None)


@pytest.mark.usefixtures("crashing", "keys")
def test_every_format_tells_both(docsworn: Docsworn, drifting: Emulator, tmp_path: Path) -> None:
    """The crash by its type, without what it quoted, and the findings of the others."""
    files = {name: tmp_path / f"report.{name}" for name in ("json", "junit", "html", "console")}
    exports = [part for name, file in files.items() for part in ("--export", f"{name}={file}")]
    history = tmp_path / "history.db"
    arguments = ("check", "tavus", "--base-url", drifting.base_url, "--history", str(history))
    ended = docsworn(*arguments, *exports)
    assert ended.code == 5
    assert ended.err == f"docsworn: docsworn's own fault, not the provider's: {SENTENCE}\n"
    assert "Traceback" not in ended.out
    for text in (ended.out, *(file.read_text(encoding="utf-8") for file in files.values())):
        assert SENTENCE in text
        assert "/conversation_id" in text
    (run,) = json.loads(files["json"].read_text(encoding="utf-8"))["runs"]
    assert run["own_faults"] == [SENTENCE]
    assert {finding["kind"] for finding in run["findings"]} >= {"type", "identity"}
    (suite,) = junitparser.JUnitXml.fromfile(str(files["junit"]))
    assert (suite.errors, suite.failures > 0) == (1, True)
    covered = docsworn("coverage", "tavus", "--history", str(history))
    assert (covered.code, "promises exercised" in covered.out) == (0, True)


@pytest.mark.usefixtures("crashing", "keys")
def test_watch_ends_with_it_too(docsworn: Docsworn, emulator: Emulator) -> None:
    """It rests no success on checks that crashed in silence."""
    ended = docsworn("watch", "tavus", "--once", "--base-url", emulator.base_url)
    assert (ended.code, SENTENCE in ended.err) == (5, True)


@pytest.mark.usefixtures("keys")
def test_what_cannot_be_evaluated_is_named(docsworn: Docsworn, emulator: Emulator, tmp_path: Path) -> None:
    """By its id, in the text, the JSON and the page, and it is not called kept."""
    emulator.drift("elevenlabs", Drift("drop", "/transcript"))
    files = {name: tmp_path / f"report.{name}" for name in ("json", "junit", "html")}
    exports = [part for name, file in files.items() for part in ("--export", f"{name}={file}")]
    try:
        ended = docsworn("check", "elevenlabs", "--base-url", emulator.base_url, *exports)
    finally:
        emulator.drift("elevenlabs", None)
    (run,) = json.loads(files["json"].read_text(encoding="utf-8"))["runs"]
    assert any("invariant" in promise for promise in run["not_evaluable"])
    assert len(run["not_evaluable"]) == run["promises"]["not_evaluable"]
    for promise in run["not_evaluable"]:
        assert f"not evaluable: {promise}" in ended.out
        assert all(promise in file.read_text(encoding="utf-8") for file in files.values())

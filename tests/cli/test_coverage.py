"""``docsworn coverage``: the promises that live traffic has exercised, across runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Docsworn


@pytest.fixture
def history(docsworn: Docsworn, tmp_path: Path) -> str:
    """The history of one run on the emulator."""
    path = str(tmp_path / "history.db")
    assert docsworn("check", "speechify", "--emulator", "--history", path).code == 0
    return path


def test_coverage_counts_what_was_exercised(docsworn: Docsworn, history: str) -> None:
    """Exercised and never exercised make up the contract; the list names places."""
    data = json.loads(docsworn("coverage", "speechify", "--history", history, "--json").out)
    (report,) = data["operations"]
    assert data["host"] == "emulator"
    assert report["exercised"] + len(report["never"]) == report["promises"]
    assert 0.8 < report["share"] <= 1
    shown = docsworn("coverage", "speechify", "--history", history)
    assert f"{report['exercised']} of {report['promises']} promises exercised" in shown.out
    assert shown.out.count("  never  ") == len(report["never"])


def test_a_threshold_is_for_ci(docsworn: Docsworn, history: str) -> None:
    """Below the threshold the exit code is 1."""
    assert docsworn("coverage", "speechify", "--history", history, "--threshold", "0.5").code == 0
    assert docsworn("coverage", "speechify", "--history", history, "--threshold", "1").code == 1


def test_coverage_adds_up_over_runs(docsworn: Docsworn, history: str) -> None:
    """Another run adds to the ledger and takes nothing away."""
    before = json.loads(docsworn("coverage", "speechify", "--history", history, "--json").out)
    docsworn("check", "speechify", "--emulator", "--history", history, "--only", "reachable")
    after = json.loads(docsworn("coverage", "speechify", "--history", history, "--json").out)
    assert after["operations"] == before["operations"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["speechify", "--history", "none.db"], "none.db: no such history"),
        (["tavus", "--history", "HISTORY"], "which host of tavus? In this history nothing was checked yet"),
        (["speechify", "--history", "HISTORY", "--host", "emulater"], 'did you mean "emulator"?'),
        (["speechify"], "Missing option '--history'"),
    ],
)
def test_bad_usage(docsworn: Docsworn, history: str, arguments: list[str], message: str) -> None:
    """What cannot be answered is a sentence and exit 2."""
    ended = docsworn("coverage", *(history if each == "HISTORY" else each for each in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err

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
    unseen = len(report["never"]) + len(report["not_evaluable"])
    assert report["exercised"] + unseen == report["promises"]
    assert report["kept"] + len(report["broken"]) == report["exercised"]
    assert 0.8 < report["share"] <= 1
    shown = docsworn("coverage", "speechify", "--history", history)
    assert f"{report['exercised']} of {report['promises']} promises exercised" in shown.out
    assert shown.out.count("  never  ") == len(report["never"])


def test_a_threshold_is_for_ci(docsworn: Docsworn, history: str) -> None:
    """Below the threshold the exit code is 1, and a line says so."""
    enough = docsworn("coverage", "speechify", "--history", history, "--threshold", "0.5")
    few = docsworn("coverage", "speechify", "--history", history, "--threshold", "1", "--json")
    assert (enough.code, enough.err) == (0, "")
    share = json.loads(few.out)["operations"][0]["share"]
    assert few.code == 1
    assert few.err == (
        f"get_conversation: {share:.1%} of its promises are exercised, less than the threshold of 100.0%\n"
    )


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
        (["tavus", "--history", "HISTORY"], "nothing of tavus is in this history yet: docsworn check tavus"),
        (["speechify", "--history", "."], ".: is a folder: name the file in it"),
        (["speechify", "--history", "HISTORY", "--host", "emulater"], 'did you mean "emulator"?'),
        (["speechify"], "Missing option '--history'"),
    ],
)
def test_bad_usage(docsworn: Docsworn, history: str, arguments: list[str], message: str) -> None:
    """What cannot be answered is a sentence and exit 2."""
    ended = docsworn("coverage", *(history if each == "HISTORY" else each for each in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_every_promise_has_one_of_four_states(docsworn: Docsworn, tmp_path: Path) -> None:
    """Kept, broken, not evaluable or never seen: over all runs, the worst that became of it."""
    history, file = str(tmp_path / "history.db"), tmp_path / "recorded.ndjson"
    recorded = ("check", "elevenlabs", "--recorded", str(file), "--history", history)
    coverage = ("coverage", "elevenlabs", "--history", history)
    file.write_text('{"status": 200, "body": {"agent_id": 1, "status": "done"}}\n', encoding="utf-8")
    assert docsworn(*recorded).code == 1
    (first,) = json.loads(docsworn(*coverage, "--json").out)["operations"]
    file.write_text('{"status": 200, "body": {"agent_id": "a", "status": "done"}}\n', encoding="utf-8")
    assert docsworn(*recorded).code == 1
    (second,) = json.loads(docsworn(*coverage, "--json").out)["operations"]
    for report in (first, second):
        names = [row["promise"] for state in ("broken", "not_evaluable", "never") for row in report[state]]
        assert len(names) == len(set(names)) == report["promises"] - report["kept"]
        assert "get_conversation.200:/agent_id#type" in {row["promise"] for row in report["broken"]}
        assert any(":invariant/" in row["promise"] for row in report["not_evaluable"])
        assert report["never"]
    shown = docsworn(*coverage).out
    assert "  broken  /agent_id  type: " in shown
    assert f"{len(second['not_evaluable'])} not evaluable, {len(second['never'])} never seen" in shown

"""The history on the command line: where it is, what it shows, what is new, and reports made later."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
from pathlib import Path

import junitparser
import pytest

from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from tests.cli.conftest import Docsworn

DAY = 86_400.0


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of its own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return tmp_path / "state" / "docsworn" / "history.sqlite"


def age(history: Path, days: float) -> None:
    """Make everything in a history older."""
    database = sqlite3.connect(history)
    with database:
        database.execute("UPDATE run SET at = at - ?", (days * DAY,))
        database.execute("UPDATE finding SET since = since - ?, last_seen = last_seen - ?", (days * DAY,) * 2)
    database.close()


@pytest.mark.usefixtures("keys")
def test_a_check_of_a_live_api_is_remembered(docsworn: Docsworn, emulator: Emulator, state: Path) -> None:
    """In the user's state folder, which nobody else may read; the emulator's is not."""
    assert docsworn("check", "speechify", "--emulator").code == 0
    assert not state.exists()
    ended = docsworn("check", "speechify", "--base-url", emulator.base_url)
    assert (ended.code, ended.err) == (0, "")
    assert stat.S_IMODE(state.parent.stat().st_mode) == 0o700
    (line,) = docsworn("history", "show").out.splitlines()
    assert line.startswith("speechify get_conversation v1 127.0.0.1:")
    assert "1 run from 20" in line
    assert line.endswith("0 open findings")
    (row,) = json.loads(docsworn("history", "show", "--json").out)["scopes"]
    assert (row["provider"], row["runs"], row["open"]) == ("speechify", 1, 0)


def test_runs_are_shown_in_pages(docsworn: Docsworn, tmp_path: Path) -> None:
    """The last runs of each, then those before them; as JSON too."""
    history = tmp_path / "history.db"
    check = ("check", "tavus", "--emulator", "--no-error-contract", "--history", str(history))
    for days in (2, 1, 0):
        assert docsworn(*check).code == 0
        age(history, days=1 if days else 0)
    show = ("history", "show", "--history", str(history))
    head, *lines = docsworn(*show, "--runs", "2").out.splitlines()
    assert (": 3 runs from " in head, len(lines)) == (True, 2)
    assert lines == sorted(lines, reverse=True)
    assert all(re.fullmatch(r"  \S+ \S+ UTC  kept    \d+ kept, 0 broken, \d+ unseen", line) for line in lines)
    (oldest,) = docsworn(*show, "--runs", "2", "--skip", "2").out.splitlines()[1:]
    assert oldest < lines[1]
    (row,) = json.loads(docsworn(*show, "--runs", "9", "--json").out)["scopes"]
    assert [run["verdict"] for run in row["rounds"]] == ["kept"] * 3
    assert row["rounds"][0]["available"] is True


@pytest.mark.usefixtures("keys")
def test_a_state_folder_that_cannot_be_written_is_a_notice(
    docsworn: Docsworn, emulator: Emulator, state: Path
) -> None:
    """The check itself goes on."""
    state.parents[1].write_text("a file where the folder should be", encoding="utf-8")
    ended = docsworn("check", "speechify", "--base-url", emulator.base_url)
    assert ended.code == 0
    assert ended.err.startswith("no history is kept: ")


@pytest.mark.usefixtures("keys")
def test_a_known_finding_does_not_keep_a_run_red(docsworn: Docsworn, emulator: Emulator, state: Path) -> None:
    """--fail-on new: exit 1 when it comes and when it comes back, 0 while it is open."""
    arguments = ("check", "elevenlabs", "--base-url", emulator.base_url)
    drift = Drift("set", pointer="/status", value="escalated")
    codes, states = [], []
    try:
        for change in (drift, drift, None, drift):
            emulator.drift("elevenlabs", change)
            ended = docsworn(*arguments, "--fail-on", "new", "--json")
            codes.append(ended.code)
            (run,) = json.loads(ended.out)["runs"]
            states += [finding["history"]["state"] for finding in (*run["findings"], *run["fixed"])]
        assert docsworn(*arguments).code == 1
        assert docsworn(*arguments, "--fail-on", "never").code == 0
    finally:
        emulator.drift("elevenlabs", None)
    assert codes == [1, 0, 0, 1]
    assert states == ["new", "open", "fixed", "reopened"]
    assert state.is_file()


@pytest.mark.usefixtures("keys")
def test_reports_are_made_later(docsworn: Docsworn, emulator: Emulator, tmp_path: Path) -> None:
    """What a check told, the history tells again in every format, for the providers that are asked for."""
    history = str(tmp_path / "h.sqlite")
    emulator.drift("elevenlabs", Drift("set", pointer="/status", value="escalated"))
    try:
        checked = docsworn("check", "--base-url", emulator.base_url, "--history", history, "--json")
    finally:
        emulator.drift("elevenlabs", None)
    told = docsworn("report", "--history", history, "--json")
    assert (checked.code, told.code) == (1, 0)
    before, after = json.loads(checked.out)["runs"], json.loads(told.out)["runs"]
    for run in (*before, *after):
        for finding in run["findings"]:
            del finding["reproduce"]  # of another host than the provider's own, only a check knows the URL
    assert before == after
    page, junit = tmp_path / "r.html", tmp_path / "r.xml"
    one = docsworn("report", "elevenlabs", "--history", history, "--html", str(page), "--junit", str(junit),
                   "--fail-on", "error", "--since", "1d")  # fmt: skip
    assert one.code == 1
    assert "NEW error enum /status (elevenlabs get_conversation)" in one.out
    assert "speechify" not in page.read_text(encoding="utf-8")
    assert junitparser.JUnitXml.fromfile(str(junit)).failures == 1


@pytest.mark.usefixtures("keys")
def test_github_gets_annotations_and_a_summary(
    docsworn: Docsworn, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commands on standard output (beside JSON on standard error), Markdown after what stood there."""
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    arguments = (
        "check",
        "elevenlabs",
        "--base-url",
        emulator.base_url,
        "--history",
        str(tmp_path / "h"),
        "--github",
    )
    emulator.drift("elevenlabs", Drift("set", pointer="/status", value="escalated"))
    try:
        plain, programs = docsworn(*arguments), docsworn(*arguments, "--json")
    finally:
        emulator.drift("elevenlabs", None)
    assert "::error title=elevenlabs enum /status::new; documented: " in plain.out
    assert json.loads(programs.out)["schema"] == 1
    assert programs.err.startswith("::error title=elevenlabs enum /status::open since ")
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n# docsworn\n")
    assert text.count("# docsworn\n") == 2


@pytest.mark.usefixtures("keys")
def test_prune_leaves_out_what_is_old(docsworn: Docsworn, emulator: Emulator, tmp_path: Path) -> None:
    """Older runs and findings that were fixed go; what was learned and what still stands remain."""
    history = tmp_path / "h.sqlite"
    arguments = ("check", "tavus", "--base-url", emulator.base_url, "--history", str(history))
    for place in ("/status", "/conversation_name", None):
        emulator.drift("tavus", None if place is None else Drift("set", pointer=place, value=5))
        docsworn(*arguments)
    emulator.drift("tavus", Drift("set", pointer="/status", value=5))
    docsworn(*arguments)
    emulator.drift("tavus", None)
    age(history, 100)
    docsworn(*arguments, "--no-error-contract", "--only", "reachable")
    before = sqlite3.connect(history).execute("SELECT count(*) FROM ledger").fetchone()
    ended = docsworn("history", "prune", "--keep", "90d", "--history", str(history))
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == "left out 4 runs and 1 fixed finding of more than 90d ago; 1 run kept\n"
    database = sqlite3.connect(history)
    assert database.execute("SELECT count(*) FROM ledger").fetchone() == before
    assert database.execute("SELECT count(DISTINCT run) FROM exchange").fetchone() == (1,)
    assert database.execute("SELECT pointer FROM finding").fetchall() == [("/status",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.usefixtures("keys")
def test_a_report_tells_only_of_its_time(docsworn: Docsworn, emulator: Emulator, tmp_path: Path) -> None:
    """What was last checked before it is not told of, and that is said."""
    history = tmp_path / "h.sqlite"
    docsworn("check", "tavus", "--base-url", emulator.base_url, "--history", str(history))
    age(history, 3)
    assert docsworn("report", "--history", str(history), "--since", "4d").code == 0
    ended = docsworn("report", "--history", str(history), "--since", "2d")
    assert (ended.code, ended.out) == (2, "")
    assert "nothing was checked in that time" in ended.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("history prune --keep 90", '"90" is no length of time: write 90d, 12h, 30m or 2w'),
        ("history prune --keep 0d", '"0d" is no length of time: write 90d, 12h, 30m or 2w'),
        ("report --since yesterday", '"yesterday" is no length of time: write 90d, 12h, 30m or 2w'),
        ("report --history gone", "gone: no such history: docsworn check writes one"),
        ("history show --history gone", "gone: no such history: docsworn check writes one"),
    ],
)
def test_bad_usage_is_one_sentence(docsworn: Docsworn, arguments: str, message: str) -> None:
    """Exit 2, nothing on stdout, and no file is made."""
    ended = docsworn(*arguments.split())
    assert (ended.code, ended.out, ended.err) == (2, "", f"docsworn: {message}\n")
    assert not Path("gone").exists()


@pytest.mark.usefixtures("keys")
def test_a_name_that_is_not_in_the_history_gets_a_guess(
    docsworn: Docsworn, emulator: Emulator, tmp_path: Path
) -> None:
    """Providers and hosts are those that were checked."""
    history = str(tmp_path / "h.sqlite")
    docsworn("check", "tavus", "--base-url", emulator.base_url, "--history", history)
    ended = docsworn("report", "tavsu", "--history", history)
    assert ended.err == 'docsworn: unknown provider of this history "tavsu": did you mean "tavus"?\n'
    ended = docsworn("report", "--host", "elsewhere", "--history", history)
    assert ended.err.startswith('docsworn: unknown host "elsewhere": known: 127.0.0.1:')

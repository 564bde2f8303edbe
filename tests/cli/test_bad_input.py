"""Words and files that do not fit: one exact sentence, the exit code, no traceback, nothing of a value."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from docsworn.emulate.server import Emulator
from tests.cli.conftest import Docsworn

HISTORY = "not a history file that can be used"
TORN = (
    f"docsworn: torn.db: {HISTORY} (database disk image is malformed): move it away, and a new one begins, or"
    " restore a copy (in CI: the artifact of an earlier run)\n"
)
EMULATED = "check tavus --emulator --history"


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history that a real check has written."""
    from docsworn.cli.main import run

    file = tmp_path_factory.mktemp("history") / "good.db"
    assert run(["check", "speechify", "--emulator", "--history", str(file)]) == 0
    return file


@pytest.fixture
def files(empty_folder: Path, history: Path) -> Path:
    """The folder with files that are not what they should be."""
    (empty_folder / "dir").mkdir()
    (empty_folder / "text.db").write_text("no database", encoding="utf-8")
    (empty_folder / "empty.ndjson").write_bytes(b"\n")
    whole = history.read_bytes()
    (empty_folder / "cut.db").write_bytes(whole[:9000])
    for name, table in {"torn.db": "ledger", "broken.db": "run"}.items():
        torn = bytearray(whole)
        start, size = _pages(history, table)
        torn[start : start + size] = b"Z" * size
        (empty_folder / name).write_bytes(torn)
    shutil.copy(history, empty_folder / "good.db")
    newer = sqlite3.connect(empty_folder / "good.db")
    newer.execute("PRAGMA user_version = 99")
    newer.commit()
    newer.close()
    (empty_folder / "0123456789ab.json").write_text("{}", encoding="utf-8")
    return empty_folder


def _pages(file: Path, table: str) -> tuple[int, int]:
    """Where a table's first page begins in a database, and how long a page is."""
    with closing(sqlite3.connect(file)) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = database.execute(query, (table,)).fetchone()
    return (page - 1) * size, size


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (f"{EMULATED} dir", 2, f"dir: {HISTORY} (unable to open database file)"),
        (f"{EMULATED} nowhere/x.db", 2, "nowhere/x.db: there is no such folder: make it first"),
        (f"{EMULATED} text.db", 2, f"text.db: {HISTORY} (file is not a database)"),
        (f"{EMULATED} cut.db", 2, f"cut.db: {HISTORY} (database disk image is malformed)"),
        (f"{EMULATED} torn.db", 2, TORN),
        (f"{EMULATED} good.db", 2, "good.db: written by a newer docsworn (history version 99)"),
        ("coverage speechify --history torn.db", 2, TORN),
        ("watch tavus --once --emulator --history torn.db", 2, TORN),
        ("report --history torn.db", 2, TORN),
        ("history prune --keep 1d --history broken.db", 2, TORN.replace("torn", "broken")),
        ("history show --runs 1 --history broken.db", 2, TORN.replace("torn", "broken")),
        ("coverage speechify --history nowhere.db", 2, "nowhere.db: no such history"),
        ("coverage speechify", 2, "Missing option '--history'."),
        ("coverage speechify --history text.db --threshold 2", 2, "should be less than or equal to 1"),
        ("coverage speechify --history text.db --threshold nan", 2, "should be less than or equal to 1"),
        ("coverage spechify --history text.db", 2, 'unknown provider "spechify": did you mean "speechify"?'),
        ("check tavus --emulator --ca nowhere.pem", 2, "--ca goes with an API of your own"),
        ("check tavus --emulator --export html=nowhere/x.html", 2, "nowhere/x.html: cannot be written"),
        ("check tavus --emulator --junit dir", 2, "dir: cannot be written: it is a folder"),
        ("check tavus --emulator --html a --junit a", 2, "a: html and junit cannot go into one file"),
        ("check tavus --emulator --export json=a --html a", 2, "a: html and json cannot go into one file"),
        ("check tavus --emulator --fail-on none", 2, "Invalid value for '--fail-on': 'none' is not one of"),
        ("check tavus --recorded nowhere.ndjson", 2, "nowhere.ndjson: cannot be read"),
        ("check tavus --recorded dir", 2, "dir: cannot be read: Is a directory"),
        ("check tavus --recorded empty.ndjson", 2, "empty.ndjson: is empty"),
        ("check tavus --base-url http://127.0.0.1:99999", 2, "the base URL cannot be read"),
        ("check tavus --base-url https://me:secret@x", 2, "the base URL holds a user or a password"),
        ("fuzz requests tavus --emulator --max-requests 0", 2, "greater than or equal to 1"),
        ("fuzz requests tavus --emulator --max-requests 100000000", 2, "less than or equal to 10000"),
        ("fuzz requests tavus --emulator --seed x", 2, "should be a valid integer"),
        ("fuzz bodies tavus@v9", 2, 'unknown revision of tavus "v9"'),
        ("fuzz bodies tavus --max-bodies -1", 2, "greater than or equal to 0"),
        ("replay ../x --emulator", 2, "a replay id is 12 hex digits"),
        (
            "replay 0123456789ac --store . --emulator",
            2,
            'unknown replay id in . "0123456789ac": did you mean',
        ),
        ("replay 0123456789ab --store . --emulator", 2, "is no stored request of docsworn"),
        ("replay 0123456789ab --store text.db --emulator", 2, "cannot be read: Not a directory"),
        ("watch tavus --once --emulator --history text.db", 2, f"text.db: {HISTORY}"),
    ],
)
def test_one_sentence_and_the_code(docsworn: Docsworn, arguments: str, code: int, message: str) -> None:
    """What was seen and what would fit, on stderr."""
    ended = docsworn(*arguments.split())
    assert (ended.code, message in ended.err) == (code, True), ended.err
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert "secret" not in ended.err


def test_a_full_disk_takes_one_report_and_not_the_others(docsworn: Docsworn) -> None:
    """What could be written is there, what could not is named, and the result was printed."""
    ended = docsworn("check", "tavus", "--emulator", "--html", "/dev/full", "--junit", "report.xml")
    assert (ended.code, ended.err) == (2, "docsworn: /dev/full: cannot be written: No space left on device\n")
    assert "1 operation: 1 kept" in ended.out
    assert "</testsuites>" in Path("report.xml").read_text()


@pytest.mark.parametrize(
    "line",
    [
        {"status": 200, "body": "\ud800"},
        {"status": 200, "body": {}, "id": "\ud800"},
        {"status": 200, "body": {}, "query": {"\ud800": "\ud800"}},
        {"status": 200, "body": {"id": "\ud800"}, "headers": {"\ud800": "\ud800"}},
    ],
    ids=["body", "id", "query", "headers"],
)
def test_half_a_surrogate_in_a_recorded_response(docsworn: Docsworn, tmp_path: Path, line: object) -> None:
    """JSON can spell it, no encoding can: a finding or nothing, and no fault of ours."""
    file = tmp_path / "recorded.ndjson"
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    ended = docsworn("check", "speechify", "--recorded", str(file), "--json")
    assert (ended.code, ended.err) == (1, "")
    assert not json.loads(ended.out)["runs"][0]["own_faults"]


def test_an_id_that_is_no_utf8(
    docsworn: Docsworn, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The environment may hold any bytes; they are asked for as they are, and the id is unknown."""
    monkeypatch.setenv("SPEECHIFY_API_KEY", "sk-a-good-key")
    monkeypatch.setenv("SPEECHIFY_CONVERSATION_IDS", f"\udcff\udcfe,{emulator.ids('speechify')[0]}")
    ended = docsworn("check", "speechify", "--base-url", emulator.base_url, "--json")
    assert (ended.code, ended.err) == (1, "")
    (run,) = json.loads(ended.out)["runs"]
    assert [finding["reason"] for finding in run["findings"]] == ["refused"]

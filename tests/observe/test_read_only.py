"""A history in a folder that cannot be written is read whole, or it is said why it cannot be."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from docsworn.observe import schema, snapshot
from docsworn.observe.history import History
from docsworn.observe.migrate import migrate, step_files
from docsworn.observe.unusable import Database, HistoryError
from tests.observe.rounds import GOOD, sample, see

COMPILED = sample()
RUNS = """
import sys
from pathlib import Path
from docsworn.errors import ConfigError
from docsworn.observe.history import History
try:
    with History(Path(sys.argv[1]), reading=True) as known:
        print(len(known.runs()), "runs")
except ConfigError as error:
    print(error)
"""
VERB = "import sys; from docsworn.cli.main import run; sys.exit(run(sys.argv[1:]))"
Read = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Path]:
    """A folder that is made read-only once a program is run with ``read``."""
    folder = tmp_path / "a locked? folder"
    folder.mkdir()
    yield folder
    folder.chmod(0o755)


@pytest.fixture
def read(locked: Path, require: Callable[[str], str]) -> Read:
    """Runs a program that may not write ``locked``; root does without its privileges for that."""
    own = [require("setpriv"), "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []

    def run(program: str, *arguments: object) -> subprocess.CompletedProcess[str]:
        locked.chmod(0o555)
        command = [*own, sys.executable, "-c", program, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True)

    return run


def write(file: Path, at: float) -> None:
    """Record one run."""
    with History(file) as known:
        see(COMPILED, known, GOOD, at=at)


def test_verbs_that_read_need_not_write(locked: Path, read: Read) -> None:
    """They tell the same as where they may write; what would write says that it cannot."""
    file = locked / "h.db"
    made = read(
        VERB, "check", "tavus", "--emulator", "--no-error-contract", "--history", locked.parent / "h.db"
    )
    assert made.returncode == 0, made.stderr
    shutil.copy(locked.parent / "h.db", file)
    for verb in (("history", "show"), ("coverage", "tavus"), ("report", "--json")):
        there = read(VERB, *verb, "--history", file)
        usual = read(VERB, *verb, "--history", locked.parent / "h.db")
        assert (there.returncode, there.stderr) == (0, "")
        assert there.stdout == usual.stdout.replace(str(locked.parent / "h.db"), str(file))
    refused = read(VERB, "history", "prune", "--keep", "1d", "--history", file)
    assert refused.returncode == 2
    assert "see who may write it and its folder" in refused.stderr
    assert [each.name for each in locked.iterdir()] == ["h.db"]


def test_what_a_living_writer_has_not_moved_into_the_file_is_read(locked: Path, read: Read) -> None:
    """Its newest runs are beside the file, in the log that it has open."""
    file = locked / "h.db"
    with History(file) as known:
        for at in (1.0, 2.0, 3.0):
            see(COMPILED, known, GOOD, at=at)
        assert read(RUNS, file).stdout == "3 runs\n"


def test_a_log_that_was_left_behind_is_read_or_told(locked: Path, read: Read, tmp_path: Path) -> None:
    """With its index SQLite can read it; alone it cannot, and then the file alone would be old."""
    with History(tmp_path / "h.db") as known:
        see(COMPILED, known, GOOD, at=1.0)
        for name in ("h.db", "h.db-wal", "h.db-shm"):
            shutil.copy(tmp_path / name, locked)
    assert read(RUNS, locked / "h.db").stdout == "1 runs\n"
    locked.chmod(0o755)
    (locked / "h.db-shm").unlink()
    told = read(RUNS, locked / "h.db").stdout
    assert told.startswith(
        f"{locked / 'h.db'}: not a history file that can be used (h.db-wal beside it belongs "
    )
    assert told.endswith(": copy both into a folder that can be written, and name the copy\n")
    locked.chmod(0o755)
    shutil.copy(locked / "h.db", tmp_path / "copied.db")
    shutil.copy(locked / "h.db-wal", tmp_path / "copied.db-wal")
    assert read(RUNS, tmp_path / "copied.db").stdout == "1 runs\n"


def test_an_empty_log_holds_nothing(locked: Path, read: Read) -> None:
    """A file is whole where the log beside it is empty; a link to it is followed to what is beside it."""
    write(locked / "h.db", 1.0)
    (locked / "h.db-wal").touch()
    (locked.parent / "link.db").symlink_to(locked / "h.db")
    assert read(RUNS, locked.parent / "link.db").stdout == "1 runs\n"


def test_a_transaction_that_was_broken_off_is_told(locked: Path, read: Read) -> None:
    """The file alone would be half of before and half of after."""
    file, half = locked.parent / "h.db", locked / "h.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        for statement in (
            *("PRAGMA cache_size = 1", "PRAGMA cache_spill = ON", "CREATE TABLE one (x)", "BEGIN"),
            *["INSERT INTO one VALUES (zeroblob(9999))"] * 20,
        ):
            database.execute(statement)
        for name in ("h.db", "h.db-journal"):
            shutil.copy(file.parent / name, locked)
    half.chmod(0o444)
    assert "(h.db-journal beside it belongs to it and cannot be read from here)" in read(RUNS, half).stdout


def test_an_older_file_comes_forward_in_memory(locked: Path, read: Read) -> None:
    """The file itself stays as it is."""
    file, steps = locked / "h.db", step_files()
    with closing(sqlite3.connect(file, isolation_level=None, factory=Database)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        migrate(database, "h.db", dict(list(steps.items())[:1]))
    before = file.read_bytes()
    assert read(RUNS, file).stdout == "0 runs\n"
    assert file.read_bytes() == before


def test_a_copy_in_memory_takes_no_writes(tmp_path: Path) -> None:
    """What would be lost is refused."""
    write(tmp_path / "h.db", 1.0)
    with closing(snapshot.snapshot(tmp_path / "h.db", "h.db")) as copied:
        assert copied.execute("SELECT count(*) FROM run").fetchone() == (1,)
        with pytest.raises(HistoryError, match="it cannot be written"):
            copied.execute("DELETE FROM run")


@pytest.mark.parametrize("late", [False, True])
def test_a_file_that_is_written_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    """Where nothing can be locked, no mixture of before and after is shown."""
    file = tmp_path / "h.db"
    write(file, 1.0)
    whole = snapshot._copied

    def copied(source: Path, query: str, name: str) -> sqlite3.Connection:
        if "immutable" not in query:
            error = sqlite3.OperationalError("as in a folder that cannot be written")
            error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
            raise error
        if not late:
            write(file, 2.0)
            return whole(source, query, name)
        made = whole(source, query, name)
        file.with_name("h.db-wal").write_bytes(b"a writer is at work")
        return made

    monkeypatch.setattr(snapshot, "_copied", copied)
    with pytest.raises(
        HistoryError, match=r"h\.db: .*(another process writes it|h\.db-wal beside it belongs)"
    ):
        snapshot.snapshot(file, "h.db")


def test_nobody_waits_for_a_right_to_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only another process at work is worth waiting for."""
    with closing(sqlite3.connect(tmp_path / "h.db")) as database:
        database.execute("CREATE TABLE one (x)")
    monkeypatch.delattr("docsworn.observe.schema.time.sleep")
    uri = f"{(tmp_path / 'h.db').as_uri()}?mode=ro"
    reading = sqlite3.connect(uri, uri=True)
    with closing(reading), pytest.raises(sqlite3.OperationalError, match="readonly"):
        schema._write_ahead(reading)

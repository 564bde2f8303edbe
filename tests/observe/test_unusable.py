"""A history that is damaged, held or full: the file is named, with what was seen and what to do."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from docsworn.errors import ConfigError
from docsworn.observe import unusable
from docsworn.observe.history import History
from docsworn.observe.journal import Journal
from docsworn.observe.unusable import Database, HistoryError
from tests.observe.boats import sail, voyages

TABLES = ("streak", "ledger", "run", "exchange", "finding", "profile", "spent", "mark", "meta", "migration")
MEND = "move it away, and a new one begins, or restore a copy"
BOATS = voyages()
_UNUSABLE = "not a history file that can be used"
_SAID = (
    f"{_UNUSABLE} (database disk image is malformed): ",
    f"{_UNUSABLE} (file is not a database): ",
    f"{_UNUSABLE} (what it holds cannot be read): ",
    "a database, but not a history of docsworn",
    "written by a newer docsworn",  # the names of its steps are others
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A history file that has seen two voyages."""
    file = tmp_path_factory.mktemp("whole") / "h.db"
    with History(file) as opened:
        sail(BOATS, opened, ("c1", "c2"), 12)
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file.read_bytes()


def use(file: Path) -> None:
    """Read and write all that a history can."""
    with History(file) as known:
        sail(BOATS, known, ("c1", "c2"), 1)
        for scope in known.scopes():
            known.ledger(scope)
            known.hosts(scope.provider)
            known.findings(scope)
            known.states(scope)
            known.trend(scope)
            for run in known.runs(scope):
                known.exchanges(run)
        known.prune(0.0)
    with Journal(file) as journal:
        journal.mark("someone", "something", 1.0)
        journal.marked("someone", "something")


def test_a_whole_one_is_used(whole: bytes, tmp_path: Path) -> None:
    """What the other tests do to damaged files goes well with one that is not."""
    (tmp_path / "h.db").write_bytes(whole)
    use(tmp_path / "h.db")


@pytest.mark.parametrize("table", TABLES)
def test_a_damaged_table_is_told_with_the_file(whole: bytes, tmp_path: Path, table: str) -> None:
    """Wherever it is noticed: at the opening, in a round, or as a report reads."""
    file = tmp_path / "torn.db"
    file.write_bytes(whole)
    with closing(sqlite3.connect(file)) as database:
        (size,) = database.execute("PRAGMA page_size").fetchone()
        query = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = database.execute(query, (table,)).fetchone()
    torn = bytearray(whole)
    torn[(page - 1) * size : page * size] = b"Z" * size
    file.write_bytes(torn)
    with pytest.raises(HistoryError, match=f"torn.db: not a history file that can be used .*{MEND}") as told:
        use(file)
    assert told.value.is_damaged


@pytest.mark.parametrize("seed", range(12))
def test_no_damage_is_our_own_fault_or_quotes_the_file(whole: bytes, tmp_path: Path, seed: int) -> None:
    """Bytes of text that are others than were written: SQLite itself does not notice."""
    rng, torn, file = random.Random(seed), bytearray(whole), tmp_path / "torn.db"
    for _ in range(40):
        torn[rng.randrange(100, len(torn))] = rng.randrange(256)
    file.write_bytes(torn)
    said = ""
    try:
        use(file)
    except ConfigError as error:
        said = str(error)
    assert not said or any(f"torn.db: {each}" in said for each in _SAID)
    assert len(said) < 300 + len(str(file))


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE profile SET situation = 'no JSON' || situation",
        "UPDATE profile SET state = '{}'",
        "UPDATE streak SET context = '[' || promise",
        "UPDATE run SET kinds = '[\"none\"]'",
        "UPDATE exchange SET purpose = 'none'",
        "DELETE FROM meta",
    ],
)
def test_what_is_whole_for_sqlite_and_not_for_us(whole: bytes, tmp_path: Path, damage: str) -> None:
    """A text that is no JSON, a word that we do not write: the file is named, and nothing of it shown."""
    file = tmp_path / "odd.db"
    file.write_bytes(whole)
    with closing(sqlite3.connect(file)) as database:
        database.execute(damage)
        database.commit()
    with pytest.raises(HistoryError, match=r"odd\.db: .*\(what it holds cannot be read\): move it away"):
        use(file)


def test_one_that_another_process_holds(tmp_path: Path) -> None:
    """It is not damaged: waiting helps."""
    file = tmp_path / "held.db"
    with History(file) as known, closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        known._database.execute("PRAGMA busy_timeout = 1")
        with pytest.raises(HistoryError, match=r"held\.db: .*another process has held it.*try again") as told:
            sail(BOATS, known, ("c1",), 1)
        assert not told.value.is_damaged
        other.execute("ROLLBACK")
        sail(BOATS, known, ("c1",), 1)


def test_one_that_has_no_room(tmp_path: Path) -> None:
    """A full disk, as SQLite sees it."""
    file = tmp_path / "full.db"
    with History(file) as known:
        known._database.execute("PRAGMA max_page_count = 1")
        with pytest.raises(HistoryError, match=r"full\.db: .*no space is left.*make room"):
            sail(BOATS, known, ("c1", "c2"), 30)


def test_our_own_faults_stay_what_they_are() -> None:
    """A statement of ours that breaks a rule of ours is no damage of a file."""
    database = sqlite3.connect(":memory:", factory=Database)
    database.execute("CREATE TABLE one (x PRIMARY KEY)")
    database.execute("INSERT INTO one VALUES (1)")
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("INSERT INTO one VALUES (1)")
    with pytest.raises(sqlite3.ProgrammingError):
        database.executemany("INSERT INTO one VALUES (?)", [(1, 2)])
    with pytest.raises(HistoryError, match=r"memory: .*what it holds cannot be read"):
        unusable.reads_rows(lambda _: int("x"))(database)

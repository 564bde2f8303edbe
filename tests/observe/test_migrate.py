"""A history file comes forward step by step, whoever opens it, and never loses a step half done."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.errors import ConfigError
from docsworn.observe.history import History
from docsworn.observe.migrate import migrate, statements, step_files

OPEN = """
import pathlib, sys
from docsworn.observe.history import History
History(pathlib.Path(sys.argv[1])).close()
"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection as the history opens it."""
    return sqlite3.connect(path, isolation_level=None, timeout=10)


def write_steps(folder: Path, **scripts: str) -> dict[str, Path]:
    """SQL files by name."""
    for name, script in scripts.items():
        (folder / f"{name}.sql").write_text(script, encoding="utf-8")
    return dict(step_files(folder))


def applied(database: sqlite3.Connection) -> list[str]:
    """The steps that a file remembers."""
    return [name for (name,) in database.execute("SELECT name FROM migration ORDER BY position")]


def test_a_file_of_the_first_version_comes_forward_with_its_rows(tmp_path: Path) -> None:
    """What docsworn 0.1 wrote keeps its salt, and gets all later steps."""
    path = tmp_path / "old.db"
    old = connect(path)
    for statement in statements(step_files()["0001_lessons"].read_text(encoding="utf-8")):
        old.execute(statement)
    old.execute("PRAGMA user_version = 1")
    before = old.execute("SELECT * FROM meta").fetchall()
    old.close()
    History(path).close()
    new = connect(path)
    assert new.execute("SELECT * FROM meta").fetchall() == before
    steps = {**step_files(), **write_steps(tmp_path, **{"9999_more": "CREATE TABLE more (x);"})}
    migrate(new, "old.db", steps)
    assert applied(new) == list(steps)
    assert new.execute("PRAGMA user_version").fetchone() == (len(steps),)


def test_steps_that_land_side_by_side_both_come(tmp_path: Path) -> None:
    """A step whose name sorts before one that was applied already is applied too."""
    database = connect(tmp_path / "h.db")
    steps = write_steps(tmp_path, **{"0001_lessons": "CREATE TABLE a (x) ;", "0003_c": "CREATE TABLE c (x);"})
    migrate(database, "h.db", steps)
    steps = write_steps(tmp_path, **{"0002_b": "CREATE TABLE b (x);", "0003_a": "CREATE TABLE d (x);"})
    migrate(database, "h.db", steps)
    assert applied(database) == ["0001_lessons", "0003_c", "0002_b", "0003_a"]


def test_a_step_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """The steps before it stay, and of the step itself no table is there."""
    database = connect(tmp_path / "h.db")
    steps = write_steps(
        tmp_path, **{"0001_lessons": "CREATE TABLE a (x);", "0002_bad": "CREATE TABLE b (x);\nNO SQL;"}
    )
    with pytest.raises(sqlite3.OperationalError):
        migrate(database, "h.db", steps)
    assert applied(database) == ["0001_lessons"]
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert tables == {"a", "migration"}


def test_a_step_of_a_newer_docsworn_is_refused(tmp_path: Path) -> None:
    """The sentence names the step, and the file is left as it is."""
    path = tmp_path / "h.db"
    History(path).close()
    database = connect(path)
    later = write_steps(tmp_path, **{"9999_later": "CREATE TABLE later (x);"})
    migrate(database, "h.db", {**step_files(), **later})
    with pytest.raises(ConfigError, match=r"/h\.db: written by a newer docsworn \(history step 9999_later\)"):
        History(path)


def test_several_processes_bring_one_file_forward(tmp_path: Path) -> None:
    """Each step comes once, however many open the file at the same moment."""
    path = tmp_path / "h.db"
    opening = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(path)], stderr=subprocess.PIPE) for _ in range(4)
    ]
    errors = [process.communicate()[1] for process in opening]
    assert errors == [b""] * 4
    database = connect(path)
    assert database.execute("SELECT count(*) FROM meta").fetchone() == (1,)
    assert database.execute("PRAGMA user_version").fetchone() == (len(step_files()),)


def test_all_tables_are_strict() -> None:
    """SQLite itself holds every column to its type."""
    database = sqlite3.connect(":memory:", isolation_level=None)
    migrate(database, "memory")
    tables = database.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    assert len(tables) >= 4
    assert [name for name, strict in tables if not strict] == []


@given(st.lists(st.sampled_from(["SELECT 1;", "SELECT ';';", "-- a; b\nSELECT 2;", "SELECT\n  3\n;"])))
def test_a_script_is_parted_into_its_statements(parts: list[str]) -> None:
    """Semicolons in texts and comments end nothing."""
    assert [statement.strip() for statement in statements("\n".join(parts))] == parts

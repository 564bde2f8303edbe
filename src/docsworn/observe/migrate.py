"""Brings a history file forward: one SQL file a step, one transaction each, in the order of their names.

A file remembers the names of its steps, so that steps written side by side need no common counter.
``user_version`` counts them, which is what docsworn 0.1 looks at to refuse a file newer than itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from docsworn.errors import ConfigError

STEPS = Path(__file__).parent / "migrations"

# What a file of docsworn 0.1 has, which counted its steps and did not name them.
_FIRST = "0001_lessons"
_NAMES = """
CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, position INTEGER NOT NULL) STRICT, WITHOUT ROWID
"""
_APPLIED = "INSERT INTO migration SELECT ?, count(*) + 1 FROM migration"


def migrate(database: sqlite3.Connection, name: str, steps: Mapping[str, Path] | None = None) -> None:
    """Apply the steps that a database lacks; ``name`` is the file's, for errors.

    ConfigError for a database that is no history, or that has steps we do not know.
    """
    known = step_files() if steps is None else steps
    for step in _missing(database, name, known):
        with transaction(database):
            # Another process may have been faster.
            if step in _missing(database, name, known):
                _apply(database, step, known[step])


def step_files(folder: Path = STEPS) -> Mapping[str, Path]:
    """The steps in order, by name."""
    return {path.stem: path for path in sorted(folder.glob("*.sql"))}


def statements(script: str) -> Iterator[str]:
    """The statements of an SQL script one by one; what is never completed is the last."""
    gathered = ""
    for line in script.splitlines(keepends=True):
        gathered += line
        if sqlite3.complete_statement(gathered):
            yield gathered
            gathered = ""
    if gathered.strip():
        yield gathered


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """All of it or nothing; others who write wait meanwhile."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:
            database.execute("ROLLBACK")
        raise


def _missing(database: sqlite3.Connection, name: str, known: Mapping[str, Path]) -> Sequence[str]:
    tables = {table for (table,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if tables and not version:
        raise ConfigError(f"{name}: a database, but not a history of docsworn")
    applied = {_FIRST} if tables else set[str]()
    if "migration" in tables:
        applied = {step for (step,) in database.execute("SELECT name FROM migration")}
    unknown = sorted(applied - known.keys())
    if unknown or version > len(known):
        what = f"step {unknown[-1]}" if unknown else f"version {version}"
        raise ConfigError(f"{name}: written by a newer docsworn (history {what}): update docsworn")
    return [step for step in known if step not in applied]


def _apply(database: sqlite3.Connection, step: str, script: Path) -> None:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    database.execute(_NAMES)
    if version == 1 and not database.execute("SELECT count(*) FROM migration").fetchone()[0]:
        database.execute(_APPLIED, (_FIRST,))
    for statement in statements(script.read_text(encoding="utf-8")):
        database.execute(statement)
    database.execute(_APPLIED, (step,))
    database.execute(f"PRAGMA user_version = {version + 1}")

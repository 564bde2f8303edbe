"""The history file's tables, and how a file is opened: SQLite, WAL, strict; it holds no values."""

from __future__ import annotations

import secrets
import sqlite3
import time
from pathlib import Path

from docsworn.errors import ConfigError

VERSION = 1
_BUSY_SECONDS = 10.0

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE streak (
  host TEXT NOT NULL, provider TEXT NOT NULL, operation TEXT NOT NULL, revision TEXT NOT NULL,
  context TEXT NOT NULL, promise TEXT NOT NULL,
  length INTEGER NOT NULL, first_conversation TEXT NOT NULL, several INTEGER NOT NULL,
  PRIMARY KEY (host, provider, operation, revision, context, promise)
) STRICT, WITHOUT ROWID;
CREATE TABLE ledger (
  host TEXT NOT NULL, provider TEXT NOT NULL, operation TEXT NOT NULL, revision TEXT NOT NULL,
  promise TEXT NOT NULL,
  kept INTEGER NOT NULL, broken INTEGER NOT NULL, not_evaluable INTEGER NOT NULL, last_seen REAL NOT NULL,
  PRIMARY KEY (host, provider, operation, revision, promise)
) STRICT, WITHOUT ROWID;
"""


def open_database(path: Path | None) -> sqlite3.Connection:
    """The database of a history file, made where it is not there; None keeps it in memory.

    ConfigError for a file that is no history, or was written by a newer docsworn.
    """
    name = "memory" if path is None else path.name
    try:
        database = sqlite3.connect(
            ":memory:" if path is None else path,
            isolation_level=None,
            check_same_thread=False,
            timeout=_BUSY_SECONDS,
        )
        _write_ahead(database)
        database.execute("PRAGMA synchronous = NORMAL")
        _prepare(database, name)
    except (sqlite3.DatabaseError, OSError) as error:
        raise ConfigError(f"{name}: not a history file that can be used ({error})") from None
    return database


def _write_ahead(database: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait for others that do the same, so we do."""
    deadline = time.monotonic() + _BUSY_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _prepare(database: sqlite3.Connection, name: str) -> None:
    database.execute("BEGIN IMMEDIATE")
    try:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            raise ConfigError(f"{name}: written by a newer docsworn (history version {version})")
        if version == 0:
            if database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                raise ConfigError(f"{name}: a database, but not a history of docsworn")
            for statement in _TABLES.split(";\n"):
                if statement.strip():
                    database.execute(statement)
            database.execute("INSERT INTO meta VALUES ('salt', ?)", (secrets.token_hex(16),))
            database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("COMMIT")
    except BaseException:
        database.execute("ROLLBACK")
        raise

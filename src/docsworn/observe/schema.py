"""How a history file is opened: SQLite, WAL, strict; ``migrations/`` has its tables."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from docsworn.errors import ConfigError
from docsworn.observe.migrate import migrate
from docsworn.observe.snapshot import snapshot
from docsworn.observe.unusable import BUSY_SECONDS, Database, HistoryError, naming


def open_database(path: Path | None, *, reading: bool = False) -> sqlite3.Connection:
    """The database of a history file, made where it is not there; None keeps it in memory.

    Where it is for ``reading`` only and cannot be written, this is a copy in memory. ConfigError for a
    file that is no history, or was written by a newer docsworn; a HistoryError then and later for one
    that is damaged or cannot be reached.
    """
    name = "memory" if path is None else str(path)
    if path is not None and not path.parent.exists():
        raise ConfigError(f"{name}: there is no such folder: make it first")
    try:
        database = _to_write(path, name)
    except HistoryError as error:
        if path is None or not (reading and error.is_denied):
            raise
        with naming(name):
            database = snapshot(path, name)
    if database.execute("SELECT value FROM meta WHERE key = 'salt'").fetchone() is None:
        raise HistoryError(name)
    return database


def _to_write(path: Path | None, name: str) -> sqlite3.Connection:
    with naming(name):
        database = sqlite3.connect(
            ":memory:" if path is None else path,
            isolation_level=None,
            check_same_thread=False,
            timeout=BUSY_SECONDS,
            factory=Database,
        )
        database.name = name
        _write_ahead(database)
        # In full, so that a power cut too takes no more than the run in progress.
        database.execute("PRAGMA synchronous = FULL")
        database.execute("PRAGMA foreign_keys = ON")
        migrate(database, name)
    return database


def _write_ahead(database: sqlite3.Connection) -> None:
    """Switch to WAL; SQLite does not wait for others that do the same, so we do."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            sqlite3.Connection.execute(database, "PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return

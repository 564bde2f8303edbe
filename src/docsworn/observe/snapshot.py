"""A history file that cannot be written, as it is now: a copy in memory that is whole, or an error.

SQLite reads a file in WAL mode only through an index beside it, which it must find there or make. Without
one the file is the whole of it, as long as no log lies beside it and nobody writes: as no lock tells that,
the file is compared with itself.
"""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

from docsworn.observe.migrate import migrate
from docsworn.observe.unusable import BUSY_SECONDS, Database, HistoryError

_LOGS = ("-wal", "-journal")
_NEEDS_INDEX = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)


def snapshot(path: Path, name: str) -> sqlite3.Connection:
    """The file's content in memory, brought forward, to be read only; ``name`` is the file's, for errors.

    HistoryError where the file is not the whole of it; sqlite3.DatabaseError or OSError where it cannot
    be read.
    """
    copy = _read(path.resolve(), name)  # as SQLite does: a log lies beside the file, not beside a link to it
    migrate(copy, name)
    copy.execute("PRAGMA query_only = ON")
    return copy


def _read(file: Path, name: str) -> sqlite3.Connection:
    try:
        return _copied(file, "mode=ro", name)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF not in _NEEDS_INDEX:
            raise
    _see_no_log(file, name)
    before = _digest(file)
    copy = _copied(file, "mode=ro&immutable=1", name)
    after = _digest(file)
    _see_no_log(file, name)
    if after != before:
        raise HistoryError(name, "another process writes it meanwhile", "try again, or use a copy")
    return copy


def _copied(file: Path, query: str, name: str) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False, factory=Database)
    copy.name = name
    with closing(sqlite3.connect(f"{file.as_uri()}?{query}", uri=True, timeout=BUSY_SECONDS)) as source:
        source.backup(copy)
    return copy


def _see_no_log(file: Path, name: str) -> None:
    for log in (file.with_name(file.name + ending) for ending in _LOGS):
        if log.exists() and log.stat().st_size:
            seen = f"{log.name} beside it belongs to it and cannot be read from here"
            raise HistoryError(name, seen, "copy both into a folder that can be written, and name the copy")


def _digest(file: Path) -> bytes:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").digest()

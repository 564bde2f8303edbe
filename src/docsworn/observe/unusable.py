"""A history file that cannot be used: every error names the file, what was seen, and what to do.

SQLite's own words are not passed on: some quote what the file holds.
"""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

from docsworn.errors import ConfigError

BUSY_SECONDS = 10.0

_P = ParamSpec("_P")
_T = TypeVar("_T")

_UNREADABLE = "what it holds cannot be read"
_MEND = "move it away, and a new one begins, or restore a copy (in CI: the artifact of an earlier run)"
_OTHER = "see who may write it and its folder, or use a copy elsewhere"
_OURS = (sqlite3.IntegrityError, sqlite3.ProgrammingError)
# SQLite's primary result codes: what was seen, and what to do.
_KNOWN = {
    sqlite3.SQLITE_CORRUPT: ("database disk image is malformed", _MEND),
    sqlite3.SQLITE_NOTADB: ("file is not a database", _MEND),
    sqlite3.SQLITE_CANTOPEN: ("unable to open database file", _OTHER),
    sqlite3.SQLITE_READONLY: ("it cannot be written", _OTHER),
    sqlite3.SQLITE_PERM: ("it cannot be written", _OTHER),
    sqlite3.SQLITE_AUTH: ("it cannot be written", _OTHER),
    sqlite3.SQLITE_IOERR: ("disk I/O error", "see whether its disk is in order, or name another file"),
    sqlite3.SQLITE_FULL: ("no space is left", "make room, or name another file"),
    sqlite3.SQLITE_BUSY: (
        f"another process has held it for {BUSY_SECONDS:.0f} s",
        "try again once that has ended, or name another file",
    ),
}


class HistoryError(ConfigError):
    """A history file that cannot be used; ``is_damaged`` says that it will not be later either.

    ``is_denied`` says that it may be in order, but we may not write it or its folder.
    """

    def __init__(self, name: str, seen: str = _UNREADABLE, todo: str = _MEND) -> None:
        self.is_damaged = todo == _MEND
        self.is_denied = todo == _OTHER
        super().__init__(f"{name}: not a history file that can be used ({seen}): {todo}")


def unusable(name: str, error: BaseException) -> HistoryError:
    """The error of a history file that SQLite, or what reads its rows, did not take."""
    if isinstance(error, OSError):
        return HistoryError(name, "it cannot be read", _OTHER)
    code = getattr(error, "sqlite_errorcode", None)
    return HistoryError(name, *_KNOWN.get((code or 0) & 0xFF, ()))


@contextmanager
def naming(name: str) -> Iterator[None]:
    """What fails within, of a file of this name, is told as its HistoryError."""
    try:
        yield
    except (sqlite3.DatabaseError, OSError, UnicodeDecodeError) as error:
        raise unusable(name, error) from None


def _named(method: Callable[_P, _T]) -> Callable[_P, _T]:
    """A cursor's method that names the file where it fails; what is our own fault stays as it is."""

    @functools.wraps(method)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return method(*args, **kwargs)
        except _OURS:
            raise
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise unusable(_name(args[0]), error) from None

    return call


class _Cursor(sqlite3.Cursor):
    execute = _named(sqlite3.Cursor.execute)
    executemany = _named(sqlite3.Cursor.executemany)
    fetchone = _named(sqlite3.Cursor.fetchone)
    fetchall = _named(sqlite3.Cursor.fetchall)

    @_named
    def __next__(self) -> Any:
        return super().__next__()


class Database(sqlite3.Connection):
    """A connection to a history file, whose failures are HistoryErrors that name it."""

    name = "memory"

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Run one statement."""
        return self.cursor(_Cursor).execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        """Run one statement with each of the parameters."""
        return self.cursor(_Cursor).executemany(sql, parameters)


def reads_rows(read: Callable[_P, _T]) -> Callable[_P, _T]:
    """A function of a database whose rows may have been damaged within: SQLite has no checksums."""

    @functools.wraps(read)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        try:
            return read(*args, **kwargs)
        except (ValueError, TypeError, LookupError, AttributeError):
            raise HistoryError(_name(args[0])) from None

    return call


def _name(known: object) -> str:
    """The name of the file behind a connection or one of its cursors."""
    database = known.connection if isinstance(known, sqlite3.Cursor) else known
    return database.name if isinstance(database, Database) else "memory"

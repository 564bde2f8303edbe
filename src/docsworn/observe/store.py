"""An open history file, as the history and the journal both have one."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path
from typing import Self

from docsworn.observe.schema import open_database


class Store:
    """A file, or memory for one process, with its lock and its salt; safe to share between threads.

    One that is only for ``reading`` needs no right to write: see ``open_database``.
    """

    def __init__(self, path: Path | None = None, *, reading: bool = False) -> None:
        self._database = open_database(path, reading=reading)
        self._lock = threading.Lock()
        (self._salt,) = self._database.execute("SELECT value FROM meta WHERE key = 'salt'").fetchone()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def anonymous(self, value: str) -> str:
        """A value told from another without being kept: 16 hex digits, salted by the file."""
        text = value.encode("utf-8", "backslashreplace")
        return hashlib.blake2b(text, key=self._salt.encode(), digest_size=8).hexdigest()

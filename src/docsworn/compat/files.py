"""The files that a user names beside the two documents: read, or a sentence that says why not."""

from __future__ import annotations

from pathlib import Path

from docsworn.errors import ConfigError


def read_bytes(file: Path, what: str) -> bytes:
    """What a file holds; ConfigError where it is none, with what is expected (``a list of places``)."""
    problem = "is a folder" if file.is_dir() else "" if file.exists() else "is not there"
    if problem:
        raise ConfigError(f"{file}: {problem}: {what} is expected")
    try:
        return file.read_bytes()
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({type(error).__name__})") from None


def read_text(file: Path, what: str) -> str:
    """The text of a file; ConfigError where it is none."""
    try:
        return read_bytes(file, what).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(f"{file.name}:{line}: is no UTF-8 text: {what} is expected") from None

"""Where the history is kept when nobody says where."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import typer

from docsworn.errors import ConfigError
from docsworn.observe.history import History


def history_file(environ: Mapping[str, str]) -> Path:
    """``docsworn/history.sqlite`` in the user's state folder (XDG Base Directory Specification 0.8)."""
    state = Path(environ.get("XDG_STATE_HOME", ""))
    folder = state if state.is_absolute() else Path.home() / ".local" / "state"
    return folder / "docsworn" / "history.sqlite"


def open_history(file: Path | None, *, lasting: bool = True) -> History:
    """The history of a file, or of the user's own where none is named; see ``history_path``."""
    return History(history_path(file, lasting=lasting))


def history_path(file: Path | None, *, lasting: bool = True) -> Path | None:
    """The file that is named, or the user's own; None where nothing is to be remembered.

    With ``lasting`` false (the emulator, recorded responses) what no file is named for is forgotten. A
    state folder that cannot be written is a notice: a check goes on without its past.
    """
    if file is not None or not lasting:
        return file
    own = history_file(os.environ)
    try:
        own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        writable = os.access(own if own.exists() else own.parent, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        typer.echo(f"no history is kept: {own} cannot be written (--history names another file)", err=True)
        return None
    return own


def known_history(file: Path | None, *, reading: bool = True) -> History:
    """The history that is there already, to read only unless said otherwise; ConfigError where it is not."""
    path = file or history_file(os.environ)
    if not path.is_file():
        raise ConfigError(f"{path}: no such history: docsworn check writes one")
    return History(path, reading=reading)

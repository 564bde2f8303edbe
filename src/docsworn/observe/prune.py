"""Leaves out what is old; what a host has taught, and findings that still stand, are kept."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass

from docsworn.observe.migrate import transaction
from docsworn.observe.unusable import HistoryError


@dataclass(frozen=True, slots=True)
class Pruned:
    """How many runs and fixed findings were left out, and how many runs are left."""

    runs: int
    findings: int
    kept: int


def prune(database: sqlite3.Connection, before: float, *, shrink: bool = True) -> Pruned:
    """Leave out runs that ended before a moment (Unix seconds), and findings that were fixed before it.

    ``shrink`` gives the space back to the disk, which takes long for a large file; else it is used again.
    """
    with transaction(database):
        runs = database.execute("DELETE FROM run WHERE at < ?", (before,)).rowcount
        findings = database.execute(
            "DELETE FROM finding WHERE state = 'fixed' AND since < ?", (before,)
        ).rowcount
        (kept,) = database.execute("SELECT count(*) FROM run").fetchone()
    if shrink:
        try:
            database.execute("VACUUM")
        except HistoryError as error:
            if error.is_damaged:  # else somebody reads just now: a later time
                raise
    return Pruned(runs, findings, kept)

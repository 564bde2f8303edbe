"""Could anybody know? Told from the drift-free and the drifted bodies alone, not from how docsworn works."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from docsworn.contract.pointer import split
from docsworn.emulate.changes import is_number
from docsworn.emulate.drift import Drift
from docsworn.emulate.edits import values_at
from docsworn.model import Exchange


def why_unknowable(drift: Drift, usual: Iterable[Any], drifted: Iterable[Exchange]) -> str | None:
    """Why no reader of one response, who has seen all ``usual`` bodies, could tell a drift; else None."""
    before = list(_values(drift, usual))
    after = list(_values(drift, (orjson.loads(each.body or b"null") for each in drifted)))
    if drift.kind in ("ms-to-s", "s-to-ms"):
        return _within(before, after)
    if drift.kind == "format" and any(isinstance(value, str) and " " in value for value in before):
        return "free text stands here in other responses: one text for another text"
    return None


def _within(before: list[Any], after: list[Any]) -> str | None:
    """Numbers between those that the place has had are numbers like any other."""
    known = [value for value in before if is_number(value)]
    shown = [value for value in after if is_number(value)]
    if known and shown and min(known) <= min(shown) and max(shown) <= max(known):
        return f"the place has had numbers up to {max(known) / max(shown):.1f} times as large"
    return None


def _values(drift: Drift, bodies: Iterable[Any]) -> Iterator[Any]:
    for body in bodies:
        yield from values_at(body, split(drift.pointer))

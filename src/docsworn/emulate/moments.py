"""Moments of a drawn body that make sense together: created before started, started before ended."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_YEAR = 365 * 24 * 60

# What a field's name says of when it happens, in minutes after the beginning; the first that fits.
_MINUTES: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(words), minutes)
    for words, minutes in (
        ("delet|expir|archiv|due", 24 * 60),
        ("updat|modif|chang|analy|process", 30),
        ("end|complet|finish|clos|stop|hang|left", 20),
        ("record", 3),
        ("accept|start|join|begin|open|connect|answer", 1),
        ("creat|initiat|schedul|request|birth", 0),
    )
)
_OTHERWISE = 5
_UNIX = re.compile(r"unix|epoch|timestamp")
_WRITTEN = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_NEAR = 10 * 366 * 24 * 3600.0  # seconds from the beginning within which a number is a moment
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")


def beginning(seed: str) -> datetime:
    """When what a body tells of began, the same for the same seed."""
    return _EPOCH + timedelta(minutes=random.Random(f"{seed}/day").randrange(_YEAR))  # noqa: S311


def moment(name: str, began: datetime, rng: random.Random) -> datetime:
    """When a field of this name happens."""
    minutes = next((minutes for words, minutes in _MINUTES if words.search(name)), _OTHERWISE)
    return began + timedelta(minutes=minutes, seconds=rng.randrange(40))


def unix_seconds(node: Mapping[str, Any], name: str, began: datetime, rng: random.Random) -> int | None:
    """The moment in Unix seconds where a number's name says that it is one and nothing bounds it."""
    if _UNIX.search(name) is None or any(key in node for key in _BOUNDS):
        return None
    return int(moment(name, began, rng).timestamp())


def shift(value: Any, began: object, begins: object) -> Any:
    """A JSON value with its moments moved as far as the beginning moves; itself where that is unknown.

    Moments are texts as of RFC 3339, and numbers that are Unix seconds of about then.
    """
    old, new = _seconds_of(began), _seconds_of(begins)
    if old is None or new is None or old == new:
        return value
    return _shifted(value, old, new - old)


def _shifted(value: Any, began: float, by: float) -> Any:
    if isinstance(value, dict):
        return {name: _shifted(item, began, by) for name, item in value.items()}
    if isinstance(value, list):
        return [_shifted(item, began, by) for item in value]
    if isinstance(value, str) and (found := _WRITTEN.fullmatch(value)):
        precision = "milliseconds" if found[1] else "seconds"
        moved = datetime.fromisoformat(value) + timedelta(seconds=by)
        return moved.isoformat(timespec=precision).replace(
            "+00:00", found[2] if found[2] == "Z" else "+00:00"
        )
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value - began) < _NEAR:
        return round(value + by, 3) if isinstance(value, float) else value + round(by)
    return value


def _seconds_of(moment_: object) -> float | None:
    if isinstance(moment_, str) and _WRITTEN.fullmatch(moment_):
        return datetime.fromisoformat(moment_).timestamp()
    return float(moment_) if isinstance(moment_, int | float) and not isinstance(moment_, bool) else None

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

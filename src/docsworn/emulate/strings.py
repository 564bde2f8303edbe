"""Strings that look like what their format, pattern or field name promises."""

from __future__ import annotations

import random
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from docsworn.emulate.moments import moment
from docsworn.emulate.patterns import draw_matching

_WORDS = (
    "amber", "basin", "cedar", "delta", "ember", "fjord", "grove", "harbor", "inlet", "juniper",
    "kelp", "lagoon", "meadow", "north", "orchard", "pebble", "quartz", "river", "summit", "tundra",
)  # fmt: skip
_TOKEN = "0123456789abcdefghjkmnpqrstvwxyz"  # noqa: S105 - an alphabet


def draw_string(node: Mapping[str, Any], name: str, rng: random.Random, began: datetime) -> str:
    """A string for a schema node; ``name`` is the field's own, which hints at what it holds.

    Moments lie around ``began``. UnknownPattern where only a pattern says what fits, and it is too rich.
    """
    if "pattern" in node:
        return draw_matching(str(node["pattern"]), rng)
    wanted = str(node.get("format"))
    when = _MOMENTS.get(wanted) or (None if wanted in _FORMATS else _moment_by_name(name))
    if when is not None:
        drawn = moment(name, began, rng).strftime(when)
    else:
        drawn = _FORMATS[wanted](rng) if wanted in _FORMATS else _by_name(name, rng)
    return _fit(drawn, int(node.get("minLength", 0)), node.get("maxLength"), rng)


def _moment_by_name(name: str) -> str | None:
    return _MOMENTS["date-time"] if _MOMENT_NAME.search(name) else None


def _fit(text: str, least: int, most: int | float | None, rng: random.Random) -> str:
    while len(text) < least:
        text += f" {rng.choice(_WORDS)}"
    return text if most is None else text[: max(int(most), 0)]


def _by_name(name: str, rng: random.Random) -> str:
    for ending, draw in _NAMES:
        if ending.search(name):
            return draw(rng)
    return _words(rng)


def _words(rng: random.Random) -> str:
    return " ".join(rng.choice(_WORDS) for _ in range(2))


def _token(rng: random.Random) -> str:
    return "".join(rng.choice(_TOKEN) for _ in range(16))


def _url(rng: random.Random) -> str:
    return f"https://{rng.choice(_WORDS)}.example.com/{_token(rng)}"


def _email(rng: random.Random) -> str:
    return f"{rng.choice(_WORDS)}.{rng.choice(_WORDS)}@example.com"


_MOMENTS = {"date-time": "%Y-%m-%dT%H:%M:%SZ", "date": "%Y-%m-%d", "time": "%H:%M:%SZ"}
_MOMENT_NAME = re.compile(r"_(?:at|time|date)$")

_FORMATS: Mapping[str, Callable[[random.Random], str]] = {
    "duration": lambda rng: f"PT{rng.randint(1, 59)}M",
    "email": _email,
    "idn-email": _email,
    "hostname": lambda rng: f"{rng.choice(_WORDS)}.example.com",
    "idn-hostname": lambda rng: f"{rng.choice(_WORDS)}.example.com",
    "ipv4": lambda rng: f"192.0.2.{rng.randint(1, 254)}",
    "ipv6": lambda rng: f"2001:db8::{rng.randint(1, 0xFFFF):x}",
    "uri": _url,
    "uri-reference": lambda rng: f"/{_token(rng)}",
    "iri": _url,
    "iri-reference": lambda rng: f"/{_token(rng)}",
    "uuid": lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "json-pointer": lambda rng: f"/{rng.choice(_WORDS)}",
    "relative-json-pointer": lambda rng: f"0/{rng.choice(_WORDS)}",
    "regex": lambda rng: f"^{rng.choice(_WORDS)}$",
    "uri-template": lambda rng: f"/{rng.choice(_WORDS)}/{{id}}",
}

_NAMES: tuple[tuple[re.Pattern[str], Callable[[random.Random], str]], ...] = (
    (re.compile(r"(?:^|_)id$"), _token),
    (re.compile(r"(?:^|_)ur[il]$"), _url),
    (re.compile(r"(?:^|_)e?mail$"), _email),
    (re.compile(r"_number$"), lambda rng: f"+1202555{rng.randint(100, 199):04d}"),
)

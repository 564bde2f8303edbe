"""Whether a Python value is JSON: asked before anything walks through it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite
from typing import Any

from docsworn.contract.pointer import join
from docsworn.errors import ContractError

_SURROGATE = re.compile("[\ud800-\udfff]")
Trail = tuple[Any, str | int] | None  # the trail of what holds a value, and where in it


def check_json(schema: Any, name: str) -> None:
    """Raises ContractError for a schema that is no object, true or false, or that holds what JSON does not:
    NaN and infinities, names that are no texts, other Python objects, and itself."""
    if not isinstance(schema, (dict, bool)):
        problem = f"not a schema: an object, true or false is asked for, this is {_kind(schema)}"
        raise ContractError(name, problem, pointer="")
    above: set[int] = set()
    done: set[int] = set()
    waiting: list[tuple[Any, Trail, bool]] = [(schema, None, False)]
    while waiting:
        value, trail, was_open = waiting.pop()
        wrong = None
        if was_open:
            above.remove(id(value))
            done.add(id(value))
        elif not isinstance(value, (dict, list)):
            wrong = _wrong(value)
        elif id(value) in above:
            wrong = "a value that holds itself"
        elif id(value) not in done:
            above.add(id(value))
            waiting.append((value, trail, True))
            waiting.extend((below, (trail, key), False) for key, below in _below(value))
            wrong = next((_wrong_name(key) for key in _names(value) if _wrong_name(key)), None)
        if wrong:
            place = join(*_path(trail))
            raise ContractError(name, f"not JSON: {wrong}, at {place or 'its root'}", pointer=place)


def _names(value: Any) -> Iterable[Any]:
    return value if isinstance(value, dict) else ()


def _below(value: Any) -> Iterable[tuple[str | int, Any]]:
    return value.items() if isinstance(value, dict) else enumerate(value)


def _wrong_name(key: Any) -> str | None:
    return _wrong(key) if isinstance(key, str) else "a name that is no text"


def _wrong(value: Any) -> str | None:
    if isinstance(value, str):
        return "half of a surrogate pair" if _SURROGATE.search(value) else None
    if isinstance(value, float) and not isfinite(value):
        return "a number that JSON has no word for (NaN or infinity)"
    return None if value is None or isinstance(value, (int, float)) else _kind(value)


def _kind(value: Any) -> str:
    known = {str: "a text", list: "an array", int: "a number", float: "a number"}
    return "null" if value is None else known.get(type(value), f"a Python {type(value).__name__}")


def _path(trail: Trail) -> list[str | int]:
    path: list[str | int] = []
    while trail is not None:
        trail, key = trail
        path.append(key)
    return path[::-1]

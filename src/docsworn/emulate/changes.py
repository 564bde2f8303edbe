"""What each kind of drift makes of the value at its place; what it cannot change it gives back."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

NEW_FIELD = "docsworn_new"
UNHEARD = "docsworn_unheard_of"
_UNHEARD_NUMBER = 987_654_321

_ZONED = re.compile(r"(\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?)(?:[Zz]|[+-]\d\d:\d\d)")
_THOUSAND = 1000

Change = Callable[[Any, Any], Any]


def problem_details(status: int) -> dict[str, Any]:
    """An error body as RFC 9457 has it, which is not what a provider documents."""
    return {"type": "about:blank", "title": phrase_of(status), "status": status}


def phrase_of(status: int) -> str:
    """What HTTP calls a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _retype(value: Any, kind: str) -> Any:
    if value is None:
        return None
    made: Mapping[str, Any] = {
        "string": str(value).lower() if isinstance(value, bool) else f"once of type {type(value).__name__}",
        "integer": 7,
        "number": 7.5,
        "boolean": True,
        "array": [value],
        "object": {"value": value},
    }
    return made[kind]


def _enum(value: Any, _: Any) -> Any:
    if isinstance(value, str):
        return UNHEARD
    return _UNHEARD_NUMBER if is_number(value) else value


def _format(value: Any, _: Any) -> Any:
    """A moment as people write it; any other text as a UUID."""
    if not isinstance(value, str):
        return value
    try:
        return datetime.fromisoformat(value.upper()).strftime("%d/%m/%Y %H:%M")
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, value))


def _zone(value: Any, _: Any) -> Any:
    found = _ZONED.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else value


def _milliseconds(value: Any, _: Any) -> Any:
    return round(value * _THOUSAND) if is_number(value) else value


def _seconds(value: Any, _: Any) -> Any:
    return value / _THOUSAND if is_number(value) else value


def is_number(value: Any) -> bool:
    """Whether a JSON value is a number; true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


CHANGES: Mapping[str, Change] = {
    "retype": _retype,
    "null": lambda value, _: None,  # noqa: ARG005
    "enum": _enum,
    "format": _format,
    "zone": _zone,
    "ms-to-s": _seconds,
    "s-to-ms": _milliseconds,
    "number-to-string": lambda value, _: str(value) if is_number(value) else value,
    "list-to-object": lambda value, _: {"items": value, "next": None} if isinstance(value, list) else value,
    "new-field": lambda value, _: {**value, NEW_FIELD: "new"} if isinstance(value, dict) else value,
    "envelope": lambda value, _: {"data": value},
}

"""Bodies that are no longer JSON, or no longer what a parser of JSON makes one value of."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def invalid_utf8(body: bytes) -> bytes:
    """The body with bytes in a string that are no UTF-8."""
    at = body.rfind(b'"')
    return body[:at] + b"\xff\xfe\x80" + body[at:] if at >= 0 else body + b"\xff\xfe\x80"


def invalid_json(body: bytes) -> bytes:
    """The body with a comma too many at its end."""
    return body[:-1] + b"," + body[-1:] if body[-1:] in (b"}", b"]") else body + b","


def nan(body: bytes) -> bytes:
    """The first number is NaN; where there is none, a new field or the body itself."""
    data = json.loads(body or b"null")
    if not _make_nan(data):
        data = {**data, "docsworn_nan": float("nan")} if isinstance(data, dict) else [float("nan")]
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()


def _make_nan(value: Any) -> bool:
    """Replaces the first number within a value by NaN, in place."""
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    for key, item in items:
        if isinstance(item, (int, float)) and not isinstance(item, bool):
            value[key] = float("nan")
            return True
        if _make_nan(item):
            return True
    return False


def duplicate_keys(body: bytes) -> bytes:
    """The first field stands twice; what is no object becomes a field that does."""
    data = json.loads(body or b"null")
    if not isinstance(data, dict) or not data:
        return b'{"data":null,"data":' + (body or b"null") + b"}"
    return b"{" + json.dumps(next(iter(data))).encode() + b":null," + body[1:]


def nested(body: bytes, levels: int) -> bytes:
    """The body with a new field, a list nested so deep; what is no object is that list itself."""
    deep = b"[" * levels + b"]" * levels
    if not body.startswith(b"{") or body == b"{}":
        return deep
    return body[:-1] + b',"docsworn_deep":' + deep + b"}"

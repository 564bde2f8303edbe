"""Recorded responses as NDJSON: a response or a bare body a line.

A response is an object with an integer ``status`` and a ``body``: a JSON value, or a string that is the body
as it came. Everything else is the body of a 200.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the status, the body as it came and as a JSON value, and what else is said of the response.

    ``is_json`` is False, and ``body`` None, where the body is no JSON.
    """

    number: int
    status: int
    content: bytes = field(repr=False)
    body: Any = field(repr=False)
    is_json: bool
    said: Mapping[str, Any] = field(default_factory=dict, repr=False)


def read_lines(lines: Iterable[bytes]) -> Iterator[Line]:
    """Every line that is not empty."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _line(number, line.strip())


def parsed(content: bytes | str) -> tuple[Any, bool]:
    """The JSON value of a text, and whether there is one."""
    try:
        return json.loads(content), True
    except (ValueError, RecursionError):
        return None, False


def _line(number: int, line: bytes) -> Line:
    value, is_json = parsed(line)
    if not _is_response(value):
        return Line(number, 200, line, value, is_json)
    body = value["body"]
    if isinstance(body, str):
        content = body.encode("utf-8", "surrogatepass")
        return Line(number, value["status"], content, *parsed(content), value)
    return Line(number, value["status"], json.dumps(body).encode(), body, True, value)


def _is_response(value: Any) -> bool:
    if not isinstance(value, dict) or "body" not in value:
        return False
    status = value.get("status")
    return isinstance(status, int) and not isinstance(status, bool) and 100 <= status <= 599

"""Recorded responses as exchanges: NDJSON, a response or a bare body a line; nothing is sent.

A response is an object with an integer ``status`` and a ``body`` (a JSON value, or a string that is the
body as it came), and may have ``headers``, ``query`` (strings) and ``id`` (the id that was asked for).
Everything else is the body of a 200.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from docsworn.contract.pointer import resolve
from docsworn.contract.settings import OperationSettings
from docsworn.errors import UsageError
from docsworn.model import Case, Credential, Exchange, Purpose, Timings


def read_recorded(
    lines: Iterable[bytes], operation: str, settings: OperationSettings, *, name: str
) -> Iterator[Exchange]:
    """The exchanges of an NDJSON text; UsageError where it is empty or a response is not laid out well."""
    found = False
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found = True
            yield _exchange(line, number, operation, settings, name)
    if not found:
        raise UsageError(f"{name}: is empty: one JSON response or body a line is expected")


def _exchange(line: bytes, number: int, operation: str, settings: OperationSettings, name: str) -> Exchange:
    try:
        parsed: Any = json.loads(line)
    except (ValueError, RecursionError):
        parsed = None  # the check says what is wrong with it
    if not _is_response(parsed):
        return _make(operation, settings, number, 200, line.strip(), parsed, {})
    body = parsed["body"]
    content = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else json.dumps(body).encode()
    for key in ("headers", "query"):
        given = parsed.get(key, {})
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            raise UsageError(f"{name}:{number}: {key} must be an object of strings")
    return _make(operation, settings, number, parsed["status"], content, body, parsed)


def _is_response(parsed: Any) -> bool:
    if not isinstance(parsed, dict) or "body" not in parsed:
        return False
    status = parsed.get("status")
    return isinstance(status, int) and not isinstance(status, bool) and 100 <= status <= 599


def _make(
    operation: str,
    settings: OperationSettings,
    number: int,
    status: int,
    content: bytes,
    body: Any,
    response: Mapping[str, Any],
) -> Exchange:
    asked = response.get("id")
    case = Case(
        id=f"{operation}/recorded/{number}",
        operation=operation,
        purpose=Purpose.GOOD,
        credential=Credential.NONE,
        path=f"/recorded/{_own_id(body, settings) or number}",
        query=tuple(sorted(response.get("query", {}).items())),
        subject_id=asked if isinstance(asked, str) else None,
        query_known="query" in response,
    )
    headers = response.get("headers") or {"content-type": "application/json"}
    return Exchange(
        case=case,
        started=time.time(),
        timings=Timings(total=0.0),
        status=status,
        headers=tuple(headers.items()),
        body=content,
    )


def _own_id(body: Any, settings: OperationSettings) -> str | None:
    """The conversation that a body says it is, to count conversations by."""
    try:
        found = resolve(body, settings.identity or "")
    except LookupError:
        return None
    return found if isinstance(found, str) else None

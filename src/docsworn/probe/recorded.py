"""Recorded responses as exchanges: NDJSON, a response or a bare body a line; nothing is sent.

Beside what every response has, one may have ``headers``, ``query`` (strings) and ``id`` (the id that was
asked for).
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from docsworn.contract.pointer import resolve
from docsworn.contract.settings import OperationSettings
from docsworn.errors import UsageError
from docsworn.model import Case, Credential, Exchange, Purpose, Timings
from docsworn.probe.lines import Line, read_lines


def read_recorded(
    lines: Iterable[bytes], operation: str, settings: OperationSettings, *, name: str
) -> Iterator[Exchange]:
    """The exchanges of an NDJSON text; UsageError where it is empty or a response is not laid out well."""
    found = False
    for line in read_lines(lines):
        found = True
        yield _exchange(line, operation, settings, name)
    if not found:
        raise UsageError(f"{name}: is empty: one JSON response or body a line is expected")


def _exchange(line: Line, operation: str, settings: OperationSettings, name: str) -> Exchange:
    for key in ("headers", "query"):
        given = line.said.get(key, {})
        if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
            raise UsageError(f"{name}:{line.number}: {key} must be an object of strings")
    return _make(operation, settings, line.number, line.status, line.content, line.body, line.said)


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

"""Responses that were recorded or are fresh from an API, as what can be held to two documents.

A HAR file, or NDJSON: a response (``status``, ``body``, perhaps ``method`` and ``url``) or a body a line.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docsworn.errors import ConfigError
from docsworn.model import Exchange


@dataclass(frozen=True, slots=True)
class Seen:
    """One response: its status and JSON body, and the call it answers (empty where nobody says)."""

    status: str
    body: Any = field(repr=False)
    method: str = ""
    path: str = field(default="", repr=False)


def read_responses(file: Path) -> tuple[Seen, ...]:
    """The JSON responses in a HAR or NDJSON file; ConfigError with the line for what is neither."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: cannot be read ({type(error).__name__})") from None
    har = _har(text)
    found = tuple(_from_har(har) if har is not None else _from_lines(text.splitlines(), file.name))
    if not found:
        raise ConfigError(f"{file.name}: holds no response with a JSON body")
    return found


def from_exchanges(exchanges: Iterable[Exchange], method: str, path: str) -> tuple[Seen, ...]:
    """The JSON responses among exchanges of one operation."""
    return tuple(
        Seen(str(exchange.status), body, method, path)
        for exchange in exchanges
        if exchange.status is not None and (body := _parse(exchange.body)) is not _NOTHING
    )


class _Nothing:
    """Says that there is no JSON; ``null`` is some."""


_NOTHING = _Nothing()


def _parse(content: bytes | str | None) -> Any:
    try:
        return json.loads(content) if content else _NOTHING
    except (ValueError, RecursionError):
        return _NOTHING


def _har(text: str) -> list[Any] | None:
    data = _parse(text)
    log = data.get("log") if isinstance(data, Mapping) else None
    entries = log.get("entries") if isinstance(log, Mapping) else None
    return entries if isinstance(entries, list) else None


def _from_har(entries: list[Any]) -> Iterator[Seen]:
    for entry in entries:
        request, response = (_mapping(_mapping(entry).get(key)) for key in ("request", "response"))
        content = _mapping(response.get("content"))
        text = content.get("text")
        if content.get("encoding") == "base64" and isinstance(text, str):
            try:
                text = base64.b64decode(text).decode("utf-8", "replace")
            except (binascii.Error, ValueError):
                continue
        body = _parse(text if isinstance(text, str) else None)
        if body is not _NOTHING and isinstance(response.get("status"), int):
            path = urlsplit(str(request.get("url", ""))).path
            yield Seen(str(response["status"]), body, str(request.get("method", "")).upper(), path)


def _from_lines(lines: Iterable[str], name: str) -> Iterator[Seen]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        parsed = _parse(line)
        if parsed is _NOTHING:
            raise ConfigError(f"{name}:{number}: is no JSON: a response or a body a line is expected")
        status = parsed.get("status") if isinstance(parsed, Mapping) and "body" in parsed else None
        if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status <= 599:
            yield Seen("200", parsed)
            continue
        body = parsed["body"]
        body = _parse(body) if isinstance(body, str) else body
        if body is not _NOTHING:
            path = urlsplit(str(parsed.get("url", ""))).path
            yield Seen(str(status), body, str(parsed.get("method", "GET" if path else "")).upper(), path)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def fits_path(template: str, path: str) -> bool:
    """Whether a path is one of a template's, whatever stands before it (a server's base path)."""
    parts = re.split(r"\{[^}]*\}", template.rstrip("/"))
    pattern = "[^/]+".join(re.escape(part) for part in parts)
    return re.search(f"{pattern}/?$", path) is not None

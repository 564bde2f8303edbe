"""Responses that were recorded or are fresh from an API, as what can be held to two documents.

A HAR file, or NDJSON: a response (``status``, ``body``, perhaps ``method`` and ``url``) or a body a line.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from docsworn.compat.files import read_bytes
from docsworn.errors import ConfigError
from docsworn.model import Exchange
from docsworn.probe.lines import parsed, read_lines


@dataclass(frozen=True, slots=True)
class Seen:
    """One response: its status and JSON body, and the call it answers (empty where nobody says)."""

    status: str
    body: Any = field(repr=False)
    method: str = ""
    path: str = field(default="", repr=False)


def read_responses(file: Path) -> tuple[Seen, ...]:
    """The JSON responses in a HAR or NDJSON file; ConfigError with the line for what is neither."""
    content = read_bytes(file, "a HAR or NDJSON file").removeprefix(codecs.BOM_UTF8)
    har = _har(content)
    found = tuple(_from_har(har) if har is not None else _from_lines(content.splitlines(), file.name))
    if not found:
        raise ConfigError(f"{file.name}: holds no response with a JSON body")
    return found


def from_exchanges(exchanges: Iterable[Exchange], method: str, path: str) -> tuple[Seen, ...]:
    """The JSON responses among exchanges of one operation."""
    return tuple(
        Seen(str(exchange.status), body, method, path)
        for exchange in exchanges
        for body, is_json in (parsed(exchange.body or b""),)
        if exchange.status is not None and is_json
    )


def _har(content: bytes) -> list[Any] | None:
    data, _is_json = parsed(content)
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
        body, is_json = parsed(text if isinstance(text, str) else "")
        if is_json and isinstance(response.get("status"), int):
            path = urlsplit(str(request.get("url", ""))).path
            yield Seen(str(response["status"]), body, str(request.get("method", "")).upper(), path)


def _from_lines(lines: Iterable[bytes], name: str) -> Iterator[Seen]:
    for line in read_lines(lines):
        if not line.is_json and not line.said:
            problem = "is no JSON: a response or a body a line is expected"
            raise ConfigError(f"{name}:{line.number}: {problem}")
        if line.is_json:
            path = urlsplit(str(line.said.get("url", ""))).path
            method = str(line.said.get("method", "GET" if path else "")).upper()
            yield Seen(str(line.status), line.body, method, path)


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def fits_path(template: str, path: str) -> bool:
    """Whether a path is one of a template's, whatever stands before it (a server's base path)."""
    parts = re.split(r"\{[^}]*\}", template.rstrip("/"))
    pattern = "[^/]+".join(re.escape(part) for part in parts)
    return re.search(f"{pattern}/?$", path) is not None

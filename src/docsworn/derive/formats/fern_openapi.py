"""Fern Markdown with an OpenAPI block: ``METHOD URL`` in the head, the operation in a fence."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from docsworn.derive.block import load_block
from docsworn.derive.document import operations, ordered
from docsworn.derive.fences import Fence, fences
from docsworn.derive.format import Format, Reading
from docsworn.derive.openapi import Dialect, read_openapi
from docsworn.derive.page import Page
from docsworn.derive.provenance import mark
from docsworn.derive.upgrades import FERN_BLOCK

_HEAD = re.compile(r"(?:GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE) (https?://[^/\s]+)(/\S*)")
# A method and a path after the language are Mintlify's.
_INFO = re.compile(r"(?i:ya?ml|json)(?! .*\b(?i:get|put|post|delete|options|head|patch|trace) /)(?: .*)?")
_FIRST = re.compile(r"[\"']?(?:openapi|swagger)[\"']?\s*:")
_JSON_FIRST = re.compile(r"\{\s*[\"'](?:openapi|swagger)[\"']\s*:")


def _fence(page: Page) -> Fence | None:
    """The block whose first word says that it is an OpenAPI document."""
    return next((f for f in fences(page) if _INFO.fullmatch(f.info) and _begins(f)), None)


def _begins(fence: Fence) -> bool:
    if fence.first_words.startswith("{"):
        return _JSON_FIRST.match("\n".join(fence.body[:20]).strip()) is not None
    return _FIRST.match(fence.first_words) is not None


def _marks(page: Page) -> bool:
    return _fence(page) is not None


def _read(page: Page) -> Reading:
    fence = _fence(page)
    if fence is None:
        raise page.error("no OpenAPI block")
    dialect = Dialect(FERN_BLOCK, key_headers=True, drops_null=True)
    reading = read_openapi(load_block(page, fence), dialect, page.operation)
    if "servers" in reading.openapi:
        return reading
    return replace(reading, openapi=ordered(_with_server(page, fence, reading.openapi)))


def _with_server(page: Page, fence: Fence, document: dict[str, Any]) -> dict[str, Any]:
    """The document with the host of the head, where its URL ends with the block's path."""
    paths = [path for path, _method, _operation in operations(document)]
    for number, line in page.numbered()[: fence.line]:
        match = _HEAD.fullmatch(line.strip())
        path = next((path for path in paths if match and match[2].endswith(path)), None)
        if match and path is not None:
            url = match[1] + match[2].removesuffix(path)
            rest = {key: value for key, value in document.items() if key != "x-missing"}
            return {**rest, "servers": [mark({"url": url}, page.document, number)]}
    return document


FORMAT = Format("fern-openapi", _marks, _read)

"""Mintlify Markdown, new: a fence ``yaml METHOD /path`` around a real OpenAPI document."""

from __future__ import annotations

import re
from dataclasses import replace

from docsworn.derive.block import load_block
from docsworn.derive.fences import Fence, fences
from docsworn.derive.format import Format, Reading
from docsworn.derive.openapi import Dialect, read_openapi
from docsworn.derive.page import Page

_INFO = re.compile(
    r"(?:ya?ml|json) (?:\S+ )*?(get|put|post|delete|options|head|patch|trace) (/\S*)", re.IGNORECASE
)
_FIRST = re.compile(r"[\"']?(?:openapi|swagger)[\"']?\s*:|\{")
_TITLE = re.compile(r"# (.+)")


def _fence(page: Page) -> Fence | None:
    """The block whose info string names a call and whose first word is an OpenAPI document's."""
    return next((f for f in fences(page) if _INFO.fullmatch(f.info) and _FIRST.match(f.first_words)), None)


def _marks(page: Page) -> bool:
    return _fence(page) is not None


def _read(page: Page) -> Reading:
    fence = _fence(page)
    match = _INFO.fullmatch(fence.info) if fence else None
    if fence is None or match is None:
        raise page.error("no block that holds an OpenAPI document")
    block = load_block(page, fence)
    paths = block.data.get("paths")
    named = f"{match[1]} {match[2]}" if isinstance(paths, dict) and match[2] in paths else None
    reading = read_openapi(block, Dialect(), page.operation or named)
    return replace(reading, openapi={**reading.openapi, "info": {**reading.openapi["info"], **_title(page)}})


def _title(page: Page) -> dict[str, str]:
    """The page's own title: the document's is the whole API's."""
    titles = (match[1].strip() for line in page.lines if (match := _TITLE.fullmatch(line)))
    title = next((title for title in titles if not title.startswith("Source:")), None)
    return {"title": title} if title else {}


FORMAT = Format("mintlify-openapi", _marks, _read)

"""The YAML or JSON of a page as data, with the page's line for every place in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from docsworn.derive.fences import Fence
from docsworn.derive.lines import Lines
from docsworn.derive.page import Page
from docsworn.derive.scan_json import scan_json
from docsworn.derive.scan_yaml import scan_yaml
from docsworn.errors import DocumentError

Place = tuple[str, ...]

_JSON = re.compile(r'\s*\{\s*["}]')


@dataclass(frozen=True, slots=True)
class Block:
    """Data of a block with its lines; ``opening`` is the line before its first, ``notes`` are sentences."""

    document: str
    data: dict[str, Any]
    lines: Lines
    opening: int
    notes: tuple[str, ...] = ()

    def line(self, place: Place) -> int:
        """The page's line of a place, or of the nearest place above it that has one."""
        return self.lines.nearest(place)

    def error(self, problem: str, place: Place = ()) -> DocumentError:
        """The error that says what is wrong at a place."""
        return DocumentError(self.document, problem, self.line(place))

    def mapping(self, node: Any, place: Place, what: str) -> dict[str, Any]:
        """The node, which must be a mapping (an absent one is an empty mapping)."""
        if node is None:
            return {}
        if not isinstance(node, dict):
            raise self.error(f"{what} must be a mapping", place)
        return node

    def list_of(self, node: Any, place: Place, what: str) -> list[Any]:
        """The node, which must be a list (an absent one is an empty list)."""
        if node is None:
            return []
        if not isinstance(node, list):
            raise self.error(f"{what} must be a list", place)
        return node


def load_block(page: Page, fence: Fence) -> Block:
    """The data of a fenced block; DocumentError where it is not closed, or neither YAML nor JSON."""
    if not fence.closed:
        raise page.error("the code block that opens here is never closed: is the page cut off?", fence.line)
    return _load(page, "\n".join(fence.body), fence.line, "the code block")


def load_whole(page: Page) -> Block:
    """The data of a page that is YAML or JSON as a whole; DocumentError where it is not."""
    return _load(page, "\n".join(page.lines), 0, "the document")


def _load(page: Page, text: str, before: int, what: str) -> Block:
    scan = scan_json if _JSON.match(text) else scan_yaml
    data, lines, notes = scan(page, text, before)
    if not isinstance(data, dict):
        raise page.error(f"{what} is not a mapping", max(before, 1))
    return Block(page.document, data, lines, before, notes)

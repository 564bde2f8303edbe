"""The YAML or JSON block of a page as data, with the page's line for every place in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docsworn.contract.pointer import join
from docsworn.contract.yamlsafe import load_yaml
from docsworn.derive.fences import Fence
from docsworn.derive.page import Page
from docsworn.errors import ContractError, DocumentError

Place = tuple[str, ...]

# Line breaks to YAML but not to a reader of the page: they would shift every line number after them.
_STRAY_BREAKS = {0x85: " ", 0x2028: " ", 0x2029: " "}


@dataclass(frozen=True, slots=True)
class Block:
    """Data of a block; ``lines`` maps JSON pointers into it to lines of the page."""

    document: str
    data: dict[str, Any]
    lines: Mapping[str, int]
    opening: int

    def line(self, place: Place) -> int:
        """The page's line of a place, or of the nearest place above it that has one."""
        for length in range(len(place), -1, -1):
            line = self.lines.get(join(*place[:length]))
            if line is not None:
                return line + self.opening
        return self.opening

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
    """The data of a fenced block; DocumentError where it is not closed or not YAML."""
    if not fence.closed:
        raise page.error("the code block that opens here is never closed: is the page cut off?", fence.line)
    text = "\n".join(fence.body).translate(_STRAY_BREAKS)
    try:
        data, lines = load_yaml(text, name=page.document)
    except ContractError as error:
        raise DocumentError(page.document, error.problem, fence.line + (error.line or 0)) from None
    if not isinstance(data, dict):
        raise page.error("the code block is not a mapping", fence.line)
    return Block(page.document, data, lines, fence.line)

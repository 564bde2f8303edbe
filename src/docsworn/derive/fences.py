"""Fenced code blocks of a Markdown page (CommonMark 4.5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from docsworn.derive.page import Page

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})(.*)")


@dataclass(frozen=True, slots=True)
class Fence:
    """One block: its info string, the line of its opening fence, its lines, and whether it is closed."""

    info: str
    line: int
    body: tuple[str, ...]
    closed: bool

    @property
    def first_words(self) -> str:
        """The first line of the block that says something."""
        return next((line.strip() for line in self.body if line.strip()), "")


def fences(page: Page) -> Iterator[Fence]:
    """Every fenced block of a page in order; one that nothing closes runs to the end of the page."""
    opened: tuple[str, str, int] | None = None
    body: list[str] = []
    for number, line in page.numbered():
        match = _FENCE.fullmatch(line)
        if opened is None:
            if match and not (match[1][0] == "`" and "`" in match[2]):
                opened, body = (match[1], match[2].strip(), number), []
        elif match and not match[2].strip() and match[1].startswith(opened[0]):
            yield Fence(opened[1], opened[2], tuple(body), closed=True)
            opened = None
        else:
            body.append(line)
    if opened is not None:
        yield Fence(opened[1], opened[2], tuple(body), closed=False)

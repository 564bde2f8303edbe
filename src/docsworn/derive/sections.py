"""A text page cut at its headings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from docsworn.derive.fences import fences
from docsworn.derive.page import Page

Line = tuple[int, str]

MAX_LINES = 100_000


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its line, and the lines under it that say something, with their numbers."""

    name: str
    line: int
    body: tuple[Line, ...]


def is_text(page: Page) -> bool:
    """Whether a page is plain text of a length that people write: no code blocks, at most 100,000 lines."""
    return len(page.lines) <= MAX_LINES and next(fences(page), None) is None


def sections(page: Page, headings: Collection[str]) -> tuple[Section, ...]:
    """The sections of a page; what stands before the first heading is a section named ``""``.

    A heading may be glued to the end of the sentence before it.
    """
    found: list[tuple[str, int, list[Line]]] = [("", 1, [])]
    for number, raw in page.numbered():
        text = raw.strip()
        heading = next((name for name in headings if text == name or _glued(text, name)), None)
        if heading is None:
            if text:
                found[-1][2].append((number, text))
            continue
        if text != heading:
            found[-1][2].append((number, text.removesuffix(heading)))
        found.append((heading, number, []))
    return tuple(Section(name, line, tuple(body)) for name, line, body in found)


def by_name(found: tuple[Section, ...]) -> dict[str, Section]:
    """The sections by their headings; of several with one heading the first."""
    return {section.name: section for section in reversed(found)}


def _glued(text: str, heading: str) -> bool:
    return text.endswith(heading) and text.removesuffix(heading)[-1:] in tuple(".!?)")

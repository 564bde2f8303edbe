"""A text page cut at its headings."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from docsworn.derive.page import Page

Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, its line, and the lines under it that say something, with their numbers."""

    name: str
    line: int
    body: tuple[Line, ...]


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

"""A text page's lines without what is not documentation: invisible characters, buttons, examples of calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from docsworn.derive.fences import fences
from docsworn.derive.page import Page

# Anchors and marks that browsers copy and nobody sees.
INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0xAD))

# What buttons say: with a capital, so that a field named "next" is none of them.
_BUTTONS = re.compile(
    r"Copy(?: page| link| as [Mm]arkdown|ied!?)?|Copied!?|Try [Ii]t(?: out)?|Send(?: [Rr]equest)?|Ask AI"
    r"|Open in \w+|Search\.*|View as [Mm]arkdown|Suggest edits|Raise issue|Edit this page|Previous|Next"
    r"|Yes|No|Run|Playground|Built with(?: Fern)?|Powered by(?: Mintlify)?|On this page"
    r"|Skip to (?:main )?content|(?:Expand|Collapse) all|cURL|Python|JavaScript|TypeScript|PHP"
    r"|Go|Java|Ruby|Swift|C#"
    r"|Node(?:\.js)?|HTTP|⌘ ?[KI]|Ctrl ?\+? ?K"
    r"|Navigation|Loading\.*|Back to top|(?:Option \d+ ?)+|#|¶|[>›»|·•]"
)
_FAREWELL = re.compile(
    r"was this page helpful\??(?:yes|no|\s)*|did this page help you\?|.*© ?\d{4}.*", re.IGNORECASE
)
_CURL = re.compile(r"curl .*")
_OPENS = re.compile(r"(?:[\[{]\s*){1,4}(?:\"[^\"]*\" ?:.*|\"[^\"]*\",?)?|\{\}|\[\]")
_MOST_EXAMPLE_LINES = 3000
_TAB = 4


class Line(NamedTuple):
    """A line that says something: number, text, indentation, whether an empty line stands before it."""

    number: int
    text: str
    indent: int = 0
    gap: bool = False


def lines_of(page: Page) -> Iterator[Line]:
    """The lines of a page that say something, without buttons, calls and examples of bodies."""
    yield from _quiet(_spoken(page))


def indentation(raw: str) -> int:
    """How far a line is moved in; a tab is four."""
    expanded = raw.expandtabs(_TAB)
    return len(expanded) - len(expanded.lstrip(" "))


def _spoken(page: Page) -> Iterator[Line]:
    gap, fenced = False, _fenced(page)
    for at, (number, raw) in enumerate(page.numbered()):
        if fenced and at in fenced:
            continue
        visible = raw.translate(INVISIBLE).replace("\xa0", " ")
        text = visible.strip()
        if text:
            yield Line(number, text, indentation(visible), gap)
        gap = not text


def _fenced(page: Page) -> frozenset[int]:
    """The places of the lines in code blocks."""
    inside: set[int] = set()
    places = {number: at for at, (number, _text) in enumerate(page.numbered())}
    for fence in fences(page):
        start = places[fence.line]
        inside.update(range(start, start + len(fence.body) + (2 if fence.closed else 1)))
    return frozenset(inside)


def _quiet(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines without noise; a bracket that opens an example hides all up to the one that closes it."""
    depth = hidden = 0
    continued = False
    for line in lines:
        if depth > 0 and hidden < _MOST_EXAMPLE_LINES:
            depth, hidden = depth + _balance(line.text), hidden + 1
        elif continued or _CURL.fullmatch(line.text):
            continued = line.text.endswith("\\")
        elif _OPENS.fullmatch(line.text):
            depth, hidden = _balance(line.text), 0
        elif not _BUTTONS.fullmatch(line.text):
            yield line


def _balance(text: str) -> int:
    """Brackets opened less brackets closed, strings left out."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "", text)
    return sum(bare.count(mark) for mark in "[{") - sum(bare.count(mark) for mark in "]}")


def is_farewell(text: str) -> bool:
    """Whether the documentation ends here and the page's footer begins."""
    return _FAREWELL.fullmatch(text) is not None

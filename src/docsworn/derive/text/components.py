"""Mintlify's components in MDX: their tags as a stream, with attributes and the text between them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from docsworn.derive.fences import fences
from docsworn.derive.page import Page
from docsworn.derive.text.lines import Line, indentation

_TAG = re.compile(r"<(/?)([A-Z][A-Za-z.]*)(?=[\s/>])|\{/\*|<!--")
_ATTRIBUTE = re.compile(r"\s*([A-Za-z_][\w\-]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\{)))?")
_ENDS = re.compile(r"\s*(/?)>")
_COMMENT_END = {"{/*": "*/}", "<!--": "-->"}
_ENTITIES = {"&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&amp;": "&"}


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag with its line; an attribute without a value is "true"."""

    name: str
    line: int
    closing: bool = False
    empty: bool = False
    attributes: dict[str, str] = field(default_factory=dict)


def stream(page: Page) -> Iterator[Tag | Line]:
    """The tags and lines of text of a page in order, without code blocks, front matter and comments."""
    source = _Source(page)
    at = 0
    while match := _TAG.search(source.text, at):
        yield from source.lines(at, match.start())
        if match[0] in _COMMENT_END:
            end = source.text.find(_COMMENT_END[match[0]], match.end())
            at = len(source.text) if end < 0 else end + 3
            continue
        attributes, at, empty = _attributes(source.text, match.end())
        yield Tag(match[2], source.line(match.start()), bool(match[1]), empty, attributes)
    yield from source.lines(at, len(source.text))


def front_matter(page: Page) -> dict[str, tuple[str, int]]:
    """The page's head between ``---``: values with their lines."""
    found: dict[str, tuple[str, int]] = {}
    for at, (number, text) in enumerate(_head(page)):
        key, colon, value = text.partition(":")
        if at and colon:
            found[key.strip()] = value.strip().strip("\"'"), number
    return found


def _head(page: Page) -> tuple[tuple[int, str], ...]:
    """The lines of the front matter from its opening on; none where there is none."""
    lines = page.numbered()
    start = next((at for at, (_number, text) in enumerate(lines) if text.strip()), 0)
    if lines[start][1].strip() != "---":
        return ()
    end = next((at for at in range(start + 1, len(lines)) if lines[at][1].strip() == "---"), None)
    return lines[start:end] if end is not None else ()


@dataclass(slots=True)
class _Source:
    """A page as one text, with the page's line for every place in it."""

    text: str
    starts: list[int]
    numbers: list[int]

    def __init__(self, page: Page) -> None:
        lines = page.numbered()
        hidden = {number for number, _text in _head(page)}
        for fence in fences(page):
            hidden.update(range(fence.line, fence.line + len(fence.body) + 2))
        self.numbers = [number for number, _text in lines]
        kept = ["" if number in hidden else text for number, text in lines]
        self.text = "\n".join(kept)
        self.starts = [0]
        for line in kept[:-1]:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def line(self, at: int) -> int:
        return self.numbers[bisect_right(self.starts, at) - 1]

    def lines(self, start: int, end: int) -> Iterator[Line]:
        at, gap = start, False
        for raw in self.text[start:end].split("\n"):
            text = raw.strip()
            if text:
                yield Line(self.line(at + len(raw) - len(raw.lstrip())), text, indentation(raw), gap)
            gap = not text
            at += len(raw) + 1


def _attributes(text: str, at: int) -> tuple[dict[str, str], int, bool]:
    """The attributes of a tag, the place after it, and whether it closes itself."""
    found: dict[str, str] = {}
    while at < len(text):
        if end := _ENDS.match(text, at):
            return found, end.end(), bool(end[1])
        match = _ATTRIBUTE.match(text, at)
        if match is None:
            at += 1
            continue
        at = match.end()
        value = match[2] if match[2] is not None else match[3]
        if match[4]:
            value, at = _braced(text, at)
        found.setdefault(match[1], "true" if value is None else _plain(value))
    return found, at, False


def _braced(text: str, at: int) -> tuple[str, int]:
    """A JavaScript expression up to the brace that closes it."""
    depth, start, quoted = 1, at, ""
    while at < len(text) and depth:
        mark = text[at]
        if quoted:
            quoted = "" if mark == quoted else quoted
        elif mark in "\"'`":
            quoted = mark
        else:
            depth += (mark == "{") - (mark == "}")
        at += 1
    value = text[start : at - 1].strip()
    literal = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'`" and value[0] not in value[1:-1]
    return (value[1:-1] if literal else value), at


def _plain(value: str) -> str:
    for entity, mark in _ENTITIES.items():
        value = value.replace(entity, mark)
    return value

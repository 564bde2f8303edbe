"""Notices to machines that documentation software puts on pages: they are text, and are never followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from docsworn.derive.fences import fences
from docsworn.derive.page import Page
from docsworn.derive.text.family import is_data
from docsworn.derive.text.sections import HEADINGS

_TITLE = re.compile(
    r"(?:documentation index|agent instructions|instructions for (?:ai|agents?)"
    r"|(?:note )?for (?:ai|llm) agents?\b.*|ai agents?\b.*|submitting feedback|for ai client integration\b.*"
    r"|for clean markdown of any page\b.*"
    r"|for a complete documentation index\b.*|for full documentation content\b.*)[:.]?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?:fetch the complete documentation index at\b|use this file to discover all available pages\b"
    r"|for clean markdown of any page\b|for a complete documentation index\b|for full documentation content\b"
    r"|for ai client integration\b|for ai agents?\b|if you are an ai\b).*",
    re.IGNORECASE,
)
_TAGS = re.compile(r"<(/?)(?:AgentInstructions|AIInstructions|LLMOnly|llm-only|agent-instructions)\b[^>]*>")
_QUOTE = re.compile(r"\s*>\s?")
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_MOST_LINES = 60


def without_notices(page: Page) -> Page:
    """The page with its notices emptied; lines keep their numbers, data and code blocks stay as they are."""
    if is_data(page):
        return page
    lines = list(page.lines)
    for start, end in _spans(page):
        lines[start:end] = [""] * (end - start)
    return replace(page, lines=tuple(lines))


def _spans(page: Page) -> list[tuple[int, int]]:
    """The places of notices, each as the first of its lines and the one after its last."""
    lines, spans, at = page.lines, [], 0
    code = _code(page)
    while at < len(lines):
        end = at if at in code else _end(lines, at)
        if end > at:
            spans.append((at, end))
        at = max(end, at + 1)
    return spans


def _code(page: Page) -> set[int]:
    places = {number: at for at, (number, _text) in enumerate(page.numbered())}
    return {places[f.line] + more for f in fences(page) for more in range(len(f.body) + 2)}


def _end(lines: Sequence[str], at: int) -> int:
    """Where a notice that begins on this line ends; the line itself where none does."""
    text = lines[at]
    if _QUOTE.match(text):
        end = _run(lines, at, lambda line: _QUOTE.match(line) is not None)
        quoted = [_QUOTE.sub("", line).strip(" #*") for line in lines[at:end]]
        return end if any(_TITLE.fullmatch(line) or _SENTENCE.match(line) for line in quoted) else at
    if tag := _TAGS.search(text):
        closed = (here for here in range(at, len(lines)) if "</" in lines[here] and _TAGS.search(lines[here]))
        return at + 1 if tag[1] else next(closed, at) + 1
    bare = text.strip().strip("*_").strip()
    heading = _HEADING.fullmatch(bare)
    if _TITLE.fullmatch(heading[2].strip(" #*") if heading else bare):
        return _run(
            lines, at + 1, lambda line: _under(line, heading[1] if heading else ""), gaps=bool(heading)
        )
    return at + 1 if _SENTENCE.match(bare) else at


def _under(line: str, level: str) -> bool:
    """Whether a line belongs to the notice above it: no heading that is as high, no known section."""
    text = line.strip()
    heading = _HEADING.fullmatch(text)
    if heading:
        return bool(level) and len(heading[1]) > len(level)
    return text not in HEADINGS


def _run(lines: Sequence[str], at: int, belongs: Callable[[str], bool], *, gaps: bool = False) -> int:
    end = at
    while (
        end < len(lines) and end - at < _MOST_LINES and belongs(lines[end]) and (gaps or lines[end].strip())
    ):
        end += 1
    return end

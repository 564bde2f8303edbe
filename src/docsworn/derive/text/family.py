"""Whose page a text is, told by its headings and by the words beside its fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from docsworn.derive.fences import fences
from docsworn.derive.page import Page
from docsworn.derive.text.bullets import parse_bullet
from docsworn.derive.text.fields import SAMPLE
from docsworn.derive.text.sections import OTHER, RESPONSE, Section, sections

FERN, MINTLIFY = "fern", "mintlify"
MAX_LINES = 20_000
MAX_CHARACTERS = 2_000_000

_DATA = re.compile(r"\s*\"?(?:openapi|swagger|paths)\"?:.*|\s*\{.*|\s*\[.*", re.IGNORECASE)
_COMPONENT = re.compile(r"<(?:ParamField|ResponseField)\b")
_HTML = re.compile(
    r"\s*(?:<!doctype html|<html|<head|<body|<main|<div|<article|<section|<!--|<\?xml)", re.IGNORECASE
)

_MARKS: dict[str, re.Pattern[str]] = {
    MINTLIFY: re.compile(
        r".*(?:(?<=[a-z>\]])required$|enum<|string<|\[\]|\| null|^Available options:|child attributes"
        r"|^default:|^Required range:|^Example:$|^required$|(?:string|integer|number|boolean|object)header)"
    ),
    FERN: re.compile(
        r".*(?:(?:Required|Optional)(?=$|[\dD>f])|\b(?:list|lists|set|map) (?:of|from) |or null"
        r"|datetime$|enum$|double$|long$|^Allowed values:|Defaults to"
        r"|(?:Show|Hide) \d+ (?:properties|variants|enum))"
    ),
}
_HEADINGS = {
    MINTLIFY: re.compile(r"Authorizations"),
    FERN: re.compile(
        r"(?:Path|Query) parameters|Request headers|Authentication|Errors|Response headers|Request"
    ),
}


def is_text(page: Page) -> bool:
    """Whether a page is text that people read and no fields stand in bullets."""
    return is_prose(page) and not has_bullets(page)


def is_prose(page: Page) -> bool:
    """Whether a page is no data, no markup and of a length that people write: 20,000 lines, 2 MB."""
    if len(page.lines) > MAX_LINES or sum(map(len, page.lines)) > MAX_CHARACTERS:
        return False
    return not is_data(page) and not has_block(page) and not has_components(page)


def within_bounds(page: Page) -> tuple[Page, str, int] | None:
    """The part of a page that is as long as people write, and the bound with its line; None where all is."""
    size = 0
    for at, (number, text) in enumerate(page.numbered()):
        size += len(text)
        if at < MAX_LINES and size <= MAX_CHARACTERS:
            continue
        bound = f"has more than {MAX_LINES} lines"
        if at < MAX_LINES:
            bound = f"is larger than {MAX_CHARACTERS} characters"
        part = replace(page, lines=page.lines[:at], numbers=page.numbers[:at])
        return part, f"the page of text {bound}", number
    return None


def is_data(page: Page) -> bool:
    """Whether a page begins as YAML, JSON or HTML does."""
    first = next((line for line in page.lines if line.strip()), "")
    return _DATA.fullmatch(first) is not None or is_html(page)


def is_html(page: Page) -> bool:
    """Whether a page begins as HTML does and holds no component of MDX."""
    first = next((line for line in page.lines if line.strip()), "")
    return _HTML.match(first) is not None and not has_components(page)


def has_components(page: Page) -> bool:
    """Whether a page has Mintlify's components for fields."""
    return any(_COMPONENT.search(line) for line in page.lines)


def has_block(page: Page) -> bool:
    """Whether a page describes its call in a code block."""
    return any(re.match(r"\"?(?:openapi|swagger|paths)\"?:|\{", fence.first_words) and _described(fence.body)
               for fence in fences(page))  # fmt: skip


def _described(body: Sequence[str]) -> bool:
    return any(re.match(r"\s*\"?(?:openapi|swagger|paths)\"?:", line) for line in body[:50])


def has_bullets(page: Page) -> bool:
    """Whether a page lists its fields as Markdown bullets."""
    return any(parse_bullet(line) for section in sections(page) if section.kind for line in section.body)


def family(page: Page, found: Sequence[Section]) -> str | None:
    """Fern or Mintlify, by the marks that are more; None where there are too few headings."""
    kinds = {section.kind for section in found} - {"", OTHER}
    if not kinds or (len(kinds) < 2 and RESPONSE not in kinds):
        return None
    lines = [line.text for section in found if section.kind for line in section.body][:SAMPLE]
    texts = dict(page.numbered())
    headings = {section.line: texts.get(section.line, "") for section in found if section.kind}
    scores = {
        name: sum(bool(mark.match(text)) for text in lines)
        + 3 * sum(bool(_HEADINGS[name].search(text)) for text in headings.values())
        for name, mark in _MARKS.items()
    }
    return FERN if scores[FERN] > scores[MINTLIFY] else MINTLIFY

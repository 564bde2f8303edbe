"""Whose page a text is, told by its headings and by the words beside its fields."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docsworn.derive.fences import fences
from docsworn.derive.page import Page
from docsworn.derive.text.sections import OTHER, RESPONSE, Section

FERN, MINTLIFY = "fern", "mintlify"
MAX_LINES = 100_000

_DATA = re.compile(r"\s*(?:openapi|swagger|\"openapi\"|\"swagger\"|paths):.*|\s*[{\[].*", re.IGNORECASE)
_COMPONENT = re.compile(r"<(?:ParamField|ResponseField)\b")
_HTML = re.compile(r"\s*(?:<!doctype html|<html|<head|<body|<main|<div|<article|<section|<!--|<\?xml)", re.IGNORECASE)
_BULLET_FIELD = re.compile(r"\s*[-*+] +[*_]{0,2}`[^`]+`[*_]{0,2}:? *(?:\(|`|\*|[-–—:])")

_MARKS: dict[str, re.Pattern[str]] = {
    MINTLIFY: re.compile(
        r".*(?:(?<=[a-z>\]])required$|enum<|string<|\[\]|\| null|^Available options:|child attributes|^default:"
        r"|^Required range:|^Example:$|^required$|(?:string|integer|number|boolean|object)header)"
    ),
    FERN: re.compile(
        r".*(?:Required$|Optional$|Required|Optional(?=[\dD>f])|\b(?:list|lists|set|map) (?:of|from) |or null"
        r"|datetime$|enum$|double$|long$|^Allowed values:|Defaults to|(?:Show|Hide) \d+ (?:properties|variants|enum))"
    ),
}
_HEADINGS = {
    MINTLIFY: re.compile(r"Authorizations"),
    FERN: re.compile(r"(?:Path|Query) parameters|Request headers|Authentication|Errors|Response headers|Request"),
}


def is_text(page: Page) -> bool:
    """Whether a page is text that people read: no data, no markup, no fields in bullets, at most 100,000 lines."""
    if len(page.lines) > MAX_LINES:
        return False
    first = next((line for line in page.lines if line.strip()), "")
    if _DATA.fullmatch(first) or _HTML.match(first):
        return False
    return not has_block(page) and not _COMPONENT.search("\n".join(page.lines)) and not has_bullets(page)


def has_block(page: Page) -> bool:
    """Whether a page describes its call in a code block."""
    return any(re.match(r"\"?(?:openapi|swagger|paths)\"?:|\{", fence.first_words) and _described(fence.body)
               for fence in fences(page))  # fmt: skip


def _described(body: Sequence[str]) -> bool:
    return any(re.match(r"\s*\"?(?:openapi|swagger|paths)\"?:", line) for line in body[:50])


def has_bullets(page: Page) -> bool:
    """Whether a page lists its fields as Markdown bullets."""
    return sum(_BULLET_FIELD.match(line) is not None for line in page.lines) >= 1


def family(page: Page, found: Sequence[Section]) -> str | None:
    """Fern or Mintlify, by the marks that are more; None where there are too few headings."""
    kinds = {section.kind for section in found} - {"", OTHER}
    if not kinds or (len(kinds) < 2 and RESPONSE not in kinds):
        return None
    lines = [line.text for section in found if section.kind for line in section.body]
    headings = {section.line: page_line(page, section.line) for section in found if section.kind}
    scores = {
        name: sum(bool(mark.match(text)) for text in lines)
        + 3 * sum(bool(_HEADINGS[name].search(text)) for text in headings.values())
        for name, mark in _MARKS.items()
    }
    return FERN if scores[FERN] > scores[MINTLIFY] else MINTLIFY


def page_line(page: Page, number: int) -> str:
    """The text of a numbered line."""
    return next((text for at, text in page.numbered() if at == number), "")

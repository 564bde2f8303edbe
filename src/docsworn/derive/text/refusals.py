"""Pages from which nothing can be derived, and that say so themselves."""

from __future__ import annotations

import re

from docsworn.derive.page import Page

_MISSING = re.compile(
    r"(?:(?:error )?404\b.{0,40}|.{0,30}\bpage (?:could )?not (?:be )?found\b.{0,30}"
    r"|page doesn[’']t exist.*|not found)",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?:log ?in|sign ?in|login required|please (?:log|sign) in\b.{0,60}|(?:log|sign) in to .{1,60}"
    r"|authentication required)"
    r"(?: [-|–·] .{1,60})?",
    re.IGNORECASE,
)
_HEAD = 12
_SHORT = 80


def refusal(title: str, page: Page) -> tuple[str, int | None] | None:
    """Why a page is none, and the line that says so; None where it does not say."""
    said = [(number, text.strip(" #*")) for number, text in page.numbered() if text.strip()]
    if len(said) > _SHORT:
        return None
    for number, text in [(None, title), *said[:_HEAD]]:
        if _MISSING.fullmatch(text):
            return "the page says that it was not found: there is nothing to derive", number
        if _LOGIN.fullmatch(text):
            return "the page asks to log in: there is nothing to derive", number
    return None

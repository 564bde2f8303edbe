"""What a field's prose promises in so many words: null, presence, the shape of identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from docsworn.derive.text.lines import Line

_NULL = re.compile(r"\b(?:NULL|Null) (?:when|for|between|if|until|unless)\b")
_ALWAYS = re.compile(r"\bAlways present\b")
_IDENTIFIER = re.compile(r"\b([A-Za-z][A-Za-z0-9]*_)<(\d{1,3})[ -]char(?:acter)? Crockford base32>")
_PATH_FORM = re.compile(r"\bURL paths? accepts? only this\b")

# Crockford's base 32 leaves out I, L, O and U; either case may come.
_CROCKFORD = "[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]"


def says_null(prose: Iterable[Line]) -> int | None:
    """The line that says when the field is null."""
    return _first(_NULL, prose)


def says_always(prose: Iterable[Line]) -> int | None:
    """The line that says that the field is always present."""
    return _first(_ALWAYS, prose)


def says_path_form(prose: Iterable[Line]) -> int | None:
    """The line that says that the path takes only this form of the identifier."""
    return _first(_PATH_FORM, prose)


def identifier(prose: Iterable[Line]) -> tuple[str, int] | None:
    """The pattern of an identifier described as ``prefix_<N char Crockford base32>``, and its line."""
    for line in prose:
        if match := _IDENTIFIER.search(line.text):
            return f"^{match[1]}{_CROCKFORD}{{{int(match[2])}}}$", line.number
    return None


def _first(pattern: re.Pattern[str], prose: Iterable[Line]) -> int | None:
    return next((line.number for line in prose if pattern.search(line.text)), None)

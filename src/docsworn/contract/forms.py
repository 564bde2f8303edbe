"""What a string looks like: its form, which says nothing of what it holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_DATE = r"\d{4}-\d\d-\d\d"
_MOMENT = _DATE + r"[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?"

# The first that fits is the form of a string; what fits none is text.
_FORMS: tuple[tuple[str, str], ...] = (
    ("empty", r""),
    ("date-time in UTC", _MOMENT + r"(?:[Zz]|[+-]00:?00)"),
    ("date-time with an offset", _MOMENT + r"[+-]\d\d:?\d\d"),
    ("date-time without a zone", _MOMENT),
    ("date", _DATE),
    ("time", r"\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)?"),
    ("UUID", r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
    ("digits", r"-?\d+"),
    ("decimal number", r"-?\d+\.\d+(?:[eE][+-]?\d+)?"),
    ("telephone number", r"\+\d{7,15}"),
    ("URL", r"[A-Za-z][A-Za-z0-9+.\-]{1,12}://[^\s]+"),
    ("email address", r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    ("id", r"(?:[A-Za-z_]*\d){3}[A-Za-z0-9_]*"),
    ("id with hyphens", r"(?:[A-Za-z_.\-]*\d){3}[A-Za-z0-9_.\-]*"),
    ("word", r"[A-Za-z0-9_.\-]{1,32}"),
)
_COMPILED = tuple((name, re.compile(pattern, re.ASCII)) for name, pattern in _FORMS)
_PATTERNS = dict(_FORMS)
# Forms whose strings the expression of another takes too: where that form is usual, these are no news.
COVERED: Mapping[str, frozenset[str]] = {
    "id": frozenset({"digits"}),
    "id with hyphens": frozenset({"UUID", "date", "digits", "decimal number", "id"}),
    "date-time with an offset": frozenset({"date-time in UTC"}),
    "email address": frozenset({"URL"}),
}
LONGEST = 4_096  # characters; what is longer is text, whatever it holds

TEXT = "text"
WORD = "word"
# A place that holds such a string may hold any other.
LOOSE = frozenset({"empty", TEXT, WORD})


def form(text: str) -> str:
    """The form of a string: one of a few dozen names, ``text`` where no other fits."""
    if len(text) > LONGEST:
        return TEXT
    return next((name for name, pattern in _COMPILED if pattern.fullmatch(text)), TEXT)


def pattern_of(names: Iterable[str]) -> str:
    """A regular expression (without look-around) for the strings of these forms, and of those they cover."""
    return f"^(?:{'|'.join(_PATTERNS[name] for name in sorted(set(names)))})$"


def is_word(text: str) -> bool:
    """Whether a string can be a value of an enum: a short token that is no id, number or moment."""
    return form(text) == WORD

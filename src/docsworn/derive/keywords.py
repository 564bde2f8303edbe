"""The keywords of a schema and what their values may be: what is no keyword is no fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from docsworn.contract.bundle import LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS
from docsworn.contract.shape import token

Check = Callable[[Any], bool]

# The page's own words and examples stay on the page; only facts go into a pack.
WORDS = frozenset({"description", "example", "examples", "externalDocs", "summary", "title", "$comment"})

# About the document and not the value, or only for XML.
_ELSEWHERE = frozenset({"$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$vocabulary", "xml"})


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _pattern(value: Any) -> bool:
    """A regular expression that can at least be read here: a validator would refuse the whole schema."""
    if not isinstance(value, str) or len(value) > 10_000:
        return False
    try:
        re.compile(re.sub(r"\\[pP]\{[^}]*\}|\\u\{[0-9a-fA-F]+\}|\\c[A-Za-z]|\(\?<(?![=!])", ".", value))
    except (re.error, RecursionError, OverflowError):
        return "(?<" in value
    return True


def _says_no_words(value: Any) -> bool:
    """Defaults are facts, but not where they are sentences or whole objects."""
    if isinstance(value, str):
        return not value or token(value) is not None
    return value in ([], {}) or not isinstance(value, list | dict)


def _dependent(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(names, list) and all(map(_text, names)) for names in value.values()
    )


def _anything(_value: Any) -> bool:
    return True


_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_COUNTS = (
    "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minContains",
    "maxContains",
)  # fmt: skip
_CHECKED: Mapping[str, Check] = {
    **dict.fromkeys(_NUMBERS, _number),
    **dict.fromkeys(_COUNTS, _count),
    **dict.fromkeys(("uniqueItems", "deprecated", "readOnly", "writeOnly"), _flag),
    **dict.fromkeys(("format", "contentEncoding", "contentMediaType"), _text),
    # These have errors of their own where they are wrong.
    **dict.fromkeys((*SCHEMA_KEYWORDS, *LIST_KEYWORDS, *MAP_KEYWORDS), _anything),
    **dict.fromkeys(("type", "enum", "const", "required", "$ref", "discriminator"), _anything),
    "multipleOf": lambda value: _number(value) and value > 0,
    "pattern": _pattern,
    "default": _says_no_words,
    "dependentRequired": _dependent,
}

_MAY_BE_NULL = frozenset({"const", "default", "type", *WORDS})


def settle(keyword: str, value: Any) -> tuple[Any, str | None]:
    """The value of a keyword as it may be, and why it was changed (None where it was not).

    LookupError with the reason where it says nothing (an empty reason where that needs no note).
    """
    if keyword in WORDS or keyword.startswith("x-"):
        return value, None
    if keyword in _ELSEWHERE:
        raise LookupError("")
    if keyword not in _CHECKED:
        raise LookupError("no keyword of OpenAPI")
    if value is None and keyword not in _MAY_BE_NULL:
        raise LookupError("empty: it says nothing")
    if keyword in (*_NUMBERS, *_COUNTS) and isinstance(value, str) and _numeric(value) is not None:
        return _numeric(value), "a number written as a text"
    if keyword in _COUNTS and isinstance(value, float) and value.is_integer() and value >= 0:
        return int(value), None
    if keyword in MAP_KEYWORDS and value == []:
        return {}, "an empty list for an empty mapping"
    if keyword in ("enum", "required") and value == []:
        raise LookupError("empty: it says nothing" if keyword == "enum" else "")
    if keyword == "required" and isinstance(value, list) and all(map(_text, value)):
        return list(dict.fromkeys(value)), None
    if not _CHECKED[keyword](value):
        raise LookupError("" if keyword == "default" else "not a value that it can have")
    return value, None


def _numeric(text: str) -> int | float | None:
    if re.fullmatch(r"-?\d{1,15}", text):
        return int(text)
    return float(text) if re.fullmatch(r"-?\d{1,15}\.\d{1,15}", text) else None

"""What an example on a page tells of a type: evidence, and nothing where it is a placeholder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docsworn.derive.page import Page

# Written by the documentation's software where the provider gave no example.
_PLACEHOLDERS = frozenset({
    "<string>", "<any>", "<unknown>", "<number>", "<integer>", "<boolean>", "<object>", "<array>", "string",
    "2023-11-07T05:31:56Z", "2023-12-25", "2024-01-15T09:30:00Z", "2023-01-15", "jsmith@example.com",
    "3c90c3cc-0d44-4b50-8888-8dd25736052a",
    "d5e9c84f-c2b2-4bf4-b4b0-7ffd7a9ffc32", "aSDinaTvuI8gbWludGxpZnk=",
})  # fmt: skip
_MOST_BODIES = 10
_MOST_LINES = 1000
_MOST_NAMES = 200
_ANGLED = re.compile(r"<[\w \-]+>")
_TYPES = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A body that a page prints as an example: its fields, and the line that each of them stands on."""

    fields: dict[str, Any]
    lines: dict[str, int]


def bodies(page: Page) -> Iterator[Sample]:
    """The JSON objects that a page prints as examples, the first few of them."""
    numbered = page.numbered()
    starts = [at for at, (_number, text) in enumerate(numbered) if text.lstrip().startswith("{")]
    for at in starts[:_MOST_BODIES]:
        text = "\n".join(line for _number, line in numbered[at : at + _MOST_LINES]).lstrip()
        try:
            value, _end = json.JSONDecoder().raw_decode(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            lines = {
                name: next(
                    (n for n, line in numbered[at : at + _MOST_LINES] if f'"{name}"' in line), numbered[at][0]
                )
                for name in list(value)[:_MOST_NAMES]
            }
            yield Sample({name: value[name] for name in lines}, lines)


def is_placeholder(text: str) -> bool:
    """Whether an example is synthetic and so says nothing."""
    bare = text.strip().strip("\"'`“”")
    return bare in _PLACEHOLDERS or _ANGLED.fullmatch(bare) is not None or text.strip() == "123"


def type_of(text: str) -> str | None:
    """The JSON type of an example as the page prints it; None for placeholders and what is no JSON value."""
    bare = text.strip().replace("“", '"').replace("”", '"')
    if is_placeholder(bare):
        return None
    try:
        value = json.loads(bare)
    except (ValueError, RecursionError):
        return None
    return _TYPES.get(type(value))

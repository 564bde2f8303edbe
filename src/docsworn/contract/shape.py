"""What may be said of a value that somebody else sent: its shape, never the value.

Bodies hold private conversations and keys. Only a short token may show, where a promise is about
the token itself (an enum value, a field name).
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[A-Za-z0-9_.\-]{1,32}", re.ASCII)

_SCALARS: tuple[tuple[type, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    (float, "number"),
    (str, "string"),
)


def token(text: str) -> str | None:
    """The text itself where it is a short token (at most 32 of ``A-Za-z0-9_.-``), else None."""
    return text if _TOKEN.fullmatch(text) else None


def describe(value: object) -> str:
    """The shape of a JSON value in words: ``null``, ``array of 3``, ``object with 4 fields``."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"array of {len(value)}"
    if isinstance(value, dict):
        return f"object with {len(value)} field{'' if len(value) == 1 else 's'}"
    return next((name for kind, name in _SCALARS if isinstance(value, kind)), "unknown")


def observed_value(value: object) -> str:
    """The shape, and the value too where it is a short token: ``string "dial_busy"``."""
    if isinstance(value, str):
        shown = token(value)
        return f'string "{shown}"' if shown else f"string of {len(value)} characters"
    return describe(value)


def field_name(name: str) -> str:
    """A field's name where it is a short token, else ``*``."""
    return token(name) or "*"

"""The key never comes back in: an API that echoes it is read as if it had sent ``****``."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

MASK = "****"
_LONG = 8  # characters; what is shorter may be part of any word


def without_key(data: bytes, key: str | None) -> bytes:
    """The bytes of a body with the key masked in every spelling that JSON and URLs have for it.

    A short key is masked only where it is a whole JSON string.
    """
    if not key:
        return data
    around, mask = (b"", MASK.encode()) if len(key) >= _LONG else (b'"', f'"{MASK}"'.encode())
    # A key with a quote stands in no JSON as it is, and a part of it may be a string's end.
    for spelling in {json.dumps(key)[1:-1], quote(key, safe="")}:
        data = data.replace(around + spelling.encode() + around, mask)
    if b"\\" in data:
        data = re.sub(around + _escaped(key) + around, mask, data)
    return data


def header_without_key(value: bytes, key: str | None) -> bytes:
    """The same of a header's value, where the key may stand as it is."""
    plain = value.replace(key.encode(), MASK.encode()) if key and len(key) >= _LONG else value
    return without_key(plain, key)


def _escaped(key: str) -> bytes:
    """A pattern of the key in which each character may be escaped as JSON can (``\\u005a``, ``\\/``)."""
    return b"".join(_character(character) for character in key)


def _character(character: str) -> bytes:
    by_number = rb"\\u(?i:%04x)" % ord(character)
    own = character.encode()
    if character in '"\\':
        return b"(?:" + re.escape(b"\\" + own) + b"|" + by_number + b")"
    slash = rb"\\?" if character == "/" else b""
    return b"(?:" + slash + re.escape(own) + b"|" + by_number + b")"

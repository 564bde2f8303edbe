"""The key never comes back in: an API that echoes it is read as if it had sent ``****``."""

from __future__ import annotations

import json
from urllib.parse import quote

MASK = "****"
_LONG = 8  # characters; what is shorter may be part of any word


def without_key(data: bytes, key: str | None) -> bytes:
    """The bytes of a response with the key masked in every spelling that JSON and URLs have for it.

    A short key is masked only where it is a whole JSON string.
    """
    if not key:
        return data
    for spelling in _spellings(key):
        if len(key) >= _LONG:
            data = data.replace(spelling, MASK.encode())
        else:
            data = data.replace(b'"' + spelling + b'"', f'"{MASK}"'.encode())
    return data


def header_without_key(value: bytes, key: str | None) -> bytes:
    """The same of a header's value, where the key may stand as it is."""
    plain = value.replace(key.encode(), MASK.encode()) if key and len(key) >= _LONG else value
    return without_key(plain, key)


def _spellings(key: str) -> frozenset[bytes]:
    escaped = json.dumps(key)[1:-1]
    slashed = escaped.replace("/", "\\/")
    unicode = "".join(rf"\u{ord(character):04x}" for character in key)
    # A key with a quote stands in no JSON as it is, and a part of it may be a string's end.
    forms = {escaped, slashed, unicode, unicode.upper().replace("\\U", "\\u"), quote(key, safe="")}
    return frozenset(form.encode() for form in forms)

"""How a key is sent, as OpenAPI security schemes."""

from __future__ import annotations

import re
from typing import Any

# Header parameters that are the caller's key and not part of the question.
_KEY_HEADER = re.compile(r"authorization|(?:[a-z0-9]+-)*(?:api-?key|auth-token|access-token)", re.IGNORECASE)

API_KEY = "apiKey"
HTTP = {"bearer": "bearer", "basic": "basic"}


def is_key_header(name: str) -> bool:
    """Whether a header of this name carries the caller's key."""
    return _KEY_HEADER.fullmatch(name) is not None


def api_key(header: str) -> tuple[str, dict[str, Any]]:
    """The name and scheme of a key sent bare in a header."""
    return API_KEY, {"type": "apiKey", "in": "header", "name": header}


def http_scheme(scheme: str) -> tuple[str, dict[str, Any]]:
    """The name and scheme of a key sent in ``Authorization`` after a scheme's name."""
    name = HTTP[scheme.lower()]
    return name, {"type": "http", "scheme": name}

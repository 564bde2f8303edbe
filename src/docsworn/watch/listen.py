"""Reads where to listen: ``127.0.0.1:9808``, ``:9808`` (loopback) or ``[::1]:0`` (a free port)."""

from __future__ import annotations

import re

from docsworn.errors import ConfigError

LOOPBACK = "127.0.0.1"
_ADDRESS = re.compile(r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[A-Za-z0-9.\-]*)):(?P<port>[0-9]{1,5})")


def parse_listen(text: str) -> tuple[str, int]:
    """Host and port; ConfigError for what is no address. No host means loopback, not all interfaces."""
    found = _ADDRESS.fullmatch(text)
    if found is None or int(found["port"]) > 65535:
        raise ConfigError(f'cannot listen on "{text}": write HOST:PORT, as 127.0.0.1:9808 or [::1]:9808')
    return found["six"] or found["host"] or LOOPBACK, int(found["port"])

"""JSON Pointers (RFC 6901), also as patterns with ``*`` for array items and map keys."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any


def join(*parts: str | int) -> str:
    """The pointer of these reference tokens; no token is the whole document, ``""``."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


@lru_cache(maxsize=1024)
def split(pointer: str) -> tuple[str, ...]:
    """The reference tokens of a pointer; ValueError where it does not begin with ``/``."""
    if not pointer:
        return ()
    if not pointer.startswith("/"):
        raise ValueError("a JSON pointer begins with /")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in pointer[1:].split("/"))


def resolve(document: Any, pointer: str) -> Any:
    """The value at a pointer; LookupError where there is none."""
    return walk(document, split(pointer))


def walk(document: Any, parts: Iterable[str]) -> Any:
    """The value that reference tokens lead to; LookupError where there is none."""
    value = document
    for part in parts:
        if isinstance(value, dict):
            value = value[part]
        elif isinstance(value, list):
            if not (part.isascii() and part.isdigit()):
                raise LookupError(part)
            value = value[int(part)]
        else:
            raise LookupError(part)
    return value

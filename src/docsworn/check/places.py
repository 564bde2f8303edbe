"""Places of a body compared with patterns of settings."""

from __future__ import annotations

from docsworn.contract.pointer import split


def matches(pattern: str, pointer: str) -> bool:
    """Whether a pointer lies at a pattern, in which ``*`` stands for any one reference token."""
    wanted, seen = split(pattern), split(pointer)
    return len(wanted) == len(seen) and all(
        part in ("*", own) for part, own in zip(wanted, seen, strict=True)
    )

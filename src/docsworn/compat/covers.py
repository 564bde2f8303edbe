"""What stands for what: a status and its class, a media type and the range that holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

# The keys of a mapping that may stand for one, itself first.
Holders = Callable[[str, Iterable[str]], Iterable[str]]


def status_holders(status: str, among: Iterable[str]) -> Iterable[str]:
    """A status, its class and the default, which tells of errors where successes are told by themselves."""
    yield from (status, f"{status[:1]}XX")
    if not (succeeds(status) and any(succeeds(other) for other in among)):
        yield "default"


def media_holders(media: str, _among: Iterable[str]) -> Iterable[str]:
    """A media type and the ranges that hold it."""
    return media, f"{media.partition('/')[0]}/*", "*/*"


def succeeds(status: str) -> bool:
    """Whether a status or a class of them is a success."""
    return status.startswith("2")


def holder(key: str, among: Mapping[str, Any], holders: Holders) -> str | None:
    """The key that stands for one in a mapping; None where none does."""
    return next((one for one in holders(key, among) if one in among), None)


def met(old: Mapping[str, Any], new: Mapping[str, Any], holders: Holders) -> Iterator[tuple[str, str]]:
    """The keys of two mappings that speak of the same: each with what stands for it on the other side."""
    pairs = [(key, holder(key, new, holders)) for key in old]
    pairs += [(held, key) for key in new if (held := holder(key, old, holders)) is not None]
    yield from dict.fromkeys((one, other) for one, other in pairs if other is not None)


def gone(old: Mapping[str, Any], new: Mapping[str, Any], holders: Holders) -> Iterator[str]:
    """The keys of OLD that NEW says nothing of, neither as a whole nor of a part."""
    parts = {one for one, _other in met(old, new, holders)}
    return (key for key in old if key not in parts)


def come(old: Mapping[str, Any], new: Mapping[str, Any], holders: Holders) -> Iterator[str]:
    """The keys of NEW that no key of OLD stands for."""
    return (key for key in new if holder(key, old, holders) is None)

"""Sets of promise ids, worked out once: a daemon asks for the same few again and again.

A body exercises hundreds of promises. Counting and sorting them by kind anew for every response cost
more than to validate it. The hash of a frozenset is kept in it, so that what was asked before is found
by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from docsworn.model import Kind, Promise

_MAX_KEPT = 128


class PromiseSets:
    """What sets of one operation's promises are together; safe to share between threads."""

    def __init__(self, promises: Mapping[str, Promise]) -> None:
        self._promises = promises
        self._kinds = lru_cache(_MAX_KEPT)(self._find_kinds)
        self._foreign = lru_cache(_MAX_KEPT)(self._count_foreign)

    def kinds(self, ids: frozenset[str]) -> frozenset[Kind]:
        """The kinds of these promises."""
        return self._kinds(ids)

    def foreign(self, ids: frozenset[str]) -> int:
        """How many of these are none of the operation's promises."""
        return self._foreign(ids)

    def _find_kinds(self, ids: frozenset[str]) -> frozenset[Kind]:
        return frozenset(self._promises[each].kind for each in ids if each in self._promises)

    def _count_foreign(self, ids: frozenset[str]) -> int:
        return sum(each not in self._promises for each in ids)

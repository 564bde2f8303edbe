"""Where everything in a document stands: a tree of line numbers in the shape of its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from docsworn.contract.shape import token
from docsworn.derive.page import Page

MAX_DEPTH = 100
MAX_VALUES = 1_000_000

_MOST_NOTES = 20


class Lines(NamedTuple):
    """The line of a value (from 1; of its key where it has one), and those of what is in it."""

    line: int
    below: Mapping[str, Lines] | Sequence[Lines] = ()

    def child(self, part: str) -> Lines | None:
        """The lines of what stands under a key or an index; None where nothing does."""
        if isinstance(self.below, Mapping):
            return self.below.get(part)
        if self.below and part.isascii() and part.isdigit() and int(part) < len(self.below):
            return self.below[int(part)]
        return None

    def nearest(self, place: Sequence[str]) -> int:
        """The line of a place, or of the nearest place above it that is there."""
        here = self
        for part in place:
            child = here.child(part)
            if child is None:
                break
            here = child
        return here.line


@dataclass(slots=True)
class Keys:
    """The keys that stand twice in one mapping, as sentences for people."""

    page: Page
    notes: list[str] = field(default_factory=list)
    count: int = 0

    def twice(self, key: str, line: int) -> None:
        """Note that a key is there already; the last one counts, as everywhere."""
        self.count += 1
        if self.count <= _MOST_NOTES:
            name = f'"{token(key)}"' if token(key) else "a key"
            self.notes.append(f"{self.page.document}:{line}: {name} stands twice: the last one counts")

    def told(self) -> tuple[str, ...]:
        """The notes, at most 20 and how many more there are."""
        more = self.count - _MOST_NOTES
        return (*self.notes, f"{more} more keys stand twice") if more > 0 else tuple(self.notes)


class Located(NamedTuple):
    """Data with its lines and what is to be noted of it."""

    data: Any
    lines: Lines
    notes: tuple[str, ...] = ()

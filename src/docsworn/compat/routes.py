"""Which bodies of a large document reach a pair of definitions, and at which place."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docsworn.compat.call_changes import Pair
from docsworn.compat.calls import Call
from docsworn.compat.large import Network
from docsworn.compat.report import Reach
from docsworn.compat.sameness import reference_name

_MOST_REACHED = 20  # of them the first few with their places, which cost a walk each
_MOST_PLACED = 3


@dataclass(slots=True)
class Routes:
    """The ways from bodies to pairs; ``starts`` are the bodies by the pair that they begin with."""

    network: Network
    starts: Mapping[tuple[str, str], Sequence[tuple[Pair, Call]]]
    _known: dict[int, tuple[list[tuple[tuple[str, str], Pair, Call]], int]] = field(default_factory=dict)
    _places: dict[tuple[str, str], dict[tuple[str, str], str]] = field(default_factory=dict)

    def reached(self, pair: tuple[str, str], bits: int, below: str) -> tuple[tuple[Reach, ...], int]:
        """The first bodies that reach a pair, in the order of the document, and how many more there are.

        The one that the witness is of stands before them.
        """
        known = self.network.compared[pair]
        shown = None
        if known.start is not None:
            body, call = self.starts[known.start][0]
            shown = Reach(call.title, body.where, known.place + below)
        listed, more = self._reached(pair, bits, below)
        if shown is None:
            return tuple(listed), more
        others = [one for one in listed if (one.operation, one.part) != (shown.operation, shown.part)]
        kept = [shown, *others][:_MOST_REACHED]
        return tuple(kept), len(listed) + more - len(kept)

    def _reached(self, pair: tuple[str, str], bits: int, below: str) -> tuple[list[Reach], int]:
        first, more = self._first(bits)
        return [
            Reach(call.title, body.where, self._place(start, pair) + below if at < _MOST_PLACED else "")
            for at, (start, body, call) in enumerate(first)
        ], more

    def _first(self, bits: int) -> tuple[list[tuple[tuple[str, str], Pair, Call]], int]:
        """The first bodies of those starts, and how many more there are."""
        if bits not in self._known:
            known = [
                (start, body, call)
                for at, (start, bodies) in enumerate(self.starts.items())
                if bits >> at & 1
                for body, call in bodies
            ]
            self._known[bits] = known[:_MOST_REACHED], max(0, len(known) - _MOST_REACHED)
        return self._known[bits]

    def _place(self, start: tuple[str, str], pair: tuple[str, str]) -> str:
        if start not in self._places:
            self._places[start] = self.network.places(start)
        return self._places[start].get(pair, "")


def root_names(old: Any, new: Any) -> tuple[str, str]:
    """The names of two bodies' schemas: of the definitions that they are, or else their own words."""
    names = reference_name(old), reference_name(new)
    if names[0] is not None and names[1] is not None:
        return names[0], names[1]
    return f"body {json.dumps(old, sort_keys=True)}", f"body {json.dumps(new, sort_keys=True)}"

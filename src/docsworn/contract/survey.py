"""One walk of a body over its places: what it exercises, what it lacks, what nobody documented.

A daemon walks the same contract for months: what applies together at a place is worked out once and
kept, and a visit to a value is a few look-ups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.contract.places import Listed, Place, Places
from docsworn.contract.pointer import join
from docsworn.contract.shape import field_name
from docsworn.contract.unions import Chooser, facets
from docsworn.model import Promise

_Starts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What one body shows.

    ``exercised`` and ``present`` hold promise ids (of schema keywords, and of listed fields that are
    there), ``absent`` listed fields that are not there with their pointers, ``undocumented`` pointers.
    """

    exercised: frozenset[str]
    present: frozenset[str]
    absent: tuple[tuple[Promise, str], ...]
    undocumented: tuple[str, ...]


@dataclass(eq=False, slots=True)
class _Node:
    """All that applies together to a value, before the branch of a union is chosen."""

    own: frozenset[str]
    required: frozenset[str]
    listed: tuple[Listed, ...]
    unions: tuple[_Starts, ...]
    starts: _Starts
    properties: dict[str, _Starts]
    values: _Starts
    items: _Starts
    prefix: tuple[_Starts, ...]
    closed: bool


@dataclass(slots=True)
class _Walk:
    query: Mapping[str, str]
    visited: dict[_Node, bool] = field(default_factory=dict)  # whether as an object
    present: set[str] = field(default_factory=set)
    absent: dict[tuple[str, str], Promise] = field(default_factory=dict)
    undocumented: dict[str, None] = field(default_factory=dict)


class Surveyor:
    """Walks bodies over one response's places; safe to share between threads."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._chooser = Chooser(places)
        self._nodes: dict[_Starts, _Node] = {}

    def survey(self, body: Any, query: Mapping[str, str]) -> Survey:
        """Walk a parsed body; ``query`` holds the request's query parameters."""
        walk = _Walk(query)
        self._visit(walk, (0,), body, ())
        exercised: set[str] = set()
        for node, as_object in walk.visited.items():
            exercised |= node.own
            if as_object:
                exercised |= node.required
        absent = tuple((promise, pointer) for (_, pointer), promise in walk.absent.items())
        return Survey(
            exercised=frozenset(exercised),
            present=frozenset(walk.present),
            absent=absent,
            undocumented=tuple(walk.undocumented),
        )

    def _visit(self, walk: _Walk, starts: _Starts, value: Any, pattern: tuple[str, ...]) -> None:
        node = self._nodes.get(starts) or self._make(starts)
        if node.unions:
            node = self._settle(node, value)
        if isinstance(value, dict):
            walk.visited[node] = True
            self._visit_object(walk, node, value, pattern)
            return
        walk.visited.setdefault(node, False)
        if isinstance(value, list):
            below = (*pattern, "*")
            for at, item in enumerate(value):
                wanted = node.prefix[at] if at < len(node.prefix) else node.items
                if wanted:
                    self._visit(walk, wanted, item, below)

    def _visit_object(
        self, walk: _Walk, node: _Node, value: dict[str, Any], pattern: tuple[str, ...]
    ) -> None:
        for listed in node.listed:
            _note_listed(walk, listed, value, pattern)
        properties = node.properties
        for name, item in value.items():
            named = properties.get(name)
            if named is not None:
                self._visit(walk, named, item, (*pattern, name))
            elif node.values:
                self._visit(walk, node.values, item, (*pattern, "*"))
            elif node.closed:
                walk.undocumented[join(*pattern, field_name(name))] = None

    def _settle(self, node: _Node, value: Any) -> _Node:
        """The node with a branch chosen of each union, and of the unions that these bring."""
        settled = node
        done: set[_Starts] = set()
        while waiting := [union for union in settled.unions if union not in done]:
            chosen = tuple(self._chooser.choose(union, value) for union in waiting)
            done.update(waiting)
            starts = tuple(dict.fromkeys((*settled.starts, *chosen)))
            settled = self._nodes.get(starts) or self._make(starts)
        return settled

    def _make(self, starts: _Starts) -> _Node:
        together = tuple(dict.fromkeys(place for start in starts for place in facets(self._places, start)))
        node = _merge(together, starts)
        return self._nodes.setdefault(starts, node)


def _merge(together: tuple[Place, ...], starts: _Starts) -> _Node:
    properties: dict[str, _Starts] = {}
    for place in together:
        for name, child in place.properties.items():
            properties[name] = (*properties.get(name, ()), child)
    longest = max((len(place.prefix) for place in together), default=0)
    return _Node(
        own=frozenset(promise for place in together for promise in place.own),
        required=frozenset(promise for place in together for promise in place.required.values()),
        listed=tuple(listed for place in together for listed in place.listed),
        unions=tuple(place.branches for place in together if place.branches),
        starts=starts,
        properties=properties,
        values=tuple(place.values for place in together if place.values is not None),
        items=tuple(place.items for place in together if place.items is not None),
        prefix=tuple(
            tuple(_item(place, at) for place in together if _item(place, at) >= 0) for at in range(longest)
        ),
        closed=any(place.closed for place in together),
    )


def _item(place: Place, at: int) -> int:
    """The place of an array's item at a position, -1 where nothing is said of it."""
    if at < len(place.prefix):
        return place.prefix[at]
    return -1 if place.items is None else place.items


def _note_listed(walk: _Walk, listed: Listed, value: dict[str, Any], pattern: tuple[str, ...]) -> None:
    if any(walk.query.get(name) != wanted for name, wanted in listed.when):
        return
    if any(name in value for name in listed.names):
        walk.present.add(listed.promise.id)
    else:
        own = listed.promise.pointer.rsplit("/", 1)[-1]
        walk.absent[listed.promise.id, f"{join(*pattern)}/{own}"] = listed.promise

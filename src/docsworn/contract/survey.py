"""One walk of a body over its places: what it exercises, what it lacks, what nobody documented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.contract.places import Listed, Place, Places
from docsworn.contract.pointer import join
from docsworn.contract.shape import field_name
from docsworn.contract.unions import choose, facets
from docsworn.model import Promise


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


@dataclass(slots=True)
class _Walk:
    places: Places
    query: Mapping[str, str]
    exercised: set[str] = field(default_factory=set)
    present: set[str] = field(default_factory=set)
    absent: dict[tuple[str, str], Promise] = field(default_factory=dict)
    undocumented: dict[str, None] = field(default_factory=dict)


def survey(places: Places, body: Any, query: Mapping[str, str]) -> Survey:
    """Walk a parsed body; ``query`` holds the request's query parameters."""
    walk = _Walk(places, query)
    _visit(walk, (0,), body, ())
    absent = tuple((promise, pointer) for (_, pointer), promise in walk.absent.items())
    return Survey(
        exercised=frozenset(walk.exercised),
        present=frozenset(walk.present),
        absent=absent,
        undocumented=tuple(walk.undocumented),
    )


def _visit(walk: _Walk, starts: tuple[int, ...], value: Any, pattern: tuple[str, ...]) -> None:
    together = _applying(walk.places, starts, value)
    for place in together:
        walk.exercised.update(place.own)
    if isinstance(value, dict):
        _visit_object(walk, together, value, pattern)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            below = tuple(child for place in together for child in _items(place, at))
            if below:
                _visit(walk, below, item, (*pattern, "*"))


def _applying(places: Places, starts: tuple[int, ...], value: Any) -> tuple[Place, ...]:
    """All places that apply to a value: references followed, of each union the likeliest branch."""
    found: list[Place] = []
    waiting = list(starts)
    seen: set[int] = set()
    while waiting:
        index = waiting.pop()
        if index in seen:
            continue
        seen.add(index)
        for place in facets(places, index):
            found.append(place)
            if place.branches:
                waiting.append(choose(places, place.branches, value))
    return tuple(found)


def _items(place: Place, at: int) -> tuple[int, ...]:
    if at < len(place.prefix):
        return (place.prefix[at],)
    return () if place.items is None else (place.items,)


def _visit_object(
    walk: _Walk, together: tuple[Place, ...], value: dict[str, Any], pattern: tuple[str, ...]
) -> None:
    for place in together:
        walk.exercised.update(place.required.values())
        for listed in place.listed:
            _note_listed(walk, listed, value, pattern)
    fields_listed = any(place.closed for place in together)
    for name, item in value.items():
        named = tuple(place.properties[name] for place in together if name in place.properties)
        if named:
            _visit(walk, named, item, (*pattern, name))
            continue
        mapped = tuple(place.values for place in together if place.values is not None)
        if mapped:
            _visit(walk, mapped, item, (*pattern, "*"))
        elif fields_listed:
            walk.undocumented[join(*pattern, field_name(name))] = None


def _note_listed(walk: _Walk, listed: Listed, value: dict[str, Any], pattern: tuple[str, ...]) -> None:
    if any(walk.query.get(name) != wanted for name, wanted in listed.when):
        return
    if any(name in value for name in listed.names):
        walk.present.add(listed.promise.id)
    else:
        own = listed.promise.pointer.rsplit("/", 1)[-1]
        walk.absent[listed.promise.id, f"{join(*pattern)}/{own}"] = listed.promise

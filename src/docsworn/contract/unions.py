"""Which branch of a union a value means: a literal that it bears first, then its type, then its fields."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docsworn.contract.places import Place, Places

_TYPES: dict[type, tuple[str, ...]] = {
    type(None): ("null",),
    bool: ("boolean",),
    int: ("integer", "number"),
    float: ("number",),
    str: ("string",),
    list: ("array",),
    dict: ("object",),
}


def json_types(value: Any) -> tuple[str, ...]:
    """The JSON Schema types of a parsed value; an integer is also a number."""
    return _TYPES.get(type(value), ())


def choose(places: Places, branches: tuple[int, ...], value: Any) -> int:
    """The index (in ``Places.all``) of the branch that the value most likely means."""
    return max(branches, key=lambda branch: _likeness(places, branch, value))


def facets(places: Places, index: int, seen: frozenset[int] = frozenset()) -> Iterator[Place]:
    """A place and the places that apply together with it (through references and ``allOf``)."""
    if index in seen:
        return
    place = places.all[index]
    yield place
    for part in place.parts:
        yield from facets(places, part, seen | {index})


def fits_type(places: Places, index: int, value: Any) -> bool:
    """Whether a place (and what applies together with it) can hold a value of this JSON type."""
    types = set(json_types(value))
    return all(
        (not place.types or bool(types & set(place.types)))
        and (not place.branches or any(fits_type(places, branch, value) for branch in place.branches))
        for place in facets(places, index)
    )


def _likeness(places: Places, branch: int, value: Any, depth: int = 0) -> tuple[int, int, int, int]:
    """How like a value is to a branch: literals kept, type right, required there, known fields."""
    together = tuple(facets(places, branch))
    nested = tuple(child for place in together for child in place.branches)
    if nested and depth < 8:
        return max(_likeness(places, child, value, depth + 1) for child in nested)
    typed = fits_type(places, branch, value)
    if not isinstance(value, dict):
        return (0, int(typed), 0, 0)
    literals = [
        1 if value[name] in allowed else -1
        for place in together
        for name, allowed in place.literals.items()
        if name in value
    ]
    absent = sum(name not in value for place in together for name in place.required)
    known = {name for place in together for name in place.properties}
    return (sum(literals), int(typed), -absent, len(known & set(value)))

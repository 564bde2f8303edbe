"""How to reach each place of a body from its root."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from docsworn.contract.places import Place, Places


class Via(StrEnum):
    """What a step goes through; the first two stay at the same value."""

    PART = "part"
    BRANCH = "branch"
    FIELD = "field"
    VALUE = "value"
    ITEM = "item"
    POSITION = "position"


@dataclass(frozen=True, slots=True)
class Step:
    """One step to the place ``to``; ``name`` is the field's, ``position`` the item's."""

    via: Via
    to: int
    name: str = ""
    position: int = 0

    @property
    def stays(self) -> bool:
        """Whether the step leads to another schema of the same value."""
        return self.via in (Via.PART, Via.BRANCH)


Route = tuple[Step, ...]


def steps_from(place: Place) -> Iterator[Step]:
    """Every step that leads on from a place."""
    yield from (Step(Via.PART, to) for to in place.parts)
    yield from (Step(Via.BRANCH, to) for to in place.branches)
    yield from (Step(Via.FIELD, to, name=name) for name, to in place.properties.items())
    if place.values is not None:
        yield Step(Via.VALUE, place.values)
    yield from (Step(Via.POSITION, to, position=at) for at, to in enumerate(place.prefix))
    if place.items is not None:
        yield Step(Via.ITEM, place.items, position=len(place.prefix))


def routes(places: Places) -> Mapping[int, Route]:
    """The first route to each place by its index; recursion is entered once."""
    found: dict[int, Route] = {0: ()}
    waiting = [0]
    while waiting:
        at = waiting.pop(0)
        for step in steps_from(places.all[at]):
            if step.to not in found:
                found[step.to] = (*found[at], step)
                waiting.append(step.to)
    return found


def heights(places: Places) -> Sequence[float]:
    """How deep the smallest value of each place nests; infinite where there is no finite one."""
    known = [float("inf")] * len(places.all)
    changed = True
    while changed:
        changed = False
        for at in range(len(known) - 1, -1, -1):
            height = _height(places.all[at], known)
            if height < known[at]:
                known[at], changed = height, True
    return known


def _height(place: Place, known: Sequence[float]) -> float:
    own = [known[part] for part in place.parts]
    if place.branches:
        own.append(min(known[branch] for branch in place.branches))
    below = [known[to] for name, to in place.properties.items() if name in place.required]
    return max([0.0, *own, *(height + 1 for height in below)])


def node_at(schema: Mapping[str, Any], place: Place) -> Mapping[str, Any]:
    """The schema node of a place; an empty one where it is ``true``."""
    node: Any = schema
    for part in place.location:
        node = node[part]
    return node if isinstance(node, Mapping) else {}

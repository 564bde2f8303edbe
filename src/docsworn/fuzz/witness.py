"""The smallest valid body that has a value at a given place: what a mutant of that place is made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from docsworn.contract.compiled import CompiledResponse
from docsworn.contract.layout import name_candidates
from docsworn.fuzz.routes import Route, Step, Via, heights, node_at, routes
from docsworn.fuzz.scalars import Scalars

Key = str | int

_MAX_DEPTH = 60
_FULL_DEPTH = 2
_OTHER_FIELD = "docsworn_other"
_OBJECT_WORDS = frozenset({"properties", "required", "additionalProperties", "patternProperties"})
_ARRAY_WORDS = frozenset({"items", "prefixItems", "minItems", "contains"})


class Richness(Enum):
    """What a body holds beyond what is required: nothing, what names a union's branch, all fields."""

    SMALLEST = auto()
    NAMED = auto()
    FULL = auto()


@dataclass(frozen=True, slots=True)
class Witness:
    """A valid body and the keys that lead to the value at the place."""

    body: Any
    path: tuple[Key, ...]


class Unbuildable(LookupError):  # noqa: N818 - it is an answer, not a mistake
    """No valid body with a value at this place was found; says why."""


class Witnesses:
    """Builds witnesses for the places of one documented body."""

    def __init__(self, response: CompiledResponse) -> None:
        self.response = response
        self._all = response.places.all
        schema = name_candidates(response.response.schema or {})
        self.nodes: Sequence[Mapping[str, Any]] = [node_at(schema, place) for place in self._all]
        self.routes = routes(response.places)
        self._heights = heights(response.places)
        self._scalars = Scalars()

    def witnesses(self, index: int) -> Iterator[Witness]:
        """Valid bodies with a value at a place, the smallest first, then richer ones."""
        for richness in Richness:
            path: list[Key] = []
            try:
                body = self._value((0,), self.routes[index], path, richness, 0)
            except LookupError:
                continue
            if self.response.is_valid(body):
                yield Witness(body, tuple(path))

    def top_of(self, index: int) -> int:
        """The outermost place of the same value: the union, or the reference, that it is part of."""
        route = self.routes[index]
        while route and route[-1].stays:
            route = route[:-1]
        return route[-1].to if route else 0

    def _value(self, starts: Sequence[int], route: Route, path: list[Key], rich: Richness, depth: int) -> Any:
        """A value that keeps all these places and what applies together with them."""
        if depth > _MAX_DEPTH:
            raise Unbuildable("it nests too deeply")
        together, ahead = self._together(starts, route)
        nodes = [self.nodes[at] for at in together]
        literal = None if ahead else self._scalars.literal(nodes)
        if literal is not None:
            return literal[0]
        kind = _kind(nodes, ahead)
        if kind == "object":
            return self._object(together, ahead, path, rich, depth)
        if kind == "array":
            return self._array(together, ahead, path, rich, depth)
        return self._scalars.find(nodes, kind)

    def _together(self, starts: Sequence[int], route: Route) -> tuple[tuple[int, ...], Route]:
        """The places that apply to one value, of unions the branch on the route or the smallest."""
        here = 0
        while here < len(route) and route[here].stays:
            here += 1
        wanted = {step.to for step in route[:here]}
        found: dict[int, None] = {}
        waiting = list(starts)
        while waiting:
            at = waiting.pop(0)
            if at in found:
                continue
            found[at] = None
            place = self._all[at]
            waiting.extend(place.parts)
            if place.branches:
                on_route = (branch for branch in place.branches if branch in wanted)
                waiting.append(next(on_route, None) or min(place.branches, key=self._heights.__getitem__))
        return tuple(found), route[here:]

    def _object(
        self, together: Sequence[int], ahead: Route, path: list[Key], rich: Richness, depth: int
    ) -> dict[str, Any]:
        step = ahead[0] if ahead else None
        names = dict.fromkeys(name for at in together for name in self._all[at].required)
        names |= dict.fromkeys(self._extra(together, rich, depth))
        wanted = step.name if step and step.via is Via.FIELD else self._other_name(together, step)
        if step:
            names[wanted] = None
        if not names and any(self.nodes[at].get("minProperties", 0) for at in together):
            names[wanted] = None
        made: dict[str, Any] = {}
        for name in names:
            on_route = step is not None and name == wanted
            if on_route:
                path.append(name)
            below = path if on_route else []
            starts = self._field(together, name)
            rest = ahead[1:] if on_route else ()
            if on_route and step and step.to not in starts:
                starts = (*starts, step.to)
            try:
                made[name] = self._value(starts, rest, below, rich, depth + 1)
            except LookupError:
                if on_route or any(name in self._all[at].required for at in together):
                    raise
        return made

    def _other_name(self, together: Sequence[int], step: Step | None) -> str:
        """A name for a field that has none in the contract, as its rules for names want it."""
        rules = [self.nodes[at]["propertyNames"] for at in together if "propertyNames" in self.nodes[at]]
        location = self._all[step.to].location if step else ()
        if "patternProperties" in location[-2:-1]:
            rules.append({"pattern": location[-1]})
        rules = [rule for rule in rules if isinstance(rule, Mapping)]
        return str(self._scalars.find(rules, "string")) if rules else _OTHER_FIELD

    def _extra(self, together: Sequence[int], rich: Richness, depth: int) -> Iterator[str]:
        """Fields beyond the required ones."""
        for place in (self._all[at] for at in together):
            if rich is Richness.NAMED:
                yield from place.literals
            elif rich is Richness.FULL and depth < _FULL_DEPTH:
                yield from place.properties

    def _field(self, together: Sequence[int], name: str) -> tuple[int, ...]:
        places = [self._all[at] for at in together]
        named = tuple(place.properties[name] for place in places if name in place.properties)
        return named or tuple(place.values for place in places if place.values is not None)

    def _array(
        self, together: Sequence[int], ahead: Route, path: list[Key], rich: Richness, depth: int
    ) -> list[Any]:
        step = ahead[0] if ahead else None
        least = max((self.nodes[at].get("minItems", 0) for at in together), default=0)
        count = max(least, step.position + 1 if step else 0)
        made: list[Any] = []
        for at in range(count):
            on_route = step is not None and at == step.position
            if on_route:
                path.append(at)
            starts = self._item(together, at, step if on_route else None)
            rest = ahead[1:] if on_route else ()
            made.append(self._value(starts, rest, path if on_route else [], rich, depth + 1))
        return made

    def _item(self, together: Sequence[int], at: int, step: Step | None) -> tuple[int, ...]:
        found = [step.to] if step else []
        for place in (self._all[index] for index in together):
            to = place.prefix[at] if at < len(place.prefix) else place.items
            if to is not None and to not in found:
                found.append(to)
        return tuple(found)


def _kind(nodes: Sequence[Mapping[str, Any]], ahead: Route) -> str:
    """The JSON type to build: what the route needs, else the first that all allow, null last."""
    if ahead:
        return "object" if ahead[0].via in (Via.FIELD, Via.VALUE) else "array"
    allowed: list[str] | None = None
    for node in nodes:
        types = node.get("type")
        if types is not None:
            own = types if isinstance(types, list) else [types]
            allowed = list(own) if allowed is None else [each for each in allowed if each in own]
    if allowed is None:
        keys = {key for node in nodes for key in node}
        return "object" if keys & _OBJECT_WORDS else "array" if keys & _ARRAY_WORDS else "string"
    if not allowed:
        raise Unbuildable("no type is allowed here")
    return min(allowed, key=lambda each: each == "null")

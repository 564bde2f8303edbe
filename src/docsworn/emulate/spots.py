"""The places of an operation's good body as drifts see them, and the bodies that have a value there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from docsworn.contract.layout import lay_out, name_candidates
from docsworn.contract.places import Place, Places
from docsworn.contract.pointer import join
from docsworn.emulate.drift import Shown
from docsworn.emulate.edits import values_at
from docsworn.emulate.stage import Stage
from docsworn.model import Source


@dataclass(frozen=True, slots=True)
class Example:
    """One body that is answered, and where."""

    shown: Shown
    body: Any


@dataclass(slots=True)
class Spot:
    """All that a contract says of one place; ``any_type`` where some branch of it takes everything."""

    pattern: tuple[str, ...]
    types: set[str] = field(default_factory=set)
    keywords: set[str] = field(default_factory=set)
    any_type: bool = False
    closed: bool = False

    @property
    def pointer(self) -> str:
        """The place as a pointer pattern."""
        return join(*self.pattern)

    @property
    def name(self) -> str:
        """The last field name of the place."""
        return next((part for part in reversed(self.pattern) if part != "*"), "")

    @property
    def is_field(self) -> bool:
        """Whether it is a field that has a name in the contract, no item of a list or map."""
        return bool(self.pattern) and self.pattern[-1] != "*"


def examples_of(stage: Stage) -> tuple[Example, ...]:
    """Every body of an operation, those that need no query first."""
    found = [
        Example(Shown(conversation.id, conversation.name, variant.query), variant.body)
        for conversation in stage.conversations.values()
        for variant in conversation.variants
    ]
    return tuple(sorted(found, key=lambda each: len(each.shown.query)))


def spots_of(stage: Stage) -> tuple[Spot, ...]:
    """The places of an operation's good body in the order of the contract, each once."""
    good = stage.operation.responses.get(str(stage.status))
    schema = name_candidates(good.schema) if good is not None and good.schema is not None else None
    if schema is None:
        return ()
    places = lay_out(schema, prefix=stage.operation.id, source=Source("", 0))
    spots: dict[tuple[str, ...], Spot] = {}
    for place in places.all:
        spot = spots.setdefault(place.pattern, Spot(place.pattern))
        _note(spot, place, places, _node(schema, place.location))
    return tuple(spots.values())


def values_of(spot: Spot, examples: Sequence[Example]) -> Iterator[tuple[Example, Any]]:
    """Each value at a place that is not null, with its example."""
    for example in examples:
        for value in values_at(example.body, spot.pattern):
            if value is not None:
                yield example, value


def _note(spot: Spot, place: Place, places: Places, node: Any) -> None:
    keywords = {places.promises[promise].keyword for promise in place.own}
    spot.types.update(place.types)
    spot.keywords.update(keywords)
    if isinstance(node, dict) and (node.get("x-open-enum") or "x-known-values" in node):
        spot.keywords.add("enum")
    bare = not place.types and not place.parts and not place.branches
    spot.any_type = spot.any_type or (bare and not keywords & {"enum", "const"})
    spot.closed = spot.closed or place.closed


def _node(schema: Any, location: tuple[str | int, ...]) -> Any:
    """The schema node of a place; None where the location is none of the document itself."""
    node = schema
    for part in location:
        try:
            node = node[part]
        except (LookupError, TypeError):
            return None
    return node

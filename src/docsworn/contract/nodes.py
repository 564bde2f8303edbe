"""What applies together to a value: places merged, the branches of unions chosen, all worked out once.

A daemon holds bodies to the same contract for months, so what is worked out is kept, within bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from docsworn.contract.places import Listed, Place, Places
from docsworn.contract.unions import Chooser, facets

Starts = tuple[int, ...]

_MAX_KEPT = 1024  # of one node: field names that never repeat must not fill the memory
_MAX_LITERALS = 64  # of one choice: so do values that never repeat


class Choice:
    """How a union is settled for objects with certain fields: by the values of the literals among them."""

    __slots__ = ("literals", "settled")

    def __init__(self, names: list[str]) -> None:
        self.literals: Callable[[dict[str, Any]], Any] = itemgetter(*names) if names else _no_literals
        self.settled: dict[Any, Node] = {}


def _no_literals(_value: dict[str, Any]) -> None:
    return None


@dataclass(eq=False, slots=True)
class Node:
    """All that applies together to a value; ``unions`` are those whose branch is still to be chosen.

    Children are named by the indices of their places (see ``Nodes.of``). ``leaf`` says that nothing
    below the value is described, ``one_type`` that values of one JSON type keep the contract, ``needed``
    are the fields that it requires. ``by_type`` keeps the branches where only the value's type matters,
    ``choices`` those that an object's fields decide, by their names.
    """

    own: frozenset[str]
    required: frozenset[str]
    listed: tuple[Listed, ...]
    unions: tuple[Starts, ...]
    starts: Starts
    properties: dict[str, Starts]
    values: Starts
    items: Starts
    prefix: tuple[Starts, ...]
    closed: bool
    leaf: bool
    one_type: bool = False
    needed: frozenset[str] = frozenset()
    by_type: dict[type, Node] = field(default_factory=dict, repr=False)
    choices: dict[tuple[str, ...], Choice] = field(default_factory=dict, repr=False)


class Nodes:
    """The nodes of one response's places; safe to share between threads."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._chooser = Chooser(places)
        self._made: dict[Starts, Node] = {}

    @property
    def root(self) -> Node:
        """The node of the whole body."""
        return self.of((0,))

    def of(self, starts: Starts) -> Node:
        """The node of places that apply together."""
        return self._made.get(starts) or self._made.setdefault(starts, self._make(starts))

    def settle(self, node: Node, value: Any) -> Node:
        """The node with a branch chosen of each union, and of the unions that these bring."""
        known = node.by_type.get(type(value))
        if known is None:
            known = self._settle_object(node, value) if isinstance(value, dict) else self._settle(node, value)
        return known

    def literal_names(self, node: Node) -> tuple[str, ...]:
        """The fields whose values tell the branches of a node's unions apart."""
        return self._chooser.literal_names(node.unions)

    def words_that_tell(self, node: Node, value: Any) -> tuple[str, ...] | None:
        """The fields whose words prove which branches a value means (of a node that is settled).

        Only one branch of each union can then hold it. None where more matters, or nothing proves it.
        """
        found = [self._chooser.words_that_tell(union, value) for union in node.unions]
        told = [each for each in found if each is not None]
        return tuple({name: None for each in told for name in each}) if len(told) == len(found) else None

    def _settle_object(self, node: Node, value: dict[str, Any]) -> Node:
        """The choice rests on the names of an object's fields and on the literals among them."""
        names = tuple(value)
        choice = node.choices.get(names)
        if choice is None:
            choice = Choice([name for name in self._chooser.literal_names(node.unions) if name in value])
            if len(node.choices) < _MAX_KEPT:
                node.choices[names] = choice
        literals = choice.literals(value)
        try:
            known = choice.settled.get(literals)
        except TypeError:  # an object or array where a literal is expected
            return self._settle(node, value)
        if known is None:
            known = self._settle(node, value)
            if len(choice.settled) < _MAX_LITERALS:
                choice.settled[literals] = known
        return known

    def _settle(self, node: Node, value: Any) -> Node:
        settled, done, certain = node, set[Starts](), True
        while waiting := [union for union in settled.unions if union not in done]:
            chosen = tuple(self._chooser.choose(union, value) for union in waiting)
            certain = certain and all(self._chooser.only_type_matters(union, value) for union in waiting)
            done.update(waiting)
            settled = self.of(tuple(dict.fromkeys((*settled.starts, *chosen))))
        if certain:
            node.by_type[type(value)] = settled
        return settled

    def _make(self, starts: Starts) -> Node:
        found = (place for start in starts for place in facets(self._places, start))
        return _merge(tuple(dict.fromkeys(found)), starts)


def _merge(together: tuple[Place, ...], starts: Starts) -> Node:
    properties: dict[str, Starts] = {}
    for place in together:
        for name, child in place.properties.items():
            properties[name] = (*properties.get(name, ()), child)
    longest = max((len(place.prefix) for place in together), default=0)
    positions = range(longest)
    listed = tuple(listed for place in together for listed in place.listed)
    required = frozenset(promise for place in together for promise in place.required.values())
    unions = tuple(place.branches for place in together if place.branches)
    values = tuple(place.values for place in together if place.values is not None)
    items = tuple(place.items for place in together if place.items is not None)
    return Node(
        own=frozenset(promise for place in together for promise in place.own),
        required=required,
        listed=listed,
        unions=unions,
        starts=starts,
        properties=properties,
        values=values,
        items=items,
        prefix=tuple(tuple(item for place in together for item in _item(place, at)) for at in positions),
        closed=any(place.closed for place in together),
        leaf=not (unions or properties or values or items or longest or listed or required),
        one_type=any(len(place.types) == 1 for place in together),
        needed=frozenset(name for place in together for name in place.required),
    )


def _item(place: Place, at: int) -> Starts:
    """The place of an array's item at a position, if anything is said of it."""
    if at < len(place.prefix):
        return (place.prefix[at],)
    return () if place.items is None else (place.items,)

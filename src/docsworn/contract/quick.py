"""The fast way through a body that adds nothing to what is documented.

APIs send objects with the same fields in the same order again and again. What such an object
exercises is worked out once for its tuple of field names (its *shape*); after that a visit is one look-up,
and only children of which more is said are visited. What a body shows is then the set of shapes in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.contract.nodes import Node, Nodes, Starts
from docsworn.model import Promise

_MAX_SHAPES = 512  # of one node, as in nodes
_MAX_QUERIES = 64  # whoever asks with queries that never repeat must not fill the memory

Query = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """What a value of a node exercises, has and lacks; of an object, which fields lead further down."""

    exercised: frozenset[str]
    present: frozenset[str] = frozenset()
    absent: Mapping[str, Promise] = field(default_factory=dict)
    children: tuple[tuple[str, Spot], ...] = ()


@dataclass(slots=True, eq=False)
class Spot:
    """A node on the way, with the shapes that its objects have had.

    ``other`` is the shape of what is no object. A ``map`` is an object whose field names are data.
    """

    node: Node
    other: Shape
    unions: bool
    map: Shape | None
    values: Spot | None = None
    items: Spot | None = None
    by_type: dict[type, Spot] = field(default_factory=dict)
    shapes: dict[tuple[str, ...], Shape] = field(default_factory=dict)


class _Undocumented(Exception):  # noqa: N818 - no error: somebody must look closer
    pass


class QuickWalk:
    """Walks bodies by the shapes of their objects; safe to share between threads."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._walkers: dict[Query, Walker] = {}

    def walk(self, body: Any, query: Mapping[str, str]) -> frozenset[Shape] | None:
        """The shapes that a body shows; None where a field is undocumented."""
        try:
            return self.walker(query).walk(body)
        except _Undocumented:
            return None

    def walker(self, query: Mapping[str, str]) -> Walker:
        """The walker under a request's query parameters."""
        asked = frozenset(query.items())
        walker = self._walkers.get(asked)
        if walker is None:
            if len(self._walkers) >= _MAX_QUERIES:
                self._walkers.clear()
            walker = self._walkers[asked] = Walker(self._nodes, query)
        return walker


class Walker:
    """The walk under one query; it recurses, which strict parsing bounds (200 levels)."""

    def __init__(self, nodes: Nodes, query: Mapping[str, str]) -> None:
        self.nodes, self._query = nodes, query
        self._spots: dict[Node, Spot] = {}
        self._settled: dict[Node, Spot] = {}
        self.root = self._spot(nodes.root)

    def walk(self, body: Any) -> frozenset[Shape]:
        """The shapes of a body; _Undocumented where it holds a field that nobody lists."""
        return self.shapes(self.root, body)

    def shapes(self, spot: Spot, value: Any) -> frozenset[Shape]:
        """The shapes of a value and of all below it."""
        seen: set[Shape] = set()
        self._visit(spot, value, seen.add)
        return frozenset(seen)

    def below(self, spot: Spot, value: Any) -> Iterator[tuple[Any, Spot, Any]]:
        """The fields or items, by name or position, of which a spot that is settled says anything."""
        node = spot.node
        if isinstance(value, dict):
            for name, item in value.items():
                starts = node.properties.get(name) or node.values
                if starts:
                    yield name, self._at(starts), item
        elif isinstance(value, list):
            for at, item in enumerate(value):
                starts = node.prefix[at] if at < len(node.prefix) else node.items
                if starts:
                    yield at, self._at(starts), item

    def settled(self, spot: Spot, value: Any) -> Spot:
        """The spot with a branch chosen of each union."""
        return spot.by_type.get(type(value)) or self._settle(spot, value)

    def shape(self, spot: Spot, value: dict[str, Any]) -> Shape:
        """What an object of a spot that is settled shows by its fields."""
        names = tuple(value)
        return spot.map or spot.shapes.get(names) or self._make(spot, names)

    def _visit(self, spot: Spot, value: Any, add: Callable[[Shape], None]) -> None:
        kind = type(value)
        if spot.unions:
            spot = spot.by_type.get(kind) or self._settle(spot, value)
        if kind is not dict:
            add(spot.other)
            if kind is list and value and not spot.node.leaf:
                self._visit_items(spot, value, add)
        elif spot.map is not None:
            add(spot.map)
            self._visit_values(spot, value, add)
        else:
            names = tuple(value)
            shape = spot.shapes.get(names) or self._make(spot, names)
            add(shape)
            for name, child in shape.children:
                item = value[name]
                kind = type(item)
                if kind is dict or (item and kind is list):
                    self._visit(child, item, add)
                elif child.unions:  # else what is no container shows nothing more
                    add((child.by_type.get(kind) or self._settle(child, item)).other)

    def _visit_values(self, spot: Spot, value: dict[str, Any], add: Callable[[Shape], None]) -> None:
        below = spot.values
        if below is None:
            below = spot.values = self._at(spot.node.values)
        if not below.node.leaf:
            for item in value.values():
                self._visit(below, item, add)
        elif value:
            add(below.other)

    def _visit_items(self, spot: Spot, value: list[Any], add: Callable[[Shape], None]) -> None:
        node = spot.node
        if node.prefix:
            for at, item in enumerate(value):
                starts = node.prefix[at] if at < len(node.prefix) else node.items
                if starts:
                    self._visit(self._at(starts), item, add)
        elif node.items:
            below = spot.items
            if below is None:
                below = spot.items = self._at(node.items)
            # All items of a leaf say the same: one of them will do.
            for item in value[:1] if below.node.leaf else value:
                self._visit(below, item, add)

    def _at(self, starts: Starts) -> Spot:
        return self._spot(self.nodes.of(starts))

    def _settle(self, spot: Spot, value: Any) -> Spot:
        node = self.nodes.settle(spot.node, value)
        settled = self._settled.get(node)
        if settled is None:
            settled = self._settled[node] = self._spot(node, settled=True)
        if type(value) in spot.node.by_type:
            spot.by_type[type(value)] = settled
        return settled

    def _spot(self, node: Node, *, settled: bool = False) -> Spot:
        known = self._spots.get(node)
        if known is None or settled:
            is_map = bool(node.values) and not node.properties and not node.listed
            known = Spot(
                node=node,
                other=Shape(node.own),
                unions=bool(node.unions) and not settled,
                map=Shape(node.own | node.required) if is_map else None,
            )
        return known if settled else self._spots.setdefault(node, known)

    def _make(self, spot: Spot, names: tuple[str, ...]) -> Shape:
        node = spot.node
        exercised = set(node.own | node.required)
        children: list[tuple[str, Spot]] = []
        for name in names:
            starts = node.properties.get(name) or node.values
            if starts:
                child = self._at(starts)
                exercised |= child.node.own
                if not child.node.leaf:
                    children.append((name, child))
            elif node.closed:
                raise _Undocumented
        asked = [listed for listed in node.listed if listed.asked(self._query)]
        there = frozenset(listed.promise.id for listed in asked if listed.there(names))
        shape = Shape(
            exercised=frozenset(exercised),
            present=there,
            absent={one.promise.id: one.promise for one in asked if one.promise.id not in there},
            children=tuple(children),
        )
        # The keys of maps are data and do not repeat: keeping them would only cost.
        if not node.values and len(spot.shapes) < _MAX_SHAPES:
            spot.shapes[names] = shape
        return shape

"""The fast way through a body that adds nothing to what is documented.

APIs send objects with the same fields in the same order again and again. What such an object
exercises is worked out once for its tuple of field names; after that a visit is one look-up, and only
children of which more is said are visited.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docsworn.contract.nodes import Node, Nodes
from docsworn.model import Promise

_MAX_SHAPES = 512  # of one node, as in nodes

_Query = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True, eq=False)
class _Shape:
    """An object with certain fields: what it exercises, has and lacks, what must be visited below.

    ``plain`` says that nothing is undocumented.
    """

    exercised: frozenset[str]
    present: frozenset[str]
    absent: Mapping[str, Promise]
    children: tuple[tuple[str, Node], ...]
    plain: bool


@dataclass(frozen=True, slots=True)
class Walked:
    """Ids of the promises exercised, of listed fields that are somewhere there, and those not there."""

    exercised: frozenset[str]
    present: frozenset[str]
    absent: Mapping[str, Promise]


_Tables = dict[Node, dict[tuple[str, ...], _Shape]]


class QuickWalk:
    """Walks bodies by the shapes of their objects; safe to share between threads."""

    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._shapes: dict[_Query, _Tables] = {}

    def walk(self, body: Any, query: Mapping[str, str]) -> Walked | None:
        """What a body shows; None where a field is undocumented, so that somebody must look closer."""
        asked = frozenset(query.items())
        tables = self._shapes.setdefault(asked, {})
        shapes: set[_Shape] = set()
        scalars: set[Node] = set()
        waiting: list[tuple[Node, Any]] = [(self._nodes.root, body)]
        while waiting:
            node, value = waiting.pop()
            if node.unions:
                node = self._nodes.settle(node, value)
            if type(value) is dict:
                names = tuple(value)
                known = tables.get(node)
                shape = known.get(names) if known else None
                if shape is None:
                    shape = self._keep(node, names, query, tables)
                if not shape.plain:
                    return None
                shapes.add(shape)
                for name, child in shape.children:
                    waiting.append((child, value[name]))
                continue
            scalars.add(node)
            if type(value) is list and not node.leaf:
                waiting.extend(self._items(node, value))
        exercised: set[str] = set().union(*(shape.exercised for shape in shapes))
        exercised.update(*(node.own for node in scalars))
        absent: dict[str, Promise] = {}
        for shape in shapes:
            if shape.absent:
                absent.update(shape.absent)
        return Walked(frozenset(exercised), frozenset().union(*(shape.present for shape in shapes)), absent)

    def _items(self, node: Node, value: list[Any]) -> list[tuple[Node, Any]]:
        if not node.prefix:
            if not node.items:
                return []
            child = self._nodes.of(node.items)
            # All items of a leaf say the same: one of them will do.
            return [(child, item) for item in (value[:1] if child.leaf else value)]
        wanted = (node.prefix[at] if at < len(node.prefix) else node.items for at in range(len(value)))
        return [(self._nodes.of(starts), item) for starts, item in zip(wanted, value, strict=True) if starts]

    def _keep(self, node: Node, names: tuple[str, ...], query: Mapping[str, str], tables: _Tables) -> _Shape:
        shape = self._make(node, names, query)
        known = tables.setdefault(node, {})
        # The keys of maps are data and do not repeat: keeping them would only cost.
        if not node.values and len(known) < _MAX_SHAPES:
            known[names] = shape
        return shape

    def _make(self, node: Node, names: tuple[str, ...], query: Mapping[str, str]) -> _Shape:
        exercised = set(node.own | node.required)
        children: list[tuple[str, Node]] = []
        plain = True
        for name in names:
            starts = node.properties.get(name) or node.values
            if starts:
                child = self._nodes.of(starts)
                exercised |= child.own
                if not child.leaf:
                    children.append((name, child))
            elif node.closed:
                plain = False
        asked = [listed for listed in node.listed if listed.asked(query)]
        there = frozenset(listed.promise.id for listed in asked if listed.there(names))
        return _Shape(
            exercised=frozenset(exercised),
            present=there,
            absent={one.promise.id: one.promise for one in asked if one.promise.id not in there},
            children=tuple(children),
            plain=plain,
        )

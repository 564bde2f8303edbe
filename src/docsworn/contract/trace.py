"""What a body has shown as a JSON Schema: whatever is well and keeps it shows that again, perhaps more.

A validator in C says so in a few microseconds, where to walk the body takes a hundred. Each thing is held
at one place only, and nothing is asked that the contract itself asks of a body that keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docsworn.contract.look import TYPE_NAMES
from docsworn.contract.nodes import Node
from docsworn.contract.quick import Shape, Spot, Walker

Schema = dict[str, Any]

# What jsonschema-rs takes on this kind of machine to look for a required field, to look up and to count
# one among properties, and to go through one where no others may be (nanoseconds).
_REQUIRED, _PROPERTY, _COUNTED, _EACH = 16, 10, 5, 12


def trace(walker: Walker, body: Any, shown: Iterable[str], lacking: Iterable[str]) -> Schema:
    """The schema of what a documented body shows (promise ids) and lacks, for bodies that keep the contract.

    It holds the names of fields, types, and the literals that tell the branches of a union apart. JSON
    Schema takes 1.0 for an integer, so that a branch for numbers may pass for one for integers.
    """
    left = {*shown, *map(_without, lacking)}
    return _Tracer(walker, left).visit(walker.root, body, sure=True) or {}


def _without(promise: str) -> str:
    return f"without {promise}"


class _Tracer:
    """``left`` is what no place holds yet.

    It is ``sure`` of a value that the contract holds it to its node: not to another branch of a union.
    """

    def __init__(self, walker: Walker, left: set[str]) -> None:
        self._walker, self._left = walker, left
        self._facts: dict[Shape, frozenset[str]] = {}

    def visit(self, spot: Spot, value: Any, *, sure: bool) -> Schema | None:
        """What must stay as it is at a value; None where it shows nothing that is left."""
        known = sure and spot.node.one_type and not spot.unions
        kind: Schema = {} if known else {"type": TYPE_NAMES[type(value)]}
        literals: dict[str, Schema] = {}
        exact = False
        if spot.unions:
            spot = self._walker.settled(spot, value)
            names = self._walker.nodes.words_that_tell(spot.node, value)
            if names is None:
                sure, exact = False, True
                names = self._walker.nodes.literal_names(spot.node)
            literals = (
                {name: _same(value[name]) for name in names if name in value}
                if isinstance(value, dict)
                else {}
            )
        if isinstance(value, dict):
            told = self._object(spot, value, literals, sure=sure, exact=exact)
        else:
            held = self._take(spot.node.own)
            told = self._list(spot, value, sure=sure) if isinstance(value, list) else None
            told = {} if told is None and held else told
        return None if told is None else {**kind, **told}

    def _object(
        self, spot: Spot, value: dict[str, Any], literals: dict[str, Schema], *, sure: bool, exact: bool
    ) -> Schema | None:
        node = spot.node
        held = self._take(node.own | node.required)
        names, gone = (set(), set()) if spot.map else self._fields(spot, value)
        below = self._most_first(spot, value, sure=sure)
        if not (held or names or gone or below):
            return None
        names.update(below, literals)
        fields = {name: schema for name, schema in below.items() if schema}
        fields |= {name: {**fields.get(name, {}), **literal} for name, literal in literals.items()}
        return _cheapest(node, value, names, fields, gone, sure=sure, exact=exact)

    def _fields(self, spot: Spot, value: dict[str, Any]) -> tuple[set[str], set[str]]:
        """The fields that show something by being there, and those that do by not being there."""
        names = {name for name, below, _ in self._walker.below(spot, value) if self._take(below.node.own)}
        gone: set[str] = set()
        shape = self._walker.shape(spot, value)
        for listed in spot.node.listed:
            promise = listed.promise.id
            if promise in shape.present and self._take([promise]):
                names.add(next(name for name in listed.names if name in value))
            elif promise in shape.absent and self._take([_without(promise)]):
                gone.update(listed.names)
        return names, gone

    def _list(self, spot: Spot, value: list[Any], *, sure: bool) -> Schema | None:
        below = self._most_first(spot, value, sure=sure)
        if not below:
            return None
        items = [below.get(at) or True for at in range(max(below) + 1)]
        # One that has grown is looked at again: what came may say something new.
        return {"minItems": len(items), "maxItems": len(value), "prefixItems": items}

    def _most_first(self, spot: Spot, value: Any, *, sure: bool) -> dict[Any, Schema]:
        """What must stay below a value, by name or position: of what shows the most first.

        So a few turns of a long transcript are enough, where each shows a little.
        """
        found: dict[Any, Schema] = {}
        kinds: dict[frozenset[Shape], tuple[Any, Spot, Any]] = {}
        for at, below, item in self._walker.below(spot, value) if self._left else ():
            kinds.setdefault(self._walker.shapes(below, item), (at, below, item))
        facts = {shapes: self._facts_of(shapes) for shapes in kinds}
        while facts := {shapes: each & self._left for shapes, each in facts.items() if each & self._left}:
            most = max(facts, key=lambda shapes: len(facts[shapes]))
            del facts[most]
            at, below, item = kinds[most]
            schema = self.visit(below, item, sure=sure)
            if schema is not None:
                found[at] = schema
        return found

    def _facts_of(self, shapes: Iterable[Shape]) -> frozenset[str]:
        for shape in shapes:
            if shape not in self._facts:
                absent = map(_without, shape.absent)
                self._facts[shape] = frozenset((*shape.exercised, *shape.present, *absent))
        return frozenset().union(*(self._facts[shape] for shape in shapes))

    def _take(self, facts: Iterable[str]) -> bool:
        """Whether any of these was left; none is any more."""
        before = len(self._left)
        self._left.difference_update(facts)
        return len(self._left) < before


def _cheapest(
    node: Node,
    value: dict[str, Any],
    names: set[str],
    fields: Schema,
    gone: set[str],
    *,
    sure: bool,
    exact: bool,
) -> Schema:
    """The cheapest way to say that fields are there, or gone, or that there are exactly these."""
    everything = {name: fields.get(name, True) for name in value}
    closed: Schema = {"properties": everything, "additionalProperties": False, "minProperties": len(value)}
    ways = [(_EACH * len(value), closed)]
    if not exact:
        asked = names - node.needed if sure else names
        told = {**fields, **dict.fromkeys(sorted(gone), False)}
        some: Schema = {"required": sorted(asked), "properties": told}
        ways.append((_REQUIRED * len(asked) + _PROPERTY * len(told), some))
    if sure and node.closed:
        # Without those that it lacks there are no more documented ones than these.
        told = {**fields, **dict.fromkeys(sorted({*node.properties, *gone}.difference(value)), False)}
        counted: Schema = {"minProperties": len(value), "properties": told}
        ways.append((_COUNTED + _PROPERTY * len(told), counted))
    _, schema = min(ways, key=lambda way: way[0])
    return {keyword: said for keyword, said in schema.items() if said or said is False}


def _same(value: Any) -> Schema:
    return {"type": TYPE_NAMES[type(value)]} if isinstance(value, dict | list) else {"const": value}

"""What a body has shown once as a JSON Schema: whatever keeps it shows that again, and perhaps more.

A validator in C says so in a few microseconds, where to walk the body takes a hundred.
"""

from __future__ import annotations

from typing import Any

from docsworn.contract.nodes import Node, Nodes

Schema = dict[str, Any]

_TYPES: dict[type, str] = {
    type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string",
    list: "array", dict: "object",
}  # fmt: skip


def trace(nodes: Nodes, body: Any) -> Schema:
    """The schema of all that a body shows: for each thing one place that showed it first.

    It holds the names of fields, types, and the literals that tell the branches of a union apart. JSON
    Schema takes 1.0 for an integer, so that a branch for numbers may pass for one for integers.
    """
    return _Tracer(nodes).visit(nodes.root, body) or {}


class _Tracer:
    def __init__(self, nodes: Nodes) -> None:
        self._nodes = nodes
        self._seen: set[tuple[Node, frozenset[str] | None]] = set()

    def visit(self, node: Node, value: Any) -> Schema | None:
        """What must stay as it is at a value; None where all that it shows was shown before."""
        choice, literals = Schema(), dict[str, Schema]()
        if node.unions:
            choice, literals = self._choice(node, value)
            node = self._nodes.settle(node, value)
        if isinstance(value, dict):
            told = self._object(node, value)
        else:
            told = self._note(node, None, {})
            if isinstance(value, list):
                told = self._list(node, value) or told
        if told is None:
            return None
        fields: dict[str, Schema] = told.get("properties", {})
        said = {name: {**fields.get(name, {}), **literal} for name, literal in literals.items()}
        return {**told, **choice, **({"properties": {**fields, **said}} if literals else {})}

    def _choice(self, node: Node, value: Any) -> tuple[Schema, dict[str, Schema]]:
        """What the choice of a branch rests on, and the fields among it that name the branch."""
        schema: Schema = {"type": _TYPES[type(value)]}
        if not isinstance(value, dict):
            return schema, {}
        literals = self._nodes.literals_of(node, value)
        return {**schema, **_exactly(value)}, {name: _same(item) for name, item in literals.items()}

    def _object(self, node: Node, value: dict[str, Any]) -> Schema | None:
        is_map = bool(node.values) and not node.properties and not node.listed
        told = self._note(node, None if is_map else frozenset(value), {} if is_map else _exactly(value))
        below: dict[str, Schema] = {}
        for name, item in value.items():
            starts = node.properties.get(name) or node.values
            found = self.visit(self._nodes.of(starts), item) if starts else None
            if found is not None:
                below[name] = found
        if told is None and not below:
            return None
        fields = {"properties": below} if below else {}
        return {"type": "object", "required": sorted(below), **(told or {}), **fields}

    def _list(self, node: Node, value: list[Any]) -> Schema | None:
        items: list[Schema | None] = []
        for at, item in enumerate(value):
            starts = node.prefix[at] if at < len(node.prefix) else node.items
            items.append(self.visit(self._nodes.of(starts), item) if starts else None)
        while items and items[-1] is None:
            items.pop()
        if not items:
            return None
        shown = [True if each is None else each for each in items]
        # One that has grown is looked at again: what came may say something new.
        return {"type": "array", "minItems": len(items), "maxItems": len(value), "prefixItems": shown}

    def _note(self, node: Node, names: frozenset[str] | None, told: Schema) -> Schema | None:
        if (node, names) in self._seen:
            return None
        self._seen.add((node, names))
        return told


def _same(value: Any) -> Schema:
    return {"type": _TYPES[type(value)]} if isinstance(value, dict | list) else {"const": value}


def _exactly(value: dict[str, Any]) -> Schema:
    return {"required": sorted(value), "maxProperties": len(value)}

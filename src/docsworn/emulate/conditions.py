"""Schemas that say *if*, *not* or *when this field is there*, made plain enough to draw from.

What is left out here is seen by the validator, and drawn again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from docsworn.emulate.combine import combine

Node = Mapping[str, Any]


def settle(node: Node, rng: random.Random, *, required_only: bool) -> Node:
    """The node with one way of its conditions taken, so that none is left."""
    plain: dict[str, Any] = {key: value for key, value in node.items() if key not in _CONDITIONS}
    parts: list[Any] = []
    if "if" in node:
        kept = rng.random() < 0.5
        parts += [node["if"], node.get("then", True)] if kept else [node.get("else", True)]
        if not kept:
            plain["not"] = _both(plain.get("not"), node["if"])
    drawn = _drawn(node, required_only)
    for name, schema in node.get("dependentSchemas", {}).items():
        if name in drawn:
            parts.append(schema)
    needed = [each for name in drawn for each in node.get("dependentRequired", {}).get(name, ())]
    if needed:
        parts.append({"required": needed})
    if parts:
        plain["allOf"] = [*plain.get("allOf", ()), *parts]
    for refused in _refused(plain.get("not", False)):
        plain = _without(plain, refused)
    return plain


def is_conditional(node: Node) -> bool:
    """Whether there is anything to settle."""
    return any(key in node for key in _CONDITIONS)


_CONDITIONS = ("if", "then", "else", "dependentSchemas", "dependentRequired")


def _drawn(node: Node, required_only: bool) -> list[str]:
    """The fields that will be there, and those that they need in turn."""
    names = list(node.get("required", ()))
    if not required_only:
        names += node.get("properties", {})
    for name in names:  # grows while it is walked
        names += [each for each in node.get("dependentRequired", {}).get(name, ()) if each not in names]
    return list(dict.fromkeys(names))


def _both(one: Any, two: Any) -> Any:
    return two if one is None else {"anyOf": [one, two]}


def _refused(schema: Any) -> Iterator[Node]:
    """Each schema that must not hold."""
    if isinstance(schema, Mapping):
        if "anyOf" in schema:
            for each in schema["anyOf"]:
                yield from _refused(each)
        else:
            yield schema


def _without(node: dict[str, Any], refused: Node) -> dict[str, Any]:
    """The node without what a refused schema names plainly: fields, values or types."""
    if refused.keys() == {"required"}:
        optional = [name for name in refused["required"] if name not in node.get("required", ())]
        properties = {**node.get("properties", {}), **dict.fromkeys(optional[:1], False)}
        return {**node, "properties": properties}
    values = [refused["const"]] if "const" in refused else refused.get("enum", [])
    if values and "enum" in node:
        return combine(node, {"enum": [each for each in node["enum"] if each not in values]})
    if refused.keys() == {"type"} and isinstance(node.get("type"), list):
        unwanted = refused["type"] if isinstance(refused["type"], list) else [refused["type"]]
        return {**node, "type": [each for each in node["type"] if each not in unwanted]}
    return node

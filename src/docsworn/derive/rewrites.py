"""How a page's dialect of OpenAPI is read as OpenAPI 3.1: one function a rewrite, none of them silent.

A rewrite gets one schema node and gives it back changed, with the keyword and the reason, or None
where it does not apply. It never looks below the node: the reader walks, by keyword position.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from docsworn.derive.block import Block, Place


@dataclass(frozen=True, slots=True)
class Node:
    """A schema as the page has it; ``places`` says where each keyword stands, ``at`` the node itself.

    ``says`` holds annotations that a rewrite found (``x-nullable``, ``x-confidence``).
    """

    keywords: dict[str, Any]
    places: dict[str, Place]
    at: Place
    says: dict[str, Any] = field(default_factory=dict)

    def without(self, keyword: str) -> Node:
        """The node with a keyword less."""
        return replace(self, keywords={key: self.keywords[key] for key in self.keywords if key != keyword})

    def having(self, keyword: str, value: Any) -> Node:
        """The node with a keyword's value changed, in its old place."""
        return replace(self, keywords={**self.keywords, keyword: value})


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A changed node, the keyword that was rewritten, and why."""

    node: Node
    keyword: str
    reason: str


Rewrite = Callable[[Node, Block], Rewritten | None]

_IMPLIED = {"object": ("properties", "additionalProperties"), "array": ("items",)}
_OF_THE_FIELD = frozenset({
    "default", "deprecated", "description", "example", "examples", "readOnly", "title", "writeOnly",
})  # fmt: skip


def node_at(keywords: dict[str, Any], place: Place) -> Node:
    """A node whose keywords all stand at its own place."""
    return Node(keywords, {keyword: (*place, keyword) for keyword in keywords}, place)


def _entry(item: Any, keys: set[str]) -> bool:
    return isinstance(item, dict) and set(item) == keys


def enum_objects(node: Node, _block: Block) -> Rewritten | None:
    """Enum items written as ``{value: x}`` are the values."""
    items = node.keywords.get("enum")
    if not isinstance(items, list) or not items or not all(_entry(item, {"value"}) for item in items):
        return None
    values = [item["value"] for item in items]
    return Rewritten(node.having("enum", values), "enum", "items are objects that hold the value")


def string_literals(node: Node, _block: Block) -> Rewritten | None:
    """Enum items written as ``{type: stringLiteral, value: x}`` are the values."""
    items = node.keywords.get("enum")
    if not isinstance(items, list) or not items:
        return None
    if not all(_entry(item, {"type", "value"}) and item["type"] == "stringLiteral" for item in items):
        return None
    values = [item["value"] for item in items]
    return Rewritten(node.having("enum", values), "enum", "items are string literals that hold the value")


def null_type(node: Node, _block: Block) -> Rewritten | None:
    """A bare ``null`` where the name of the type null is meant."""
    value = node.keywords.get("type", "")
    if value is None:
        return Rewritten(node.having("type", "null"), "type", "a bare null is the type null")
    if isinstance(value, list) and None in value:
        types = ["null" if item is None else item for item in value]
        return Rewritten(node.having("type", types), "type", "a bare null is the type null")
    return None


def nullable_flag(node: Node, _block: Block) -> Rewritten | None:
    """OpenAPI 3.0's ``nullable`` is null among the types and values, or one more branch of a choice."""
    flag = node.keywords.get("nullable")
    if not isinstance(flag, bool):
        return None
    plain = node.without("nullable")
    return Rewritten(_with_null(plain) if flag else plain, "nullable", "null among the types")


def _with_null(node: Node) -> Node:
    """The node that null satisfies too."""
    keywords = node.keywords
    implied = [name for name, marks in _IMPLIED.items() if any(mark in keywords for mark in marks)]
    choices = [key for key in ("oneOf", "anyOf") if isinstance(keywords.get(key), list)]
    alone = not implied and "type" not in keywords and "enum" not in keywords
    if len(choices) == 1 and alone and not {"$ref", "allOf"} & set(keywords):
        return node.having(choices[0], [*keywords[choices[0]], {"type": "null"}])
    if choices or "$ref" in keywords or "allOf" in keywords:
        return _choice_with_null(node)
    if alone:
        return replace(node, says={**node.says, "x-nullable": "yes"})
    types = keywords.get("type", implied)
    listed = types if isinstance(types, list) else [types]
    if listed and "null" not in listed:
        node = _typed(node, [*listed, "null"])
    enum = keywords.get("enum")
    return node.having("enum", [*enum, None]) if isinstance(enum, list) and None not in enum else node


def _typed(node: Node, types: list[Any]) -> Node:
    typed = node.having("type", types)
    return replace(typed, places={"type": node.at, **node.places})


def _choice_with_null(node: Node) -> Node:
    """A choice between what the node says and null; what is said of the field stays outside."""
    outside = {key: node.keywords[key] for key in node.keywords if key in _OF_THE_FIELD or key[:2] == "x-"}
    inside = {key: value for key, value in node.keywords.items() if key not in outside}
    branches = [Node(inside, node.places, node.at), {"type": "null"}]
    places = {**node.places, "anyOf": node.at}
    return Node({"anyOf": branches, **outside}, places, node.at, node.says)


def wrapped_once(node: Node, block: Block) -> Rewritten | None:
    """An ``allOf`` of one schema is that schema, where no keyword stands in both."""
    wrapped = node.keywords.get("allOf")
    if not isinstance(wrapped, list) or len(wrapped) != 1:
        return None
    place = (*node.places["allOf"], "0")
    inner = node_at(block.mapping(wrapped[0], place, "a schema"), place)
    outer = node.without("allOf")
    if set(outer.keywords) & set(inner.keywords):
        return None
    merged = Node({**outer.keywords, **inner.keywords}, {**outer.places, **inner.places}, node.at)
    return Rewritten(merged, "allOf", "a wrapper around one schema")


def required_properties(node: Node, _block: Block) -> Rewritten | None:
    """``requiredProperties`` is ``required`` by another name."""
    if "requiredProperties" not in node.keywords or isinstance(node.keywords.get("required"), list):
        return None
    keywords = {key: value for key, value in node.keywords.items() if key != "required"}
    renamed = {"required" if key == "requiredProperties" else key: value for key, value in keywords.items()}
    places = {**node.places, "required": node.places["requiredProperties"]}
    return Rewritten(
        replace(node, keywords=renamed, places=places), "required", "written as requiredProperties"
    )


def boolean_required(node: Node, _block: Block) -> Rewritten | None:
    """A boolean ``required`` inside a schema says nothing about the schema's own fields."""
    if not isinstance(node.keywords.get("required"), bool):
        return None
    return Rewritten(node.without("required"), "required", "a boolean belongs to the parameter")


def reference_identifier(node: Node, _block: Block) -> Rewritten | None:
    """``refIdentifier`` is a leftover of a reference that the page has already followed."""
    if "refIdentifier" not in node.keywords:
        return None
    return Rewritten(node.without("refIdentifier"), "refIdentifier", "left over from a followed reference")


FERN: tuple[Rewrite, ...] = (enum_objects, string_literals, null_type, boolean_required, nullable_flag)
MINTLIFY: tuple[Rewrite, ...] = (
    wrapped_once, required_properties, boolean_required, reference_identifier, null_type, nullable_flag,
)  # fmt: skip

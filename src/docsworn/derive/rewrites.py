"""How a page's dialect of OpenAPI is read as OpenAPI 3.1: one function a rewrite, none of them silent.

A rewrite gets one schema node and gives it back changed, with the keyword and the reason, or None
where it does not apply. It never looks below the node: the reader walks, by keyword position.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from docsworn.derive.block import Block, Place


@dataclass(frozen=True, slots=True)
class Node:
    """A schema as the page has it; ``places`` says where each keyword stands, ``at`` the node itself."""

    keywords: dict[str, Any]
    places: dict[str, Place]
    at: Place

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
    """OpenAPI 3.0's ``nullable`` is null among the types, and among the values of an enum."""
    flag = node.keywords.get("nullable")
    if not isinstance(flag, bool):
        return None
    plain, types = node.without("nullable"), node.keywords.get("type")
    if flag and isinstance(types, str) and types != "null":
        plain = plain.having("type", [types, "null"])
        enum = plain.keywords.get("enum")
        if isinstance(enum, list) and None not in enum:
            plain = plain.having("enum", [*enum, None])
    return Rewritten(plain, "nullable", "null among the types")


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

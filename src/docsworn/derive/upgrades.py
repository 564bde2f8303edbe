"""What OpenAPI 2.0 and 3.0, vendors and hurried hands write, read as OpenAPI 3.1: more rewrites."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from docsworn.contract.shape import token
from docsworn.derive.block import Block
from docsworn.derive.rewrites import (
    Node,
    Rewrite,
    Rewritten,
    boolean_required,
    enum_objects,
    null_type,
    nullable_flag,
    string_literals,
)
from docsworn.model import Confidence

# Names that are no types of JSON Schema, with what they can only mean; None leaves the type open.
_MEANT: dict[str, tuple[str, str | None] | None] = {
    "int": ("integer", None), "int32": ("integer", "int32"), "int64": ("integer", "int64"),
    "long": ("integer", "int64"), "float": ("number", "float"), "double": ("number", "double"),
    "decimal": ("number", None), "bool": ("boolean", None), "str": ("string", None),
    "text": ("string", None), "date": ("string", "date"), "datetime": ("string", "date-time"),
    "date-time": ("string", "date-time"), "uuid": ("string", "uuid"), "file": ("string", "binary"),
    "list": ("array", None), "map": ("object", None), "dict": ("object", None), "any": None,
    "unknown": None, "mixed": None,
}  # fmt: skip
_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})

_ITEM = frozenset({"value", "name", "description", "type", "title", "displayName", "docs", "deprecated"})
_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
_SYNTHETIC = re.compile(r"<[^>]*>|2023-11-07T05:31:56Z|")
_SAYS_TYPE = frozenset({
    "$ref", "additionalProperties", "allOf", "anyOf", "const", "enum", "items", "oneOf", "prefixItems",
    "properties", "type",
})  # fmt: skip


def loose_type(node: Node, _block: Block) -> Rewritten | None:
    """A type by another name is that type; one that nobody knows is left open."""
    value = node.keywords.get("type")
    if isinstance(value, list):
        texts = [item for item in value if isinstance(item, str | None)]
        if texts and len(texts) == len(value) and all(item is None or item in _TYPES for item in texts):
            return None
        names = [item if item is None else _plain(item) for item in texts]
        known = [item for item in dict.fromkeys(names) if item is None or item in _TYPES]
        changed = node.having("type", known) if known else node.without("type")
        return Rewritten(changed, "type", "names that are no types")
    if not isinstance(value, str) or value in _TYPES:
        return None
    meant = _MEANT.get(value.lower(), (value.lower(), None) if value.lower() in _TYPES else None)
    if meant is None:
        shown = token(value)
        reason = "any" if value.lower() in _MEANT else f'unknown type "{shown}"' if shown else "unknown type"
        return Rewritten(node.without("type"), "type", f"{reason}: left open")
    changed = node.having("type", meant[0])
    if meant[1] and "format" not in node.keywords:
        changed = replace(changed.having("format", meant[1]), places={"format": node.at, **node.places})
    return Rewritten(changed, "type", f"another name for {meant[0]}")


def _plain(name: str) -> str:
    meant = _MEANT.get(name.lower())
    return name if name in _TYPES else meant[0] if meant else name.lower()


def boolean_bounds(node: Node, _block: Block) -> Rewritten | None:
    """OpenAPI 3.0's boolean ``exclusiveMinimum`` makes the minimum itself exclusive."""
    for keyword, bound in _BOUNDS:
        flag = node.keywords.get(keyword)
        if not isinstance(flag, bool):
            continue
        plain = node.without(keyword)
        if flag and bound in plain.keywords:
            moved = {keyword if key == bound else key: value for key, value in plain.keywords.items()}
            plain = replace(plain, keywords=moved, places={**node.places, keyword: node.places[bound]})
        return Rewritten(plain, keyword, "a boolean belongs to the bound")
    return None


def vendor_nullable(node: Node, _block: Block) -> Rewritten | None:
    """``x-nullable`` is OpenAPI 3.0's ``nullable`` in OpenAPI 2.0."""
    flag = node.keywords.get("x-nullable")
    if not isinstance(flag, bool) or "nullable" in node.keywords:
        return None
    renamed = node.without("x-nullable").having("nullable", flag)
    places = {**node.places, "nullable": node.places["x-nullable"]}
    return Rewritten(replace(renamed, places=places), "x-nullable", "written for nullable")


def null_value(node: Node, _block: Block) -> Rewritten | None:
    """Null among the types is null among the values, and the other way round."""
    enum, types = node.keywords.get("enum"), node.keywords.get("type")
    if not isinstance(enum, list) or not enum or types is None:
        return None
    listed = types if isinstance(types, list) else [types]
    if None in enum and "null" not in listed:
        return Rewritten(node.having("type", [*listed, "null"]), "type", "null is among the values")
    if None not in enum and "null" in listed and len(listed) > 1:
        return Rewritten(node.having("enum", [*enum, None]), "enum", "null is among the types")
    return None


def valued_items(node: Node, _block: Block) -> Rewritten | None:
    """Values written as objects that hold them, and perhaps a name and words, are the values."""
    for keyword in ("enum", "const"):
        found = node.keywords.get(keyword)
        items: list[Any] = found if isinstance(found, list) else [found]
        if items and all(_holds_value(item) for item in items):
            values = [item["value"] for item in items]
            changed = node.having(keyword, values if isinstance(found, list) else values[0])
            return Rewritten(changed, keyword, "items are objects that hold the value")
    return None


def _holds_value(item: Any) -> bool:
    return isinstance(item, dict) and "value" in item and set(item) <= _ITEM and item["value"] != {}


def spelled_values(node: Node, _block: Block) -> Rewritten | None:
    """Values of a string that YAML takes for numbers or booleans are the texts that stand there."""
    enum, types = node.keywords.get("enum"), node.keywords.get("type")
    if not isinstance(enum, list) or types not in ("string", ["string", "null"]):
        return None
    values = [_spelled(value) for value in enum]
    if values == enum and all(type(one) is type(other) for one, other in zip(values, enum, strict=True)):
        return None
    return Rewritten(node.having("enum", values), "enum", "values of a string without quotes")


def _spelled(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else value


def tuple_items(node: Node, _block: Block) -> Rewritten | None:
    """A list of ``items`` is JSON Schema 2020-12's ``prefixItems``."""
    if not isinstance(node.keywords.get("items"), list):
        return None
    if not node.keywords["items"]:
        return Rewritten(node.without("items"), "items", "an empty list says nothing")
    renamed = {"prefixItems" if key == "items" else key: value for key, value in node.keywords.items()}
    places = {**node.places, "prefixItems": node.places["items"]}
    return Rewritten(replace(node, keywords=renamed, places=places), "items", "a list is prefixItems")


def named_discriminator(node: Node, _block: Block) -> Rewritten | None:
    """OpenAPI 2.0's ``discriminator`` is the name of the property; one without a name says nothing."""
    value = node.keywords.get("discriminator")
    if isinstance(value, str):
        return Rewritten(
            node.having("discriminator", {"propertyName": value}), "discriminator", "the property's name"
        )
    if "discriminator" in node.keywords and not (
        isinstance(value, dict) and isinstance(value.get("propertyName"), str)
    ):
        return Rewritten(node.without("discriminator"), "discriminator", "it names no property")
    return None


def write_only(node: Node, _block: Block) -> Rewritten | None:
    """A field that is only written is required in requests, never in responses."""
    names, fields = node.keywords.get("required"), node.keywords.get("properties")
    if not isinstance(names, list) or not isinstance(fields, dict):
        return None
    hidden = {
        name for name, field in fields.items() if isinstance(field, dict) and field.get("writeOnly") is True
    }
    kept = [name for name in names if not (isinstance(name, str) and name in hidden)]
    if kept == names:
        return None
    return Rewritten(node.having("required", kept), "required", "writeOnly fields are not in responses")


def example_type(node: Node, _block: Block) -> Rewritten | None:
    """Where nothing tells the type, an example is evidence of it; placeholders are not."""
    if _SAYS_TYPE & set(node.keywords):
        return None
    found = _example(node)
    name = None if found is None else _type_of(found[1])
    if found is None or name is None:
        return None
    keywords = {**node.keywords, "type": [name, "null"] if node.says.get("x-nullable") == "yes" else name}
    places = {**node.places, "type": node.places[found[0]]}
    says = {**node.says, "x-confidence": Confidence.INFERRED.value}
    return Rewritten(Node(keywords, places, node.at, says), "type", "told by an example")


def _example(node: Node) -> tuple[str, Any] | None:
    if "example" in node.keywords:
        return "example", node.keywords["example"]
    examples = node.keywords.get("examples")
    return ("examples", examples[0]) if isinstance(examples, list) and examples else None


def _type_of(value: Any) -> str | None:
    if value is None or value in (123, "123") or (isinstance(value, str) and _SYNTHETIC.fullmatch(value)):
        return None
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value))


# Bounds stand twice: a rewrite changes one keyword, and there are two.
OPENAPI: tuple[Rewrite, ...] = (
    loose_type, null_type, boolean_required, boolean_bounds, boolean_bounds, tuple_items,
    named_discriminator, vendor_nullable, nullable_flag, spelled_values, null_value, write_only, example_type,
)  # fmt: skip
FERN_BLOCK: tuple[Rewrite, ...] = (enum_objects, string_literals, valued_items, *OPENAPI)

"""By which marks a reader knows a variant of a union: its types, and fields that have one fixed value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from docsworn.contract.pointer import resolve

_DEPTH = 10


def recognised(root: Mapping[str, Any], variant: Any) -> dict[str, Any]:
    """A schema of the bodies that bear the marks of a variant; everything where it has none."""
    marks: dict[str, Any] = {}
    tags: dict[str, Any] = {}
    for node in _parts(root, variant, _DEPTH):
        if "type" in node:
            marks.setdefault("type", _wide(node["type"]))
        required = node.get("required")
        fields = node.get("properties", {})
        for name in required if isinstance(required, list) else ():
            fixed = _fixed(root, fields.get(name)) if isinstance(fields, Mapping) else None
            if fixed is not None:
                tags[name] = fixed
    if not tags:
        return marks
    return {**marks, "properties": dict(sorted(tags.items())), "required": sorted(tags)}


def _parts(root: Mapping[str, Any], variant: Any, depth: int) -> list[Mapping[str, Any]]:
    """A variant and what it is made of by references and ``allOf``."""
    if not isinstance(variant, Mapping) or depth == 0:
        return []
    found = [variant]
    target = _target(root, variant)
    if target is not None:
        found += _parts(root, target, depth - 1)
    for part in variant.get("allOf", ()):
        found += _parts(root, part, depth - 1)
    return found


def _target(root: Mapping[str, Any], schema: Mapping[str, Any]) -> Any:
    reference = schema.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#/"):
        return None
    try:
        return resolve(root, unquote(reference[1:]))
    except LookupError:
        return None


def _fixed(root: Mapping[str, Any], schema: Any) -> dict[str, Any] | None:
    for node in _parts(root, schema, _DEPTH):
        if "const" in node:
            return {"enum": [node["const"]]}
        if isinstance(node.get("enum"), list) and len(node["enum"]) == 1:
            return {"enum": node["enum"]}
    return None


def _wide(types: Any) -> Any:
    """The types with integers taken as numbers: a wider number is no new variant."""
    named = types if isinstance(types, list) else [types]
    return sorted({"number" if name == "integer" else name for name in named})

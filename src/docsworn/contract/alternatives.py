"""The plain schemas of which a value keeps one: references followed, unions opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

DEFINED = "#/$defs/"
ANY_TYPE = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})

_ANNOTATIONS = frozenset({
    "$schema", "$defs", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly",
    "writeOnly",
})  # fmt: skip
# Keywords that say of a value more than a plain schema can.
_INVOLVED = frozenset({"allOf", "prefixItems"})
_MAX_DEPTH = 8


def demands(schema: Schema) -> dict[str, Any]:
    """The keywords of a schema that ask something of a value."""
    return {
        name: value
        for name, value in schema.items()
        if name not in _ANNOTATIONS and not name.startswith("x-")
    }


def alternatives(schema: Any, definitions: Schema, depth: int = 0) -> tuple[Schema, ...] | None:
    """The plain schemas that take together what a closed schema takes; None where it says more.

    Branches of a ``oneOf`` must exclude each other, as ``closed`` sees to; references lead to ``$defs``.
    """
    if isinstance(schema, bool):
        return ({},) if schema else ()
    asked = demands(schema)
    union = next((name for name in ("$ref", "anyOf", "oneOf") if name in asked), None)
    if union is None:
        return None if _INVOLVED & asked.keys() else (asked,)
    if len(asked) > 1 or depth >= _MAX_DEPTH:
        return None
    if union == "$ref":
        name = asked["$ref"].removeprefix(DEFINED)
        return alternatives(definitions[name], definitions, depth + 1) if name in definitions else None
    found: list[Schema] = []
    for branch in asked[union]:
        below = alternatives(branch, definitions, depth + 1)
        if below is None:
            return None
        found.extend(below)
    return tuple(found)


def types_of(schema: Schema) -> frozenset[str]:
    """The JSON types that a plain schema takes; a ``number`` may be an ``integer``."""
    named = schema.get("type")
    if named is None:
        return ANY_TYPE
    types = frozenset([named] if isinstance(named, str) else named)
    return types | {"integer"} if "number" in types else types

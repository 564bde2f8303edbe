"""OpenAPI 3.0's schemas as JSON Schema 2020-12: ``nullable``, boolean exclusive bounds, lone references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docsworn.compat.schema.dialects import MANY, NAMED, ONE

_BOUNDS = (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))


def modern(schema: Any) -> Any:
    """The same schema in JSON Schema 2020-12, at the same pointers."""
    if not isinstance(schema, Mapping):
        return schema
    if isinstance(schema.get("$ref"), str):
        kept = {
            key: value
            for key, value in schema.items()
            if key == "$ref" or key in NAMED or key.startswith("x-")
        }
        return _below(kept)
    made = _below(schema)
    for inclusive, exclusive in _BOUNDS:
        if isinstance(made.get(exclusive), bool):
            strict = made.pop(exclusive)
            if strict and inclusive in made:
                made[exclusive] = made.pop(inclusive)
    if made.pop("nullable", None) is True and "type" in made:
        types = made["type"] if isinstance(made["type"], list) else [made["type"]]
        made["type"] = [*types, *(["null"] if "null" not in types else [])]
    return made


def _below(schema: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in NAMED and isinstance(value, Mapping):
            made[keyword] = {name: modern(item) for name, item in value.items()}
        elif keyword in MANY and isinstance(value, list):
            made[keyword] = [modern(item) for item in value]
        elif keyword in ONE:
            made[keyword] = modern(value)
        else:
            made[keyword] = value
    return made

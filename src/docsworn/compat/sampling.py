"""One plain value that a schema takes, where a simple one does; validators confirm what is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from docsworn.compat.sameness import reference_name

_DEPTH = 25
_TEXTS = {
    "date-time": "2026-01-01T00:00:00Z", "date": "2026-01-01", "time": "00:00:00Z", "uri-reference": "/",
    "uuid": "00000000-0000-4000-8000-000000000000", "uri": "https://kites.example/", "ipv4": "192.0.2.1",
    "hostname": "kites.example", "ipv6": "2001:db8::1", "email": "a@kites.example", "duration": "P1D",
}  # fmt: skip


class NoSample(Exception):  # noqa: N818 - it says what there is none of
    """No simple value was found."""


def sample(schema: Any, define: Callable[[str], Any], open_names: tuple[str, ...] = ()) -> Any:
    """A value that is probably valid; NoSample where none is found simply."""
    if len(open_names) > _DEPTH or schema is False:
        raise NoSample
    name = reference_name(schema)
    if name is not None:
        if name in open_names:
            raise NoSample
        return sample(define(name), define, (*open_names, name))
    if not isinstance(schema, Mapping):
        return {}
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return _first(schema[keyword], define, open_names)
    if "allOf" in schema:
        return _merged(schema, define, open_names)
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    return _typed(schema, define, open_names)


def _first(variants: Any, define: Callable[[str], Any], open_names: tuple[str, ...]) -> Any:
    for variant in sorted(variants, key=lambda one: reference_name(one) is not None):
        try:
            return sample(variant, define, open_names)
        except NoSample:
            continue
    raise NoSample


def _merged(schema: Mapping[str, Any], define: Callable[[str], Any], open_names: tuple[str, ...]) -> Any:
    rest = {key: value for key, value in schema.items() if key != "allOf"}
    parts = [*schema["allOf"], *([rest] if rest else [])]
    values = [sample(part, define, open_names) for part in parts]
    if all(isinstance(value, dict) for value in values):
        return {name: child for value in values for name, child in value.items()}
    return values[0]


def _typed(schema: Mapping[str, Any], define: Callable[[str], Any], open_names: tuple[str, ...]) -> Any:
    said = schema.get("type")
    kinds = said if isinstance(said, list) else [said] if said else []
    kind = next((one for one in kinds if one != "null"), kinds[0] if kinds else None)
    if kind == "object" or (kind is None and ("properties" in schema or "required" in schema)):
        fields = schema.get("properties", {})
        try:
            return {
                name: sample(fields.get(name, True), define, open_names)
                for name in schema.get("required", ())
            }
        except NoSample:
            if "null" in kinds:
                return None
            raise
    if kind == "array":
        return [
            sample(schema.get("items", True), define, open_names) for _ in range(schema.get("minItems", 0))
        ]
    if kind in ("integer", "number"):
        return _number(schema)
    if kind == "string":
        return _TEXTS.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
    return {"boolean": True, "null": None}.get(kind or "", {})


def _number(schema: Mapping[str, Any]) -> Any:
    low, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    if low is not None or above is not None:
        return low if above is None else above + 1
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    return 0 if high is None else min(0, high - 1)

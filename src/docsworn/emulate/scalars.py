"""Types and numbers: which type a schema node asks for, and a number within its bounds."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any

_BY_KEYWORD = {
    "properties": "object", "required": "object", "additionalProperties": "object",
    "minProperties": "object", "propertyNames": "object", "items": "array", "prefixItems": "array",
    "minItems": "array", "contains": "array", "minimum": "number", "maximum": "number",
    "multipleOf": "number", "exclusiveMinimum": "number", "exclusiveMaximum": "number",
}  # fmt: skip
_SPAN = 1000  # how far from its only bound a number may lie


def drawn_type(node: Mapping[str, Any], rng: random.Random) -> str:
    """The JSON type to draw: never ``null`` where the node takes another; a string where it says none."""
    types = node.get("type")
    if types is None:
        return next((_BY_KEYWORD[keyword] for keyword in node if keyword in _BY_KEYWORD), "string")
    if isinstance(types, str):
        return types
    return str(rng.choice([name for name in types if name != "null"] or ["null"]))


def draw_integer(node: Mapping[str, Any], rng: random.Random) -> int | None:
    """An integer within the node's bounds, or None where there is none."""
    low, high = _bounds(node)
    step = node.get("multipleOf", 1)
    if step != int(step):  # an integer that is a multiple of 0.5 is one of 1, of 0.3 one of 3
        step = step * 10 ** len(str(step).partition(".")[2])
    step = max(int(step), 1)
    least, most = math.ceil(low / step), math.floor(high / step)
    if "exclusiveMinimum" in node and least * step <= node["exclusiveMinimum"]:
        least += 1
    if "exclusiveMaximum" in node and most * step >= node["exclusiveMaximum"]:
        most -= 1
    return rng.randint(least, most) * step if least <= most else None


def draw_number(node: Mapping[str, Any], rng: random.Random) -> float | int | None:
    """A number within the node's bounds, with three decimals where they allow it, or None."""
    if "multipleOf" in node:
        return _multiple(node, rng)
    low, high = _bounds(node)
    if low > high:
        return None
    drawn = rng.uniform(low, high)
    short = round(drawn, 3)
    return short if low < short < high else drawn


def _multiple(node: Mapping[str, Any], rng: random.Random) -> float | int | None:
    low, high = _bounds(node)
    step = node["multipleOf"]
    least, most = math.ceil(low / step), math.floor(high / step)
    return rng.randint(least, most) * step if least <= most else None


def _bounds(node: Mapping[str, Any]) -> tuple[float, float]:
    low = max((node[key] for key in ("minimum", "exclusiveMinimum") if key in node), default=None)
    high = min((node[key] for key in ("maximum", "exclusiveMaximum") if key in node), default=None)
    if high is None:
        low = 0 if low is None else low
        return low, low + _SPAN
    return high - _SPAN if low is None else low, high

"""Two schemas that hold at once become one, as far as drawing a value needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def combine(left: Any, right: Any) -> dict[str, Any]:
    """One schema that promises what both do; where they cannot be joined the right one wins.

    The result guides drawing only: the value drawn is validated against the schema as it stands.
    """
    if left is False or right is False:
        return {"enum": [], "not": {}}
    one: Mapping[str, Any] = left if isinstance(left, Mapping) else {}
    two: Mapping[str, Any] = right if isinstance(right, Mapping) else {}
    joined = {**one, **two}
    for keyword in one.keys() & two.keys():
        if keyword in _JOINS:
            joined[keyword] = _JOINS[keyword](one[keyword], two[keyword])
    return joined


def _properties(one: Mapping[str, Any], two: Mapping[str, Any]) -> dict[str, Any]:
    shared = {name: {"allOf": [one[name], two[name]]} for name in one.keys() & two.keys()}
    return {name: shared.get(name, schema) for name, schema in {**one, **two}.items()}


def _types(one: Any, two: Any) -> Any:
    first, second = _listed(one), _listed(two)
    both = [name for name in first if name in second]
    if "integer" in first + second and "integer" not in both and {"number", "integer"} <= {*first, *second}:
        both.append("integer")
    return both or ["null"]


def _listed(types: Any) -> list[Any]:
    return types if isinstance(types, list) else [types]


_JOINS: Mapping[str, Callable[[Any, Any], Any]] = {
    "properties": _properties,
    "patternProperties": _properties,
    "dependentRequired": lambda one, two: {**one, **two},
    "not": lambda one, two: {"anyOf": [one, two]},
    "required": lambda one, two: list(dict.fromkeys([*one, *two])),
    "enum": lambda one, two: [value for value in one if value in two],
    "type": _types,
    "allOf": lambda one, two: [*one, *two],
    **dict.fromkeys(("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"), max),
    **dict.fromkeys(("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"), min),
}

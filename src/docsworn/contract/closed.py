"""A schema that also refuses what nobody documented: one pass of a validator proves both at once.

Where it takes a body, the body keeps the contract's schema and has documented fields only. Where it does
not, somebody must look closer: it may refuse more than it must, and never takes more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

import jsonschema_rs

Schema = Mapping[str, Any]

# A stricter schema below these may take more, or a field documented beside them is not seen from there.
_OPAQUE = frozenset({
    "allOf", "not", "if", "then", "else", "contains", "dependentSchemas", "propertyNames", "$dynamicRef",
    "unevaluatedProperties", "unevaluatedItems", "patternProperties", "$anchor", "$dynamicAnchor", "$id",
})  # fmt: skip
_MAPS = frozenset({"properties", "$defs"})
_LISTS = frozenset({"anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset({"items", "additionalProperties"})
_DEFINED = "#/$defs/"
_CLOSED = "closed:"
_ANY = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_MAX_DEPTH = 8


class Closed:
    """The validator of a closed schema, made when it is first asked for: most commands never do."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    @cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator | None:
        """It; None where closing the schema cannot be sound."""
        closed = close(self._schema)
        if closed is None:
            return None
        return jsonschema_rs.Draft202012Validator(closed, validate_formats=True, offline=True)


def close(schema: Schema) -> dict[str, Any] | None:
    """The schema with every object closed whose fields are listed; None where that cannot be sound."""
    for node in _nodes(schema):
        reference = node.get("$ref", _DEFINED)
        if not _OPAQUE.isdisjoint(node) or not _leads_to_definition(schema, reference):
            return None
    definitions = schema.get("$defs", {})
    closed = _Closer(definitions).close({key: value for key, value in schema.items() if key != "$defs"})
    both = {_CLOSED + name: _Closer(definitions).close(each) for name, each in definitions.items()}
    return {**closed, "$defs": {**definitions, **both}}


def _leads_to_definition(schema: Schema, reference: str) -> bool:
    name = reference.removeprefix(_DEFINED)
    return reference == _DEFINED or (name != reference and name in schema.get("$defs", {}))


def _nodes(schema: Any) -> Iterator[Schema]:
    """A schema and all schemas in it."""
    if isinstance(schema, Mapping):
        yield schema
        for keyword, value in schema.items():
            for child in _children(keyword, value):
                yield from _nodes(child)


def _children(keyword: str, value: Any) -> Sequence[Any]:
    if keyword in _MAPS:
        return tuple(value.values())
    if keyword in _LISTS:
        return tuple(value)
    return (value,) if keyword in _SINGLE else ()


class _Closer:
    """Closes schemas; what they refer to is the closed twin of a definition."""

    def __init__(self, definitions: Schema) -> None:
        self._definitions = definitions

    def close(self, schema: Any) -> Any:
        if not isinstance(schema, Mapping):
            return schema
        closed = {keyword: self._keyword(keyword, value) for keyword, value in schema.items()}
        if schema.get("properties") and "additionalProperties" not in schema:
            closed["additionalProperties"] = False
        if "oneOf" in schema and not self._is_exclusive(schema["oneOf"]):
            # Closed branches may refuse what makes two of the open ones fit: those are asked as well.
            closed["allOf"] = [{"anyOf": closed["oneOf"]}]
            closed["oneOf"] = schema["oneOf"]
        return closed

    def _keyword(self, keyword: str, value: Any) -> Any:
        if keyword == "$ref":
            return _DEFINED + _CLOSED + value.removeprefix(_DEFINED)
        if keyword in _MAPS:
            return {name: self.close(child) for name, child in value.items()}
        if keyword in _LISTS:
            return [self.close(child) for child in value]
        return self.close(value) if keyword in _SINGLE else value

    def _is_exclusive(self, branches: Sequence[Any]) -> bool:
        """Whether the JSON types alone say that no value fits two branches."""
        pairs = combinations([self._types(branch, 0) for branch in branches], 2)
        return all(one.isdisjoint(other) for one, other in pairs)

    def _types(self, schema: Any, depth: int) -> frozenset[str]:
        if not isinstance(schema, Mapping) or depth > _MAX_DEPTH:
            return _ANY
        if "type" in schema:
            named = schema["type"]
            types = frozenset(named if isinstance(named, list) else [named])
            return types | {"integer"} if "number" in types else types
        if "$ref" in schema:
            return self._types(self._definitions[schema["$ref"].removeprefix(_DEFINED)], depth + 1)
        branches = schema.get("anyOf") or schema.get("oneOf")
        return frozenset().union(*(self._types(each, depth + 1) for each in branches)) if branches else _ANY

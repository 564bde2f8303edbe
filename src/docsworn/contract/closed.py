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

from docsworn.contract.alternatives import ANY_TYPE, DEFINED, alternatives, types_of

Schema = Mapping[str, Any]

# A stricter schema below these may take more, or a field documented beside them is not seen from there.
_OPAQUE = frozenset({
    "allOf", "not", "if", "then", "else", "contains", "dependentSchemas", "propertyNames", "$dynamicRef",
    "unevaluatedProperties", "unevaluatedItems", "patternProperties", "$anchor", "$dynamicAnchor", "$id",
})  # fmt: skip
_MAPS = frozenset({"properties", "$defs"})
_LISTS = frozenset({"anyOf", "oneOf", "prefixItems"})
_SINGLE = frozenset({"items", "additionalProperties"})
_CLOSED = "closed:"


class Closed:
    """The validator of a closed schema, made when it is first asked for: most commands never do."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema

    @cached_property
    def schema(self) -> dict[str, Any] | None:
        """The closed schema; None where closing it cannot be sound."""
        return close(self._schema)

    @cached_property
    def validator(self) -> jsonschema_rs.Draft202012Validator | None:
        """Its validator; None as there."""
        if self.schema is None:
            return None
        return jsonschema_rs.Draft202012Validator(self.schema, validate_formats=True, offline=True)


def close(schema: Schema) -> dict[str, Any] | None:
    """The schema with every object closed whose fields are listed; None where that cannot be sound."""
    for node in _nodes(schema):
        reference = node.get("$ref", DEFINED)
        if not _OPAQUE.isdisjoint(node) or not _leads_to_definition(schema, reference):
            return None
    definitions = schema.get("$defs", {})
    closed = _Closer(definitions).close({key: value for key, value in schema.items() if key != "$defs"})
    both = {_CLOSED + name: _Closer(definitions).close(each) for name, each in definitions.items()}
    return {**closed, "$defs": {**definitions, **both}}


def _leads_to_definition(schema: Schema, reference: str) -> bool:
    name = reference.removeprefix(DEFINED)
    return reference == DEFINED or (name != reference and name in schema.get("$defs", {}))


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
            return DEFINED + _CLOSED + value.removeprefix(DEFINED)
        if keyword in _MAPS:
            return {name: self.close(child) for name, child in value.items()}
        if keyword in _LISTS:
            return [self.close(child) for child in value]
        return self.close(value) if keyword in _SINGLE else value

    def _is_exclusive(self, branches: Sequence[Any]) -> bool:
        """Whether the JSON types alone say that no value fits two branches."""
        pairs = combinations([self._types(branch) for branch in branches], 2)
        return all(one.isdisjoint(other) for one, other in pairs)

    def _types(self, schema: Any) -> frozenset[str]:
        plain = alternatives(schema, self._definitions)
        return ANY_TYPE if plain is None else frozenset().union(*(types_of(each) for each in plain))

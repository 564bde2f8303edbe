"""Rewrites of a schema that keep its meaning, and random schemas to rewrite."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import strategies as st

from docsworn.contract.bundle import map_subschemas

Schema = Any

_TYPES = st.sampled_from(["string", "number", "integer", "object", "array", "boolean", ["string", "null"]])
_NAMES = st.sampled_from(["a", "b", "ab", "c"])
_SMALL = st.integers(0, 3)
_NUMBERS = st.sampled_from([0, 1, 2, 3, 5, 0.5, 2.5, -1])
_PATTERNS = st.sampled_from(["a", "^a", "a$", "^a+$", "^[ab]*$", "^.{1,2}$", "^(a|ab)$", "[0-9]"])
_VALUES = st.sampled_from([None, True, False, 0, 1, 2.5, "", "a", "ab", [], [1], {}, {"a": 1}])


def _keywords(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[dict[str, Any]]:
    some = st.lists(inner, min_size=1, max_size=3)
    return st.fixed_dictionaries({}, optional={
        "type": _TYPES,
        "enum": st.lists(_VALUES, min_size=1, max_size=3, unique_by=repr),
        "minimum": _NUMBERS, "exclusiveMaximum": _NUMBERS, "multipleOf": st.sampled_from([1, 2, 3, 0.5]),
        "minLength": _SMALL, "maxLength": _SMALL, "pattern": _PATTERNS,
        "properties": st.dictionaries(_NAMES, inner, max_size=2),
        "required": st.lists(_NAMES, max_size=2, unique=True),
        "additionalProperties": st.one_of(st.just(False), inner),
        "patternProperties": st.dictionaries(_PATTERNS, inner, max_size=1),
        "items": inner, "prefixItems": some, "contains": inner, "maxContains": _SMALL,
        "minItems": _SMALL, "maxItems": _SMALL, "uniqueItems": st.booleans(),
        "allOf": some, "anyOf": some, "oneOf": some, "not": inner,
    }).map(lambda drawn: dict(list(drawn.items())[:4]))  # fmt: skip


def schemas() -> st.SearchStrategy[Schema]:
    """Small schemas over most keywords."""
    return st.recursive(st.one_of(st.booleans(), _keywords(st.booleans())), _keywords, max_leaves=6)


def _everywhere(schema: Schema, change: Callable[[dict[str, Any]], Schema]) -> Schema:
    if not isinstance(schema, Mapping):
        return schema
    return change(map_subschemas(schema, lambda below, _: _everywhere(below, change)))


def reordered(schema: Schema) -> Schema:
    """The keywords, and the lists whose order says nothing, the other way round."""

    def change(node: dict[str, Any]) -> Schema:
        lists = ("enum", "required", "anyOf", "oneOf", "allOf")
        turned = {key: value[::-1] if key in lists else value for key, value in node.items()}
        if isinstance(turned.get("type"), list):
            turned["type"] = turned["type"][::-1]
        return dict(reversed(turned.items()))

    return _everywhere(schema, change)


def referred(schema: Schema) -> Schema:
    """The whole as a component behind a reference."""
    return {"$ref": "#/$defs/moved", "$defs": {"moved": schema}}


def wrapped(schema: Schema) -> Schema:
    """Every schema alone in an allOf."""
    return _everywhere(schema, lambda node: {"allOf": [node]})


def listed(schema: Schema) -> Schema:
    """A type as a list of one, and a list of one value as a const."""

    def change(node: dict[str, Any]) -> Schema:
        if isinstance(node.get("type"), str):
            node["type"] = [node["type"]]
        if len(node.get("enum", ())) == 1 and "const" not in node:
            node["const"] = node.pop("enum")[0]
        return node

    return _everywhere(schema, change)


REWRITES: tuple[Callable[[Schema], Schema], ...] = (reordered, referred, wrapped, listed)

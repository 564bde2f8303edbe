"""Small pieces of JSON Schema, and how two become one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from docsworn.contract.bundle import references

Schema = dict[str, Any]


def both(one: Schema, other: Schema) -> Schema:
    """A schema for what both take; where no keyword stands in both it is as quick as one."""
    if one.keys().isdisjoint(other):
        return {**one, **other}
    return {**one, "allOf": [*one.get("allOf", ()), other]}


def as_object(schema: Schema | bool) -> Schema:
    """A schema as an object, without definitions: ``False`` is one that takes nothing."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    return {name: value for name, value in schema.items() if name != "$defs"}


def word_is(words: Iterable[str]) -> Schema:
    """A value is one of these words."""
    listed = sorted(words)
    return {"const": listed[0]} if len(listed) == 1 else {"enum": listed}


def words_of(schema: object) -> frozenset[str]:
    """The words of which a value is one; none where it may be anything else."""
    if not isinstance(schema, Mapping):
        return frozenset()
    listed = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return frozenset(listed) if all(isinstance(each, str) for each in listed) else frozenset()


def with_definitions(schema: Schema, definitions: Mapping[str, Any]) -> Schema:
    """The schema with those of the definitions that it leads to: a validator keeps all that it is given."""
    found: dict[str, Any] = {}
    waiting = list(references(schema))
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found:
            found[name] = definitions[name]
            waiting.extend(references(found[name]))
    return {**schema, "$defs": found} if found else schema

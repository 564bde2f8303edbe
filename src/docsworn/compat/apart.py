"""Whether no value fits two schemas of a document: by their types, or by a field that marks each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations
from typing import Any

from docsworn.compat.sameness import reference_name

Define = Callable[[str], Any]

_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_DEPTH = 6


def are_apart(schemas: list[Any], define: Define) -> bool:
    """Whether each two of the schemas are; False only says that it is not plain to see."""
    return all(_apart(one, other, define, _DEPTH) for one, other in combinations(schemas, 2))


def _apart(one: Any, other: Any, define: Define, depth: int) -> bool:
    if not depth:
        return False
    for schema, rest in ((one, other), (other, one)):
        for part in _parts(schema, define, _DEPTH):
            for word in ("anyOf", "oneOf"):
                variants = part.get(word)
                if isinstance(variants, list) and all(
                    _apart(each, rest, define, depth - 1) for each in variants
                ):
                    return True
    types = _types(one, define) & _types(other, define)
    if not types:
        return True
    if _disjoint(_values(one, define), _values(other, define)):
        return True
    return types == {"object"} and _marked_apart(one, other, define)


def _marked_apart(one: Any, other: Any, define: Define) -> bool:
    """Whether a field that at least one of two kinds of objects must have tells them apart."""
    fields = [_fields(schema, define) for schema in (one, other)]
    required = {
        name
        for schema in (one, other)
        for part in _parts(schema, define, _DEPTH)
        for name in part.get("required", ())
    }
    return any(
        _disjoint(_values(fields[0][name], define), _values(fields[1][name], define))
        for name in sorted(required)
        if name in fields[0] and name in fields[1]
    )


def _disjoint(one: frozenset[str] | None, other: frozenset[str] | None) -> bool:
    return one is not None and other is not None and not one & other


def _fields(schema: Any, define: Define) -> dict[str, Any]:
    return {
        name: field
        for part in _parts(schema, define, _DEPTH)
        for name, field in part.get("properties", {}).items()
    }


def parts_of(schema: Any, define: Define) -> Iterator[Mapping[str, Any]]:
    """The schemas that a value of one keeps all, references and ``allOf`` followed."""
    return _parts(schema, define, _DEPTH)


def _parts(schema: Any, define: Define, depth: int) -> Iterator[Mapping[str, Any]]:
    """The schemas that a value of one keeps all."""
    name = reference_name(schema)
    if name is not None:
        schema = define(name)
    if not depth or not isinstance(schema, Mapping):
        return
    if "$ref" in schema and name is None:
        yield from _parts({"$ref": schema["$ref"]}, define, depth - 1)
    yield schema
    for part in schema.get("allOf", ()):
        yield from _parts(part, define, depth - 1)


def _types(schema: Any, define: Define) -> frozenset[str]:
    """The types that a value of a schema may have; an integer is a number too."""
    found = _TYPES
    for part in _parts(schema, define, _DEPTH):
        said = part.get("type")
        if said is not None:
            names = set(said if isinstance(said, list) else [said])
            found &= names | ({"integer"} if "number" in names else set())
    return found


def _values(schema: Any, define: Define) -> frozenset[str] | None:
    """The only values that a schema takes, as texts; None where it names none. Numbers are left alone."""
    for part in _parts(schema, define, _DEPTH):
        said = [part["const"]] if "const" in part else part.get("enum")
        if isinstance(said, list) and all(value is None or isinstance(value, bool | str) for value in said):
            return frozenset(json.dumps(value) for value in said)
    return None

"""A schema of an OpenAPI document as JSON Schema 2020-12 without annotations, for one direction.

OpenAPI 2.0 and 3.0 have a dialect of their own: ``nullable``, boolean exclusive bounds, references whose
siblings do not count. What is only written has no place in responses, nor what is only read in requests.
OpenAPI's formats of numbers are bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from docsworn.compat.changes import Direction
from docsworn.contract.bundle import map_subschemas

Schema = Mapping[str, Any]

_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_SAID = frozenset({
    "title", "description", "default", "example", "examples", "deprecated", "externalDocs", "xml", "readOnly",
    "writeOnly", "$comment", "nullable", "collectionFormat", "allowEmptyValue",
})  # fmt: skip
_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))
_HIDDEN = {Direction.RESPONSE: "writeOnly", Direction.REQUEST: "readOnly"}
_UNIONS = ("allOf", "anyOf", "oneOf", "$ref")
_TAKEN = "x-extensible-enum"  # the values that a provider takes today
_SAME_VALUE = frozenset({"allOf", "anyOf", "oneOf", "then", "else"})
_DEPTH = 6

# The least and the most of a format, by the type that it is said of.
_FORMATS: Mapping[tuple[str, str], tuple[float, float]] = {
    ("integer", "int32"): (-(2**31), 2**31 - 1),
    ("integer", "int64"): (-(2**63), 2**63 - 1),
    ("number", "float"): (-3.4028234663852886e38, 3.4028234663852886e38),
}

EXPECTED = "expected"  # a documented field of a page that does not say what is required


@dataclass(frozen=True, slots=True)
class Dialect:
    """How schemas of one document are turned: ``refer`` renames a reference, ``look`` follows one.

    ``hidden`` are fields without a place in this direction that the schemas around a part tell of.
    """

    version: str
    direction: Direction
    refer: Callable[[str], str]
    look: Callable[[Any], Any]
    hidden: frozenset[str] = frozenset()

    @property
    def is_old(self) -> bool:
        """Whether schemas are not yet those of JSON Schema."""
        return not self.version.startswith(("3.1", "3.2"))

    def hides(self, field: Any) -> bool:
        """Whether a field has no place in this direction."""
        keyword = _HIDDEN[self.direction]
        if self.is_old and isinstance(field, Mapping) and "$ref" in field:
            return _says(self.look(field), keyword)
        return _says(field, keyword) or _says(self.look(field), keyword)


def modern(node: Any, how: Dialect) -> Any:
    """The schema in 2020-12's words."""
    if not isinstance(node, Mapping):
        return node if isinstance(node, bool) else {}
    if isinstance(node.get("$ref"), str):
        target = {"$ref": how.refer(node["$ref"])}
        if how.is_old:
            return target
        node = {**node, **target}
    hidden = frozenset(_hidden(node, how, _DEPTH)) | how.hidden
    parts, others = replace(how, hidden=hidden), replace(how, hidden=frozenset()) if how.hidden else how

    def below(child: Any, path: tuple[str, ...]) -> Any:
        return modern(child, parts if path[0] in _SAME_VALUE else others)

    kept = {key: value for key, value in node.items() if key not in _SAID and not key.startswith("x-")}
    if hidden and isinstance(kept.get("properties"), Mapping):
        kept["properties"] = {name: one for name, one in kept["properties"].items() if name not in hidden}
    schema = map_subschemas(kept, below)
    if how.direction is Direction.REQUEST and isinstance(node.get(_TAKEN), list):
        schema.setdefault("enum", node[_TAKEN])  # readers of responses know that more may come
    if isinstance(schema.get("discriminator"), Mapping):  # its mapping repeats what the variants refer to
        schema["discriminator"] = {"propertyName": schema["discriminator"].get("propertyName")}
    _require(schema, node, hidden)
    _name_types(schema)
    if how.is_old:
        _exclusive_bounds(schema)
    _bound_format(schema)
    if node.get("nullable") is True or (how.version == "2.0" and node.get("x-nullable") is True):
        return _nullable(schema)
    return schema


def _hidden(node: Schema, how: Dialect, depth: int) -> Iterator[str]:
    """The fields of a schema and its parts that have no place in this direction."""
    fields = node.get("properties")
    if isinstance(fields, Mapping):
        yield from (name for name, field in fields.items() if how.hides(field))
    parts = node.get("allOf")
    if depth and isinstance(parts, list):
        for part in map(how.look, parts):
            if isinstance(part, Mapping):
                yield from _hidden(part, how, depth - 1)


def _require(schema: dict[str, Any], node: Schema, hidden: frozenset[str]) -> None:
    """The required fields of this direction, those that a page expects among them."""
    fields = node.get("properties")
    named = node.get("required")
    required = {name for name in named if isinstance(name, str)} if isinstance(named, list) else set()
    required -= hidden
    if isinstance(fields, Mapping):
        required |= {name for name, field in fields.items() if _expected(field)}
    schema.pop("required", None)
    if required:
        schema["required"] = sorted(required)


def _says(field: Any, keyword: str) -> bool:
    return isinstance(field, Mapping) and field.get(keyword) is True


def _expected(field: Any) -> bool:
    return isinstance(field, Mapping) and field.get("x-presence") == EXPECTED


def _name_types(schema: dict[str, Any]) -> None:
    """A type that JSON Schema does not know (``file``, ``any``) says nothing."""
    said = schema.get("type")
    if said is None:
        schema.pop("type", None)
        return
    names = said if isinstance(said, list) else [said]
    known = [name for name in names if isinstance(name, str) and name in _TYPES]
    if len(known) == len(names) and known:
        return
    if known:
        schema["type"] = known
    else:
        del schema["type"]


def _exclusive_bounds(schema: dict[str, Any]) -> None:
    for exclusive, bound in _BOUNDS:
        flag = schema.get(exclusive)
        if isinstance(flag, bool):
            del schema[exclusive]
            if flag and bound in schema:
                schema[exclusive] = schema.pop(bound)


def _bound_format(schema: dict[str, Any]) -> None:
    """The bounds that a format of numbers is, where nothing narrower is said."""
    types = schema.get("type")
    names = types if isinstance(types, list) else [types]
    kind = next((name for name in names if name in ("integer", "number")), "")
    said = schema.get("format")
    if not isinstance(said, str) or (kind, said) not in _FORMATS or "enum" in schema or "const" in schema:
        return
    for bound, limit, tighter in zip(("minimum", "maximum"), _FORMATS[kind, said], (max, min), strict=True):
        if isinstance(schema.get(bound, limit), int | float):
            schema[bound] = tighter(schema.get(bound, limit), limit)


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    said = schema.get("type")
    if said is None:
        if not any(key in schema for key in (*_UNIONS, "enum")):
            return schema  # any value, null among them
        if "enum" not in schema:
            return {"anyOf": [schema, {"type": "null"}]}
    else:
        names = said if isinstance(said, list) else [said]
        schema["type"] = [*names, "null"] if "null" not in names else names
    if isinstance(schema.get("enum"), list) and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    if said is not None and any(key in schema for key in _UNIONS):
        return {"anyOf": [{**schema, "type": said}, {"type": "null"}]}
    return schema

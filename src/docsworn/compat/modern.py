"""A schema of an OpenAPI document as JSON Schema 2020-12 without annotations, for one direction.

OpenAPI 2.0 and 3.0 have a dialect of their own: ``nullable``, boolean exclusive bounds, references whose
siblings do not count. What is only written is not required in responses, nor what is only read in requests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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

EXPECTED = "expected"  # a documented field of a page that does not say what is required


def modern(
    node: Any, version: str, direction: Direction, refer: Callable[[str], str], look: Callable[[Any], Any]
) -> Any:
    """The schema in 2020-12's words; ``refer`` renames a reference, ``look`` follows one to its schema."""
    if not isinstance(node, Mapping):
        return node if isinstance(node, bool) else {}
    old_style = not version.startswith(("3.1", "3.2"))
    if isinstance(node.get("$ref"), str):
        target = {"$ref": refer(node["$ref"])}
        if old_style:
            return target
        node = {**node, **target}

    def below(child: Any, _path: tuple[str, ...]) -> Any:
        return modern(child, version, direction, refer, look)

    kept = {key: value for key, value in node.items() if key not in _SAID and not key.startswith("x-")}
    schema = map_subschemas(kept, below)
    if isinstance(schema.get("discriminator"), Mapping):  # its mapping repeats what the variants refer to
        schema["discriminator"] = {"propertyName": schema["discriminator"].get("propertyName")}
    _require(schema, node, direction, look)
    _name_types(schema)
    if old_style:
        _exclusive_bounds(schema)
    if node.get("nullable") is True or (version == "2.0" and node.get("x-nullable") is True):
        return _nullable(schema)
    return schema


def _require(schema: dict[str, Any], node: Schema, direction: Direction, look: Callable[[Any], Any]) -> None:
    """The required fields of this direction, those that a page expects among them."""
    fields = node.get("properties")
    named = node.get("required")
    required = {name for name in named if isinstance(name, str)} if isinstance(named, list) else set()
    if isinstance(fields, Mapping):
        if required:
            hidden = _HIDDEN[direction]
            required = {name for name in required if not _says(look(fields.get(name)), hidden)}
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

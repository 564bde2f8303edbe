"""A declared field as a schema, each fact with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docsworn.derive.prose import identifier, says_always, says_null
from docsworn.derive.provenance import digest_words, mark, mark_tree
from docsworn.derive.text.fields import Field
from docsworn.derive.text.flags import keywords_for
from docsworn.derive.text.notation import OPEN_ENUM, SEVERAL, Schema, innermost, nullable
from docsworn.derive.text.samples import type_of
from docsworn.model import Confidence

UNKNOWN = "unknown"
_NOTES = (
    "x-required", "x-nullable", "x-presence", "x-words", "x-keywords", "x-normalised", "x-source",
    "x-confidence",
)  # fmt: skip
_SCALARS = frozenset({"string", "integer", "number", "boolean"})


@dataclass(frozen=True, slots=True)
class Presence:
    """What it means in these fields that one is said to be neither required nor optional."""

    silent: str  # "yes" (inferred), "no" or "unknown"

    @classmethod
    def among(cls, fields: Sequence[Field]) -> Presence:
        """Where only ``required`` is said, the others are not; where only ``optional`` is, they are."""
        said = set(_said(fields))
        if said == {True}:
            return cls("no")
        return cls("yes") if said == {False} else cls(UNKNOWN)


def _said(fields: Sequence[Field]) -> Iterable[bool]:
    for found in fields:
        if found.flags.required is not None:
            yield found.flags.required
        yield from _said(found.held)
        yield from _said(found.variants)
        yield from _said([found.each] if found.each else [])


def tidy(node: Schema) -> Schema:
    """The node with what is said of it after its keywords, in the order that packs have."""
    keywords = {key: value for key, value in node.items() if key not in _NOTES}
    return keywords | {key: node[key] for key in _NOTES if key in node}


def field_schema(found: Field, document: str, presence: Presence) -> Schema:
    """The schema of a field with everything in it."""
    confidence = Confidence.DOCUMENTED if found.sure else Confidence.INFERRED
    lines: dict[str, dict[str, Any]] = {}
    schema = _typed(found, lines)
    silent = found.schema is None
    if silent and "type" in schema:
        confidence = Confidence.INFERRED
    schema = _limited(_with_null(found, schema, lines), found)
    marked: Schema = mark_tree(schema, document, found.line, confidence)
    marked = _with_values(found, marked, lines)
    if found.held or found.variants or found.each:
        marked = _filled(found, marked, document, presence)
    if silent and "null" not in marked.get("type", ()):
        marked["x-nullable"] = UNKNOWN
    if found.prose:
        marked["x-words"] = digest_words(" ".join(line.text for line in found.prose))
    if lines:
        marked["x-keywords"] = {**marked.get("x-keywords", {}), **lines}
    return tidy(_stripped(marked))


def object_parts(fields: Sequence[Field], document: str, presence: Presence) -> Schema:
    """``properties`` and ``required`` of an object with the lines that say so; of a name the first counts."""
    properties: Schema = {}
    required: dict[str, dict[str, Any]] = {}
    for found in fields:
        if found.name in properties or not found.name:
            continue
        schema = field_schema(found, document, presence)
        always = found.line if found.flags.required else says_always(found.prose)
        if always is not None:
            required[found.name] = {"line": always}
        elif found.flags.required is None and presence.silent == "yes":
            required[found.name] = {"line": found.line, "confidence": Confidence.INFERRED.value}
        elif found.flags.required is None and presence.silent == UNKNOWN:
            schema = tidy({**schema, "x-required": UNKNOWN})
        properties[found.name] = schema
    parts: Schema = {"properties": properties}
    if required:
        parts["required"] = list(required)
        parts["x-keywords"] = {f"required/{name}": where for name, where in required.items()}
    return parts


def _typed(found: Field, lines: dict[str, dict[str, Any]]) -> Schema:
    """The type that the page names; else what its example tells, which is inferred."""
    if found.schema is not None:
        return dict(found.schema)
    name = type_of(found.example[1]) if found.example else None
    if name is None or found.example is None:
        return {}
    lines["type"] = {"line": found.example[0], "confidence": Confidence.INFERRED.value}
    return {"type": name}


def _with_null(found: Field, schema: Schema, lines: dict[str, dict[str, Any]]) -> Schema:
    line = says_null(found.prose)
    if found.flags.nullable and nullable(schema) != schema:
        return nullable(schema)
    if line is not None and nullable(schema) != schema:
        lines["nullable"] = {"line": line}
        return nullable(schema)
    return schema


def _limited(schema: Schema, found: Field) -> Schema:
    """The schema with format, bounds, pattern and default, where they fit the type."""
    types = _names(schema)
    flags, result = found.flags, dict(schema)
    if flags.format and "format" not in result and (not types or types & {"string", "integer", "number"}):
        result["format"] = flags.format
    result.update(keywords_for(flags.bounds, types))
    if flags.pattern and "string" in types and _compiles(flags.pattern):
        result["pattern"] = flags.pattern
    if flags.default is not None:
        result.update(_default(flags.default, types))
    return result


def _with_values(found: Field, schema: Schema, lines: dict[str, dict[str, Any]]) -> Schema:
    """The values that are listed, on the node that they are values of; patterns of identifiers."""
    opened = _find(schema, lambda node: OPEN_ENUM in node)
    listed = found.values or (found.bullets if opened else [])
    if listed:
        wanted = (lambda node: OPEN_ENUM in node) if opened else (lambda node: bool(_names(node) & _SCALARS))
        if not opened and not schema.keys() - {*_NOTES}:
            wanted = lambda node: node is schema  # noqa: E731 - a type nobody told
        schema = innermost(schema, wanted, lambda node: _listing(node, listed, schema, lines))
    null = next((number for number, value in listed if value == "null"), None)
    if null is not None and nullable(schema) != schema:
        schema = nullable(schema)
        lines["nullable"] = {"line": null}
    shape = identifier(found.prose) if "string" in _names(schema) else None
    if shape is not None:
        schema = {**schema, "pattern": shape[0]}
        lines["pattern"] = {"line": shape[1]}
    return tidy(schema)


def _listing(
    node: Schema, listed: list[tuple[int, str]], top: Schema, lines: dict[str, dict[str, Any]]
) -> Schema:
    types = _names(node)
    values = [converted for _number, text in listed if text != "null" for converted in _value(text, types)]
    if not values:
        return node
    kept = {key: value for key, value in node.items() if key != OPEN_ENUM}
    unique = list({json.dumps(value): value for value in values}.values())
    result = tidy({**kept, "enum": [*unique, None] if "null" in node.get("type", ()) else unique})
    if node is top:
        lines["enum"] = {"line": listed[0][0]}
        return result
    return tidy({**result, "x-keywords": {"enum": {"line": listed[0][0]}}})


def _filled(found: Field, schema: Schema, document: str, presence: Presence) -> Schema:
    """The schema with the held fields in the object that the field is or holds."""
    if found.variants:
        branches = [field_schema(one, document, presence) for one in found.variants]
        return innermost(schema, _open_object, lambda node: tidy(_without_type({**node, "anyOf": branches})))
    parts = object_parts(found.held, document, presence) if found.held else {}
    if found.each:
        parts["additionalProperties"] = field_schema(found.each, document, presence)
    if "array" in _names(schema) and "items" not in schema:
        schema = tidy({**schema, "items": mark({"type": "object"}, document, found.line)})

    def fill(node: Schema) -> Schema:
        inside = _undecided(parts) if SEVERAL in node else parts
        keywords = {**node.get("x-keywords", {}), **inside.get("x-keywords", {})}
        return tidy({**node, **inside, **({"x-keywords": keywords} if keywords else {})})

    return innermost(schema, _open_object, fill)


def _undecided(parts: Schema) -> Schema:
    """Fields of several objects that the page does not tell apart: whether one is required, nobody knows."""
    named = parts.get("properties", {})
    properties = {name: tidy({**node, "x-required": UNKNOWN}) for name, node in named.items()}
    values = {key: parts[key] for key in ("additionalProperties",) if key in parts}
    return {**({"properties": properties} if properties else {}), **values}


def _stripped(node: Any) -> Any:
    if isinstance(node, list):
        return [_stripped(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: value if key in _NOTES else _stripped(value) for key, value in node.items() if key != SEVERAL
    }


def _open_object(node: Schema) -> bool:
    types = _names(node)
    if "object" in types:
        return not isinstance(node.get("additionalProperties"), dict)
    return not types and "anyOf" not in node


def _without_type(node: Schema) -> Schema:
    """Branches tell the types, but for null."""
    if "null" in node.get("type", ()):
        return node
    return {key: value for key, value in node.items() if key != "type"}


def _find(schema: Schema, wanted: Any) -> bool:
    found: list[Schema] = []

    def note(node: Schema) -> Schema:
        found.append(node)
        return node

    innermost(schema, wanted, note)
    return bool(found)


def _names(schema: Schema) -> set[str]:
    types = schema.get("type", ())
    return {types} - {"null"} if isinstance(types, str) else set(types) - {"null"}


def _value(text: str, types: set[str]) -> list[Any]:
    """A listed value in the node's type; none where it does not fit."""
    for name, read in (("integer", int), ("number", float)):
        if types == {name}:
            try:
                return [read(text)]
            except ValueError:
                return []
    if types == {"boolean"}:
        return [text == "true"] if text in ("true", "false") else []
    return [text]


def _default(text: str, types: set[str]) -> Schema:
    bare = text.strip('`"“” ')
    if types == {"string"}:
        return {"default": bare} if bare != "null" else {}
    values = _value(bare, types) if types and types < _SCALARS and len(types) == 1 else []
    return {"default": values[0]} if values else {}


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True

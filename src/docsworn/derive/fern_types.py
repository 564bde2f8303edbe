"""The type words of Fern's page text as JSON Schema, and fields whose name and type are glued."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# Words in the singular; the plural stands after "list of" and "map from".
_SCALARS: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "long": {"type": "integer", "format": "int64"},
    "double": {"type": "number", "format": "double"},
    "float": {"type": "number", "format": "float"},
    "boolean": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "uuid": {"type": "string", "format": "uuid"},
    "enum": {"type": "string"},
    "object": {"type": "object"},
    "any": {},
}
_WORDS = _SCALARS | {f"{word}s": schema for word, schema in _SCALARS.items() if word != "any"}

_LIST = re.compile(r"(?:lists?|sets?) of (.+)")
_MAP = re.compile(r"maps? from strings? to (.+)")
_OR_NULL = " or null"
_NAME = re.compile(r"[A-Za-z_$@][\w$@.\-]*")
_PRESENCE = ("Required", "Optional")
_LONGEST = 300
_ENDINGS = tuple(_WORDS)


@dataclass(frozen=True, slots=True)
class TypeWords:
    """A type in the page's words, as a schema; ``enum`` where it is said to be one."""

    schema: dict[str, Any]
    enum: bool


@dataclass(frozen=True, slots=True)
class Declaration:
    """A field as one line declares it; ``required`` is None where the line does not say."""

    name: str
    type: TypeWords
    required: bool | None


def parse_type(words: str) -> TypeWords | None:
    """The schema of a type in words; None where these are not the words of a type."""
    if words.endswith(_OR_NULL):
        inner = parse_type(words.removesuffix(_OR_NULL))
        return TypeWords(nullable(inner.schema), inner.enum) if inner else None
    if match := _LIST.fullmatch(words):
        item = parse_type(match[1])
        return TypeWords({"type": "array", "items": item.schema}, enum=False) if item else None
    if match := _MAP.fullmatch(words):
        value = parse_type(match[1])
        return (
            TypeWords({"type": "object", "additionalProperties": value.schema}, enum=False) if value else None
        )
    schema = _WORDS.get(words)
    return TypeWords(dict(schema), words in ("enum", "enums")) if schema is not None else None


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with null allowed too; one that allows anything stays as it is."""
    result = dict(schema)
    types = result.get("type")
    if types is not None and types != "null" and "null" not in types:
        result["type"] = [*(types if isinstance(types, list) else [types]), "null"]
    if "enum" in result and None not in result["enum"]:
        result["enum"] = [*result["enum"], None]
    return result


def parse_declaration(text: str) -> Declaration | None:
    """The field that a line declares (``started_atdatetime or null``, ``idstringRequired``), or None.

    Where a line can be cut in several places the longest type wins.
    """
    if len(text) > _LONGEST:
        return None
    presence = next((word for word in _PRESENCE if text.endswith(word)), None)
    glued = text.removesuffix(presence) if presence else text
    if not glued.removesuffix(_OR_NULL).endswith(_ENDINGS):
        return None  # most lines are prose
    longest_name = _NAME.match(glued)
    for cut in range(1, longest_name.end() + 1 if longest_name else 0):
        words = parse_type(glued[cut:])
        if words is not None:
            return Declaration(glued[:cut], words, None if presence is None else presence == "Required")
    return None

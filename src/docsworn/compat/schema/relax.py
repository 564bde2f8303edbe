"""A schema as a reader takes it: what the reader tolerates is no longer asked for.

Only what is asked of the body itself is relaxed: below ``not``, ``if`` and the like the schema stays as it
is, so that the relaxed schema allows all that the schema allows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from docsworn.compat.readers import Extent, Reader
from docsworn.compat.schema.dialects import MANY, NAMED, ONE
from docsworn.compat.schema.recognise import recognised

_NUMBER_WORDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"})
_ABSENCE_WORDS = frozenset({"required", "minProperties", "dependentRequired"})
_FIELD_WORDS = frozenset({"propertyNames", "maxProperties"})
_KEPT = frozenset({"not", "if", "propertyNames", "contains", "unevaluatedProperties", "unevaluatedItems"})
_UNIONS = ("oneOf", "anyOf")
_ORIGINAL = "docsworn-original"


def relaxed(root: Any, reader: Reader) -> Any:
    """The schema that a reader of a schema holds bodies to."""
    if not isinstance(root, Mapping) or reader == Reader(name=reader.name):
        return root
    relaxer = _Relaxer(root, reader)
    made = relaxer.relax(root, optional=False)
    if relaxer.refers:
        original = {key: value for key, value in root.items() if key not in ("$id", "id", "$schema")}
        made = {**made, "definitions": {**made.get("definitions", {}), _ORIGINAL: relaxer.kept(original)}}
    return made


class _Relaxer:
    def __init__(self, root: Mapping[str, Any], reader: Reader) -> None:
        self.root = root
        self.reader = reader
        self.refers = False

    def relax(self, schema: Any, *, optional: bool) -> Any:
        """A schema relaxed; for an optional field, with null where the reader tolerates it."""
        if not isinstance(schema, Mapping):
            return schema
        made: dict[str, Any] = {}
        for keyword, value in schema.items():
            if not self._dropped(keyword, value):
                made[keyword] = self._keyword(keyword, value, self._required(schema))
        if self.reader.unknown_enum_values:
            self._types_for_values(made)
        if self.reader.wider_numbers and "type" in made:
            made["type"] = _wider(made["type"])
        for keyword in _UNIONS:
            if isinstance(schema.get(keyword), list):
                made = self._union(made, keyword, schema[keyword])
        nulls = self.reader.nulls
        if optional and nulls is not Extent.NONE:
            return {"anyOf": [made, {"type": "null"}]}
        return made

    def kept(self, schema: Any) -> Any:
        """A schema as it is, its references led to the original."""
        if not isinstance(schema, Mapping):
            return schema
        made: dict[str, Any] = {}
        for keyword, value in schema.items():
            if (
                keyword == "$ref"
                and isinstance(value, str)
                and value.startswith("#")
                and self._is_plain(value)
            ):
                self.refers = True
                made[keyword] = f"#/definitions/{_ORIGINAL}{value[1:]}"
            elif keyword in NAMED and isinstance(value, Mapping):
                made[keyword] = {name: self.kept(item) for name, item in value.items()}
            elif keyword in MANY and isinstance(value, list):
                made[keyword] = [self.kept(item) for item in value]
            else:
                made[keyword] = self.kept(value) if keyword in ONE else value
        return made

    def _is_plain(self, reference: str) -> bool:
        return reference == "#" or reference.startswith("#/")

    def _dropped(self, keyword: str, value: Any) -> bool:
        reader = self.reader
        if reader.unknown_fields and keyword in ("additionalProperties", "unevaluatedProperties"):
            return value is False
        if keyword in _FIELD_WORDS:
            return reader.unknown_fields
        if keyword in _NUMBER_WORDS:
            return reader.wider_numbers
        return keyword in _ABSENCE_WORDS and reader.absent_fields is Extent.ALL

    def _keyword(self, keyword: str, value: Any, required: frozenset[str]) -> Any:
        if keyword in _KEPT:
            return self.kept(value)
        if keyword in ("properties", "patternProperties") and isinstance(value, Mapping):
            every = self.reader.nulls is Extent.ALL
            lone = keyword == "properties"
            return {
                name: self.relax(item, optional=every or (lone and name not in required))
                for name, item in value.items()
            }
        if keyword in NAMED and isinstance(value, Mapping):
            return {name: self.relax(item, optional=False) for name, item in value.items()}
        if keyword in MANY and isinstance(value, list):
            return [self.relax(item, optional=False) for item in value]
        return self.relax(value, optional=False) if keyword in ONE else value

    def _required(self, schema: Mapping[str, Any]) -> frozenset[str]:
        """The fields that a schema, or a part of it, requires."""
        parts = [schema, *(part for part in schema.get("allOf", ()) if isinstance(part, Mapping))]
        lists = (part.get("required") for part in parts)
        return frozenset(name for names in lists if isinstance(names, list) for name in names)

    def _types_for_values(self, made: dict[str, Any]) -> None:
        values = [*made.pop("enum", ()), *([made.pop("const")] if "const" in made else ())]
        if values and "type" not in made:
            made["type"] = sorted(set(_types(values)))

    def _union(self, made: dict[str, Any], keyword: str, variants: list[Any]) -> dict[str, Any]:
        """The union as variants that are known by their marks, and, where tolerated, whatever bears none."""
        marks = [recognised(self.root, variant) for variant in variants]
        parts = made.pop(keyword)
        known: list[Any] = [{"allOf": [part, mark]} for part, mark in zip(parts, marks, strict=True)]
        if self.reader.new_union_variants:
            known.append({"not": {"anyOf": marks}})
        return {**made, "allOf": [*made.get("allOf", ()), {"anyOf": known}]}


def _types(values: Iterable[Any]) -> Iterable[str]:
    names = {
        bool: "boolean",
        int: "integer",
        float: "number",
        str: "string",
        list: "array",
        type(None): "null",
    }
    return (names.get(type(value), "object") for value in values)


def _wider(types: Any) -> Any:
    if isinstance(types, list):
        return list(dict.fromkeys("number" if name == "integer" else name for name in types))
    return "number" if types == "integer" else types

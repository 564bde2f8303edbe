"""From a schema document to forms, by a table of keywords."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from docsworn.compat.schema import nested_words as nested
from docsworn.compat.schema import plain_words as plain
from docsworn.compat.schema.dialects import reads
from docsworn.compat.schema.documents import Document, Spot
from docsworn.compat.schema.forms import Form, Kind, Pool
from docsworn.compat.schema.plain_words import Maker
from docsworn.compat.schema.unevaluated import Seen, fields_left, items_left, variants


class Lowering:
    """Makes the forms of one document; schemas that lead to themselves become recursive forms."""

    def __init__(self, document: Document, pool: Pool, *, formats: bool) -> None:
        self.document = document
        self.pool = pool
        self.formats = formats
        self._done: dict[tuple[str, str], Form] = {}
        self._open: dict[tuple[str, str], Form] = {}
        self._recursive: set[tuple[str, str]] = set()

    def lower(self, spot: Spot) -> Form:
        """The form of a schema."""
        key = spot.key
        if key in self._done:
            return self._done[key]
        name = (self.document.name, *key)
        if key in self._open:
            self._recursive.add(key)
            return self._open[key]
        self._open[key] = self.pool.make(Kind.REF, name)
        form = self._schema(spot)
        if key in self._recursive:
            self.pool.recursive[name] = form
        del self._open[key]
        self._done[key] = form
        return form

    def child(self, spot: Spot, *path: str | int) -> Form:
        """The form of a schema below."""
        return self.lower(self.document.child(spot, *path))

    def target(self, spot: Spot, keyword: str) -> Spot | None:
        """Where a reference keyword leads; None for a dynamic one that is not understood."""
        follow = self.document.resolve if keyword == "$ref" else self.document.dynamic
        return follow(spot.schema[keyword], spot)

    def _schema(self, spot: Spot) -> Form:
        schema = spot.schema
        if isinstance(schema, bool):
            return self.pool.anything if schema else self.pool.nothing
        if not isinstance(schema, Mapping):
            return self.pool.make(Kind.OPAQUE, "not a schema")
        if "$ref" in schema and not self.document.dialect.siblings:
            return nested.reference_form(self, spot, "$ref")
        parts = [self.keyword(spot, keyword) for keyword in schema]
        parts += [
            self._unevaluated(spot, keyword)
            for keyword in ("unevaluatedProperties", "unevaluatedItems")
            if keyword in schema and reads(self.document.dialect, keyword)
        ]
        return self.pool.all(parts)

    def keyword(self, spot: Spot, keyword: str) -> Form:
        """The form of one keyword of a schema, with the keywords that it goes with."""
        make = KEYWORDS.get(keyword)
        if make is None or not reads(self.document.dialect, keyword):
            return self.pool.anything
        return make(self, spot, keyword)

    def _unevaluated(self, spot: Spot, keyword: str) -> Form:
        """What no other keyword has looked at, for each way in which the others may hold."""
        rest = self.child(spot, keyword)
        if rest is self.pool.anything:
            return rest
        ways = variants(self, spot)
        if ways is None:
            return self.pool.make(Kind.OPAQUE, f"{keyword} beside a reference to itself")
        left: Callable[[Pool, Seen, Form], Form] = (
            fields_left if keyword == "unevaluatedProperties" else items_left
        )
        return self.pool.any(
            self.pool.all([condition, left(self.pool, seen, rest)]) for condition, seen in ways
        )


KEYWORDS: Mapping[str, Maker] = {
    "$ref": nested.reference_form,
    "$dynamicRef": nested.reference_form,
    "$recursiveRef": nested.reference_form,
    "type": plain.type_form,
    "enum": plain.enum_form,
    "const": plain.const_form,
    "minimum": plain.bound_form(Kind.MIN, "exclusiveMinimum"),
    "maximum": plain.bound_form(Kind.MAX, "exclusiveMaximum"),
    "exclusiveMinimum": plain.exclusive_form(Kind.MIN),
    "exclusiveMaximum": plain.exclusive_form(Kind.MAX),
    "multipleOf": plain.multiple_form,
    "minLength": plain.least_form(Kind.LENGTH),
    "maxLength": plain.most_form(Kind.LENGTH),
    "pattern": plain.pattern_form,
    "format": plain.format_form,
    "minItems": plain.least_form(Kind.COUNT),
    "maxItems": plain.most_form(Kind.COUNT),
    "uniqueItems": plain.unique_form,
    "items": nested.items_form,
    "additionalItems": nested.additional_items_form,
    "prefixItems": nested.prefix_form,
    "contains": nested.contains_form,
    "minProperties": plain.least_form(Kind.SIZE),
    "maxProperties": plain.most_form(Kind.SIZE),
    "properties": nested.properties_form,
    "patternProperties": nested.patterns_form,
    "additionalProperties": nested.additional_form,
    "propertyNames": nested.names_form,
    "required": nested.required_form,
    "dependencies": nested.dependent_form,
    "dependentRequired": nested.dependent_form,
    "dependentSchemas": nested.dependent_form,
    "allOf": nested.all_of_form,
    "anyOf": nested.any_of_form,
    "oneOf": nested.one_of_form,
    "not": nested.not_form,
    "if": nested.if_form,
}

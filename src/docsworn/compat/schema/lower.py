"""From a schema document to forms: one function a keyword, one table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from docsworn.compat.schema.dialects import reads
from docsworn.compat.schema.documents import Document, Spot
from docsworn.compat.schema.forms import Form, Kind, Pool
from docsworn.compat.schema.frozen import fraction, freeze
from docsworn.compat.schema.unevaluated import Seen, fields_left, items_left, variants

_TYPES: Mapping[str, tuple[str, ...]] = {
    "null": ("null",),
    "boolean": ("boolean",),
    "number": ("int", "frac", "pointed"),
    "string": ("string",),
    "array": ("array",),
    "object": ("object",),
}


class Lowering:
    """Makes the forms of one document; schemas that lead to themselves become recursive forms."""

    def __init__(self, document: Document, pool: Pool, *, formats: frozenset[str]) -> None:
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
            return _reference(self, spot, "$ref")
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


Maker = Callable[[Lowering, Spot, str], Form]


def _type(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    named = spot.schema[keyword]
    classes: set[str] = set()
    parts = []
    for name in named if isinstance(named, list) else [named]:
        if isinstance(name, Mapping):  # draft-03 style; no later validator reads it
            return lowering.pool.make(Kind.OPAQUE, "a schema inside type")
        if name == "integer":
            classes.update(("int",) if lowering.document.dialect.age == 4 else ("int", "pointed"))
        elif name == "any":
            return lowering.pool.make(Kind.OPAQUE, "type any")
        else:
            classes.update(_TYPES.get(name, ()))
    parts.append(lowering.pool.types(classes) if classes else lowering.pool.nothing)
    return lowering.pool.all(parts)


def _enum(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.values(freeze(value) for value in spot.schema[keyword])


def _const(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.values([freeze(spot.schema[keyword])])


def _bound(kind: Kind, exclusive: str) -> Maker:
    def make(lowering: Lowering, spot: Spot, keyword: str) -> Form:
        strict = spot.schema.get(exclusive) is True
        return lowering.pool.make(kind, fraction(spot.schema[keyword]), strict)

    return make


def _exclusive(kind: Kind) -> Maker:
    def make(lowering: Lowering, spot: Spot, keyword: str) -> Form:
        value = spot.schema[keyword]
        if isinstance(value, bool):
            return lowering.pool.anything
        return lowering.pool.make(kind, fraction(value), True)

    return make


def _multiple(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.make(Kind.MULTIPLE, abs(fraction(spot.schema[keyword])))


def _least(kind: Kind) -> Maker:
    def make(lowering: Lowering, spot: Spot, keyword: str) -> Form:
        least = int(spot.schema[keyword])
        return lowering.pool.make(kind, least, None) if least > 0 else lowering.pool.anything

    return make


def _most(kind: Kind) -> Maker:
    def make(lowering: Lowering, spot: Spot, keyword: str) -> Form:
        return lowering.pool.make(kind, 0, int(spot.schema[keyword]))

    return make


def _pattern(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.make(Kind.MATCHES, spot.schema[keyword])


def _format(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    name = spot.schema[keyword]
    return lowering.pool.make(Kind.FORMAT, name) if name in lowering.formats else lowering.pool.anything


def _unique(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.make(Kind.UNIQUE) if spot.schema[keyword] is True else lowering.pool.anything


def _items(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    pool, schema = lowering.pool, spot.schema
    if isinstance(schema[keyword], list) and lowering.document.dialect.age < 20:
        return pool.all(
            pool.items(at, at + 1, lowering.child(spot, keyword, at)) for at in range(len(schema[keyword]))
        )
    prefix = schema.get("prefixItems") if reads(lowering.document.dialect, "prefixItems") else None
    return pool.items(len(prefix or ()), None, lowering.child(spot, keyword))


def _additional_items(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    before = spot.schema.get("items")
    if not isinstance(before, list):
        return lowering.pool.anything
    return lowering.pool.items(len(before), None, lowering.child(spot, keyword))


def _prefix(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    count = range(len(spot.schema[keyword]))
    pool = lowering.pool
    return pool.all(pool.items(at, at + 1, lowering.child(spot, keyword, at)) for at in count)


def _contains(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    bounds = reads(lowering.document.dialect, "minContains")
    least = int(spot.schema.get("minContains", 1)) if bounds else 1
    most = spot.schema.get("maxContains") if bounds else None
    form = lowering.child(spot, keyword)
    return lowering.pool.make(Kind.CONTAINS, form, least, None if most is None else int(most))


def _properties(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    pool = lowering.pool
    return pool.all(
        pool.each(pool.names([name]), lowering.child(spot, keyword, name)) for name in spot.schema[keyword]
    )


def _patterns(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    pool = lowering.pool
    return pool.all(
        pool.each(pool.make(Kind.MATCHES, pattern), lowering.child(spot, keyword, pattern))
        for pattern in spot.schema[keyword]
    )


def other_names(pool: Pool, schema: Mapping[str, Any]) -> Form:
    """The names that neither ``properties`` nor ``patternProperties`` has."""
    named = pool.names(schema.get("properties", ()))
    patterns = [pool.make(Kind.MATCHES, pattern) for pattern in schema.get("patternProperties", ())]
    return pool.negated(pool.any([named, *patterns]))


def _additional(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.each(other_names(lowering.pool, spot.schema), lowering.child(spot, keyword))


def _names(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    pool = lowering.pool
    return pool.each(pool.negated(lowering.child(spot, keyword)), pool.nothing)


def _required(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    required = spot.schema[keyword]
    if not isinstance(required, list):  # draft-03's boolean
        return lowering.pool.anything
    return lowering.pool.all(lowering.pool.has(name) for name in required)


def _dependent(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    pool = lowering.pool
    parts = []
    for name, needs in spot.schema[keyword].items():
        if isinstance(needs, list):
            wanted = pool.all(pool.has(each) for each in needs)
        elif isinstance(needs, str):
            wanted = pool.has(needs)
        else:
            wanted = lowering.child(spot, keyword, name)
        # For another value than an object `has` holds, and the rule must not.
        lacks = pool.each(pool.names([name]), pool.nothing)
        parts.append(pool.any([pool.not_of("object"), lacks, wanted]))
    return pool.all(parts)


def _all_of(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.all(lowering.child(spot, keyword, at) for at in range(len(spot.schema[keyword])))


def _any_of(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.any(lowering.child(spot, keyword, at) for at in range(len(spot.schema[keyword])))


def _one_of(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.one(lowering.child(spot, keyword, at) for at in range(len(spot.schema[keyword])))


def _not(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    return lowering.pool.negated(lowering.child(spot, keyword))


def _if(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    pool = lowering.pool
    condition = lowering.child(spot, keyword)
    then = lowering.child(spot, "then") if "then" in spot.schema else pool.anything
    other = lowering.child(spot, "else") if "else" in spot.schema else pool.anything
    return pool.all([pool.any([pool.negated(condition), then]), pool.any([condition, other])])


def _reference(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    target = lowering.target(spot, keyword)
    if target is None:
        return lowering.pool.make(Kind.OPAQUE, f"{keyword} across resources")
    return lowering.lower(target)


KEYWORDS: Mapping[str, Maker] = {
    "$ref": _reference,
    "$dynamicRef": _reference,
    "$recursiveRef": _reference,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _bound(Kind.MIN, "exclusiveMinimum"),
    "maximum": _bound(Kind.MAX, "exclusiveMaximum"),
    "exclusiveMinimum": _exclusive(Kind.MIN),
    "exclusiveMaximum": _exclusive(Kind.MAX),
    "multipleOf": _multiple,
    "minLength": _least(Kind.LENGTH),
    "maxLength": _most(Kind.LENGTH),
    "pattern": _pattern,
    "format": _format,
    "minItems": _least(Kind.COUNT),
    "maxItems": _most(Kind.COUNT),
    "uniqueItems": _unique,
    "items": _items,
    "additionalItems": _additional_items,
    "prefixItems": _prefix,
    "contains": _contains,
    "minProperties": _least(Kind.SIZE),
    "maxProperties": _most(Kind.SIZE),
    "properties": _properties,
    "patternProperties": _patterns,
    "additionalProperties": _additional,
    "propertyNames": _names,
    "required": _required,
    "dependencies": _dependent,
    "dependentRequired": _dependent,
    "dependentSchemas": _dependent,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
}

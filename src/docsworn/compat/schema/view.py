"""A schema node as the diff sees it: references followed, ``allOf`` merged, spelling made one.

A node is some spots that hold together. What two spots say of the same thing is joined where that is plain
(the higher minimum, both lists of required fields), so that splitting or inlining a schema is no change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any

from docsworn.compat.schema.documents import Document, Spot
from docsworn.compat.schema.frozen import NULL, Frozen, fraction, freeze

Node = tuple[Spot, ...]
Bound = tuple[Fraction, bool]  # and whether it is exclusive

_LOWER = ("minLength", "minItems", "minProperties", "minContains")
_UPPER = ("maxLength", "maxItems", "maxProperties", "maxContains")
_SETS = ("pattern", "format", "multipleOf")
_ONE = (
    *("items", "additionalItems", "contains", "propertyNames", "not", "if", "then", "else"),
    *("unevaluatedItems", "unevaluatedProperties", "additionalProperties"),
)
_ALL_TYPES = frozenset({"null", "boolean", "number", "string", "array", "object"})


@dataclass(slots=True)
class View:
    """What a node says, keyword by keyword; ``where`` holds the pointer of the spot that says it."""

    pointer: str
    types: frozenset[str] | None = None
    values: tuple[Frozen, ...] | None = None
    nullable: bool = False
    low: Bound | None = None
    high: Bound | None = None
    counts: dict[str, int] = field(default_factory=dict)
    sets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unique: bool = False
    required: dict[str, None] = field(default_factory=dict)
    properties: dict[str, Node] = field(default_factory=dict)
    patterns: dict[str, Node] = field(default_factory=dict)
    dependent_schemas: dict[str, Node] = field(default_factory=dict)
    dependent_required: dict[str, frozenset[str]] = field(default_factory=dict)
    prefix: list[Node] = field(default_factory=list)
    parts: dict[str, Node] = field(default_factory=dict)
    unions: list[tuple[str, tuple[Spot, ...]]] = field(default_factory=list)
    discriminator: str | None = None
    where: dict[str, str] = field(default_factory=dict)

    def at(self, keyword: str) -> str:
        """The pointer of the spot that has a keyword, else of the node."""
        return self.where.get(keyword, self.pointer)

    @property
    def closed(self) -> bool:
        """Whether fields that it does not name are forbidden."""
        return any(
            spot.schema is False
            for word in ("additionalProperties", "unevaluatedProperties")
            for spot in self.parts.get(word, ())
        )


def view(document: Document, node: Node) -> View:
    """The view of a node."""
    spots = list(_spots(document, node, set()))
    telling = [spot for spot in spots if _tells(spot.schema)]
    made = View((telling or spots or list(node))[0].pointer)
    for spot in spots:
        if isinstance(spot.schema, Mapping):
            for keyword in spot.schema:
                made.where.setdefault(keyword, spot.pointer)
            _merge(document, made, spot)
    _settle(made)
    return made


def _tells(schema: Any) -> bool:
    return isinstance(schema, bool) or any(
        key not in ("$ref", "allOf", "description", "title") for key in schema
    )


def _spots(document: Document, node: Node, seen: set[tuple[str, str]]) -> Iterator[Spot]:
    """The spots of a node and those that hold together with them."""
    for spot in node:
        if spot.key in seen:
            continue
        seen.add(spot.key)
        schema = spot.schema
        if not isinstance(schema, Mapping):
            yield spot
            continue
        lone = "$ref" in schema and not document.dialect.siblings
        if not lone:
            yield spot
        if isinstance(schema.get("$ref"), str):
            yield from _spots(document, (document.resolve(schema["$ref"], spot),), seen)
        if not lone:
            below = [document.child(spot, "allOf", at) for at in range(len(schema.get("allOf", ())))]
            for keyword in ("anyOf", "oneOf"):
                variants = _variants(document, spot, keyword)
                below += variants if len(variants) == 1 else []
            yield from _spots(document, tuple(below), seen)


def _variants(document: Document, spot: Spot, keyword: str) -> list[Spot]:
    """The variants of a union but for null."""
    every = [document.child(spot, keyword, at) for at in range(len(spot.schema.get(keyword, ())))]
    return [variant for variant in every if not _is_null(variant.schema)]


def _is_null(schema: Any) -> bool:
    return isinstance(schema, Mapping) and (
        schema.get("type") in ("null", ["null"])
        or schema.get("enum") == [None]
        or schema.get("const", 0) is None
    )


def _merge(document: Document, made: View, spot: Spot) -> None:
    schema = spot.schema
    _merge_values(made, schema)
    _merge_bounds(made, schema)
    for word in _SETS:
        if word in schema:
            made.sets[word] = tuple(sorted({*made.sets.get(word, ()), str(schema[word])}))
    made.unique = made.unique or schema.get("uniqueItems") is True
    if isinstance(schema.get("required"), list):
        made.required.update(dict.fromkeys(schema["required"]))
    for word, kept in (("properties", made.properties), ("patternProperties", made.patterns),
                       ("dependentSchemas", made.dependent_schemas)):  # fmt: skip
        for name in schema.get(word, ()):
            kept[name] = (*kept.get(name, ()), document.child(spot, word, name))
    _merge_dependencies(document, made, spot)
    _merge_parts(document, made, spot)
    if isinstance(schema.get("discriminator"), Mapping):
        made.discriminator = str(schema["discriminator"].get("propertyName"))


def _merge_values(made: View, schema: Mapping[str, Any]) -> None:
    if "type" in schema:
        named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        types = frozenset(str(name) for name in named)
        types -= {"integer"} if "number" in types else set()
        made.types = types if made.types is None else _common(made.types, types)
    for values in (schema.get("enum"), [schema["const"]] if "const" in schema else None):
        if isinstance(values, list):
            frozen = tuple(dict.fromkeys(freeze(value) for value in values))
            made.values = frozen if made.values is None else tuple(v for v in made.values if v in frozen)
    for keyword in ("anyOf", "oneOf"):
        made.nullable = made.nullable or any(_is_null(variant) for variant in schema.get(keyword, ()))


def _common(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    integers = ("integer" in one and "number" in other) or ("number" in one and "integer" in other)
    return (one & other) | ({"integer"} if integers else set())


def _merge_bounds(made: View, schema: Mapping[str, Any]) -> None:
    lows = [made.low] if made.low else []
    highs = [made.high] if made.high else []
    for found, word, strict in (
        (lows, "minimum", "exclusiveMinimum"),
        (highs, "maximum", "exclusiveMaximum"),
    ):
        if word in schema:
            found.append((fraction(schema[word]), schema.get(strict) is True))
        if strict in schema and not isinstance(schema[strict], bool):
            found.append((fraction(schema[strict]), True))
    made.low = max(lows, default=None)
    made.high = min(highs, key=lambda bound: (bound[0], not bound[1]), default=None)
    for word in (*_LOWER, *_UPPER):
        if word in schema:
            choose = max if word in _LOWER else min
            made.counts[word] = choose(int(schema[word]), made.counts.get(word, int(schema[word])))


def _merge_dependencies(document: Document, made: View, spot: Spot) -> None:
    lists = {**spot.schema.get("dependentRequired", {})}
    for name, needs in spot.schema.get("dependencies", {}).items():
        if isinstance(needs, list):
            lists[name] = needs
        else:
            below = document.child(spot, "dependencies", name)
            made.dependent_schemas[name] = (*made.dependent_schemas.get(name, ()), below)
    for name, needs in lists.items():
        made.dependent_required[name] = made.dependent_required.get(name, frozenset()) | frozenset(needs)


def _merge_parts(document: Document, made: View, spot: Spot) -> None:
    schema = spot.schema
    for word in _ONE:
        if word in schema and not isinstance(schema[word], list) and schema[word] is not True:
            made.parts[word] = (*made.parts.get(word, ()), document.child(spot, word))
    word = "items" if isinstance(schema.get("items"), list) else "prefixItems"
    if word == "items" and "additionalItems" in made.parts:
        made.parts["items"] = made.parts.pop("additionalItems")
    elif word != "items":
        made.parts.pop("additionalItems", None)
    for at in range(len(schema.get(word, ()))):
        child = document.child(spot, word, at)
        if at < len(made.prefix):
            made.prefix[at] = (*made.prefix[at], child)
        else:
            made.prefix.append((child,))
    for union in ("oneOf", "anyOf"):
        if len(variants := _variants(document, spot, union)) > 1:
            made.unions.append((union, tuple(variants)))


def _settle(made: View) -> None:
    """Makes one of what can be said in several ways."""
    made.counts = {word: count for word, count in made.counts.items() if count or word in _UPPER}
    if made.counts.get("minContains") == 1:
        del made.counts["minContains"]
    if made.values is not None and made.types is None:
        made.types = frozenset(_type_of(value) for value in made.values)
    if made.values is not None and made.types is not None:
        made.values = tuple(value for value in made.values if _allows(made.types, value))
    if made.types is not None:
        made.types |= {"null"} if made.nullable else frozenset()
        made.nullable = "null" in made.types and (made.values is None or NULL in made.values or made.nullable)
        made.types -= {"null"} if made.types != {"null"} else frozenset()
        made.types = None if made.types >= _ALL_TYPES - {"null"} and made.nullable else made.types
    if made.values is not None:
        made.values = tuple(value for value in made.values if value != NULL) or None
    if made.types == frozenset({"integer"}):
        made.low = _whole(made.low, up=True)
        made.high = _whole(made.high, up=False)


def _type_of(value: Frozen) -> str:
    if value[0] != "number":
        return value[0]
    return "integer" if value[1].denominator == 1 else "number"


def _allows(types: frozenset[str], value: Frozen) -> bool:
    own = _type_of(value)
    return own in types or (own == "integer" and "number" in types)


def _whole(bound: Bound | None, *, up: bool) -> Bound | None:
    """The bound that an integer keeps, which is never exclusive."""
    if bound is None:
        return None
    number, strict = bound
    whole = ceil(number) if up else floor(number)
    if strict and whole == number:
        whole += 1 if up else -1
    return Fraction(whole), False

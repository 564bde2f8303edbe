"""The dialects of JSON Schema as data, and which of them a document speaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docsworn.errors import ContractError


@dataclass(frozen=True, slots=True)
class Dialect:
    """What differs between the drafts.

    ``age`` orders them (4, 6, 7, 19, 20). ``siblings``: what stands beside ``$ref`` counts.
    """

    name: str
    uri: str
    age: int

    @property
    def siblings(self) -> bool:
        """Whether what stands beside ``$ref`` counts."""
        return self.age >= 19

    @property
    def identifier(self) -> str:
        """The keyword that names a resource."""
        return "id" if self.age == 4 else "$id"


DRAFT4 = Dialect("draft-04", "http://json-schema.org/draft-04/schema", 4)
DRAFT6 = Dialect("draft-06", "http://json-schema.org/draft-06/schema", 6)
DRAFT7 = Dialect("draft-07", "http://json-schema.org/draft-07/schema", 7)
DRAFT201909 = Dialect("2019-09", "https://json-schema.org/draft/2019-09/schema", 19)
DRAFT202012 = Dialect("2020-12", "https://json-schema.org/draft/2020-12/schema", 20)
DIALECTS: tuple[Dialect, ...] = (DRAFT4, DRAFT6, DRAFT7, DRAFT201909, DRAFT202012)

# OpenAPI 3.1's own dialect is 2020-12 with annotations.
_OPENAPI_31 = "https://spec.openapis.org/oas/3.1/dialect/"
OPENAPI_30 = "openapi-3.0"
_LATER = "later than draft-04"

# Which keywords a dialect reads: the age of the first and of the last draft that has it.
_AGES: Mapping[str, tuple[int, int]] = {
    "const": (6, 20),
    "contains": (6, 20),
    "propertyNames": (6, 20),
    "if": (7, 20),
    "dependencies": (4, 7),
    "dependentRequired": (19, 20),
    "dependentSchemas": (19, 20),
    "unevaluatedProperties": (19, 20),
    "unevaluatedItems": (19, 20),
    "minContains": (19, 20),
    "maxContains": (19, 20),
    "$recursiveRef": (19, 19),
    "$dynamicRef": (20, 20),
    "prefixItems": (20, 20),
    "additionalItems": (4, 19),
}

# Where the drafts keep schemas, for looking through a document of any of them.
ONE = frozenset({
    "additionalItems", "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not",
    "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
})  # fmt: skip
MANY = frozenset({"allOf", "anyOf", "oneOf", "prefixItems", "items"})
NAMED = frozenset({
    "$defs", "definitions", "dependencies", "dependentSchemas", "patternProperties", "properties",
})  # fmt: skip


def reads(dialect: Dialect, keyword: str) -> bool:
    """Whether the dialect knows the keyword; what no table names is known to all."""
    first, last = _AGES.get(keyword, (4, 20))
    return first <= dialect.age <= last


def find_dialect(name: str) -> Dialect:
    """The dialect of a ``$schema`` or a name; ContractError for one that is not known."""
    plain = name.removesuffix("#").replace("http://json-schema.org/schema", DRAFT202012.uri)
    if plain.startswith(_OPENAPI_31):
        return DRAFT202012
    for dialect in DIALECTS:
        if plain in (dialect.name, dialect.uri, dialect.uri.replace("http:", "https:")):
            return dialect
    raise ContractError(name, "this dialect of JSON Schema is not known")


def spoken(schema: Any) -> str | None:
    """The dialect that a document shows it speaks: by ``$schema``, or by what only one dialect has."""
    if not isinstance(schema, Mapping):
        return None
    if isinstance(schema.get("$schema"), str):
        return find_dialect(schema["$schema"]).name
    marks = {mark for node in nodes(schema) for mark in _marks(node)}
    found = next(
        (name for name in (OPENAPI_30, DRAFT202012.name, DRAFT4.name, DRAFT7.name) if name in marks), None
    )
    return found or (DRAFT202012.name if _LATER in marks else None)


def nodes(schema: Any) -> Iterator[Mapping[str, Any]]:
    """Each schema of a document that is a mapping, itself first."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Mapping):
            continue
        yield node
        for keyword, value in node.items():
            if keyword in NAMED and isinstance(value, Mapping):
                waiting.extend(value.values())
            elif keyword in MANY and isinstance(value, list):
                waiting.extend(value)
            elif keyword in ONE:
                waiting.append(value)


def _marks(node: Mapping[str, Any]) -> Iterator[str]:
    exclusive = any(isinstance(node.get(word), bool) for word in ("exclusiveMinimum", "exclusiveMaximum"))
    if isinstance(node.get("nullable"), bool) and ("type" in node or "$ref" in node or "enum" in node):
        yield OPENAPI_30
    later = ("exclusiveMinimum", "exclusiveMaximum", "const", "contains", "propertyNames", "if")
    if any(word in node and not isinstance(node[word], bool) for word in later):
        yield _LATER
    if exclusive:
        yield DRAFT4.name
    modern = ("prefixItems", "dependentRequired", "dependentSchemas", "$defs", "$anchor", "$dynamicRef",
              "unevaluatedProperties", "unevaluatedItems")  # fmt: skip
    if any(word in node for word in modern):
        yield DRAFT202012.name
    if isinstance(node.get("items"), list) or isinstance(node.get("dependencies"), Mapping):
        yield DRAFT7.name

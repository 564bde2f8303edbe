"""A contract narrowed to what a consumer reads: whatever it does not read may be anything.

The narrowed schema holds every body that the whole one holds, so a *safe* for it is proven for these uses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from docsworn.compat.record import ALL, Place
from docsworn.contract.pointer import split

_DEPTH = 60

# What is narrowed part by part, or speaks of members that are not read.
_NARROWED = frozenset({
    "$schema", "$defs", "$ref", "allOf", "anyOf", "oneOf", "properties", "patternProperties",
    "additionalProperties", "required", "items", "prefixItems", "discriminator", "minProperties",
    "maxProperties", "propertyNames", "enum", "const", "uniqueItems",
})  # fmt: skip

# A schema with one of these is not taken apart: what it says of a member hangs on other members.
_ENTANGLED = frozenset({
    "if", "not", "contains", "dependentSchemas", "dependentRequired", "dependencies", "unevaluatedItems",
    "unevaluatedProperties", "additionalItems", "$dynamicRef", "$recursiveRef",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Narrowing:
    places: frozenset[Place]
    definitions: Mapping[str, Any]
    depth: int = 0

    def below(self, part: str) -> _Narrowing:
        """The same for a member; for items and map values where the part is ``*``."""
        under = (place[1:] for place in self.places if place and (part == "*" or place[0] in (part, "*")))
        return _Narrowing(frozenset(under), self.definitions, self.depth + 1)

    @property
    def names(self) -> frozenset[str]:
        """The members that are read."""
        return frozenset(place[0] for place in self.places)

    def reads(self, name: str) -> bool:
        """Whether a member is read."""
        return name in self.names or "*" in self.names


def project(schema: Any, places: frozenset[Place]) -> Any:
    """A self-contained schema that only says what these places are; all of it where one is the root."""
    if not isinstance(schema, Mapping):
        return schema
    narrowed = _narrow(schema, _Narrowing(places, schema.get("$defs", {})))
    kept = {key: schema[key] for key in ("$schema", "$defs") if key in schema}
    return {**kept, **narrowed} if isinstance(narrowed, dict) else narrowed


def _narrow(schema: Any, how: _Narrowing) -> Any:
    if not how.places or how.depth > _DEPTH:
        return True
    whole = () in how.places or (ALL,) in how.places
    if whole or not isinstance(schema, Mapping) or _ENTANGLED & schema.keys():
        return _without(schema, "$schema", "$defs")
    parts = [_without(schema, *_NARROWED), *_members(schema, how), *_items(schema, how)]
    again = replace(how, depth=how.depth + 1)
    reference = schema.get("$ref")
    if isinstance(reference, str):
        parts.append(_referred(reference, again))
    parts += [_narrow(branch, again) for branch in schema.get("allOf", ())]
    for keyword in ("anyOf", "oneOf"):  # variants may overlap once they are narrowed
        if keyword in schema:
            parts.append({"anyOf": [_narrow(branch, again) for branch in schema[keyword]]})
    told = [part for part in parts if part not in ({}, True)]
    return True if not told else told[0] if len(told) == 1 else {"allOf": told}


def _without(schema: Any, *keywords: str) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    return {key: value for key, value in schema.items() if key not in keywords}


def _referred(reference: str, how: _Narrowing) -> Any:
    parts = split(reference[1:]) if reference.startswith("#/$defs/") else ()
    if len(parts) != 2 or parts[1] not in how.definitions:
        return {"$ref": reference}
    return _narrow(how.definitions[parts[1]], how)


def _items(schema: Mapping[str, Any], how: _Narrowing) -> Iterator[dict[str, Any]]:
    narrowed: dict[str, Any] = {}
    if isinstance(schema.get("prefixItems"), list):
        narrowed["prefixItems"] = [_narrow(item, how.below("*")) for item in schema["prefixItems"]]
    if "items" in schema and how.below("*").places:
        narrowed["items"] = _narrow(schema["items"], how.below("*"))
    yield narrowed


def _members(schema: Mapping[str, Any], how: _Narrowing) -> Iterator[dict[str, Any]]:
    """What is said of the members that are read: by name, by pattern, or of all others."""
    required = [name for name in schema.get("required", ()) if how.reads(name)]
    if required:
        yield {"required": required}
    fields = schema.get("properties", {})
    if "*" in how.names:
        # Every declared name must stay, or it would count among the others.
        maps = {"properties": fields, "patternProperties": schema.get("patternProperties", {})}
        told: dict[str, Any] = {
            keyword: {name: _narrow(child, how.below(name if keyword == "properties" else "*"))
                      for name, child in children.items()}
            for keyword, children in maps.items() if children
        }  # fmt: skip
        if isinstance(schema.get("additionalProperties"), Mapping):
            told["additionalProperties"] = _narrow(schema["additionalProperties"], how.below("*"))
        yield told
        return
    named = {name: list(_said_of(name, schema)) for name in sorted(how.names)}
    for name, said in named.items():
        for child in said:
            yield {"properties": {name: _narrow(child, how.below(name))}}


def _said_of(name: str, schema: Mapping[str, Any]) -> Iterator[Any]:
    """Every schema that a member of this name must fit."""
    fields = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    fitting = [child for pattern, child in patterns.items() if _may_match(pattern, name)]
    if name in fields:
        yield fields[name]
    yield from fitting
    if name not in fields and not fitting and isinstance(schema.get("additionalProperties"), Mapping):
        yield schema["additionalProperties"]


def _may_match(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return True

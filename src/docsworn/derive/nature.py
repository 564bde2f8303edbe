"""What a schema says of one value, its references, parts and branches merged: types, null, values, format."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import unquote

from docsworn.contract.pointer import resolve

Answer = Literal["yes", "no", "unknown"]

# In this order types are told, whatever the order of branches.
TYPE_ORDER = ("object", "array", "string", "integer", "number", "boolean")
_TYPE_OF = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
_DEEPEST = 200
_IMPLIED = {
    "properties": "object",
    "additionalProperties": "object",
    "items": "array",
    "prefixItems": "array",
}


@dataclass(frozen=True, slots=True)
class Nature:
    """What is said of a value; ``nullable`` is None where nothing is said at all.

    ``types`` never holds null; ``enum`` is None where the values are not listed.
    """

    types: frozenset[str] = frozenset()
    nullable: Answer | None = None
    enum: tuple[Any, ...] | None = None
    formats: tuple[str, ...] = ()

    @property
    def ordered_types(self) -> tuple[str, ...]:
        """The types in their usual order."""
        return tuple(name for name in TYPE_ORDER if name in self.types)


NOTHING = Nature()
_NULL = Nature(nullable="yes", enum=())  # no value but null


@dataclass(frozen=True, slots=True)
class Natures:
    """The natures of one document's schemas; the document must outlive it and stay as it is."""

    document: Mapping[str, Any]
    _known: dict[int, Nature] = field(default_factory=dict, repr=False)

    def of(self, schema: Any, depth: int = 0) -> Nature:
        """The nature of a schema node; one that refers to itself, or on and on, says nothing by that."""
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return NOTHING
        if id(schema) not in self._known:
            self._known[id(schema)] = NOTHING
            self._known[id(schema)] = self._read(schema, depth + 1)
        return self._known[id(schema)]

    def target(self, schema: Mapping[str, Any]) -> Any:
        """What a schema's ``$ref`` leads to; None where it has none or it leads nowhere."""
        reference = schema.get("$ref")
        if not isinstance(reference, str) or not reference.startswith("#"):
            return None
        try:
            return resolve(self.document, unquote(reference[1:]))
        except (LookupError, ValueError):
            return None

    def _read(self, schema: Mapping[str, Any], depth: int) -> Nature:
        together = [_own(schema), self.of(self.target(schema), depth)]
        together += [self.of(part, depth) for part in schema.get("allOf", ())]
        for keyword in ("oneOf", "anyOf"):
            if schema.get(keyword):
                together.append(either([self.of(branch, depth) for branch in schema[keyword]]))
        merged = both(together)
        said = schema.get("x-nullable")
        if said is not None and merged.nullable != "yes":
            merged = Nature(merged.types, said, merged.enum, merged.formats)
        return merged


def _own(schema: Mapping[str, Any]) -> Nature:
    """What a node's own keywords say."""
    values = schema.get("enum", [schema["const"]] if "const" in schema else None)
    enum = None if values is None else tuple(value for value in values if value is not None)
    named = schema.get("type")
    if named is None:
        types = {_TYPE_OF[type(value)] for value in enum or () if type(value) in _TYPE_OF}
        types |= {_IMPLIED[keyword] for keyword in schema if keyword in _IMPLIED}
        null = _listed(values, types)
    else:
        types = set(named if isinstance(named, list) else [named])
        if types == {"null"}:
            return _NULL
        null = "yes" if "null" in types else "no"
    spelled = schema.get("format")
    formats = (spelled,) if isinstance(spelled, str) else ()
    return Nature(frozenset(types) - {"null"}, null, enum, formats)


def _listed(values: list[Any] | None, types: set[str]) -> Answer | None:
    """Whether null is among listed values; without values only a structure speaks against it."""
    if values is not None:
        return "yes" if None in values else "no"
    return "no" if types else None


def both(natures: Iterable[Nature]) -> Nature:
    """What holds where all of these hold together."""
    types: frozenset[str] = frozenset()
    enum: tuple[Any, ...] | None = None
    formats: dict[str, None] = {}
    answers: set[Answer] = set()
    for nature in natures:
        types = _common(types, nature.types)
        if nature.enum is not None:
            enum = nature.enum if enum is None else tuple(v for v in enum if _within(v, nature.enum))
        formats.update(dict.fromkeys(nature.formats))
        answers |= {nature.nullable} if nature.nullable else set()
    null = weakest(answers)
    return Nature(types, null, enum, tuple(formats))


def either(natures: Iterable[Nature]) -> Nature:
    """What holds where any one of these does."""
    branches = list(natures)
    types = frozenset().union(*(branch.types for branch in branches))
    formats = dict.fromkeys(name for branch in branches for name in branch.formats)
    answers = {branch.nullable or "unknown" for branch in branches}
    null: Answer = "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"
    if not branches:
        return NOTHING
    return Nature(types, null, _united(branches), tuple(formats))


def weakest(answers: Set[Answer]) -> Answer | None:
    """No before unknown before yes; None where there is no answer."""
    order: tuple[Answer, ...] = ("no", "unknown", "yes")
    return next((answer for answer in order if answer in answers), None)


def _united(branches: list[Nature]) -> tuple[Any, ...] | None:
    """The values of all branches; None where a branch of the same types leaves them open."""
    listed = frozenset().union(*(branch.types for branch in branches if branch.enum))
    left_open = any(
        branch.enum is None and (not branch.types or branch.types & listed) for branch in branches
    )
    values = {_key(value): value for branch in branches for value in branch.enum or ()}
    return None if left_open or not values else tuple(values.values())


def _common(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Types that both allow; none named allows all, and an integer is a number."""
    if not one or not other:
        return one or other
    shared = one & other
    if "integer" in one ^ other and "number" in one | other:
        shared |= {"integer"}
    return shared or one


def _within(value: Any, values: tuple[Any, ...]) -> bool:
    return any(_key(value) == _key(other) for other in values)


def _key(value: Any) -> str:
    """A value as JSON text: true is not 1."""
    return json.dumps(value, sort_keys=True)

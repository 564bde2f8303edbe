"""Whether no value can satisfy two schemas at once, proved or not.

``oneOf`` promises exactly one branch. A page that writes it for branches that overlap does not mean
that, so it is held as ``anyOf`` unless the branches are proved disjoint: by their JSON types, by
their values, or by a property that both require with different values.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any
from urllib.parse import unquote

from docsworn.contract.bundle import COMPONENTS, map_subschemas
from docsworn.derive.provenance import rewrite

# ``number`` holds the integers, so types are compared with the two parts told apart.
_TYPES = {
    "null": {"null"}, "boolean": {"boolean"}, "object": {"object"}, "array": {"array"},
    "string": {"string"}, "integer": {"integer"}, "number": {"integer", "fraction"},
}  # fmt: skip
_ALL = frozenset().union(*_TYPES.values())
_DEEPEST = 12
_MOST_BRANCHES = 200
_MOST_PROOFS = 200_000


@dataclass(frozen=True, slots=True)
class Prover:
    """Proves schemas of one document disjoint; the document must outlive it and stay as it is."""

    components: Mapping[str, Any]
    _known: dict[tuple[int, int], bool] = field(default_factory=dict, repr=False)

    def disjoint(self, one: Any, other: Any, depth: int = 0) -> bool:
        """True only where it is proved that no value satisfies both; hard proofs are given up."""
        pair = id(one), id(other)
        if depth > _DEEPEST or len(self._known) > _MOST_PROOFS:
            return False
        if pair not in self._known:
            self._known[pair] = False  # what rests on itself is not proved
            self._known[pair] = self._proved(one, other, depth)
        return self._known[pair]

    def _proved(self, one: Any, other: Any, depth: int) -> bool:
        ours, theirs = list(self._parts(one)), list(self._parts(other))
        shared = _types(ours) & _types(theirs)
        if not shared:
            return True
        if self._alternatives_disjoint(ours, other, depth) or self._alternatives_disjoint(theirs, one, depth):
            return True
        if _no_common(_values(ours), _values(theirs)):
            return True
        return shared == {"object"} and self._told_apart(ours, theirs, depth)

    def _alternatives_disjoint(self, parts: list[Mapping[str, Any]], other: Any, depth: int) -> bool:
        return any(
            all(self.disjoint(branch, other, depth + 1) for branch in part[keyword])
            for part in parts
            for keyword in ("oneOf", "anyOf")
            if isinstance(part.get(keyword), list)
        )

    def _told_apart(self, ours: list[Mapping[str, Any]], theirs: list[Mapping[str, Any]], depth: int) -> bool:
        mine, yours = _required(ours), _required(theirs)
        return any(self.disjoint(mine[name], yours[name], depth + 1) for name in mine.keys() & yours.keys())

    def _parts(self, schema: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
        """The schemas that a value must satisfy all together: through references and ``allOf``."""
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return
        yield schema
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith(COMPONENTS):
            name = unquote(reference.removeprefix(COMPONENTS)).replace("~1", "/").replace("~0", "~")
            yield from self._parts(self.components.get(name), depth + 1)
        for part in schema.get("allOf", ()):
            yield from self._parts(part, depth + 1)


def settle_unions(node: Any, prover: Prover) -> Any:
    """The schema with every ``oneOf`` whose branches are not proved disjoint read as ``anyOf``."""
    if not isinstance(node, dict):
        return node
    settled = map_subschemas(node, lambda child, _path: settle_unions(child, prover))
    branches = node.get("oneOf")
    if not isinstance(branches, list) or "anyOf" in settled:
        return settled
    few = len(branches) <= _MOST_BRANCHES
    if few and all(prover.disjoint(one, other) for one, other in combinations(branches, 2)):
        return settled
    lines = settled.get("x-keywords", {})
    line = lines.get("oneOf", settled.get("x-source", {})).get("line", 0)
    renamed = {"anyOf" if key == "oneOf" else key: value for key, value in settled.items()}
    if "oneOf" in lines:
        renamed["x-keywords"] = {"anyOf" if key == "oneOf" else key: lines[key] for key in lines}
    note = rewrite("oneOf", "branches overlap, so exactly one cannot be held", line)
    return _with_note(renamed, note)


def _with_note(node: dict[str, Any], note: dict[str, Any]) -> dict[str, Any]:
    ends = {key: node[key] for key in ("x-source", "x-confidence") if key in node}
    noted = {key: value for key, value in node.items() if key not in ends}
    noted["x-normalised"] = [*node.get("x-normalised", []), note]
    return noted | ends


def _types(parts: list[Mapping[str, Any]]) -> frozenset[str]:
    allowed = _ALL
    for part in parts:
        named = part.get("type")
        if named is not None:
            names = named if isinstance(named, list) else [named]
            allowed &= frozenset().union(*(_TYPES.get(name, _ALL) for name in names))
        values = part.get("enum", [part["const"]] if "const" in part else None)
        if values is not None:
            allowed &= frozenset().union(*(_TYPES[_type_of(value)] for value in values))
    return allowed


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {type(None): "null", int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")


def _values(parts: list[Mapping[str, Any]]) -> frozenset[str] | None:
    """The scalars that all parts allow, as JSON; None where any value may do."""
    allowed: frozenset[str] | None = None
    for part in parts:
        values = part.get("enum", [part["const"]] if "const" in part else None)
        if values is not None and not any(isinstance(value, list | dict) for value in values):
            here = frozenset(json.dumps(_whole(value)) for value in values)
            allowed = here if allowed is None else allowed & here
    return allowed


def _whole(value: Any) -> Any:
    """1.0 and 1 are one value to JSON Schema."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _no_common(ours: frozenset[str] | None, theirs: frozenset[str] | None) -> bool:
    return ours is not None and theirs is not None and not ours & theirs


def _required(parts: list[Mapping[str, Any]]) -> dict[str, Any]:
    """The schemas of the properties that a value must have."""
    names = {name for part in parts for name in part.get("required", ())}
    return {
        name: schema for part in parts for name, schema in part.get("properties", {}).items() if name in names
    }

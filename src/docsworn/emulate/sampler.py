"""A JSON body drawn from a self-contained JSON Schema 2020-12, the same one for the same seed.

Each place has its own random numbers (from the seed and its pointer), so that a field that comes or
goes in a contract changes no other.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jsonschema_rs

from docsworn.contract.pointer import join, resolve, split
from docsworn.emulate.branches import in_order
from docsworn.emulate.combine import combine
from docsworn.emulate.conditions import is_conditional, settle
from docsworn.emulate.maps import extra_schema, wanted_names
from docsworn.emulate.moments import beginning, unix_seconds
from docsworn.emulate.patterns import UnknownPattern
from docsworn.emulate.scalars import draw_integer, draw_number, drawn_type
from docsworn.emulate.strings import draw_string

Node = Mapping[str, Any]
Place = tuple[str | int, ...]

_MAX_DEPTH = 12
_WIDE = 4  # above this depth from the bottom lists hold two items, below it one
_ATTEMPTS = 20
_MAX_NESTED = 2  # times that a schema is drawn within itself where nothing requires it
_MAX_HOPS = 40  # references within references at one place


class Unsampleable(ValueError):  # noqa: N818 - it says what the schema is
    """A schema from which no valid value could be drawn; the message names the place, no value."""


def sample(
    schema: Node | bool,
    *,
    seed: int | str,
    required_only: bool = False,
    pick: Mapping[str, str] | None = None,
    max_depth: int = _MAX_DEPTH,
) -> Any:
    """A value that the schema takes: required fields always, optional ones unless ``required_only``.

    ``pick`` names the branch (its ``$defs`` name) that a union at a pointer takes. Below
    ``max_depth`` levels only what is required is drawn. Raises Unsampleable.
    """
    judge = validator(schema)
    problem = Unsampleable("no valid value could be drawn")
    began = beginning(str(seed))
    for attempt in range(_ATTEMPTS):
        plain = attempt >= _ATTEMPTS // 2
        sampler = _Sampler(schema, f"{seed}.{attempt}", required_only, pick or {}, began, plain)
        try:
            value = sampler.draw(schema, (), max_depth)
        except Unsampleable as error:
            problem = error
            continue
        if judge.is_valid(value):
            return value
        if attempt == 0:
            first = next(iter(judge.iter_errors(value)))
            problem = Unsampleable(f"no valid value could be drawn for {join(*first.instance_path) or '/'}")
    raise problem


def schema_at(schema: Node | bool, pointer: str) -> Node | bool:
    """The self-contained schema of a place in the values of a schema; True where it says nothing of it.

    Of the branches of a union the first that knows the place counts.
    """
    sampler = _Sampler(schema, "", False, {}, beginning(""), False)
    found = _descend(sampler, schema, split(pointer), 0)
    return found if isinstance(found, bool) else {**sampler.definitions(), **found}


def _descend(sampler: _Sampler, node: Node | bool, parts: Place, hops: int) -> Node | bool:
    if isinstance(node, bool) or hops > _MAX_HOPS:
        return True
    flat = sampler.flatten(node, ())
    if not parts:
        return flat
    fields: Node = flat.get("properties", {})
    if parts[0] in fields:
        return _descend(sampler, fields[str(parts[0])], parts[1:], hops)
    branches = (each for keyword in ("oneOf", "anyOf") for each in flat.get(keyword, ()))
    found = (_descend(sampler, each, parts, hops + 1) for each in branches)
    return next((each for each in found if each is not True), True)


def validator(schema: Node | bool) -> jsonschema_rs.Draft202012Validator:
    """A validator of a schema, formats included; Unsampleable where it is no JSON Schema 2020-12."""
    plain = schema if isinstance(schema, bool) else dict(schema)
    try:
        return jsonschema_rs.Draft202012Validator(plain, validate_formats=True, offline=True)
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as error:
        raise Unsampleable(f"the schema is not JSON Schema 2020-12 ({type(error).__name__})") from None


@dataclass(slots=True)
class _Sampler:
    """One drawing of one value; ``draw`` is its only door."""

    root: Node | bool
    seed: str
    required_only: bool
    pick: Mapping[str, str]
    began: datetime
    plain: bool  # unions take null or a scalar where they can: what fits nowhere else may fit so
    validators: dict[int, Any] = field(default_factory=dict)
    opened: Counter[str] = field(default_factory=Counter)  # references that lead to where it draws

    def draw(self, node: Any, place: Place, depth: int) -> Any:
        reference = node.get("$ref") if isinstance(node, Mapping) else None
        if reference is None:
            return self.draw_here(node, place, depth)
        self.opened[reference] += 1
        try:
            return self.draw_here(
                node, place, min(depth, 0) if self.opened[reference] > _MAX_NESTED else depth
            )
        finally:
            self.opened[reference] -= 1

    def draw_here(self, node: Any, place: Place, depth: int) -> Any:
        if isinstance(node, bool):
            if not node:
                raise Unsampleable(f"nothing is allowed at {join(*place) or '/'}")
            return "any"
        rng = self.rng_of(place)
        flat = self.flatten(node, place)
        if "const" in flat:
            return flat["const"]
        if flat.get("enum") == []:
            raise Unsampleable(f"nothing is allowed at {join(*place) or '/'}")
        if "enum" in flat:
            values = flat["enum"]
            return rng.choice([value for value in values if value is not None] or values)
        if flat.get("x-known-values"):  # an enum whose values are not listed: take one that is told
            return rng.choice(flat["x-known-values"])
        for keyword in ("oneOf", "anyOf"):
            if keyword in flat:
                return self.union(flat, keyword, place, depth, rng)
        return self.typed(flat, place, depth, rng)

    def flatten(self, node: Node, place: Place, hops: int = 0) -> Node:
        """The node with its references followed, its ``allOf`` combined and its conditions settled."""
        if hops > _MAX_HOPS:
            raise Unsampleable(f"the schema of {join(*place) or '/'} refers to itself")
        if is_conditional(node) or "not" in node:
            node = settle(node, self.rng_of((*place, "if")), required_only=self.required_only)
        flat: Node = {key: value for key, value in node.items() if key not in ("$ref", "allOf")}
        parts = [self.target(node["$ref"])] if "$ref" in node else []
        for part in (*parts, *node.get("allOf", ())):
            inner = self.flatten(part, place, hops + 1) if isinstance(part, Mapping) else part
            flat = combine(inner, flat)
        return flat

    def target(self, reference: str) -> Any:
        if not reference.startswith("#"):
            raise Unsampleable("a reference that leaves the schema")
        return resolve(self.root, reference[1:])

    def union(self, node: Node, keyword: str, place: Place, depth: int, rng: random.Random) -> Any:
        branches: Sequence[Any] = node[keyword]
        rest = {key: value for key, value in node.items() if key != keyword}
        problem = Unsampleable(f"no branch fits at {join(*place) or '/'}")
        picked, plain = self.pick.get(join(*place)), self.plain or depth <= 0
        for branch in in_order(branches, picked, rng, plain=plain):
            try:
                value = self.draw(combine(rest, branch), place, depth)
            except Unsampleable as error:
                problem = error
                continue
            if keyword == "anyOf" or sum(self.fits(each, value) for each in branches) == 1:
                return value
        raise problem

    def fits(self, branch: Any, value: Any) -> bool:
        known = self.validators.get(id(branch))
        if known is None:
            own = branch if isinstance(branch, bool) else {**self.definitions(), **branch}
            known = self.validators[id(branch)] = validator(own)
        return bool(known.is_valid(value))

    def definitions(self) -> dict[str, Any]:
        root = self.root if isinstance(self.root, Mapping) else {}
        return {key: root[key] for key in ("$defs", "definitions") if key in root}

    def typed(self, node: Node, place: Place, depth: int, rng: random.Random) -> Any:
        """A value of the node's type; None too where there is none, which validation refuses."""
        match drawn_type(node, rng):
            case "object":
                return self.object(node, place, depth)
            case "array":
                return self.array(node, place, depth)
            case "string":
                return self.string(node, place, rng)
            case "integer":
                return unix_seconds(node, _name(place), self.began, rng) or draw_integer(node, rng)
            case "number":
                return unix_seconds(node, _name(place), self.began, rng) or draw_number(node, rng)
            case "boolean":
                return rng.random() < 0.5
        return None

    def string(self, node: Node, place: Place, rng: random.Random) -> str:
        try:
            return draw_string(node, _name(place), rng, self.began)
        except UnknownPattern as error:
            raise Unsampleable(f"no string could be drawn for {join(*place) or '/'}: {error}") from None

    def object(self, node: Node, place: Place, depth: int) -> dict[str, Any]:
        if depth < -_MAX_DEPTH:
            raise Unsampleable(f"{join(*place) or '/'} requires itself without end")
        properties: Node = node.get("properties", {})
        required = [name for name in node.get("required", ()) if name not in properties]
        drawn: dict[str, Any] = {}
        for name, child in properties.items():
            must = name in node.get("required", ())
            if must or self.wanted(child, depth, len(drawn), node):
                try:
                    drawn[name] = self.draw(child, (*place, name), depth - 1)
                except Unsampleable:
                    if must:
                        raise
        for name in (*required, *self.extra_names(node, len(drawn) + len(required), place)):
            drawn[name] = self.draw(extra_schema(node, name), (*place, name), depth - 1)
        if place:  # those of the body itself come with their query: see bodies.py
            self.unnamed(node, place, depth, drawn)
        return drawn

    def unnamed(self, node: Node, place: Place, depth: int, drawn: dict[str, Any]) -> None:
        """Adds the fields that the page leaves unnamed, under the first name that each may have."""
        for field_ in node.get("x-unnamed", ()) if depth > 0 and not self.required_only else ():
            name = str(field_["candidates"][0])
            drawn[name] = self.draw(field_.get("schema", True), (*place, name), depth - 1)

    def wanted(self, child: Any, depth: int, count: int, node: Node) -> bool:
        """Whether an optional field is drawn: old names of renamed fields are not."""
        if self.required_only or depth <= 0 or (isinstance(child, Mapping) and "x-alias-of" in child):
            return False
        return bool(count < node.get("maxProperties", math.inf) - len(node.get("required", ())))

    def extra_names(self, node: Node, count: int, place: Place) -> Iterator[str]:
        """Names for the fields of a map beside the ``count`` that it has."""
        for number, schema in enumerate(wanted_names(node, count, required_only=self.required_only), start=1):
            key = f"key_{number}"
            if schema is None:
                yield key
            elif schema.keys() == {"pattern"}:
                yield self.string(schema, (*place, key), self.rng_of((*place, key)))
            else:
                yield str(self.draw({"type": "string", **schema}, (*place, key), 0))

    def rng_of(self, place: Place) -> random.Random:
        """The random numbers of a place."""
        return random.Random(f"{self.seed}{join(*place)}")  # noqa: S311 - made-up data, no secrets

    def array(self, node: Node, place: Place, depth: int) -> list[Any]:
        fill = 0 if depth <= 0 or self.required_only else 1 if depth < _WIDE else 2
        first: Sequence[Any] = node.get("prefixItems", ())
        count = max(fill, len(first) if fill else 0, node.get("minItems", 0), 1 if "contains" in node else 0)
        count = min(count, node.get("maxItems", math.inf))
        drawn: list[Any] = []
        for index in range(int(count)):
            schema = first[index] if index < len(first) else node.get("items", True)
            if index == len(first) and "contains" in node:
                schema = {"allOf": [schema, node["contains"]]}
            try:
                drawn.append(self.draw(schema, (*place, index), depth - 1))
            except Unsampleable:
                if index < node.get("minItems", 0):
                    raise
                break
        return drawn


def _name(place: Place) -> str:
    """The field that a place belongs to."""
    return next((part for part in reversed(place) if isinstance(part, str)), "")

"""What a consumer reads of a response: places such as ``/transcript/*/role``, from a file or recorded.

A place stands for itself and, where the list names none below it, for all that it holds. ``/**`` at its end
says so although others are named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docsworn.compat.files import read_text
from docsworn.compat.record import ALL, Place, dump_uses, places_read, record
from docsworn.contract.pointer import join, split
from docsworn.contract.yamlsafe import load_yaml
from docsworn.errors import ConfigError, ContractError, UnknownNameError

__all__ = ["ALL", "Place", "Uses", "covers", "dump_uses", "load_uses", "places_read", "record"]


@dataclass(frozen=True, slots=True)
class Uses:
    """The places that a consumer reads; ``name`` is the file's, ``lines`` that of each place."""

    places: tuple[Place, ...]
    name: str = "uses"
    lines: Mapping[Place, int] | None = None

    @property
    def whole(self) -> frozenset[Place]:
        """The places that are read with all that they hold."""
        said = {place[:-1] for place in self.places if place[-1:] == (ALL,)}
        plain = [place for place in self.places if place[-1:] != (ALL,)]
        leaves = {one for one in plain if not any(other != one and _above(one, other) for other in plain)}
        return frozenset(said | leaves)

    @property
    def read(self) -> frozenset[Place]:
        """Every place that is read, with the places above it."""
        ends = (place[:-1] if place[-1:] == (ALL,) else place for place in self.places)
        return frozenset(place[:length] for place in ends for length in range(len(place) + 1))


def covers(uses: Uses, place: str) -> bool:
    """Whether a change at a place in a body matters to who reads only these places."""
    parts = split(place)
    if any(_same(parts, read) for read in uses.read):
        return True
    return any(_above(whole, parts) for whole in uses.whole)


def _above(one: Place, other: Place) -> bool:
    """Whether a place is the other or above it."""
    return len(one) <= len(other) and _same(one, other[: len(one)])


def _same(one: Place, other: Place) -> bool:
    return len(one) == len(other) and all(
        a == b or "*" in (a, b) for a, b in zip(one, other, strict=True)
    )  # fmt: skip


def load_uses(file: Path) -> Uses:
    """The uses in a file: a list in YAML or JSON, or one place a line; ConfigError with the line."""
    text = read_text(file, "a list of places")
    if not text.lstrip().startswith(("[", "-")):
        listed = [(line.strip(), number) for number, line in enumerate(text.splitlines(), start=1)]
        rows = [(line, number) for line, number in listed if line and not line.startswith("#")]
    else:
        rows = _from_yaml(text, file.name)
    lines: dict[Place, int] = {}
    for said, number in rows:
        if not isinstance(said, str) or (said and not said.startswith("/")):
            raise ConfigError(f"{file.name}:{number}: a place begins with /, as /transcript/*/role")
        lines.setdefault(split(said) if said != "/" else (), number)
    if not lines:
        raise ConfigError(f"{file.name}: names no place: an empty list uses nothing")
    return Uses(tuple(lines), file.name, lines)


def _from_yaml(text: str, name: str) -> list[tuple[Any, int]]:
    try:
        data, lines = load_yaml(text, name=name)
    except ContractError as error:
        raise ConfigError(str(error)) from None
    if not isinstance(data, list):
        raise ConfigError(f"{name}: is not a list of places")
    return [(said, lines[join(at)]) for at, said in enumerate(data)]


def check_places(uses: Uses, bodies: Sequence[Any]) -> None:
    """UnknownNameError where a used place is in none of these schemas of bodies."""
    for place in uses.places:
        if not any(next(resolve_places(body, place), None) is not None for body in bodies):
            line = (uses.lines or {}).get(place)
            where = f"{uses.name}:{line}" if line else uses.name
            raise UnknownNameError(f"place in {where}", join(*place), _siblings(bodies, place))


def _siblings(bodies: Sequence[Any], place: Place) -> set[str]:
    """The places beside one that nobody knows: what was perhaps meant."""
    return {
        join(*place[:-1], name)
        for body in bodies
        for schema in resolve_places(body, place[:-1])
        if isinstance(schema, Mapping)
        for name in schema.get("properties", ())
    }


def resolve_places(schema: Any, place: Sequence[str]) -> Iterator[Any]:
    """The schemas that describe a place in the bodies of a schema with ``$defs``; none where nothing does."""
    waiting: list[tuple[Any, Place, int]] = [(schema, tuple(place), 0)]
    definitions = schema.get("$defs", {}) if isinstance(schema, Mapping) else {}
    while waiting:
        node, rest, depth = waiting.pop()
        if not isinstance(node, Mapping) or depth > 60:
            if node is True and not rest:
                yield node
            continue
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            name = split(reference[1:])[1]
            waiting.append((definitions.get(name), rest, depth + 1))
        for keyword in ("allOf", "anyOf", "oneOf"):
            waiting.extend((branch, rest, depth + 1) for branch in node.get(keyword, ()))
        waiting.extend((node[key], rest, depth + 1) for key in ("then", "else", "if") if key in node)
        if not rest or rest == (ALL,):
            yield node
        else:
            waiting.extend((child, rest[1:], depth + 1) for child in _children(node, rest[0]))


def _children(node: Mapping[str, Any], part: str) -> Iterator[Any]:
    fields = node.get("properties")
    if isinstance(fields, Mapping):
        yield from (schema for name, schema in fields.items() if part in (name, "*"))
    if part == "*" or part.isdigit():
        yield from (node[key] for key in ("items", "contains", "unevaluatedItems") if key in node)
        yield from node.get("prefixItems", ())
    for key in ("additionalProperties", "unevaluatedProperties"):
        if isinstance(node.get(key), Mapping):
            yield node[key]
    patterns = node.get("patternProperties")
    if isinstance(patterns, Mapping):
        yield from patterns.values()

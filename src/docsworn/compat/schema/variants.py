"""Which variant of an old union is which of a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docsworn.compat.schema.documents import Document, Spot
from docsworn.compat.schema.forms import Form
from docsworn.compat.schema.recognise import recognised

Mark = Callable[[Spot], Any]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs of old and new variants, and those that only one side has."""

    pairs: tuple[tuple[Spot, Spot], ...]
    gone: tuple[Spot, ...]
    come: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """The variants of one side, with what makes their forms."""

    document: Document
    lower: Callable[[Spot], Form]
    spots: Sequence[Spot]


def pair(old: Side, new: Side) -> Pairing:
    """Pairs the variants that are the same, then by name, by tag, by type, then what is left alone."""
    left, right = list(old.spots), list(new.spots)
    pairs: list[tuple[Spot, Spot]] = []
    for mark_old, mark_new in (
        (old.lower, new.lower),
        (_name, _name),
        (_tags(old.document), _tags(new.document)),
        (_types(old.document), _types(new.document)),
    ):
        for spot in list(left):
            mark = mark_old(spot)
            alike = [other for other in right if mark is not None and mark_new(other) == mark]
            same = [other for other in left if mark_old(other) == mark]
            if alike and len(alike) == len(same):
                pairs.append((spot, alike[0]))
                left.remove(spot)
                right.remove(alike[0])
    if len(left) == len(right) == 1:
        pairs.append((left.pop(), right.pop()))
    return Pairing(tuple(pairs), tuple(left), tuple(right))


def name_of(spot: Spot) -> str:
    """What a variant is called: its component, its title, its type, or its place."""
    found = _name(spot)
    if found is None and isinstance(spot.schema, Mapping) and isinstance(spot.schema.get("type"), str):
        found = str(spot.schema["type"])
    return found or spot.pointer.rpartition("/")[2]


def _name(spot: Spot) -> str | None:
    schema = spot.schema
    if not isinstance(schema, Mapping):
        return None
    if isinstance(schema.get("$ref"), str):
        return str(schema["$ref"]).rpartition("/")[2]
    return str(schema["title"]) if isinstance(schema.get("title"), str) else None


def _tags(document: Document) -> Mark:
    def mark(spot: Spot) -> Any:
        found = recognised(document.root, spot.schema) if isinstance(document.root, Mapping) else {}
        return found.get("properties")

    return mark


def _types(document: Document) -> Mark:
    def mark(spot: Spot) -> Any:
        found = recognised(document.root, spot.schema) if isinstance(document.root, Mapping) else {}
        return found.get("type")

    return mark

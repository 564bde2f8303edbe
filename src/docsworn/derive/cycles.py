"""Schemas that hold themselves with nothing in between: no value could ever be checked against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docsworn.contract.bundle import COMPONENTS
from docsworn.errors import DocumentError

_IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")
_IN_PLACE = ("not", "if", "then", "else")


def check_cycles(components: Mapping[str, Any], document: str) -> None:
    """DocumentError with the line of the first reference that leads back to its own schema."""
    done: set[str] = set()
    for start in components:
        trail: dict[str, None] = {}
        waiting: list[Iterator[tuple[str, int]]] = [iter(((start, 0),))]
        while waiting:
            name, line = next(waiting[-1], ("", 0))
            if not name:
                waiting.pop()
                if trail:
                    done.add(trail.popitem()[0])
            elif name in trail:
                raise DocumentError(document, "a reference leads back to itself", line)
            elif name not in done and name in components:
                trail[name] = None
                waiting.append(_references(components[name]))


def _references(schema: Any) -> Iterator[tuple[str, int]]:
    """The components that a schema is, and the lines that say so."""
    if not isinstance(schema, Mapping):
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield reference.removeprefix(COMPONENTS), schema.get("x-source", {}).get("line", 0)
    for keyword in _IN_PLACE_LISTS:
        for part in schema.get(keyword, ()):
            yield from _references(part)
    for keyword in _IN_PLACE:
        yield from _references(schema.get(keyword))

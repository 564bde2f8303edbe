"""Schemas that hold themselves with nothing in between: no value could ever be checked against them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docsworn.contract.bundle import COMPONENTS
from docsworn.errors import DocumentError

MAX_CHAIN = 50

_IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")
_IN_PLACE = ("not", "if", "then", "else")


@dataclass(slots=True)
class _Visit:
    """A component on the way down; ``height`` counts the references that hang below it in a chain."""

    name: str
    line: int
    references: Iterator[tuple[str, int]]
    height: int = 0


def check_cycles(components: Mapping[str, Any], document: str) -> None:
    """DocumentError with the line of a reference that leads back to its own schema, or on and on."""
    heights: dict[str, int] = {}
    for start in components:
        trail = [_Visit(start, 0, _references(components[start]))] if start not in heights else []
        on_trail = {start}
        while trail:
            here = trail[-1]
            name, line = next(here.references, ("", 0))
            if not name:
                trail.pop()
                on_trail.discard(here.name)
                heights[here.name] = here.height
                if trail:
                    _climb(trail[-1], here.height, here.line, document)
            elif name in on_trail:
                raise DocumentError(document, "a reference leads back to itself", line)
            elif name in heights:
                _climb(here, heights[name], line, document)
            elif name in components:
                trail.append(_Visit(name, line, _references(components[name])))
                on_trail.add(name)


def _climb(visit: _Visit, below: int, line: int, document: str) -> None:
    visit.height = max(visit.height, below + 1)
    if visit.height > MAX_CHAIN:
        raise DocumentError(document, f"a chain of more than {MAX_CHAIN} references", line)


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

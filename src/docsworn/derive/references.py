"""Where the references of a document lead, and what the schemas they lead to are called.

A pack's schemas refer to its components only. Whatever else a document refers to becomes a component.
Names that OpenAPI does not allow (``type_:Kite``, ``type_air/kites:Kite``) are written with ``_``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from docsworn.contract.pointer import split, walk
from docsworn.derive.block import Block, Place

HOMES: tuple[Place, ...] = (("components", "schemas"), ("definitions",))

_NO_NAME = frozenset({"components", "content", "definitions", "paths", "schema", "schemas"})
_LOCAL = ("$defs", "definitions")
_LONGEST = 2000
_MOST_PARTS = 60
_SHOWN = 200
_LONGEST_CHAIN = 20
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_NOWHERE = "a reference leads nowhere: is the page cut off?"


@dataclass(slots=True)
class References:
    """The references of one block; ``names`` are the components' by place."""

    block: Block
    names: dict[Place, str] = field(init=False)
    _taken: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        found = [(*home, name) for home in HOMES for name in self._mapping(home)]
        plain = {place: place[-1] for place in reversed(found) if not _NOT_PLAIN.search(place[-1])}
        self._taken = dict.fromkeys(plain.values(), 1)
        self.names = {}
        for place in found:
            self.names[place] = place[-1] if place in plain else self._free(place[-1])

    def find(self, reference: Any, at: Place) -> Place:
        """The place that a reference at a place leads to; DocumentError for a remote or dangling one."""
        if not isinstance(reference, str) or not reference or len(reference) > _LONGEST:
            raise self.block.error("a reference must be a text", at)
        if not reference.startswith("#"):
            raise self.block.error(f"a remote reference is never fetched: {_shown(reference)}", at)
        place = self.seek(reference, at)
        if place is None:
            raise self.block.error(_NOWHERE, at)
        if not place:
            raise self.block.error("a reference to the whole document", at)
        return place

    def seek(self, reference: str, at: Place) -> Place | None:
        """The place that a local reference leads to, or None."""
        for fragment in dict.fromkeys((unquote(reference[1:]), reference[1:])):
            try:
                parts = split(fragment)
            except ValueError:
                continue
            if len(parts) > _MOST_PARTS:
                continue
            if (place := _lead(self.block.data, parts)) is not None:
                return place
            if parts and parts[0] in _LOCAL and (place := self._nearby(parts, at)) is not None:
                return place
        return None

    def node(self, place: Place) -> Any:
        """What stands at a place that was found."""
        return walk(self.block.data, place)

    def follow(self, node: Any, place: Place, what: str) -> tuple[dict[str, Any], Place]:
        """The node itself, or what its references lead to, with its place."""
        for _ in range(_LONGEST_CHAIN):
            raw = self.block.mapping(node, place, what)
            if "$ref" not in raw:
                return raw, place
            place = self.find(raw["$ref"], (*place, "$ref"))
            node = self.node(place)
        raise self.block.error("a reference leads back to itself", place)

    def name(self, place: Place) -> str:
        """What the schema at a place is called as a component."""
        if place not in self.names:
            words = [part for part in place if part not in _NO_NAME]
            self.names[place] = self._free("_".join(words[-4:]))
        return self.names[place]

    def _mapping(self, place: Place) -> dict[str, Any]:
        node: Any = self.block.data
        for at, part in enumerate(place):
            node = self.block.mapping(node, place[:at], f'"{place[at - 1]}"').get(part)
        return self.block.mapping(node, place, f'"{place[-1]}"')

    def _nearby(self, parts: Sequence[str], at: Place) -> Place | None:
        """JSON Schema pasted into a document refers to the definitions that it brought along."""
        nodes = [self.block.data, *_nodes(self.block.data, at)]
        for length in range(len(nodes) - 1, 0, -1):
            if (below := _lead(nodes[length], parts)) is not None:
                return (*at[:length], *below)
        return None

    def _free(self, wanted: str) -> str:
        base = name = _NOT_PLAIN.sub("_", wanted).strip("_") or "schema"
        count = self._taken.get(base, 0)
        while name in self._taken:
            count += 1
            name = f"{base}_{count}"
        self._taken[base] = count
        self._taken.setdefault(name, 1)
        return name


def _lead(node: Any, parts: Sequence[str]) -> Place | None:
    """The place that reference tokens lead to, also where the ``/`` in a name is not escaped."""
    if not parts:
        return ()
    for length in range(1, len(parts) + 1 if isinstance(node, dict) else 2):
        part = "/".join(parts[:length])
        try:
            child = walk(node, (part,))
        except LookupError:
            continue
        below = _lead(child, parts[length:])
        if below is not None:
            return (part, *below)
    return None


def _nodes(node: Any, place: Place) -> Iterator[Any]:
    for part in place:
        try:
            node = walk(node, (part,))
        except LookupError:
            return
        yield node


def _shown(reference: str) -> str:
    printable = "".join(char if char.isprintable() else "?" for char in reference)
    return printable if len(printable) <= _SHOWN else f"{printable[:_SHOWN]}…"

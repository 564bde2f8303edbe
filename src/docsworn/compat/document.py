"""An OpenAPI document of any version: its references, and its schemas as self-contained ones of 2020-12."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from docsworn.compat.changes import Direction
from docsworn.compat.modern import Dialect, modern
from docsworn.compat.reading import Raw
from docsworn.contract.bundle import DIALECT, quote_part, references
from docsworn.contract.pointer import join, split, walk
from docsworn.contract.shape import token

_HOMES = (("components", "schemas"), ("definitions",))
_CHAIN = 50
_LARGE = 5
_HUGE = 60


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a document and its JSON pointer there."""

    data: Any = field(repr=False)
    pointer: str

    def get(self, *parts: str) -> Node | None:
        """What stands below; None where nothing does."""
        try:
            return Node(walk(self.data, parts), self.pointer + join(*parts))
        except (LookupError, TypeError):
            return None


@dataclass(slots=True)
class Document:
    """A document whose schemas are converted once, when somebody asks.

    ``definitions`` are shared by every schema that ``schema`` gives, so that equal parts are one object.
    """

    raw: Raw
    definitions: dict[Direction, dict[str, Any]] = field(default_factory=lambda: {d: {} for d in Direction})
    origins: dict[str, str] = field(default_factory=dict)  # pointer of a definition, by its name
    _looked: dict[str, Any] = field(default_factory=dict, repr=False)
    _needs: dict[Direction, dict[str, tuple[str, ...]]] = field(
        default_factory=lambda: {d: {} for d in Direction}
    )

    @property
    def size(self) -> int:
        """How many definitions there are."""
        homes = (Node(self.raw.data, "").get(*home) for home in _HOMES)
        return sum(len(home.data) for home in homes if home and isinstance(home.data, Mapping))

    @property
    def is_large(self) -> bool:
        """Whether it is compared definition by definition."""
        return self.size > _LARGE

    @property
    def is_huge(self) -> bool:
        """Whether there are too many definitions to compare a body with all that it reaches."""
        return self.size > _HUGE

    def follow(self, node: Node) -> Node:
        """The node, or what its references lead to; ContractError where they lead nowhere."""
        for _ in range(_CHAIN):
            if not isinstance(node.data, Mapping) or not isinstance(node.data.get("$ref"), str):
                return node
            node = self._target(node.data["$ref"], node.pointer)
        raise self.raw.error("a reference leads back to itself", node.pointer)

    def schema(self, node: Node, direction: Direction) -> dict[str, Any] | bool:
        """A schema of the document as one of 2020-12 with the definitions that it reaches."""
        converted = self._convert(node, direction)
        if isinstance(converted, bool):
            return converted
        reached: dict[str, Any] = {}
        waiting = list(references(converted))
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached[name] = self.definition(name, direction)
                waiting.extend(self._needs[direction][name])
        bundled: dict[str, Any] = {"$schema": DIALECT, **converted}
        if reached:
            bundled["$defs"] = {name: reached[name] for name in sorted(reached)}
        return bundled

    def converted(self, node: Node, direction: Direction) -> Any:
        """A schema of the document as one of 2020-12 whose references are not yet followed."""
        return self._convert(node, direction)

    @staticmethod
    def needed(schema: Any) -> Iterator[str]:
        """The names of the definitions that a converted schema refers to."""
        return references(schema)

    def definition(self, name: str, direction: Direction) -> Any:
        """A definition by name, converted."""
        known = self.definitions[direction]
        if name not in known:
            node = Node(walk(self.raw.data, split(self.origins[name])), self.origins[name])
            known[name] = self._convert(node, direction)
            self._needs[direction][name] = tuple(dict.fromkeys(references(known[name])))
        return known[name]

    def place_of(self, pointer: str, root: str) -> str:
        """The document's pointer of one in a schema that ``schema`` gave for the node at ``root``."""
        parts = split(pointer)
        if len(parts) > 1 and parts[0] == "$defs" and parts[1] in self.origins:
            return self.origins[parts[1]] + join(*parts[2:])
        return root + pointer

    def nearest(self, root: str, pointer: str) -> str:
        """The document's pointer of what stands at a pointer below a root, as far as it is written there.

        A schema is compared with ``anyOf`` in place of ``oneOf``, and without an ``allOf`` around one part.
        """
        node = walk(self.raw.data, split(root))
        found: list[str] = []
        for part in split(pointer):
            steps = [[part], *([["oneOf"]] if part == "anyOf" else [])]
            if isinstance(node, Mapping) and isinstance(node.get("allOf"), list):
                steps += [["allOf", str(at), part] for at in range(len(node["allOf"]))]
            for step in steps:
                below = Node(node, "").get(*step)
                if below is not None:
                    node = below.data
                    found += step
                    break
            else:
                break
        return root + join(*found)

    def _convert(self, node: Node, direction: Direction) -> Any:
        pointer = node.pointer

        def refer(reference: str) -> str:
            return f"#/$defs/{quote_part(self._name(reference, pointer))}"

        def look(schema: Any) -> Any:
            if not isinstance(schema, Mapping) or not isinstance(schema.get("$ref"), str):
                return schema
            reference = schema["$ref"]
            if reference not in self._looked:
                self._looked[reference] = self.follow(Node(schema, pointer)).data
            return self._looked[reference]

        return modern(node.data, Dialect(self.raw.version, direction, refer, look))

    def _name(self, reference: str, at: str) -> str:
        target = self._target(reference, at)
        parts = split(target.pointer)
        home = next((home for home in _HOMES if parts[: len(home)] == home and len(parts) > len(home)), ())
        name = "/".join(parts[len(home) :])
        self.origins[name] = target.pointer
        return name

    def _target(self, reference: str, at: str) -> Node:
        if not reference.startswith("#"):
            raise self.raw.error(f"a remote reference is not fetched{_shown(reference)}", at)
        for fragment in dict.fromkeys((unquote(reference[1:]), reference[1:])):
            try:
                parts = split(fragment)
                return Node(walk(self.raw.data, parts), join(*parts))
            except (LookupError, ValueError, TypeError):
                continue
        raise self.raw.error(f"a reference leads nowhere{_shown(reference)}", at)


def _shown(reference: str) -> str:
    plain = all(token(part) for part in reference.replace("#", "").replace("$", "").split("/") if part)
    return f': "{reference}"' if plain and len(reference) <= 120 else ""


def mappings(nodes: Iterable[tuple[str, Node]]) -> Iterator[tuple[str, Node]]:
    """Those of the named nodes that are mappings."""
    return ((name, node) for name, node in nodes if isinstance(node.data, Mapping))


def children(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The members of a mapping by name; of anything else none."""
    if node is not None and isinstance(node.data, Mapping):
        for name, data in node.data.items():
            yield str(name), Node(data, node.pointer + join(str(name)))


def entries(node: Node | None) -> Iterator[Node]:
    """The items of a list; of anything else none."""
    if node is not None and isinstance(node.data, list):
        for at, data in enumerate(node.data):
            yield Node(data, node.pointer + join(at))

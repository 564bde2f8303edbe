"""Inheritance in OpenAPI: a base with a discriminator, and the components whose ``allOf`` begins with it.

Where such a base is meant, any of its children may come. JSON Schema does not know that, so a use of
the base becomes a choice between base and children. A base that lists its children itself would hold
itself; the children's ``allOf`` then gets the base without its list, the bare one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from docsworn.contract.bundle import COMPONENTS
from docsworn.derive.block import Place
from docsworn.derive.references import HOMES, References
from docsworn.derive.rewrites import Node, node_at

BARE = "base"

_CHOICES = ("oneOf", "anyOf")
_MOST_CHILDREN = 200
_MOST_ANCESTORS = 100


@dataclass(slots=True)
class Families:
    """The bases and children among the components of one block."""

    references: References
    _children: dict[Place, list[Place]] = field(init=False)
    _lists: set[Place] = field(init=False)
    _by_name: dict[str, Place] = field(init=False)

    def __post_init__(self) -> None:
        parents: dict[Place, list[Place]] = {}
        bases = set()
        for place in self.references.names:
            node = self.references.node(place)
            if not isinstance(node, dict):
                continue
            if "discriminator" in node:
                bases.add(place)
            parents[place] = [*self._parents(node, place)]
        children: dict[Place, list[Place]] = {}
        for child, above in parents.items():
            for base in _ancestors(above, parents) & bases - {child}:
                children.setdefault(base, []).append(child)
        self._children = {base: children[base] for base in self.references.names if base in children}
        self._lists = {base for base in self._children if self._has_list(base)}
        names = self.references.names
        self._by_name = {names[base]: base for base in self._children if base not in self._lists}

    def wants_bare(self, target: Place, at: Place) -> bool:
        """Whether a reference at a place is a child's to a base that lists its children."""
        return target in self._lists and at[: len(at) - 3] in self._children[target] and at[-3] == "allOf"

    def bare(self, base: Place) -> Node:
        """A base without the list of its children."""
        node = node_at(self.references.node(base), base)
        for keyword in (*_CHOICES, "discriminator"):
            node = node.without(keyword)
        return node

    def mapped(self, target: Any, at: Place) -> Place | None:
        """The component that a discriminator's mapping names, by reference or by bare name."""
        if not isinstance(target, str):
            return None
        if target.startswith("#"):
            return self.references.seek(target, at)
        return next(((*home, target) for home in HOMES if (*home, target) in self.references.names), None)

    def children(self, reference: Any, at: Place) -> list[Place]:
        """The components that may come where a node at a place refers to a base; none where only it may."""
        base = self._by_name.get(reference.removeprefix(COMPONENTS)) if isinstance(reference, str) else None
        if base is None:
            return []
        found = self._children[base]
        inherits = len(at) > 2 and at[-2] == "allOf" and at[:-2] in found
        return [] if inherits or len(found) > _MOST_CHILDREN else found

    def _parents(self, node: dict[str, Any], place: Place) -> list[Place]:
        parts = node.get("allOf")
        found = []
        for part in parts if isinstance(parts, list) else ():
            reference = part.get("$ref") if isinstance(part, dict) else None
            if isinstance(reference, str) and reference.startswith("#"):
                found.append(self.references.seek(reference, place))
        return [parent for parent in found if parent is not None]

    def _has_list(self, base: Place) -> bool:
        """Whether a base's own alternatives hold one of its children."""
        node = self.references.node(base)
        branches = [
            item for keyword in _CHOICES for item in node.get(keyword) or () if isinstance(item, dict)
        ]
        targets = [self.mapped(item.get("$ref"), base) for item in branches]
        return any(target in self._children[base] for target in targets)


def _ancestors(above: list[Place], parents: dict[Place, list[Place]]) -> set[Place]:
    found: set[Place] = set()
    waiting = list(above)
    while waiting and len(found) < _MOST_ANCESTORS:
        place = waiting.pop()
        if place not in found:
            found.add(place)
            waiting.extend(parents.get(place, ()))
    return found

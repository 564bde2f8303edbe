"""A contract as a tree of places, in which each promise says what became of it last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from docsworn.contract.pointer import split
from docsworn.export.text import printable
from docsworn.model import Promise

STATES = ("broken", "kept", "not_evaluable", "unseen")
WORDS = {"not_evaluable": "not evaluable"}


@dataclass(frozen=True, slots=True)
class Leaf:
    """One promise: its keyword, what became of it, what is documented, and where."""

    keyword: str
    state: str
    documented: str
    source: str

    @property
    def word(self) -> str:
        """The state as people read it."""
        return WORDS.get(self.state, self.state)


@dataclass(frozen=True, slots=True)
class Node:
    """A place with its promises and the places within it."""

    name: str
    leaves: list[Leaf] = field(default_factory=list)
    children: dict[str, Node] = field(default_factory=dict)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many promises of each state there are here and within."""
        return Counter(leaf.state for leaf in _leaves(self))

    @property
    def summary(self) -> str:
        """The counts in words, as ``1 broken, 12 kept``."""
        counts = self.counts
        return ", ".join(f"{counts[state]} {WORDS.get(state, state)}" for state in STATES if counts[state])


def tree_of(promises: Sequence[tuple[Promise, str]]) -> tuple[Node, ...]:
    """A root for the operation itself and one for each documented status, in their order."""
    roots: dict[str, Node] = {}
    for promise, state in promises:
        name, _, _ = promise.id.partition("#")
        name = name.partition(":")[0]
        node = roots.setdefault(name, Node(printable(name)))
        for part in split(promise.pointer) if ":" in promise.id else ():
            node = node.children.setdefault(part, Node(printable(part)))
        node.leaves.append(
            Leaf(
                keyword=printable(promise.keyword),
                state=state,
                documented=printable(promise.documented),
                source=printable(str(promise.source)),
            )
        )
    return tuple(roots.values())


def _leaves(node: Node) -> Iterator[Leaf]:
    yield from node.leaves
    for child in node.children.values():
        yield from _leaves(child)

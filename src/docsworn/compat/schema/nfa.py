"""Patterns as automata with empty steps, made from their trees."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from docsworn.compat.schema.charsets import EVERY, WORD, Charset, holds
from docsworn.compat.schema.regex import POSITIONS, Node, UnsupportedPattern

_MOST_STATES = 40_000

State = frozenset[int]


@dataclass(slots=True)
class Nfa:
    """A search for one pattern: empty steps (free, at the start, at the end) and steps on characters."""

    free: list[list[tuple[str, int]]] = field(default_factory=list)
    steps: list[list[tuple[Charset, int]]] = field(default_factory=list)
    final: int = 0
    has_words: bool = False  # whether it asks where words begin and end

    def add(self) -> int:
        """A new state."""
        if len(self.free) > _MOST_STATES:
            raise UnsupportedPattern("too large")
        self.free.append([])
        self.steps.append([])
        return len(self.free) - 1

    def closure(self, states: Iterable[int], *met: str) -> State:
        """The states that empty steps reach where these conditions are met."""
        found = set(states)
        waiting = list(found)
        while waiting:
            for condition, to in self.free[waiting.pop()]:
                if to not in found and (not condition or condition in met):
                    found.add(to)
                    waiting.append(to)
        # Once found, a search stays found.
        return frozenset([self.final]) if self.final in found else frozenset(found)

    def step(self, states: State, point: int, *, start: bool, word: bool) -> State:
        """The states after one character; ``word``: whether the one before is of a word."""
        if self.final in states:
            return states
        if self.has_words:
            met = "boundary" if word != holds(WORD, point) else "inside"
            states = self.closure(states, met, *(["start"] if start else []))
            if self.final in states:
                return states
        return self.closure(to for state in states for chars, to in self.steps[state] if holds(chars, point))

    def accepts(self, states: State, *, start: bool, word: bool) -> bool:
        """Whether the text may end here."""
        met = "boundary" if word else "inside"
        return self.final in self.closure(states, "end", met, *(["start"] if start else []))


def searching(node: Node) -> Nfa:
    """The automaton that searches for a pattern; UnsupportedPattern where it would be too large."""
    nfa = Nfa()
    first = nfa.add()
    nfa.steps[first].append((EVERY, first))
    entry, leave = _build(nfa, node)
    nfa.free[first].append(("", entry))
    nfa.final = nfa.add()
    nfa.free[leave].append(("", nfa.final))
    nfa.has_words = any(word in ("boundary", "inside") for edges in nfa.free for word, _ in edges)
    return nfa


def _build(nfa: Nfa, node: Node) -> tuple[int, int]:
    entry = nfa.add()
    if node.op == "chars":
        leave = nfa.add()
        nfa.steps[entry].append((node.chars, leave))
    elif node.op in POSITIONS:
        leave = nfa.add()
        nfa.free[entry].append((node.op, leave))
    elif node.op == "alt":
        leave = nfa.add()
        for part in node.parts:
            inside, out = _build(nfa, part)
            nfa.free[entry].append(("", inside))
            nfa.free[out].append(("", leave))
    elif node.op == "repeat":
        leave = _repeat(nfa, node, entry)
    else:
        leave = entry
        for part in node.parts:
            inside, out = _build(nfa, part)
            nfa.free[leave].append(("", inside))
            leave = out
    return entry, leave


def _repeat(nfa: Nfa, node: Node, entry: int) -> int:
    at = entry
    for _ in range(node.least):
        inside, out = _build(nfa, node.parts[0])
        nfa.free[at].append(("", inside))
        at = out
    leave = nfa.add()
    nfa.free[at].append(("", leave))
    if node.most is None:
        inside, out = _build(nfa, node.parts[0])
        nfa.free[leave].append(("", inside))
        nfa.free[out].append(("", leave))
        return leave
    for _ in range(node.most - node.least):
        inside, out = _build(nfa, node.parts[0])
        nfa.free[at].append(("", inside))
        nfa.free[out].append(("", leave))
        at = out
    return leave

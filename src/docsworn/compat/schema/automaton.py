"""Patterns as automata: whether a text matches, and texts that keep some patterns and break others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from docsworn.compat.schema.charsets import EVERY, Charset, nicest
from docsworn.compat.schema.regex import Node, UnsupportedPattern

_MOST_STATES = 12_000
_MOST_PRODUCT = 4_000
_MOST_LENGTH = 20_000

State = frozenset[int]
Automata = Sequence[tuple[bool, "Nfa"]]


@dataclass(slots=True)
class Nfa:
    """A search for one pattern: empty steps (free, at the start, at the end) and steps on characters."""

    free: list[list[tuple[str, int]]] = field(default_factory=list)
    steps: list[list[tuple[Charset, int]]] = field(default_factory=list)
    final: int = 0

    def add(self) -> int:
        """A new state."""
        if len(self.free) > _MOST_STATES:
            raise UnsupportedPattern("too large")
        self.free.append([])
        self.steps.append([])
        return len(self.free) - 1

    def closure(self, states: Iterable[int], *, start: bool = False, end: bool = False) -> State:
        """The states that empty steps reach."""
        found = set(states)
        waiting = list(found)
        while waiting:
            for condition, to in self.free[waiting.pop()]:
                passes = not condition or (condition == "start" and start) or (condition == "end" and end)
                if passes and to not in found:
                    found.add(to)
                    waiting.append(to)
        # Once found, a search stays found.
        return frozenset([self.final]) if self.final in found else frozenset(found)

    def step(self, states: State, point: int) -> State:
        """The states after one character."""
        if self.final in states:
            return states
        return self.closure(
            to
            for state in states
            for chars, to in self.steps[state]
            if any(low <= point <= high for low, high in chars)
        )

    def accepts(self, states: State, *, start: bool) -> bool:
        """Whether the text may end here."""
        return self.final in self.closure(states, start=start, end=True)

    def matches(self, text: str) -> bool:
        """Whether the pattern is found in a text."""
        states = self.closure([0], start=True)
        for char in text:
            states = self.step(states, ord(char))
        return self.accepts(states, start=not text)


def build(node: Node) -> Nfa:
    """The automaton that searches for a pattern; UnsupportedPattern where it would be too large."""
    nfa = Nfa()
    first = nfa.add()
    nfa.steps[first].append((EVERY, first))
    entry, leave = _build(nfa, node)
    nfa.free[first].append(("", entry))
    nfa.final = nfa.add()
    nfa.free[leave].append(("", nfa.final))
    return nfa


def _build(nfa: Nfa, node: Node) -> tuple[int, int]:
    entry = nfa.add()
    if node.op == "chars":
        leave = nfa.add()
        nfa.steps[entry].append((node.chars, leave))
    elif node.op in ("start", "end"):
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


class Product:
    """The texts of some letters that some automata find and others do not, as a deterministic automaton."""

    def __init__(self, automata: Automata, letters: Sequence[int]) -> None:
        self._automata = automata
        self._letters = letters
        self._ids: dict[tuple[tuple[State, ...], bool], int] = {}
        self.next: list[dict[int, int]] = []
        self.accepting: set[int] = set()
        self._explore()

    def texts(self, least: int, most: int | None) -> Iterator[str]:
        """Texts of these lengths, the shortest first: those that differ in a character set apart, or in
        more than which character of the same kind they have."""
        for length, layers in self._lengths(least, most):
            yield from self._spell(length, layers)

    def _explore(self) -> None:
        first = tuple(nfa.closure([0], start=True) for _, nfa in self._automata)
        waiting = [(first, True)]
        self._number(waiting[0])
        while waiting:
            states, start = waiting.pop()
            at = self._ids[states, start]
            for letter in self._letters:
                to = tuple(
                    nfa.step(each, letter) for (_, nfa), each in zip(self._automata, states, strict=True)
                )
                if (to, False) not in self._ids:
                    self._number((to, False))
                    waiting.append((to, False))
                self.next[at][letter] = self._ids[to, False]

    def _number(self, key: tuple[tuple[State, ...], bool]) -> None:
        if len(self._ids) >= _MOST_PRODUCT:
            raise UnsupportedPattern("together too large")
        self._ids[key] = len(self.next)
        self.next.append({})
        states, start = key
        pairs = zip(self._automata, states, strict=True)
        if all(nfa.accepts(each, start=start) == wanted for (wanted, nfa), each in pairs):
            self.accepting.add(self._ids[key])

    def _lengths(self, least: int, most: int | None) -> Iterator[tuple[int, list[frozenset[int]]]]:
        """Each possible length, with the states from which the text can end after 0, 1, 2... steps."""
        before: list[set[int]] = [set() for _ in self.next]
        for at, steps in enumerate(self.next):
            for to in steps.values():
                before[to].add(at)
        layers = [frozenset(self.accepting)]
        seen: dict[frozenset[int], int] = {}
        fruitless = 0
        while most is None or len(layers) - 1 <= most:
            length = len(layers) - 1
            if not layers[-1]:
                return
            if length >= least and 0 in layers[-1]:
                fruitless = 0
                yield length, layers
            elif length >= least:
                fruitless = fruitless + 1 if layers[-1] in seen else 0
                if layers[-1] in seen and fruitless > length - seen[layers[-1]]:
                    return
            if length > _MOST_LENGTH + (least if least < _MOST_LENGTH else 0):
                raise UnsupportedPattern("too long")
            seen.setdefault(layers[-1], length)
            layers.append(frozenset(at for to in layers[-1] for at in before[to]))

    def _spell(self, length: int, layers: Sequence[frozenset[int]]) -> Iterator[str]:
        stack: list[Iterator[tuple[int, int]]] = [iter([(0, -1)])]
        text: list[int] = []
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                if text:
                    text.pop()
                continue
            at, letter = step
            if letter >= 0:
                text.append(letter)
            if len(text) == length:
                yield "".join(map(chr, text))
                if text:
                    text.pop()
                if letter < 0:
                    return
                continue
            left = layers[length - len(text) - 1]
            stack.append(iter([(to, by) for by, to in self.next[at].items() if to in left]))


def letters(automata: Automata, apart: str) -> tuple[int, ...]:
    """One character for each kind that the automata tell apart, the ones best to read first.

    The characters of ``apart`` are each of a kind of its own.
    """
    sets = list(
        {chars: None for _, nfa in automata for steps in nfa.steps for chars, _ in steps if chars != EVERY}
    )
    singles = sorted({ord(char) for char in apart if not 0xD800 <= ord(char) <= 0xDFFF})
    sets += [((point, point),) for point in singles]
    cuts = {0, 0xD800, 0xE000, 0x110000}
    for chars in sets:
        for low, high in chars:
            cuts |= {low, high + 1}
    points = sorted(cuts)
    kinds: dict[tuple[bool, ...], list[tuple[int, int]]] = {}
    for low, after in pairwise(points):
        if low != 0xD800:
            kind = tuple(any(first <= low <= last for first, last in chars) for chars in sets)
            kinds.setdefault(kind, []).append((low, after - 1))
    return tuple(sorted((nicest(tuple(found)) for found in kinds.values()), key=_readable))


def _readable(point: int) -> tuple[bool, bool, int]:
    char = chr(point)
    return (not char.isascii() or not char.isprintable(), not char.isalnum() or not char.islower(), point)

"""Patterns as automata: whether a text matches, and texts that keep some patterns and break others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from docsworn.compat.schema.charsets import EVERY, Charset, holds, nicest
from docsworn.compat.schema.regex import Node, UnsupportedPattern

_MOST_STATES = 40_000
_MOST_PRODUCT = 12_000
_MOST_WEIGHT = 1_000_000
_MOST_LENGTH = 20_000

State = frozenset[int]
Layer = frozenset[int]
Steps = Sequence[
    Sequence[tuple[int, int]]
]  # of each state those that follow, with the letter that leads there
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
        return self.closure(to for state in states for chars, to in self.steps[state] if holds(chars, point))

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
        self._live = self._leading_on()

    @property
    def is_empty(self) -> bool:
        """Whether it has no text of any length."""
        return 0 not in self._live

    def texts(self, least: int, most: int | None, letters: Collection[int] | None = None) -> Iterator[str]:
        """Texts of these lengths, if wanted of some of the letters only, the shortest first: those that
        differ in a character set apart, or in more than which character of the same kind they have."""
        steps = self._steps(letters)
        for layers in self._lengths(least, most, steps):
            yield from _spelled(_narrowed(layers, self.accepting, steps), steps)

    def _explore(self) -> None:
        first = tuple(nfa.closure([0], start=True) for _, nfa in self._automata)
        waiting = [(first, True)]
        self._number(waiting[0])
        weight = 0
        while waiting:
            states, start = waiting.pop()
            at = self._ids[states, start]
            weight += sum(map(len, states))
            if weight > _MOST_WEIGHT:
                raise UnsupportedPattern("together too large")
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

    def _leading_on(self) -> frozenset[int]:
        """The states from which a text can end."""
        before: list[list[int]] = [[] for _ in self.next]
        for at, steps in enumerate(self.next):
            for to in set(steps.values()):
                before[to].append(at)
        found = set(self.accepting)
        waiting = list(found)
        while waiting:
            for at in before[waiting.pop()]:
                if at not in found:
                    found.add(at)
                    waiting.append(at)
        return frozenset(found)

    def _steps(self, letters: Collection[int] | None) -> Steps:
        return [
            [(to, by) for by, to in steps.items() if to in self._live and (letters is None or by in letters)]
            for steps in self.next
        ]

    def _lengths(self, least: int, most: int | None, steps: Steps) -> Iterator[list[Layer]]:
        """The states after 0, 1, 2... steps, for each length at which a text can end."""
        layers: list[Layer] = [frozenset([0])] if not self.is_empty else []
        seen: dict[Layer, int] = {}
        period = fruitless = 0
        while layers and layers[-1] and (most is None or len(layers) - 1 <= most):
            length = len(layers) - 1
            if not period:
                period = length - seen.setdefault(layers[-1], length)
            if length >= least:
                if self.accepting.isdisjoint(layers[-1]):
                    fruitless += 1
                else:
                    fruitless = 0
                    yield layers
            if period and fruitless > period:
                return
            if length > _MOST_LENGTH + least:
                raise UnsupportedPattern("too long")
            layers.append(layers[-period] if period else _after(layers[-1], steps))


def _after(layer: Layer, steps: Steps) -> Layer:
    return frozenset(to for at in layer for to, _ in steps[at])


def _narrowed(layers: Sequence[Layer], accepting: Collection[int], steps: Steps) -> list[Layer]:
    """Of the states after so many steps those from which a text can end at the last one."""
    kept = [layers[-1].intersection(accepting)]
    for layer in reversed(layers[:-1]):
        after = kept[-1]
        kept.append(frozenset(at for at in layer if any(to in after for to, _ in steps[at])))
    return kept[::-1]


def _spelled(layers: Sequence[Layer], steps: Steps) -> Iterator[str]:
    """The texts that lead through the layers."""
    length = len(layers) - 1
    text: list[int] = []
    stack: list[Iterator[tuple[int, int]]] = []
    at = 0
    while True:
        if len(text) == length:
            yield "".join(map(chr, text))
        else:
            left = layers[len(text) + 1]
            stack.append(iter([step for step in steps[at] if step[0] in left]))
        taken = None
        while stack and (taken := next(stack[-1], None)) is None:
            stack.pop()
        if taken is None:
            return
        del text[len(stack) - 1 :]
        at = taken[0]
        text.append(taken[1])


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
            kind = tuple(holds(chars, low) for chars in sets)
            kinds.setdefault(kind, []).append((low, after - 1))
    return tuple(sorted((nicest(tuple(found)) for found in kinds.values()), key=_readable))


def _readable(point: int) -> tuple[bool, bool, int]:
    char = chr(point)
    return (not char.isascii() or not char.isprintable(), not char.isalnum() or not char.islower(), point)

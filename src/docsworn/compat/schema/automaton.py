"""Patterns as deterministic automata: whether a text matches, and texts that keep some and break others."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import getitem

from docsworn.compat.schema.charsets import EVERY, WORD, Charset, holds, nicest
from docsworn.compat.schema.nfa import Nfa, State, searching
from docsworn.compat.schema.regex import Node, UnsupportedPattern

_MOST_WEIGHT = 1_000_000
_MOST_PRODUCT = 20_000
_MOST_LENGTH = 20_000

Automata = Sequence[tuple[bool, "Dfa"]]
Layer = frozenset[int]
Steps = Sequence[
    Sequence[tuple[int, int]]
]  # of each state those that follow, with the letter that leads there


@dataclass(frozen=True, slots=True)
class Dfa:
    """A search for one pattern. Characters from one of ``cuts`` up to the next are all of one kind; ``next``
    tells, of each state, the state that follows for each kind. State 0 is the start."""

    cuts: tuple[int, ...]
    kinds: tuple[int, ...]  # of the characters from each cut on
    next: tuple[tuple[int, ...], ...]
    accepting: frozenset[int]

    def kind(self, point: int) -> int:
        """The kind of a character."""
        return self.kinds[bisect_right(self.cuts, point) - 1]

    def matches(self, text: str) -> bool:
        """Whether the pattern is found in a text."""
        at = 0
        for char in text:
            at = self.next[at][self.kind(ord(char))]
        return at in self.accepting


def build(node: Node) -> Dfa:
    """The automaton that searches for a pattern; UnsupportedPattern where it would be too large."""
    nfa = searching(node)
    sets = list({chars: None for steps in nfa.steps for chars, _ in steps if chars != EVERY})
    runs = _kinds([*sets, WORD] if nfa.has_words else sets)
    numbers = {kind: number for number, kind in enumerate(dict.fromkeys(kind for _, _, kind in runs))}
    points = {kind: low for low, _, kind in reversed(runs)}
    table, accepting = _determined(nfa, [points[kind] for kind in numbers])
    kinds = tuple(numbers[kind] for _, _, kind in runs)
    return Dfa(tuple(low for low, _, _ in runs), kinds, table, accepting)


def _determined(nfa: Nfa, points: Sequence[int]) -> tuple[tuple[tuple[int, ...], ...], frozenset[int]]:
    ids: dict[tuple[State, bool, bool], int] = {}
    waiting: list[tuple[State, bool, bool]] = []
    accepting: set[int] = set()
    weight = 0

    def number(states: State, *, start: bool, word: bool) -> int:
        key = (states, start, word)
        if key not in ids:
            ids[key] = len(ids)
            waiting.append(key)
            if nfa.accepts(states, start=start, word=word):
                accepting.add(ids[key])
        return ids[key]

    of_word = [nfa.has_words and holds(WORD, point) for point in points]
    number(nfa.closure([0], "start"), start=True, word=False)
    table: list[tuple[int, ...]] = []
    while len(table) < len(waiting):
        states, start, word = waiting[len(table)]
        weight += len(states)
        if weight > _MOST_WEIGHT:
            raise UnsupportedPattern("too large")
        table.append(
            tuple(
                number(nfa.step(states, point, start=start, word=word), start=False, word=after)
                for point, after in zip(points, of_word, strict=True)
            )
        )
    return tuple(table), frozenset(accepting)


def _kinds(sets: Sequence[Charset]) -> list[tuple[int, int, tuple[bool, ...]]]:
    """The runs of characters that the sets do not tell apart, each with which sets hold it."""
    points = {0, 0x110000}
    for chars in sets:
        for low, high in chars:
            points |= {low, high + 1}
    return [
        (low, after - 1, tuple(holds(chars, low) for chars in sets))
        for low, after in pairwise(sorted(points))
    ]


class Product:
    """The texts of some letters that some automata find and others do not, as a deterministic automaton."""

    def __init__(self, automata: Automata, letters: Sequence[int]) -> None:
        self._automata = automata
        self._letters = letters
        self._ids: dict[tuple[int, ...], int] = {}
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
        columns = [(letter, [dfa.kind(letter) for _, dfa in self._automata]) for letter in self._letters]
        tables = [dfa.next for _, dfa in self._automata]
        first = tuple(0 for _ in tables)
        waiting = [first]
        self._number(first)
        while waiting:
            states = waiting.pop()
            rows = [table[state] for table, state in zip(tables, states, strict=True)]
            steps = self.next[self._ids[states]]
            for letter, kinds in columns:
                to = tuple(map(getitem, rows, kinds))
                if to not in self._ids:
                    self._number(to)
                    waiting.append(to)
                steps[letter] = self._ids[to]

    def _number(self, states: tuple[int, ...]) -> None:
        if len(self._ids) >= _MOST_PRODUCT:
            raise UnsupportedPattern("together too large")
        self._ids[states] = len(self.next)
        self.next.append({})
        pairs = zip(self._automata, states, strict=True)
        if all((state in dfa.accepting) == wanted for (wanted, dfa), state in pairs):
            self.accepting.add(self._ids[states])

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
    singles = {ord(char) for char in apart if not 0xD800 <= ord(char) <= 0xDFFF}
    cuts = {0, 0xD800, 0xE000, 0x110000, *singles, *(point + 1 for point in singles)}
    for _, dfa in automata:
        cuts.update(dfa.cuts)
    kinds: dict[tuple[int, ...], list[tuple[int, int]]] = {}
    for low, after in pairwise(sorted(cuts)):
        if low != 0xD800:
            alone = low if low in singles else -1
            kinds.setdefault((alone, *(dfa.kind(low) for _, dfa in automata)), []).append((low, after - 1))
    return tuple(sorted((nicest(tuple(found)) for found in kinds.values()), key=_readable))


def _readable(point: int) -> tuple[bool, bool, int]:
    char = chr(point)
    return (not char.isascii() or not char.isprintable(), not char.isalnum() or not char.islower(), point)

"""Strings that keep some literals: lengths, patterns and formats together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, product

from docsworn.compat.schema.answers import NO_VALUE, Answer, best, found
from docsworn.compat.schema.automaton import Dfa, Product, build, letters
from docsworn.compat.schema.formats import FORMATS, WITHIN, keeps
from docsworn.compat.schema.forms import Kind
from docsworn.compat.schema.reduce import Literal
from docsworn.compat.schema.regex import UnsupportedPattern, parse

_MOST_TRIES = 40
_LONG = 100
_LONGEST = 10_000_000
_MOST_OPTIONS = 256

Search = tuple[bool, Dfa]
Group = Sequence[Sequence[Search]]  # options, of which one holds in all its searches


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is wanted beyond patterns: least and most length, no such text, formats kept or broken."""

    lengths: tuple[int, int | None]
    excluded: frozenset[str]
    formats: tuple[tuple[bool, str], ...]

    def in_range(self, text: str) -> bool:
        least, most = self.lengths
        return text not in self.excluded and least <= len(text) and (most is None or len(text) <= most)


class Texts:
    """Searches for strings."""

    def __init__(self, age: int) -> None:
        self._age = age

    def matches(self, pattern: str, text: str) -> bool | None:
        """Whether a pattern is found in a text; None for a pattern that is not understood."""
        searches, is_exact = _searches(pattern)
        matches = all(dfa.matches(text) == wanted for wanted, dfa in searches)
        return None if matches and not is_exact else matches

    def keeps(self, name: str, text: str) -> bool | None:
        """Whether a text keeps a format; None where the validators differ."""
        return keeps(name, text, self._age)

    def find(self, literals: Collection[Literal]) -> Answer:
        """A string that keeps all the literals."""
        formats = [(holds, form.args[0]) for holds, form in literals if form.kind is Kind.FORMAT]
        patterns = [(holds, form.args[0]) for holds, form in literals if form.kind is Kind.MATCHES]
        groups = [self._pattern(*pattern) for pattern in patterns]
        known = _understood(groups)
        if _contradict(formats):
            return NO_VALUE
        wanted = _Wanted(_lengths(literals), _excluded(literals), tuple(formats))
        least, most = wanted.lengths
        if most is not None and least > most:
            return NO_VALUE
        if least > _LONGEST:
            return Answer(reason="a very long text")
        if not formats and not patterns and least > _LONG:
            text = "a" * least  # any text will do: no automaton has to spell it
            if wanted.in_range(text):
                return found(("string", text))
        answer = best(self._stages(known, wanted))
        is_exact = all(_searches(pattern)[1] for _, pattern in patterns)
        if not is_exact and answer.value is not None:
            return found(answer.value, sure=False, reason="a pattern that is not understood")
        return answer

    def _stages(self, groups: Sequence[Group], wanted: _Wanted) -> Iterator[Answer]:
        """First texts that surely keep or break the formats, then all that may."""
        if wanted.formats:
            sure = [self._pattern(*_inner(holds, name)) for holds, name in wanted.formats]
            answer = self._search([*groups, *_understood(sure)], wanted)
            yield answer if answer.value else NO_VALUE
            nearly = (text for holds, name in wanted.formats if not holds for text in FORMATS[name].nearly)
            yield from self._given(nearly, groups, wanted)
        # What is of a format keeps its outer pattern; what is not breaks its inner one.
        outer = [
            (True, FORMATS[n].outer) if holds else (False, FORMATS[n].inner) for holds, n in wanted.formats
        ]
        yield self._search([*groups, *_understood([self._pattern(*each) for each in outer])], wanted)

    def _given(self, texts: Iterable[str], groups: Sequence[Group], wanted: _Wanted) -> Iterator[Answer]:
        for text in texts:
            fits = all(
                any(all(dfa.matches(text) == holds for holds, dfa in option) for option in group)
                for group in groups
            )
            if fits and wanted.in_range(text) and self._formatted(text, wanted):
                yield found(("string", text))

    def _search(self, groups: Sequence[Group], wanted: _Wanted) -> Answer:
        ways = [list(chain(*options)) for options in islice(product(*groups), _MOST_OPTIONS + 1)]
        if len(ways) > _MOST_OPTIONS:
            return Answer(reason="too many ways to break the patterns")
        return best(self._way(way, wanted) for way in ways)

    def _way(self, searches: Sequence[Search], wanted: _Wanted) -> Answer:
        """A text, if possible one on which all engines agree what ``.`` and ``$`` mean."""
        apart = "".join(sorted(wanted.excluded))
        every = letters(searches, apart)
        plain = frozenset(letter for letter in every if chr(letter).isprintable())
        try:
            product = Product(searches, every)
            if product.is_empty or len(plain) == len(every):
                return self._texts(product, None, wanted)
            answer = self._texts(product, plain, wanted)
            if answer.value is not None:
                return answer
            answer = self._texts(product, None, wanted)
            if answer.value is None:
                return answer
            ending = [*searches, *_searches("[0-9A-Za-z]$")[0]]
            better = self._texts(Product(ending, letters(ending, apart)), None, wanted)
        except UnsupportedPattern:
            return Answer(reason="a pattern that is too large")
        return answer if better.value is None else better

    def _texts(self, product: Product, alphabet: frozenset[int] | None, wanted: _Wanted) -> Answer:
        tries = 0
        lost = ""
        try:
            for text in product.texts(*wanted.lengths, alphabet):
                if text in wanted.excluded:
                    continue
                truth = self._formatted(text, wanted)
                if truth:
                    return found(("string", text))
                lost = "texts of a format"
                tries += 1
                if tries > _MOST_TRIES:
                    break
        except UnsupportedPattern:
            return Answer(reason="a pattern that is too large")
        return Answer(reason=lost) if lost else NO_VALUE

    def _formatted(self, text: str, wanted: _Wanted) -> bool:
        return all(self.keeps(name, text) is holds for holds, name in wanted.formats)

    def _pattern(self, holds: bool, pattern: str) -> Group | None:
        """The ways to keep, or to break, a pattern: each is searches that hold together; None if unknown."""
        searches, is_exact = _searches(pattern)
        if holds:
            return [searches]
        return [[(not wanted, dfa)] for wanted, dfa in searches] if is_exact else None


@lru_cache(maxsize=512)
def _searches(pattern: str) -> tuple[tuple[Search, ...], bool]:
    """The searches of a pattern, and whether only its texts keep them."""
    try:
        parsed = parse(pattern)
        return tuple((wanted, build(node)) for wanted, node in parsed.searches), parsed.is_exact
    except UnsupportedPattern:
        return (), False


def _lengths(literals: Collection[Literal]) -> tuple[int, int | None]:
    ranges = [form.args for _, form in literals if form.kind is Kind.LENGTH]
    mosts = [most for _, most in ranges if most is not None]
    return max((least for least, _ in ranges), default=0), min(mosts, default=None)


def _excluded(literals: Collection[Literal]) -> frozenset[str]:
    lists = [form.args[0] for holds, form in literals if form.kind is Kind.VALUES and not holds]
    return frozenset(value[1] for values in lists for value in values)


def _contradict(formats: Collection[tuple[bool, str]]) -> bool:
    kept = {name for holds, name in formats if holds}
    kept |= {wider for name in kept for wider in WITHIN.get(name, ())}
    return any(not holds and name in kept for holds, name in formats)


def _inner(holds: bool, name: str) -> tuple[bool, str]:
    return (True, FORMATS[name].inner) if holds else (False, FORMATS[name].outer)


def _understood(groups: Iterable[Group | None]) -> list[Group]:
    return [group for group in groups if group is not None]

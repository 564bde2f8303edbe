"""The shapes of the objects at a place: which fields came together, beside which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from docsworn.contract.look import ABOVE, Fact, Sort
from docsworn.observe.decide import OTHERS, Fields, Shape, one_of, words_in
from docsworn.observe.pieces import Schema, word_is
from docsworn.observe.usual import Usual, literals_of, names_of


def known_shapes(usual: Usual) -> tuple[Shape, ...]:
    """The shapes that objects have had at a place, whatever they lay beside."""
    facts = map(str, usual.known(Sort.FIELDS) or ())
    return tuple(dict.fromkeys((frozenset(names_of(each)), _own(each)) for each in facts))


def common(shapes: Iterable[Shape]) -> frozenset[str]:
    """The fields that all of these shapes have."""
    return frozenset.intersection(*(names for names, _ in shapes)) - {OTHERS}


@dataclass(frozen=True, slots=True)
class Beside:
    """What was usual of a field beside fields that held these words, where the ``others`` were not."""

    words: Mapping[str, str]
    others: tuple[str, ...]
    usual: Usual

    def rule(self, name: str) -> Schema:
        """A field's object, whose own schema is asked anyhow, has one of these shapes beside these words."""
        said = {each: word_is([word]) for each, word in self.words.items()}
        when: Schema = {"properties": said, "required": list(said)}
        if self.others:
            when["not"] = {"anyOf": [{"required": [other]} for other in self.others]}
        return {"if": when, "then": {"properties": {name: one_of(known_shapes(self.usual), Fields())}}}


def beside(usual: Usual) -> Iterator[Beside]:
    """By the words beside a field, what its objects looked like, where that is less than everything."""
    by_words: dict[tuple[str, ...], list[Fact]] = {}
    for fact in usual.known(Sort.FIELDS) or ():
        by_words.setdefault(_words_above(str(fact)), []).append(fact)
    if not any(by_words):
        return
    everything = known_shapes(usual)
    everywhere = {name for words in by_words for name in words_in(words)}
    for words, facts in by_words.items():
        mine = replace(usual, facts=usual.facts | {Sort.FIELDS.value: facts})
        if set(known_shapes(mine)) != set(everything):  # else the field itself asks for that already
            said = words_in(words)
            yield Beside(said, tuple(sorted(everywhere.difference(said))), mine)


def _own(fact: str) -> tuple[str, ...]:
    return tuple(each for each in literals_of(fact) if not each.startswith(ABOVE))


def _words_above(fact: str) -> tuple[str, ...]:
    return tuple(each.removeprefix(ABOVE) for each in literals_of(fact) if each.startswith(ABOVE))

"""Which of several shapes or branches an object has, as JSON Schema that asks little.

To count an object's fields costs a validator in C 4 ns, to look one up 12 to 20, to compare a word 15 more,
and to try a branch in vain hundreds (jsonschema-rs 0.60): so numbers are asked first, then single fields, and
the shape that is left is compared as a whole, with what its fields are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from docsworn.contract.alternatives import types_of
from docsworn.observe.pieces import Schema, as_object, both, word_is, words_of

_Item = TypeVar("_Item")

# The names of an object's fields, and the words that say what it is.
Shape = tuple[frozenset[str], tuple[str, ...]]
OTHERS = "*"  # stands for any fields that have no name of their own


@dataclass(frozen=True, slots=True)
class Fields:
    """What the fields of an object are, where they are there: by name, and of those that have none."""

    named: Mapping[str, Schema | bool] = field(default_factory=dict)
    others: Schema | bool = True


def one_of(shapes: Sequence[Shape], fields: Fields) -> Schema:
    """An object has one of these shapes; other types are no matter of shape."""
    ever = frozenset().union(*(names for names, _ in shapes))
    return _decide(shapes, lambda alike: _shape(alike, fields, ever), counted=OTHERS not in ever)


def _decide(shapes: Sequence[Shape], told: Callable[[Sequence[Shape]], Schema], *, counted: bool) -> Schema:
    distinct = {names for names, _ in shapes}
    if len(distinct) == 1:
        return told(shapes)
    question, test = _question(distinct, counted=counted)
    yes, no = _parted(shapes, lambda shape: test(shape[0]))
    return {
        "if": question,
        "then": _decide(yes, told, counted=counted),
        "else": _decide(no, told, counted=counted),
    }


def _question(
    distinct: Collection[frozenset[str]], *, counted: bool
) -> tuple[Schema, Callable[[frozenset[str]], bool]]:
    """What parts sets of names, into halves if possible, and which of them it is true of."""
    sizes = sorted(map(len, distinct))
    telling = sorted(frozenset().union(*distinct) - frozenset.intersection(*distinct) - {OTHERS})
    if (counted and sizes[0] < sizes[-1]) or not telling:
        limit = min(sizes[(len(sizes) - 1) // 2], sizes[-1] - 1)
        return {"maxProperties": limit}, lambda names: len(names) <= limit
    by = min(telling, key=lambda name: abs(2 * sum(name in names for names in distinct) - len(distinct)))
    return {"required": [by]}, lambda names: by in names


def _shape(alike: Sequence[Shape], fields: Fields, ever: frozenset[str]) -> Schema:
    """An object has these fields and no other, as they are, and one of these sets of words in them."""
    names = alike[0][0]
    own = {name: fields.named.get(name, True) for name in sorted(names - {OTHERS})}
    told = _worded(own, [words_in(literals) for _, literals in alike])
    if OTHERS not in names:
        return {**told, "additionalProperties": False, "minProperties": len(names)}
    told["properties"] |= dict.fromkeys(sorted(ever - names), False)
    rest = {} if fields.others is True else {"additionalProperties": fields.others}
    return {**told, **rest, "required": sorted(own), "minProperties": len(names)}


def _worded(own: Mapping[str, Schema | bool], wordings: Iterable[Mapping[str, str]]) -> Schema:
    """These fields, with one of these sets of words in them."""
    asked = [
        {name: word for name, word in each.items() if words_of(own.get(name)) != frozenset((word,))}
        for each in wordings
    ]
    names = {name for each in asked for name in each}
    if not all(asked):
        return {"properties": dict(own)}
    if len(asked) > 1 and len(names) > 1:
        options = [{"properties": {name: word_is([word]) for name, word in each.items()}} for each in asked]
        return {"properties": dict(own), "anyOf": options}
    said = {name: frozenset(each[name] for each in asked) for name in names}
    narrowed = {
        name: both(as_object(own[name]), word_is(words))
        for name, words in said.items()
        if words_of(own[name]) != words
    }
    return {"properties": {**own, **narrowed}}


@dataclass(frozen=True, slots=True)
class Branch:
    """A schema that a value may keep, with the words of fields that are there then."""

    schema: Schema
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)


def any_of(branches: Sequence[Branch]) -> Schema:
    """A value keeps one of these schemas, found by a field whose words tell them apart, if there is one."""
    if len(branches) == 1:
        return branches[0].schema
    objects, others = _parted(branches, lambda each: each.schema.get("type") == "object")
    if len(objects) > 1 and others and all("object" not in types_of(each.schema) for each in others):
        return {"if": {"type": "object"}, "then": any_of(objects), "else": any_of(others)}
    tellings = () if others else _tellings(objects)
    name, groups = max(tellings, key=lambda told: len(told[1]), default=("", ()))
    if len(groups) < 2:
        return {"anyOf": [each.schema for each in branches]}
    half = groups[: len(groups) // 2]
    words = frozenset().union(*half)
    mine, rest = _parted(branches, lambda each: each.words[name] <= words)
    return {"if": {"properties": {name: word_is(words)}}, "then": any_of(mine), "else": any_of(rest)}


def _tellings(branches: Sequence[Branch]) -> Iterator[tuple[str, Sequence[frozenset[str]]]]:
    """Fields that hold words in each branch; their words in groups, so that no branch has two of them."""
    for name in sorted(frozenset.intersection(*(frozenset(each.words) for each in branches))):
        yield name, _merged(each.words[name] for each in branches)


def _merged(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    for each in sets:
        apart, together = _parted(found, each.isdisjoint)
        found = [*apart, each.union(*together)]
    return found


def words_in(literals: Iterable[str]) -> dict[str, str]:
    """The word of each field that a literal names, as in ``role=agent``."""
    return {name: word for name, _, word in (each.partition("=") for each in literals)}


def _parted(items: Iterable[_Item], test: Callable[[_Item], bool]) -> tuple[list[_Item], list[_Item]]:
    kept: tuple[list[_Item], list[_Item]] = [], []
    for each in items:
        kept[not test(each)].append(each)
    return kept

"""Which of several shapes or branches an object has, as JSON Schema that asks little.

To count an object's fields costs a validator in C 4 ns, to look one up 20, to compare a word 15 more, and to
try a branch in vain hundreds (jsonschema-rs 0.60): so numbers are asked first, then words, then fields.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from docsworn.contract.alternatives import types_of

Schema = dict[str, Any]
_Item = TypeVar("_Item")

# The names of an object's fields, and the words that say what it is.
Shape = tuple[frozenset[str], tuple[str, ...]]
OTHERS = "*"  # stands for any fields that have no name of their own


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an object: of the fields ``ever`` there those that are there and those that are gone.

    ``least`` and ``most`` bound how many it has (``most`` None: any number, some without a name), ``words``
    what a field can hold.
    """

    ever: frozenset[str]
    there: frozenset[str] = frozenset()
    gone: frozenset[str] = frozenset()
    least: int = 0
    most: int | None = None
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)


def one_of(shapes: Sequence[Shape], known: Known) -> Schema:
    """An object has one of these shapes; other types are no matter of shape."""
    distinct = {names for names, _ in shapes}
    sizes = sorted(map(len, distinct))
    if len(distinct) == 1:
        return _leaf(next(iter(distinct)), [literals for _, literals in shapes], known)
    if known.most is not None and sizes[0] != sizes[-1]:
        return _by_number(shapes, known, sizes[(len(sizes) - 1) // 2])
    for name in words_in(shapes[0][1]):
        told = [words_in(literals).get(name) for _, literals in shapes]
        words = sorted({word for word in told if word is not None})
        if None not in told and len(words) > 1:
            return _by_word(shapes, known, name, frozenset(words[: len(words) // 2]))
    return _by_field(shapes, known, distinct)


def _by_number(shapes: Sequence[Shape], known: Known, middle: int) -> Schema:
    limit = min(middle, max(len(names) for names, _ in shapes) - 1)
    return {
        "if": {"maxProperties": limit},
        "then": one_of([each for each in shapes if len(each[0]) <= limit], replace(known, most=limit)),
        "else": one_of([each for each in shapes if len(each[0]) > limit], replace(known, least=limit + 1)),
    }


def _by_word(shapes: Sequence[Shape], known: Known, name: str, half: frozenset[str]) -> Schema:
    """Split by what a field holds; where it is missing, any leaf refuses."""
    mine, rest = _parted(shapes, lambda shape: words_in(shape[1])[name] in half)
    left = {name: known.words[name] - half} if name in known.words else {}
    return {
        "if": {"properties": {name: word_is(half)}},
        "then": one_of(mine, replace(known, words={**known.words, name: half})),
        "else": one_of(rest, replace(known, words={**known.words, **left})),
    }


def _by_field(shapes: Sequence[Shape], known: Known, distinct: Collection[frozenset[str]]) -> Schema:
    common = frozenset.intersection(*distinct)
    named = sorted(frozenset().union(*distinct) - common - {OTHERS})
    if not named:  # they differ in whether there is any other field
        return {"anyOf": [one_of([each], known) for each in shapes]}
    halves = len(shapes) / 2
    by = min(named, key=lambda name: abs(sum(name in names for names, _ in shapes) - halves))
    with_it, without = _parted(shapes, lambda shape: by in shape[0])
    return {
        "if": {"required": [by]},
        "then": one_of(with_it, replace(known, there=known.there | {by})),
        "else": one_of(without, replace(known, gone=known.gone | {by})),
    }


def _leaf(names: frozenset[str], literals: Sequence[tuple[str, ...]], known: Known) -> Schema:
    """An object has these fields and no other, and one of these sets of words in them.

    Where so many fields are there and none of the others, all of them are: so few others are looked up first.
    """
    told, size = _wording(literals, known), len(names)
    lacking = sorted(names - known.there - {OTHERS})
    foreign = sorted(known.ever - names - known.gone)
    by_foreign = known.most is not None and len(foreign) < len(lacking)
    if foreign and (by_foreign or OTHERS in names):
        told["properties"] = {**dict.fromkeys(foreign, False), **told.get("properties", {})}
    if lacking and not by_foreign:
        told["required"] = lacking
    if by_foreign or OTHERS in names:
        return told if known.least >= size else {**told, "minProperties": size}
    if known.most is None or (foreign and known.most > size):
        told["maxProperties"] = size
    return told


def _wording(literals: Sequence[tuple[str, ...]], known: Known) -> Schema:
    asked = [
        {name: word for name, word in words_in(each).items() if known.words.get(name) != frozenset((word,))}
        for each in literals
    ]
    if not all(asked):
        return {}
    names = {name for each in asked for name in each}
    if len(names) == 1:
        (name,) = names
        words = frozenset(each[name] for each in asked)
        return {} if known.words.get(name) == words else {"properties": {name: word_is(words)}}
    told = [{"properties": {name: {"const": word} for name, word in each.items()}} for each in asked]
    return told[0] if len(told) == 1 else {"anyOf": told}


@dataclass(frozen=True, slots=True)
class Branch:
    """A schema that a value may keep, with the fields that are there then, whatever else."""

    schema: Schema
    there: frozenset[str] = frozenset()


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
    mine, rest = _parted(branches, lambda each: words_of(each.schema["properties"][name]) <= words)
    return {"if": {"properties": {name: word_is(words)}}, "then": any_of(mine), "else": any_of(rest)}


def _tellings(branches: Sequence[Branch]) -> Iterator[tuple[str, Sequence[frozenset[str]]]]:
    """Fields that hold words in each branch; their words in groups, so that no branch has two of them."""
    for name in sorted(frozenset.intersection(*(each.there for each in branches))):
        told = [words_of(each.schema.get("properties", {}).get(name)) for each in branches]
        if all(told):
            yield name, _merged(told)


def _merged(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    found: list[frozenset[str]] = []
    for each in sets:
        apart, together = _parted(found, each.isdisjoint)
        found = [*apart, each.union(*together)]
    return found


def words_of(schema: object) -> frozenset[str]:
    """The words of which a value is one; none where it may be anything else."""
    if not isinstance(schema, Mapping):
        return frozenset()
    listed = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return frozenset(listed) if all(isinstance(each, str) for each in listed) else frozenset()


def words_in(literals: Iterable[str]) -> dict[str, str]:
    """The word of each field that a literal names, as in ``role=agent``."""
    return {name: word for name, _, word in (each.partition("=") for each in literals)}


def word_is(words: Iterable[str]) -> Schema:
    """A value is one of these words."""
    listed = sorted(words)
    return {"const": listed[0]} if len(listed) == 1 else {"enum": listed}


def _parted(items: Iterable[_Item], test: Callable[[_Item], bool]) -> tuple[list[_Item], list[_Item]]:
    kept: tuple[list[_Item], list[_Item]] = [], []
    for each in items:
        kept[not test(each)].append(each)
    return kept

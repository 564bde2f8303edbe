"""The shapes of the objects at a place, as JSON Schema: which fields came together, beside which words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from docsworn.contract.look import ABOVE, Sort
from docsworn.observe.usual import Usual, literals_of, names_of

Schema = dict[str, Any]

# The names of an object's fields, and the words that say what it is.
Shape = tuple[frozenset[str], tuple[str, ...]]


def known_shapes(usual: Usual) -> tuple[Shape, ...]:
    """The shapes that objects have had at a place, whatever they lay beside."""
    return _shapes(str(each) for each in usual.known(Sort.FIELDS) or ())


def _shapes(facts: Iterable[str]) -> tuple[Shape, ...]:
    return tuple(dict.fromkeys((frozenset(names_of(each)), _own(each)) for each in facts))


def ever_of(shapes: Iterable[Shape]) -> frozenset[str]:
    """All fields that any of these shapes has."""
    return frozenset().union(*(names for names, _ in shapes))


def one_of(shapes: Sequence[Shape], ever: frozenset[str], sure: frozenset[str] = frozenset()) -> Schema:
    """An object has one of these shapes; other types are no matter of shape.

    Field after field halves the shapes that are left: of a dozen, four look-ups find the one to compare.
    What is ``sure`` to be there is not asked again.
    """
    distinct = {names for names, _ in shapes}
    if len(distinct) == 1:
        (names,) = distinct
        return _shape(names, [literals for _, literals in shapes], ever, sure)
    common = frozenset.intersection(*distinct) - {"*"}
    named = sorted(ever_of(shapes) - {"*"} - common)
    if not named:  # they differ in whether there is any other field
        return {"anyOf": [one_of([each], ever, sure) for each in shapes]}
    halves = len(shapes) / 2
    by = min(named, key=lambda name: abs(sum(name in names for names, _ in shapes) - halves))
    return {
        **_required(common - sure),
        "if": {"required": [by]},
        "then": one_of([each for each in shapes if by in each[0]], ever, sure | common | {by}),
        "else": one_of([each for each in shapes if by not in each[0]], ever, sure | common),
    }


def _required(names: Iterable[str]) -> Schema:
    return {"required": sorted(names)} if names else {}


def always(fields: Schema, names: frozenset[str], literals: tuple[str, ...]) -> Schema:
    """An object with these fields and no other: so many of these names are all of them."""
    own = {name: fields.get(name, {}) for name in sorted(names)}
    for name, said in constants(literals).items():
        own[name] = {**own[name], **said}
    return {"properties": own, "additionalProperties": False, "minProperties": len(own)}


def _shape(
    names: frozenset[str], literals: Sequence[tuple[str, ...]], ever: frozenset[str], sure: frozenset[str]
) -> Schema:
    """An object with these fields and no other, and with one of these sets of words in them."""
    schema, properties = _required(names - sure - {"*"}), Schema()
    if "*" in names:  # with any others, but for those that have a name of their own
        properties |= dict.fromkeys(sorted(ever - names), False)
        schema["minProperties"] = len(names)
    else:
        schema["maxProperties"] = len(names)
    if len(literals) == 1:
        properties |= constants(literals[0])
    elif () not in literals:
        schema["anyOf"] = [{"properties": constants(each)} for each in literals]
    return {**schema, "properties": properties} if properties else schema


def conditions(name: str, usual: Usual | None) -> Iterator[Schema]:
    """What an object must look like in a field, by the words beside that field."""
    by_words: dict[tuple[str, ...], list[str]] = {}
    for each in (usual.known(Sort.FIELDS) or ()) if usual else ():
        by_words.setdefault(_words_above(str(each)), []).append(str(each))
    if usual is None or name == "*" or not any(by_words):
        return
    everything = known_shapes(usual)
    everywhere = {word.partition("=")[0] for words in by_words for word in words}
    for words, known in by_words.items():
        shapes = _shapes(known)
        if set(shapes) == set(everything):  # the field itself asks for that already
            continue
        said = constants(words)
        others = [{"required": [other]} for other in sorted(everywhere.difference(said))]
        when: Schema = {"properties": said, "required": list(said)}
        yield {
            "if": {**when, "not": {"anyOf": others}} if others else when,
            "then": {"properties": {name: one_of(shapes, ever_of(everything))}},
        }


def constants(literals: Iterable[str]) -> Schema:
    """The field that each literal names holds its word."""
    parted = (each.partition("=") for each in literals)
    return {name: {"const": word} for name, _, word in parted}


def _own(fact: str) -> tuple[str, ...]:
    return tuple(each for each in literals_of(fact) if not each.startswith(ABOVE))


def _words_above(fact: str) -> tuple[str, ...]:
    return tuple(each.removeprefix(ABOVE) for each in literals_of(fact) if each.startswith(ABOVE))

"""What is usual as a JSON Schema: a validator in C says in one go that a body shows nothing new.

It refuses whatever ``novelty`` calls new, and may refuse more: then somebody looks closer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from docsworn.contract.forms import LOOSE, pattern_of
from docsworn.contract.look import ABOVE, QUARTERS, Sort
from docsworn.contract.pointer import split
from docsworn.observe.usual import Usual, bounds, literals_of, names_of

Schema = dict[str, Any]


@dataclass(slots=True)
class _Place:
    usual: Usual | None = None
    children: dict[str, _Place] = field(default_factory=dict)


def compile_familiar(places: Mapping[str, Usual]) -> jsonschema_rs.Draft202012Validator:
    """A validator that takes a body only where all of it is usual."""
    return jsonschema_rs.Draft202012Validator(familiar_schema(places), validate_formats=False, offline=True)


def familiar_schema(places: Mapping[str, Usual]) -> Schema:
    """The schema of all that is usual, by the pointer pattern of its place."""
    root = _Place()
    for pointer, usual in places.items():
        place = root
        for part in split(pointer):
            place = place.children.setdefault(part, _Place())
        place.usual = usual
    return _schema(root)


def _schema(place: _Place) -> Schema:
    usual = place.usual
    if usual is None:  # never seen itself, only what lies below: nobody can say
        return {}
    schema: Schema = {}
    types = usual.known(Sort.TYPE)
    if types:
        schema["type"] = types[0] if len(types) == 1 else list(types)
    for more in (_number(usual), _array(usual, place), _object(usual, place), _string(usual)):
        schema = _both(schema, more)
    return schema


def _both(one: Schema, other: Schema) -> Schema:
    """A schema for what both take; where no keyword stands in both it is as quick as one."""
    if one.keys().isdisjoint(other):
        return {**one, **other}
    return {**one, "allOf": [*one.get("allOf", ()), other]}


# Types of which an enum may list all values beside its words.
_LISTABLE: Mapping[str, tuple[bool | None, ...]] = {"null": (None,), "boolean": (False, True)}


def _string(usual: Usual) -> Schema:
    if usual.is_enum:
        rest = [str(each) for each in usual.known(Sort.TYPE) or () if each != "string"]
        words: Schema = {"enum": sorted(usual.words.values())}
        if _LISTABLE.keys() >= set(rest):
            return {"enum": [*words["enum"], *(value for each in rest for value in _LISTABLE[each])]}
        return {"anyOf": [words, {"type": rest}]}
    schema: Schema = {}
    length, forms = usual.known(Sort.LENGTH), usual.known(Sort.FORM)
    if length:
        schema["maxLength"] = 4 ** (bounds(Sort.LENGTH, length)[1] or 0) - 1
    if forms and LOOSE.isdisjoint(str(each) for each in forms):
        schema["pattern"] = pattern_of(str(each) for each in forms)
    return schema


def _number(usual: Usual) -> Schema:
    known = usual.known(Sort.MAGNITUDE)
    if not known:
        return {}
    least, most = bounds(Sort.MAGNITUDE, known)
    # Integers: comparing with a float costs six times as much.
    limit = math.floor(10 ** (((most or 0) + 1) / QUARTERS))
    schema: Schema = {"exclusiveMaximum": limit, "exclusiveMinimum": -limit}
    if least is not None:
        small = math.ceil(10 ** (least / QUARTERS))
        schema["not"] = {
            "type": "number",
            "exclusiveMaximum": small,
            "exclusiveMinimum": -small,
            "not": {"const": 0},
        }
    return schema


def _array(usual: Usual, place: _Place) -> Schema:
    sizes = usual.known(Sort.ITEMS)
    if not sizes:
        return {}
    least, most = bounds(Sort.ITEMS, sizes)
    schema: Schema = {"minItems": least or 0, "maxItems": 4 ** (most or 0) - 1}
    if "*" in place.children:
        schema["items"] = _schema(place.children["*"])
    return schema


def _object(usual: Usual, place: _Place) -> Schema:
    fields = {name: _schema(child) for name, child in place.children.items() if name != "*"}
    schema: Schema = {"properties": fields} if fields else {}
    if "*" in place.children and "object" in (usual.known(Sort.TYPE) or ()):
        schema["additionalProperties"] = _schema(place.children["*"])
    known = _known_shapes(usual)
    if len(known) == 1 and "*" not in known[0][0]:
        schema |= _always(fields, *known[0])
    elif known:
        schema = _both(schema, _one_of(known, _ever(known)))
    elif usual.always:
        schema["required"] = usual.always
    told = [rule for name, child in place.children.items() for rule in _conditions(name, child.usual)]
    return _both(schema, {"allOf": told}) if told else schema


def _always(fields: Mapping[str, Schema], names: frozenset[str], literals: tuple[str, ...]) -> Schema:
    """An object with these fields and no other: so many of these names are all of them."""
    own = {name: fields.get(name, {}) for name in sorted(names)}
    for name, said in _constants(literals).items():
        own[name] = {**own[name], **said}
    return {"properties": own, "additionalProperties": False, "minProperties": len(own)}


# The names of an object's fields, and the words that say what it is.
_Shape = tuple[frozenset[str], tuple[str, ...]]


def _known_shapes(usual: Usual) -> tuple[_Shape, ...]:
    """The shapes that objects have had at a place, whatever they lay beside."""
    return _shapes(str(each) for each in usual.known(Sort.FIELDS) or ())


def _shapes(facts: Iterable[str]) -> tuple[_Shape, ...]:
    return tuple(dict.fromkeys((frozenset(names_of(each)), _own(each)) for each in facts))


def _ever(shapes: Iterable[_Shape]) -> frozenset[str]:
    return frozenset().union(*(names for names, _ in shapes))


def _one_of(shapes: Sequence[_Shape], ever: frozenset[str], sure: frozenset[str] = frozenset()) -> Schema:
    """An object has one of these shapes; other types are no matter of shape.

    Field after field halves the shapes that are left: of a dozen, four look-ups find the one to compare.
    What is ``sure`` to be there is not asked again.
    """
    distinct = {names for names, _ in shapes}
    if len(distinct) == 1:
        (names,) = distinct
        return _shape(names, [literals for _, literals in shapes], ever, sure)
    common = frozenset.intersection(*distinct) - {"*"}
    named = sorted(_ever(shapes) - {"*"} - common)
    if not named:  # they differ in whether there is any other field
        return {"anyOf": [_one_of([each], ever, sure) for each in shapes]}
    halves = len(shapes) / 2
    by = min(named, key=lambda name: abs(sum(name in names for names, _ in shapes) - halves))
    return {
        **_required(common - sure),
        "if": {"required": [by]},
        "then": _one_of([each for each in shapes if by in each[0]], ever, sure | common | {by}),
        "else": _one_of([each for each in shapes if by not in each[0]], ever, sure | common),
    }


def _required(names: Iterable[str]) -> Schema:
    return {"required": sorted(names)} if names else {}


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
        properties |= _constants(literals[0])
    elif () not in literals:
        schema["anyOf"] = [{"properties": _constants(each)} for each in literals]
    return {**schema, "properties": properties} if properties else schema


def _conditions(name: str, usual: Usual | None) -> Iterator[Schema]:
    """What an object must look like in a field, by the words beside that field."""
    by_words: dict[tuple[str, ...], list[str]] = {}
    for each in (usual.known(Sort.FIELDS) or ()) if usual else ():
        by_words.setdefault(_words_above(str(each)), []).append(str(each))
    if usual is None or name == "*" or not any(by_words):
        return
    everything = _known_shapes(usual)
    everywhere = {word.partition("=")[0] for words in by_words for word in words}
    for words, known in by_words.items():
        shapes = _shapes(known)
        if set(shapes) == set(everything):  # the field itself asks for that already
            continue
        said = _constants(words)
        others = [{"required": [other]} for other in sorted(everywhere.difference(said))]
        when: Schema = {"properties": said, "required": list(said)}
        yield {
            "if": {**when, "not": {"anyOf": others}} if others else when,
            "then": {"properties": {name: _one_of(shapes, _ever(everything))}},
        }


def _constants(literals: Iterable[str]) -> Schema:
    parted = (each.partition("=") for each in literals)
    return {name: {"const": word} for name, _, word in parted}


def _own(fact: str) -> tuple[str, ...]:
    return tuple(each for each in literals_of(fact) if not each.startswith(ABOVE))


def _words_above(fact: str) -> tuple[str, ...]:
    return tuple(each.removeprefix(ABOVE) for each in literals_of(fact) if each.startswith(ABOVE))

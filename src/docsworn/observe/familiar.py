"""What is usual as a JSON Schema: a validator in C says in one go that a body shows nothing new.

It refuses whatever ``novelty`` calls new, and may refuse more: then somebody looks closer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
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
        schema["type"] = list(types)
    schema |= _number(usual) | _array(usual, place) | _object(usual, place)
    text = _string(usual)
    if "anyOf" not in text:
        return schema | text
    return {**schema, "allOf": [*schema.get("allOf", ()), text]}


def _string(usual: Usual) -> Schema:
    schema: Schema = {}
    length, forms = usual.known(Sort.LENGTH), usual.known(Sort.FORM)
    if length:
        schema["maxLength"] = 4 ** (bounds(Sort.LENGTH, length)[1] or 0) - 1
    if usual.is_enum:
        rest = [each for each in usual.known(Sort.TYPE) or () if each != "string"]
        words: Schema = {"enum": sorted(usual.words.values())}
        return {"anyOf": [words, {"type": rest}]} if rest else words
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
    known = [str(each) for each in usual.known(Sort.FIELDS) or ()]
    if known:
        schema["anyOf"] = _shapes(usual, known)
    elif usual.always:
        schema["required"] = usual.always
    told = [rule for name, child in place.children.items() for rule in _conditions(name, child.usual)]
    return {**schema, "allOf": told} if told else schema


def _shapes(usual: Usual, known: Iterable[str]) -> list[Schema]:
    """One of these shapes an object has; other types are no matter of shape."""
    everything = [str(each) for each in usual.known(Sort.FIELDS) or ()]
    ever = {name for each in everything for name in names_of(each)}
    plain = dict.fromkeys((names_of(each), _own(each)) for each in known)
    rest = [each for each in usual.known(Sort.TYPE) or () if each != "object"]
    return [*(_shape(names, own, ever) for names, own in plain), *([{"type": rest}] if rest else [])]


def _shape(names: tuple[str, ...], literals: tuple[str, ...], ever: set[str]) -> Schema:
    """An object with these fields and no other, and with these words in them."""
    properties = _constants(literals)
    schema: Schema = {"type": "object", "required": [name for name in names if name != "*"]}
    if "*" in names:  # with any others, but for those that have a name of their own
        properties |= dict.fromkeys(ever.difference(names), False)
        schema["minProperties"] = len(names)
    else:
        schema["maxProperties"] = len(names)
    return {**schema, "properties": properties} if properties else schema


def _conditions(name: str, usual: Usual | None) -> Iterator[Schema]:
    """What an object must look like in a field, by the words beside that field."""
    by_words: dict[tuple[str, ...], list[str]] = {}
    for each in (usual.known(Sort.FIELDS) or ()) if usual else ():
        by_words.setdefault(_words_above(str(each)), []).append(str(each))
    if usual is None or name == "*" or not any(by_words):
        return
    everywhere = {word.partition("=")[0] for words in by_words for word in words}
    for words, known in by_words.items():
        said = _constants(words)
        others = [{"required": [other]} for other in sorted(everywhere.difference(said))]
        when: Schema = {"properties": said, "required": list(said)}
        yield {
            "if": {**when, "not": {"anyOf": others}} if others else when,
            "then": {"properties": {name: {"anyOf": _shapes(usual, known)}}},
        }


def _constants(literals: Iterable[str]) -> Schema:
    parted = (each.partition("=") for each in literals)
    return {name: {"const": word} for name, _, word in parted}


def _own(fact: str) -> tuple[str, ...]:
    return tuple(each for each in literals_of(fact) if not each.startswith(ABOVE))


def _words_above(fact: str) -> tuple[str, ...]:
    return tuple(each.removeprefix(ABOVE) for each in literals_of(fact) if each.startswith(ABOVE))

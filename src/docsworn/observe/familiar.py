"""What is documented and usual as one JSON Schema: a validator in C says in one go that all is well.

It refuses whatever ``novelty`` calls new and whatever breaks the contract or is undocumented, and may refuse
more: then somebody looks closer. Each place's facts are put into the documented schema of that place, so
that a body is walked once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from docsworn.contract.alternatives import ANY_TYPE, DEFINED, alternatives, demands, types_of
from docsworn.contract.look import Sort
from docsworn.contract.pointer import split
from docsworn.observe.decide import OTHERS, Branch, Fields, Shape, any_of, one_of
from docsworn.observe.pieces import Schema, as_object, both, with_definitions, words_of
from docsworn.observe.shapes import beside, common, known_shapes
from docsworn.observe.usual import Usual, bounds
from docsworn.observe.values import documented_values, number_schema, one_or_list, with_words

_MAX_BRANCHES = 5_000
_PLACED = frozenset({"type", "properties", "required", "additionalProperties", "items", "enum", "const"})
_PLAIN = frozenset({"type", "enum", "const", "maxLength", "pattern"})
_USUAL = "usual:"


@dataclass(slots=True)
class _Place:
    usual: Usual | None = None
    children: dict[str, _Place] = field(default_factory=dict)


def compile_familiar(
    places: Mapping[str, Usual], closed: Mapping[str, Any] | bool = True
) -> jsonschema_rs.Draft202012Validator:
    """A validator that takes a body only where all of it is usual, and kept by a closed schema."""
    schema = familiar_schema(places, closed)
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)


def familiar_schema(places: Mapping[str, Usual], closed: Mapping[str, Any] | bool = True) -> Schema:
    """The schema of all that is usual, by the pointer pattern of its place, within a closed schema."""
    root = _Place()
    for pointer, usual in places.items():
        place = root
        for part in split(pointer):
            place = place.children.setdefault(part, _Place())
        place.usual = usual
    definitions = {} if isinstance(closed, bool) else closed.get("$defs", {})
    narrower = _Narrower(definitions)
    schema = as_object(narrower.schema(root, closed))
    return with_definitions(schema, {**definitions, **narrower.shared})


@dataclass(slots=True)
class _Narrower:
    """Narrows documented schemas to what is usual at their places.

    Unions within unions multiply: from ``_MAX_BRANCHES`` on the two stand side by side instead. What stands
    in several shapes of an object is ``shared`` as a definition.
    """

    definitions: Mapping[str, Any]
    branches: int = 0
    shared: dict[str, Schema] = field(default_factory=dict)

    def schema(self, place: _Place | None, documented: Any) -> Schema | bool:
        """What is documented and usual at a place; as documented where nobody was there yet."""
        if place is None or place.usual is None:
            return documented if isinstance(documented, bool) else dict(documented)
        branches = alternatives(documented, self.definitions)
        self.branches += len(branches or ())
        if branches is None or (self.branches > _MAX_BRANCHES and documented is not True):
            return both(as_object(self.schema(place, True)), {"allOf": [as_object(documented)]})
        known = frozenset(str(each) for each in place.usual.known(Sort.TYPE) or ANY_TYPE)
        usual_types = types_of({"type": sorted(known)})
        narrowed = (
            self._branch(place, place.usual, branch, usual_types & types_of(branch)) for branch in branches
        )
        possible = [each for each in narrowed if each is not None]
        return any_of(possible) if possible else False

    def _branch(
        self, place: _Place, usual: Usual, documented: Mapping[str, Any], types: frozenset[str]
    ) -> Branch | None:
        """A plain schema narrowed to what is usual; None where the two exclude each other."""
        if not types:
            return None
        if "number" in types:
            types -= {"integer"}
        schema: Schema = {} if len(types) == len(ANY_TYPE) - 1 else {"type": one_or_list(types)}
        words: Mapping[str, frozenset[str]] = {}
        if "object" in types:
            shape = self._shape(place, usual, documented)
            if shape is None:
                return None
            schema |= shape.schema
            words = shape.words
        if "array" in types:
            schema = both(schema, self._array(place, usual, documented))
        if not types.isdisjoint(("integer", "number")):
            schema = both(schema, number_schema(usual))
        rest = {name: value for name, value in demands(documented).items() if name not in _PLACED}
        worded = with_words(both(schema, rest), usual, types, documented_values(documented))
        return None if worded is None else Branch(worded, words)

    def _array(self, place: _Place, usual: Usual, documented: Mapping[str, Any]) -> Schema:
        schema: Schema = {}
        sizes = usual.known(Sort.ITEMS)
        if sizes:
            least, most = bounds(Sort.ITEMS, sizes)
            schema = {"minItems": least or 0, "maxItems": 4 ** (most or 0) - 1}
        items = self.schema(place.children.get("*"), documented.get("items", True))
        return schema if items is True else {**schema, "items": items}

    def _shape(self, place: _Place, usual: Usual, documented: Mapping[str, Any]) -> Branch | None:
        """The fields of an object; None where none of its shapes is both documented and usual."""
        others = documented.get("additionalProperties", True)
        below = dict(documented.get("properties", {}))
        if others is not False:
            below = {name: others for name in place.children if name != OTHERS} | below
        fields = {name: self.schema(place.children.get(name), each) for name, each in below.items()}
        known = known_shapes(usual)
        shapes = [each for each in known if _fits(each, fields, closed=others is False)]
        if known and not shapes:
            return None
        there = common(shapes) if shapes else frozenset(usual.always or ())
        rules = list(self._rules(place, below, fields, there))
        rest = others is not False and self.schema(place.children.get(OTHERS), others)
        if shapes:
            told = one_of(shapes, Fields(self._once(fields) if len(shapes) > 1 else fields, rest))
        else:
            told = {"properties": fields, "additionalProperties": rest, "required": sorted(there)}
        if lacking := frozenset(documented.get("required", ())) - there:
            told["required"] = sorted(lacking.union(told.get("required", ())))
        words = {name: found for name in there if (found := words_of(fields.get(name)))}
        return Branch(told | ({"allOf": rules} if rules else {}), words)

    def _once(self, fields: Mapping[str, Schema | bool]) -> Mapping[str, Schema | bool]:
        """The fields, what is more than a line of them by reference: several shapes have it."""
        found = dict(fields)
        for name, each in fields.items():
            if isinstance(each, dict) and not _PLAIN.issuperset(each):
                shared = f"{_USUAL}{len(self.shared)}"
                self.shared[shared], found[name] = each, {"$ref": DEFINED + shared}
        return found

    def _rules(
        self, place: _Place, below: Mapping[str, Any], fields: dict[str, Schema | bool], there: frozenset[str]
    ) -> Iterator[Schema]:
        """What objects look like by the words beside them; a field is narrowed where these are sure."""
        for name, child in place.children.items():
            if name == OTHERS or name not in fields or child.usual is None:
                continue
            for each in beside(child.usual):
                held = [(word, words_of(fields.get(other))) for other, word in each.words.items()]
                if any(words and word not in words for word, words in held):
                    continue
                if (
                    all(words == {word} for word, words in held)
                    and there.issuperset(each.words)
                    and fields.keys().isdisjoint(each.others)
                ):
                    narrowed = _Place(each.usual, child.children)
                    fields[name] = self.schema(narrowed, below.get(name, True))
                else:
                    yield each.rule(name)


def _fits(shape: Shape, fields: Mapping[str, Schema | bool], *, closed: bool) -> bool:
    """Whether objects of a usual shape can have these fields."""
    names, literals = shape
    if closed and not names <= fields.keys():
        return False
    if any(fields.get(name) is False for name in names):
        return False
    for literal in literals:
        name, _, word = literal.partition("=")
        below = fields.get(name, True)
        if isinstance(below, dict) and word not in below.get("enum", (word,)):
            return False
    return True

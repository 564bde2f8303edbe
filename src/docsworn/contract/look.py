"""What a body looks like, place by place: types, forms, sizes, fields; of its values only short words.

Places are those of the contract where it has one: the keys of maps are ``*`` and never kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from docsworn.contract.forms import form, is_word
from docsworn.contract.nodes import Node, Nodes
from docsworn.contract.places import Places
from docsworn.contract.pointer import join, split
from docsworn.contract.shape import field_name
from docsworn.contract.unions import facets


class Sort(StrEnum):
    """A sort of fact about a place."""

    TYPE = "type"
    FORM = "form"
    TOKEN = "token"  # noqa: S105 - a sort of fact
    MAGNITUDE = "magnitude"
    LENGTH = "length"
    ITEMS = "items"
    FIELDS = "fields"
    LISTED = "listed"


# Begins a token that the page lists; the empty token is any string that is no word.
DOCUMENTED = "="
# Begins a literal of the object that an object lies in.
ABOVE = "^"

Fact = str | int
Facts = dict[Sort, set[Fact]]
Look = Mapping[str, Facts]

# As 12.0: whoever wrote it has numbers in mind, but JSON Schema calls it an integer.
WHOLE = "whole number"
TYPE_NAMES: Mapping[type, str] = {
    type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string",
    list: "array", dict: "object",
}  # fmt: skip
# The page's own names are no data, however long; but for what parts them in a fact.
_SEPARATORS = frozenset(",|=^*")
_MAX_PLACES = 5_000
QUARTERS = 4  # classes of numbers in a decade
# Where the page leaves everything open: the names of fields are data there.
_ANYTHING = Node(frozenset(), frozenset(), (), (), (), {}, (), (), (), closed=False, leaf=True)


class Looker:
    """Looks at bodies over one response's places; safe to share between threads."""

    def __init__(self, places: Places | None, schema: Mapping[str, Any]) -> None:
        self._places, self._schema = places, schema
        self._nodes = Nodes(places) if places else None
        self._words: dict[Node, frozenset[str]] = {}
        self._listed: dict[str, frozenset[str]] = {}

    def look(self, body: Any) -> Look:
        """The facts of a body by the pointer pattern of their place."""
        found: dict[str, Facts] = {}
        self._visit(found, self._nodes.root if self._nodes else None, body, ())
        return found

    def listed(self, place: str) -> frozenset[str]:
        """The words that the page lists at a field, given by its pointer."""
        known = self._listed.get(place)
        if known is None:
            known = self._listed[place] = self._listed_at(split(place))
        return known

    def _listed_at(self, names: Iterable[str]) -> frozenset[str]:
        node = self._nodes.root if self._nodes is not None else None
        for name in names:
            node = self._field(node, name)[0]
        return self._words_of(node) if node is not None else frozenset()

    def _visit(
        self,
        found: dict[str, Facts],
        node: Node | None,
        value: Any,
        pattern: tuple[str, ...],
        above: tuple[str, ...] = (),
    ) -> None:
        if node is not None and node.unions and self._nodes is not None:
            node = self._nodes.settle(node, value)
        pointer = join(*pattern)
        if pointer not in found and len(found) >= _MAX_PLACES:
            return
        facts = found.setdefault(pointer, {})
        facts.setdefault(Sort.TYPE, set()).add(_type(value))
        if isinstance(value, dict):
            self._visit_object(found, node, value, pattern, above)
        elif isinstance(value, list):
            _add(facts, Sort.ITEMS, _size(len(value)))
            for at, item in enumerate(value):
                self._visit(found, self._item(node, at), item, (*pattern, "*"))
        elif isinstance(value, str):
            self._note_string(facts, node, value)
        elif value and not isinstance(value, bool):
            _add(facts, Sort.MAGNITUDE, magnitude(value))

    def _visit_object(
        self,
        found: dict[str, Facts],
        node: Node | None,
        value: dict[str, Any],
        pattern: tuple[str, ...],
        above: tuple[str, ...],
    ) -> None:
        fields = [(*self._field(node, name), item) for name, item in value.items()]
        literals = tuple(
            f"{shown}={item}"
            for child, shown, item in fields
            if isinstance(item, str) and child is not None and item in self._words_of(child)
        )
        if not _is_map(node):
            names = [shown for _, shown, _ in fields]
            _add(found[join(*pattern)], Sort.FIELDS, fields_fact(names, (*literals, *above)))
        below = tuple(f"{ABOVE}{literal}" for literal in literals)
        for child, shown, item in fields:
            self._visit(found, child, item, (*pattern, shown), below)

    def _field(self, node: Node | None, name: str) -> tuple[Node | None, str]:
        """The node of a field and the name that it goes by."""
        if node is None or self._nodes is None:
            return None, field_name(name)
        starts = node.properties.get(name)
        if starts:
            return self._nodes.of(starts), name if _SEPARATORS.isdisjoint(name) else field_name(name)
        if node.values:
            return self._nodes.of(node.values), "*"
        return (None, field_name(name)) if node.closed else (_ANYTHING, "*")

    def _item(self, node: Node | None, at: int) -> Node | None:
        if node is None or self._nodes is None:
            return None
        starts = node.prefix[at] if at < len(node.prefix) else node.items
        return self._nodes.of(starts) if starts else _ANYTHING

    def _note_string(self, facts: Facts, node: Node | None, value: str) -> None:
        listed = self._words_of(node) if node is not None else frozenset()
        if listed:
            facts.setdefault(Sort.LISTED, set())
        if value in listed:
            _add(facts, Sort.TOKEN, DOCUMENTED + value)
            return
        _add(facts, Sort.FORM, form(value))
        _add(facts, Sort.LENGTH, _size(len(value)))
        _add(facts, Sort.TOKEN, value if is_word(value) else "")

    def _words_of(self, node: Node) -> frozenset[str]:
        known = self._words.get(node)
        if known is None and self._places is not None:
            together = (place for start in node.starts for place in facets(self._places, start))
            known = frozenset(word for place in together for word in _listed(self._schema, place.location))
            self._words[node] = known
        return known or frozenset()


def fields_fact(names: Iterable[str], literals: Iterable[str]) -> str:
    """The fields of an object as one fact, with the documented words that say what it is.

    ``*`` stands for all fields that have no name of their own here.
    """
    return f"{','.join(sorted(set(names)))}|{','.join(sorted(literals))}"


def _type(value: Any) -> str:
    return WHOLE if type(value) is float and value.is_integer() else TYPE_NAMES[type(value)]


def _add(facts: Facts, sort: Sort, fact: Fact) -> None:
    facts.setdefault(sort, set()).add(fact)


def _is_map(node: Node | None) -> bool:
    return node is not None and not node.closed and not node.properties


def _size(count: int) -> int:
    """The class of a length: each is four times the one before."""
    return (count.bit_length() + 1) // 2


def magnitude(number: float) -> int:
    """The class of a number that is not 0: a quarter of a decade each, 0 from 1 on."""
    return math.floor(QUARTERS * math.log10(abs(number)))


def _listed(schema: Mapping[str, Any], location: tuple[str | int, ...]) -> frozenset[str]:
    node: Any = schema
    for part in location:
        try:
            node = node[part]
        except (LookupError, TypeError):
            return frozenset()
    if not isinstance(node, Mapping):
        return frozenset()
    values = [node.get("const"), *node.get("enum", ()), *node.get("x-known-values", ())]
    return frozenset(value for value in values if isinstance(value, str))

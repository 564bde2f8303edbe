"""Small wrongs: for each keyword the values that break it and, as far as that goes, nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from docsworn.contract.pointer import join

Key = str | int
Node = Mapping[str, Any]
Mutant = tuple[str, Any]  # what was done in words, and the new value

OTHER_FIELD = "docsworn_other"

_ONE_OF_EACH: Mapping[str, Any] = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "number": 0.5,
    "string": "docsworn",
    "array": [],
    "object": {},
}
_OTHER_TEXTS = ("docsworn", "", "docsworn\n", "0", "2026-13-45", "Ω docsworn", "d" * 300)


def with_value(body: Any, path: Sequence[Key], value: Any) -> Any:
    """A copy of a body with another value at a path."""
    if not path:
        return value
    copied = deepcopy(body)
    _holder(copied, path)[path[-1]] = value
    return copied


def without_field(body: Any, path: Sequence[Key], name: str) -> Any:
    """A copy of a body without one field of the object at a path."""
    copied = deepcopy(body)
    del value_at(copied, path)[name]
    return copied


def value_at(body: Any, path: Sequence[Key]) -> Any:
    """The value at a path."""
    for key in path:
        body = body[key]
    return body


def mutants(node: Node, keyword: str, value: Any) -> Iterator[Mutant]:
    """The values that break a keyword of a node in place of a value that keeps it; none for a
    keyword that nothing is known of."""
    make = _MUTATORS.get(keyword)
    if make is not None:
        yield from make(node, value)


def types_of(node: Node) -> tuple[str, ...]:
    """The types that a node names."""
    types = node.get("type", ())
    return tuple(types) if isinstance(types, list) else (types,) if types else ()


def pointer_of(path: Sequence[Key]) -> str:
    """The JSON pointer of a path in a body."""
    return join(*path)


def _holder(body: Any, path: Sequence[Key]) -> Any:
    return value_at(body, path[:-1])


def _other_types(node: Node, _value: Any) -> Iterator[Mutant]:
    allowed = set(types_of(node))
    if "number" in allowed:
        allowed.add("integer")
    yield from _of_types(name for name in _ONE_OF_EACH if name not in allowed)


def _any_type(_node: Node, _value: Any) -> Iterator[Mutant]:
    yield from _of_types(_ONE_OF_EACH)


def _of_types(names: Any) -> Iterator[Mutant]:
    for name in names:
        yield f"{name} instead", _ONE_OF_EACH[name]


def _other_literal(_node: Node, value: Any) -> Iterator[Mutant]:
    """Another value of the same type, so that only the list of values is left to break."""
    if isinstance(value, bool) or value is None:
        yield "the other truth value", not value
    elif isinstance(value, str):
        yield "another text", f"{value}_docsworn"
        yield "other letters", value.swapcase()
        yield "an empty text", ""
    elif isinstance(value, (int, float)):
        yield "another number", value + 1000
    else:
        yield "another value", {"docsworn": 1}


def _other_texts(_node: Node, value: Any) -> Iterator[Mutant]:
    for at, text in enumerate(_OTHER_TEXTS):
        yield f"another text ({at + 1})", text
    if isinstance(value, str):
        yield "a text with one character more", f"{value}!"
        yield "a text with one character less", value[:-1]


def _beyond(keyword: str, by: float) -> Callable[[Node, Any], Iterator[Mutant]]:
    def make(node: Node, _value: Any) -> Iterator[Mutant]:
        yield "a number out of bounds", node[keyword] + by

    return make


def _fraction(node: Node, _value: Any) -> Iterator[Mutant]:
    yield "a number between two multiples", node["multipleOf"] * 1.5


def _shorter(keyword: str) -> Callable[[Node, Any], Iterator[Mutant]]:
    def make(node: Node, value: Any) -> Iterator[Mutant]:
        if node[keyword] > 0 and isinstance(value, (str, list)):
            yield "one too few", value[: node[keyword] - 1]
        elif node[keyword] > 0 and isinstance(value, dict):
            yield "one too few", dict(list(value.items())[: node[keyword] - 1])

    return make


def _longer(keyword: str) -> Callable[[Node, Any], Iterator[Mutant]]:
    def make(node: Node, value: Any) -> Iterator[Mutant]:
        most = node[keyword]
        if isinstance(value, str):
            yield "one too many", (value or "d") * (most + 1)
        elif isinstance(value, list):
            yield "one too many", (value or [None]) * (most + 1)
        elif isinstance(value, dict):
            yield "one too many", {**value, **{f"{OTHER_FIELD}_{at}": 1 for at in range(most + 1)}}

    return make


def _twice(_node: Node, value: Any) -> Iterator[Mutant]:
    if isinstance(value, list):
        yield "the same item twice", [*(value or [1]), (value or [1])[0]]


def _one_more_field(_node: Node, value: Any) -> Iterator[Mutant]:
    if isinstance(value, dict):
        yield "one more field", {**value, OTHER_FIELD: 1}


_MUTATORS: Mapping[str, Callable[[Node, Any], Iterator[Mutant]]] = {
    "type": _other_types,
    "oneOf": _any_type,
    "anyOf": _any_type,
    "enum": _other_literal,
    "const": _other_literal,
    "format": _other_texts,
    "pattern": _other_texts,
    "minimum": _beyond("minimum", -1),
    "exclusiveMinimum": _beyond("exclusiveMinimum", 0),
    "maximum": _beyond("maximum", 1),
    "exclusiveMaximum": _beyond("exclusiveMaximum", 0),
    "multipleOf": _fraction,
    "minLength": _shorter("minLength"),
    "minItems": _shorter("minItems"),
    "minProperties": _shorter("minProperties"),
    "maxLength": _longer("maxLength"),
    "maxItems": _longer("maxItems"),
    "maxProperties": _longer("maxProperties"),
    "uniqueItems": _twice,
    "additionalProperties": _one_more_field,
    "unevaluatedProperties": _one_more_field,
}

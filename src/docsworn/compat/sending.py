"""What is really sent: requests of documented fields, and parameters and headers that are texts.

A caller sends the fields that OLD documents: what NEW says of a field that OLD does not name meets no
request, where OLD names fields at all. A parameter or a header is a text on the wire, so that whoever
takes any text takes any number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from docsworn.compat.changes import Change, Comparison, Direction, Verdict
from docsworn.contract.pointer import resolve, split
from docsworn.model import Severity

Compare = Callable[[Any, Any, Direction], Comparison]

_ADDED = "optional-property-added"
_SINGLE = ["string", "integer", "number", "boolean"]
_SAFE = {"strict": Verdict.SAFE, "tolerant": Verdict.SAFE}
_PARTS = ("allOf", "anyOf", "oneOf")
_CHAIN = 20


def as_sent(compare: Compare) -> Compare:
    """The same comparison, but of requests as callers make them."""

    def sent(old: Any, new: Any, direction: Direction) -> Comparison:
        found = compare(old, new, direction)
        if direction is not Direction.REQUEST or found.verdict is Verdict.SAFE:
            return found
        meaningless = [one for one in found.changes if _is_unsent(one, old, found.changes)]
        if not meaningless:
            return found
        open_new = _opened(new, [split(one.new_pointer or "") for one in meaningless])
        decided = compare(old, open_new, direction)
        changes = tuple(
            replace(one, verdicts=_SAFE, severity=Severity.INFO) if one in meaningless else one
            for one in found.changes
        )
        return replace(decided, changes=changes)

    return sent


def as_text(schema: Any) -> Any:
    """The schema of a reader of a text on the wire: of any, where it takes any text."""
    if isinstance(schema, Mapping) and {key for key in schema if not key.startswith("$")} == {"type"}:
        return {**schema, "type": _SINGLE} if schema["type"] == "string" else schema
    return schema


def _is_unsent(one: Change, old: Any, changes: Iterable[Change]) -> bool:
    """Whether a change is a field of NEW that no caller of OLD sends."""
    if not one.rule.endswith(_ADDED) or one.new_pointer is None:
        return False
    at = split(one.new_pointer)
    # The same schema of NEW may stand for fields that OLD names elsewhere: then it stays as it is.
    if any(
        split(other.new_pointer or "")[: len(at)] == at
        for other in changes
        if not other.rule.endswith(_ADDED)
    ):
        return False
    *above, name = split(one.place)
    holders = list(_at(old, old, tuple(above), _CHAIN))
    return any(holder.get("properties") for holder in holders) and not any(
        _says(holder, name) for holder in holders
    )


def _says(holder: Mapping[str, Any], name: str) -> bool:
    """Whether an object says something of a field that it does not name, or names it."""
    others = holder.get("additionalProperties", True)
    return (
        name in holder.get("properties", {})
        or others not in (True, {})
        or bool({"patternProperties", "propertyNames", "unevaluatedProperties"} & holder.keys())
    )


def _at(root: Any, schema: Any, place: tuple[str, ...], chain: int) -> Iterator[Mapping[str, Any]]:
    """The schemas that a value at a place is held to."""
    if not isinstance(schema, Mapping) or not chain:
        return
    if isinstance(schema.get("$ref"), str):
        yield from _at(root, _target(root, schema["$ref"]), place, chain - 1)
    for keyword in _PARTS:
        for part in schema.get(keyword, ()):
            yield from _at(root, part, place, chain - 1)
    if not place:
        yield schema
        return
    first, rest = place[0], place[1:]
    fields = schema.get("properties", {})
    below = [fields[first]] if first in fields else []
    if first == "*":
        below = [schema[word] for word in ("items", "additionalProperties") if word in schema]
    for child in below:
        yield from _at(root, child, rest, _CHAIN)


def _target(root: Any, reference: str) -> Any:
    try:
        return resolve(root, unquote(reference.removeprefix("#")))
    except (LookupError, ValueError):
        return None


def _opened(schema: Any, places: Iterable[tuple[str, ...]]) -> Any:
    """A copy of a schema with anything allowed at these pointers."""
    for place in places:
        schema = _with_true(schema, place)
    return schema


def _with_true(node: Any, place: tuple[str, ...]) -> Any:
    if not place:
        return True
    first, rest = place[0], place[1:]
    if isinstance(node, list):
        at = int(first)
        return [*node[:at], _with_true(node[at], rest), *node[at + 1 :]]
    return {**node, first: _with_true(node[first], rest)}

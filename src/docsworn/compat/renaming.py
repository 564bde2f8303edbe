"""Findings about a field that is gone and one that has come, told as the one rename that they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from docsworn.compat.call_changes import change
from docsworn.compat.changes import Direction, Verdict
from docsworn.compat.document import Document, Node
from docsworn.compat.places import concerns
from docsworn.compat.renames import Rename, fields_of, find_renames
from docsworn.compat.report import Found
from docsworn.compat.uses import Uses
from docsworn.contract.pointer import join, split

# Digests of the values seen at the fields of an object, by the object's place; for each side.
Values = Mapping[str, Mapping[str, frozenset[str]]]

_Object = tuple[Direction, str, str, str]

_GONE = ("property-removed", "became-optional")
_COME = ("property-added", "became-required")


def with_renames(
    found: Sequence[Found], old: Document, new: Document, values: Values, uses: Uses | None
) -> Iterator[Found]:
    """The findings with those that are two halves of a rename put together."""
    spent: set[int] = set()
    told: list[Found] = []
    halves_at: dict[_Object, list[Found]] = {}
    for one in found:
        if _half(one, (*_GONE, *_COME)):
            halves_at.setdefault(_object(one), []).append(one)
    for come in found:
        near = halves_at.get(_object(come), []) if _half(come, _COME) else []
        parent = _parents(come, near)
        if id(come) in spent or parent is None:
            continue
        before, after = (
            _node(document, pointer) for document, pointer in zip((old, new), parent, strict=True)
        )
        if before is None or after is None:
            continue
        for rename in _between(before.data, after.data, values, come):
            halves = [one for one in near if id(one) not in spent and _is_half(one, rename)]
            if halves:
                spent.update(id(one) for one in halves)
                told.append(_renamed(rename, halves, before, after, uses))
    yield from (one for one in found if id(one) not in spent)
    yield from told


def _half(one: Found, ends: tuple[str, ...]) -> bool:
    return one.change.rule.endswith(ends) and "unnamed" not in one.change.rule and bool(one.reached)


def _object(one: Found) -> _Object:
    """The object that a change of a field happened in: direction, operation, part, place."""
    first = one.reached[0]
    return one.direction, first.operation, first.part, join(*split(first.place)[:-1])


def _name(one: Found) -> str:
    return (
        (*split(one.reached[0].place), "")[-1]
        if not one.reached[0].place
        else split(one.reached[0].place)[-1]
    )


def _parents(come: Found, found: Sequence[Found]) -> tuple[str, str] | None:
    """The pointers of the old and the new object, where one field came and one went."""
    for gone in found:
        if _half(gone, _GONE) and _name(gone) != _name(come):
            old, new = _holder(gone.change.old_pointer), _holder(come.change.new_pointer)
            if old is not None and new is not None:
                return old, new
    return None


def _holder(pointer: str | None) -> str | None:
    """The pointer of the object whose field, or which itself, a pointer names."""
    if pointer is None:
        return None
    parts = split(pointer)
    return join(*parts[:-2]) if len(parts) >= 2 and parts[-2] == "properties" else pointer


def _node(document: Document, pointer: str) -> Node | None:
    node = Node(document.raw.data, "").get(*split(pointer))
    return None if node is None else document.follow(node)


def _between(old: Any, new: Any, values: Values, come: Found) -> Sequence[Rename]:
    """The renames between two objects; an alias of a new name is no field of its own."""
    place = _object(come)[-1]
    before, after = fields_of(old, values.get(place)), fields_of(new, values.get(place))
    aliases = {name for name in after if "x-alias-of" in _mapping(after[name].schema)}
    gone = [field for name, field in before.items() if name not in after or name in aliases]
    new_ones = [field for name, field in after.items() if name not in before and name not in aliases]
    return find_renames(gone, new_ones)


def _mapping(schema: Any) -> Mapping[str, Any]:
    return schema if isinstance(schema, Mapping) else {}


def _is_half(one: Found, rename: Rename) -> bool:
    return (_half(one, _GONE) and _name(one) == rename.old) or (
        _half(one, _COME) and _name(one) == rename.new
    )


def _renamed(rename: Rename, halves: Sequence[Found], before: Node, after: Node, uses: Uses | None) -> Found:
    """One finding of its two halves: who reads the old name no longer finds it."""
    gone = next((one for one in halves if _name(one) == rename.old), halves[0])
    place = _object(gone)[-1] + join(rename.old)
    one = change(
        f"{gone.direction}-property-renamed",
        before.get("properties", rename.old),
        after.get("properties", rename.new),
        place,
        old=rename.old,
        new=rename.new,
    )
    witness = next((half.witness for half in halves if half.witness is not None), None)
    return replace(
        gone,
        change=one,
        verdict=Verdict.BREAKING,
        evidence=(f"taken for a rename with {rename.sureness} confidence", *rename.evidence),
        witness=witness,
        used=uses is None or gone.direction is Direction.REQUEST or concerns(uses, one),
    )

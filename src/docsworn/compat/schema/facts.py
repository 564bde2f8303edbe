"""What differs between two views of a node itself; what lies below is the diff's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from docsworn.compat.schema.frozen import Frozen, thaw
from docsworn.compat.schema.view import Bound, View

_LONGEST = 60

_COUNTS: Mapping[str, str] = {
    "minLength": "min-length", "maxLength": "max-length", "minItems": "min-items", "maxItems": "max-items",
    "minProperties": "min-properties", "maxProperties": "max-properties", "minContains": "min-contains",
    "maxContains": "max-contains",
}  # fmt: skip
_SETS: Mapping[str, str] = {"pattern": "pattern", "format": "format", "multipleOf": "multiple-of"}


@dataclass(frozen=True, slots=True)
class Fact:
    """One difference: the rule's name without direction and area, the keyword that says it, what the message
    names, and the field below the node that it is about, if any.

    ``widens`` overrides what the rule's name says about the set of bodies, where the node tells more.
    """

    name: str
    keyword: str
    details: Mapping[str, str] = field(default_factory=dict)
    below: str | None = None
    widens: bool | None = None


def facts(old: View, new: View) -> Iterator[Fact]:
    """The differences of two views, in the order of the rule table."""
    yield from _types(old, new)
    yield from _values(old, new)
    yield from _bounds("min", "minimum", old.low, new.low)
    yield from _bounds("max", "maximum", old.high, new.high)
    for keyword, name in _COUNTS.items():
        one, other = old.counts.get(keyword), new.counts.get(keyword)
        yield from _moved(name, keyword, one, other, str(one), str(other))
    for keyword, name in _SETS.items():
        yield from _set(name, keyword, old.sets.get(keyword, ()), new.sets.get(keyword, ()))
    if old.unique != new.unique:
        yield Fact(f"unique-items-{'added' if new.unique else 'removed'}", "uniqueItems")
    yield from _fields(old, new)
    yield from _closing(old, new)
    yield from _dependencies(old, new)
    marks = [(side.discriminator,) if side.discriminator else () for side in (old, new)]
    yield from _set("discriminator", "discriminator", *marks)


def _types(old: View, new: View) -> Iterator[Fact]:
    if old.nullable != new.nullable and not (old.types is None and new.types is None):
        if new.nullable and old.types is not None:
            yield Fact("became-nullable", "type")
        elif old.nullable and new.types is not None:
            yield Fact("became-not-nullable", "type")
    if old.types == new.types:
        return
    one, other = _spread(old.types), _spread(new.types)
    details = {"old": _listed(old.types), "new": _listed(new.types)}
    if new.types is None or (old.types is not None and one < other):
        yield Fact("type-widened", "type", details)
    elif old.types is None or other < one:
        yield Fact("type-narrowed", "type", details)
    else:
        yield Fact("type-changed", "type", details)


def _spread(types: frozenset[str] | None) -> frozenset[str]:
    if types is None:
        return frozenset()
    return types | ({"integer"} if "number" in types else frozenset())


def _listed(types: frozenset[str] | None) -> str:
    return "any" if types is None else ", ".join(sorted(types)) or "none"


def _values(old: View, new: View) -> Iterator[Fact]:
    keyword = (
        "const" if "const" in {*old.where, *new.where} and "enum" not in {*old.where, *new.where} else "enum"
    )
    if old.values is None or new.values is None:
        if old.values != new.values:
            yield Fact(f"{keyword}-{'added' if old.values is None else 'removed'}", keyword)
        return
    gone = [value for value in old.values if value not in new.values]
    come = [value for value in new.values if value not in old.values]
    if keyword == "const" and gone and come:
        yield Fact("const-changed", keyword, {"old": word(gone[0]), "new": word(come[0])})
        return
    for value in gone:
        yield Fact("enum-value-removed", keyword, {"value": word(value)})
    for value in come:
        yield Fact("enum-value-added", keyword, {"value": word(value)})


def word(value: Frozen) -> str:
    """A value of a contract as its JSON, cut where it is long."""
    text = json.dumps(thaw(value), ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _bounds(name: str, keyword: str, old: Bound | None, new: Bound | None) -> Iterator[Fact]:
    # An exclusive lower bound is a little higher, an exclusive upper bound a little lower.
    sign = 1 if name == "min" else -1
    one = None if old is None else (old[0], sign * old[1])
    other = None if new is None else (new[0], sign * new[1])
    yield from _moved(name, keyword, one, other, _bound(old), _bound(new))


def _bound(bound: Bound | None) -> str:
    if bound is None:
        return "none"
    number = f"{float(bound[0]):g}" if bound[0].denominator > 1 else str(bound[0])
    return f"{number} (exclusive)" if bound[1] else number


def _moved(name: str, keyword: str, one: object, other: object, said: str, says: str) -> Iterator[Fact]:
    """The fact of a bound that was set, unset, or moved."""
    if one == other:
        return
    kind = "set" if one is None else "unset" if other is None else None
    kind = kind or ("increased" if other > one else "decreased")  # type: ignore[operator]
    yield Fact(f"{name}-{kind}", keyword, {"keyword": keyword, "old": said, "new": says})


def _set(name: str, keyword: str, old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[Fact]:
    gone = [each for each in old if each not in new]
    come = [each for each in new if each not in old]
    if gone and come:
        yield Fact(f"{name}-changed", keyword, {"old": ", ".join(gone), "new": ", ".join(come)})
    elif gone or come:
        kind = "removed" if gone else "added"
        yield Fact(f"{name}-{kind}", keyword, {"old": ", ".join(gone), "new": ", ".join(come)})


def _fields(old: View, new: View) -> Iterator[Fact]:
    for name in old.properties:
        if name not in new.properties:
            kind = "required" if name in old.required else "optional"
            yield Fact(f"{kind}-property-removed", "properties", {"name": name}, name, not new.closed)
    for name in new.properties:
        if name not in old.properties:
            kind = "required" if name in new.required else "optional"
            yield Fact(f"{kind}-property-added", "properties", {"name": name}, name, old.closed)
    # A field that comes or goes with its name tells of its being required itself.
    lone = set(old.properties) ^ set(new.properties)
    for name in (*old.required, *new.required):
        if (name in old.required) != (name in new.required) and name not in lone:
            kind = "optional" if name in old.required else "required"
            yield Fact(f"became-{kind}", "required", {"name": name}, name)


def _closing(old: View, new: View) -> Iterator[Fact]:
    for keyword, name in (
        ("additionalProperties", "additional-properties"),
        ("unevaluatedProperties", "unevaluated-properties"),
        ("unevaluatedItems", "unevaluated-items"),
        ("items", "additional-items"),
    ):
        one, other = _is_false(old, keyword), _is_false(new, keyword)
        if one != other:
            yield Fact(f"{name}-{'forbidden' if other else 'allowed'}", keyword)


def _is_false(view: View, keyword: str) -> bool:
    return any(spot.schema is False for spot in view.parts.get(keyword, ()))


def _dependencies(old: View, new: View) -> Iterator[Fact]:
    for name in dict.fromkeys([*old.dependent_required, *new.dependent_required]):
        one = old.dependent_required.get(name, frozenset())
        other = new.dependent_required.get(name, frozenset())
        if one - other:
            yield Fact("dependent-required-removed", "dependentRequired", {"name": name})
        if other - one:
            yield Fact("dependent-required-added", "dependentRequired", {"name": name})

"""What ``unevaluatedProperties`` and ``unevaluatedItems`` speak of, told without a body.

A schema with branches is the union of the ways in which its branches may hold; for each way it is known
which fields and items they have looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from docsworn.compat.schema.dialects import reads
from docsworn.compat.schema.documents import Spot
from docsworn.compat.schema.forms import Form, Kind, Pool

if TYPE_CHECKING:
    from docsworn.compat.schema.lower import Lowering

_MOST_WAYS = 256


@dataclass(frozen=True, slots=True)
class Seen:
    """What was looked at: names as forms, so many first items (None: all), and items that fit a form."""

    names: tuple[Form, ...] = ()
    first: int | None = 0
    fitting: tuple[Form, ...] = ()

    def joined(self, other: Seen) -> Seen:
        """What one or the other looked at."""
        first = None if self.first is None or other.first is None else max(self.first, other.first)
        return Seen((*self.names, *other.names), first, (*self.fitting, *other.fitting))


Way = tuple[Form, Seen]


def fields_left(pool: Pool, seen: Seen, rest: Form) -> Form:
    """The fields that nothing looked at fit the rest."""
    return pool.each(pool.negated(pool.any(seen.names)), rest)


def items_left(pool: Pool, seen: Seen, rest: Form) -> Form:
    """The items that nothing looked at fit the rest."""
    if seen.first is None:
        return pool.anything
    return pool.items(seen.first, None, pool.any([rest, *seen.fitting]))


def variants(lowering: Lowering, spot: Spot) -> Sequence[Way] | None:
    """The ways in which the branches of a schema may hold; None where it leads to itself, or for too many.

    ``spot`` is the schema that has the unevaluated keyword, whose own such keywords do not count.
    """
    try:
        return _ways(lowering, spot, frozenset(), top=True)
    except _TooManyError:
        return None


class _TooManyError(ValueError):
    """More ways than are looked at, or endlessly many."""


def _ways(
    lowering: Lowering, spot: Spot, above: frozenset[tuple[str, str]], *, top: bool = False
) -> list[Way]:
    if not isinstance(spot.schema, Mapping):
        return [(lowering.pool.anything, Seen())]
    if spot.key in above:
        raise _TooManyError
    above |= {spot.key}
    groups = [
        group
        for keyword in _BRANCHING
        if keyword in spot.schema and reads(lowering.document.dialect, keyword)
        for group in _groups(lowering, spot, keyword, above)
    ]
    own = (lowering.pool.anything, _own(lowering, spot, top=top))
    return _product(lowering.pool, [[own], *groups])


def _product(pool: Pool, groups: Sequence[Sequence[Way]]) -> list[Way]:
    ways: dict[Way, None] = {}
    for chosen in product(*(dict.fromkeys(group) for group in groups)):
        seen = Seen()
        for _, part in chosen:
            seen = seen.joined(part)
        ways[pool.all(condition for condition, _ in chosen), seen] = None
        if len(ways) > _MOST_WAYS:
            raise _TooManyError
    return list(ways)


def _own(lowering: Lowering, spot: Spot, *, top: bool) -> Seen:
    pool, schema, dialect = lowering.pool, spot.schema, lowering.document.dialect
    names = [pool.names(schema.get("properties", ()))]
    names += [pool.make(Kind.MATCHES, pattern) for pattern in schema.get("patternProperties", ())]
    if "additionalProperties" in schema or (not top and "unevaluatedProperties" in schema):
        names = [pool.anything]
    items, first = schema.get("items"), 0
    every = not top and "unevaluatedItems" in schema
    if isinstance(items, list) and dialect.age < 20:
        first = len(items)
        every = every or "additionalItems" in schema
    elif items is not None:
        every = True
    elif reads(dialect, "prefixItems"):
        first = len(schema.get("prefixItems", ()))
    fitting: tuple[Form, ...] = ()
    if "contains" in schema and reads(dialect, "unevaluatedItems"):
        fitting = (_contained(pool, lowering.child(spot, "contains"), dialect.age),)
    kept = tuple(name for name in names if name is not pool.nothing)
    return Seen(kept, None if every else first, fitting)


def _contained(pool: Pool, form: Form, age: int) -> Form:
    """The items that ``contains`` has looked at; in 2019-09 only validators say so."""
    doubt = pool.make(Kind.OPAQUE, "contains beside unevaluatedItems in 2019-09")
    return form if age >= 20 else pool.all([form, doubt])


def _groups(
    lowering: Lowering, spot: Spot, keyword: str, above: frozenset[tuple[str, str]]
) -> list[list[Way]]:
    """One group a choice: of each exactly one way holds."""
    pool = lowering.pool

    def held(*path: str | int) -> list[Way]:
        form = lowering.child(spot, *path)
        below = _ways(lowering, lowering.document.child(spot, *path), above)
        return [(pool.all([form, condition]), seen) for condition, seen in below]

    def failed(*path: str | int) -> Way:
        return (pool.negated(lowering.child(spot, *path)), Seen())

    value = spot.schema[keyword]
    if keyword in ("$ref", "$dynamicRef", "$recursiveRef"):
        target = lowering.target(spot, keyword)
        if target is None:
            raise _TooManyError
        return [_ways(lowering, target, above)]
    if keyword == "allOf":
        return [held(keyword, at) for at in range(len(value))]
    if keyword == "anyOf":
        return [[*held(keyword, at), failed(keyword, at)] for at in range(len(value))]
    if keyword == "oneOf":
        return [[way for at in range(len(value)) for way in held(keyword, at)]]
    if keyword == "if":
        then = held("then") if "then" in spot.schema else [(pool.anything, Seen())]
        other = held("else") if "else" in spot.schema else [(pool.anything, Seen())]
        passed = _product(pool, [held("if"), then])
        return [[*passed, *_product(pool, [[failed("if")], other])]]
    return [[*held(keyword, name), (pool.each(pool.names([name]), pool.nothing), Seen())] for name in value]


_BRANCHING = ("$ref", "$dynamicRef", "$recursiveRef", "allOf", "anyOf", "oneOf", "if", "dependentSchemas")

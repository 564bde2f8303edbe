"""From the keywords that speak of one value alone to forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from docsworn.compat.schema.documents import Spot
from docsworn.compat.schema.formats import binds
from docsworn.compat.schema.forms import Form, Kind, Pool
from docsworn.compat.schema.frozen import fraction, freeze

if TYPE_CHECKING:
    from docsworn.compat.schema.lower import Lowering

# A set of characters so many times, and nothing else.
_COUNTED = re.compile(
    r"\^(\[(?:[^\]\\]|\\.)+\]|\\[dDwWsS]|\.|[0-9A-Za-z])\{([0-9]{1,9})(,([0-9]{1,9})?)?\}\$", re.ASCII
)

Maker = Callable[["Lowering", Spot, str], Form]

_TYPES: Mapping[str, tuple[str, ...]] = {
    "null": ("null",),
    "boolean": ("boolean",),
    "number": ("int", "frac", "pointed"),
    "string": ("string",),
    "array": ("array",),
    "object": ("object",),
}


def type_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """The classes of values that ``type`` names."""
    named = spot.schema[keyword]
    classes: set[str] = set()
    parts = []
    for name in named if isinstance(named, list) else [named]:
        if isinstance(name, Mapping):  # draft-03 style; no later validator reads it
            return lowering.pool.make(Kind.OPAQUE, "a schema inside type")
        if name == "integer":
            classes.update(("int",) if lowering.document.dialect.age == 4 else ("int", "pointed"))
        elif name == "any":
            return lowering.pool.make(Kind.OPAQUE, "type any")
        else:
            classes.update(_TYPES.get(name, ()))
    parts.append(lowering.pool.types(classes) if classes else lowering.pool.nothing)
    return lowering.pool.all(parts)


def enum_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """The values of a list."""
    return lowering.pool.values(freeze(value) for value in spot.schema[keyword])


def const_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """One value."""
    return lowering.pool.values([freeze(spot.schema[keyword])])


def bound_form(kind: Kind, exclusive: str) -> Maker:
    """A bound, exclusive where the keyword beside it says so."""

    def make(lowering: Lowering, spot: Spot, keyword: str) -> Form:
        strict = spot.schema.get(exclusive) is True
        return lowering.pool.make(kind, fraction(spot.schema[keyword]), strict)

    return make


def exclusive_form(kind: Kind) -> Maker:
    """An exclusive bound."""

    def make(lowering: Lowering, spot: Spot, keyword: str) -> Form:
        value = spot.schema[keyword]
        if isinstance(value, bool):
            return lowering.pool.anything
        return lowering.pool.make(kind, fraction(value), True)

    return make


def multiple_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """A step."""
    return lowering.pool.make(Kind.MULTIPLE, abs(fraction(spot.schema[keyword])))


def least_form(kind: Kind) -> Maker:
    """At least so many."""

    def make(lowering: Lowering, spot: Spot, keyword: str) -> Form:
        least = int(spot.schema[keyword])
        return lowering.pool.make(kind, least, None) if least > 0 else lowering.pool.anything

    return make


def most_form(kind: Kind) -> Maker:
    """At most so many."""

    def make(lowering: Lowering, spot: Spot, keyword: str) -> Form:
        return lowering.pool.make(kind, 0, int(spot.schema[keyword]))

    return make


def pattern_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """A pattern that is searched."""
    return searched(lowering.pool, spot.schema[keyword])


def searched(pool: Pool, pattern: str) -> Form:
    """The form of a pattern; characters of one set counted in a pattern are a set and a length."""
    counted = _COUNTED.fullmatch(pattern)
    if counted is None:
        return pool.make(Kind.MATCHES, pattern)
    chars, low, comma, high = counted.groups()
    least = int(low)
    most = int(high) if high else None if comma else least
    if most is not None and least > most:  # no engine knows it
        return pool.make(Kind.MATCHES, pattern)
    return pool.all([pool.make(Kind.MATCHES, f"^{chars}*$"), pool.make(Kind.LENGTH, least, most)])


def format_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """A format, where it binds."""
    name = spot.schema[keyword]
    bound = lowering.formats and binds(name, lowering.document.dialect.age)
    return lowering.pool.make(Kind.FORMAT, name) if bound else lowering.pool.anything


def unique_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """Items that all differ."""
    return lowering.pool.make(Kind.UNIQUE) if spot.schema[keyword] is True else lowering.pool.anything

"""From the keywords that hold schemas to forms: items, fields, combinations, references."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from docsworn.compat.schema.dialects import reads
from docsworn.compat.schema.documents import Spot
from docsworn.compat.schema.forms import Form, Kind, Pool

if TYPE_CHECKING:
    from docsworn.compat.schema.lower import Lowering


def items_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """The items, or those after the first ones."""
    pool, schema = lowering.pool, spot.schema
    if isinstance(schema[keyword], list) and lowering.document.dialect.age < 20:
        return pool.all(
            pool.items(at, at + 1, lowering.child(spot, keyword, at)) for at in range(len(schema[keyword]))
        )
    prefix = schema.get("prefixItems") if reads(lowering.document.dialect, "prefixItems") else None
    return pool.items(len(prefix or ()), None, lowering.child(spot, keyword))


def additional_items_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """The items after a tuple."""
    before = spot.schema.get("items")
    if not isinstance(before, list):
        return lowering.pool.anything
    return lowering.pool.items(len(before), None, lowering.child(spot, keyword))


def prefix_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """The first items, each by its own schema."""
    count = range(len(spot.schema[keyword]))
    pool = lowering.pool
    return pool.all(pool.items(at, at + 1, lowering.child(spot, keyword, at)) for at in count)


def contains_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """Items of which so many fit."""
    bounds = reads(lowering.document.dialect, "minContains")
    least = int(spot.schema.get("minContains", 1)) if bounds else 1
    most = spot.schema.get("maxContains") if bounds else None
    form = lowering.child(spot, keyword)
    return lowering.pool.make(Kind.CONTAINS, form, least, None if most is None else int(most))


def properties_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """Fields by name."""
    pool = lowering.pool
    return pool.all(
        pool.each(pool.names([name]), lowering.child(spot, keyword, name)) for name in spot.schema[keyword]
    )


def patterns_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """Fields by patterns of their names."""
    pool = lowering.pool
    return pool.all(
        pool.each(pool.make(Kind.MATCHES, pattern), lowering.child(spot, keyword, pattern))
        for pattern in spot.schema[keyword]
    )


def other_names(pool: Pool, schema: Mapping[str, Any]) -> Form:
    """The names that neither ``properties`` nor ``patternProperties`` has."""
    named = pool.names(schema.get("properties", ()))
    patterns = [pool.make(Kind.MATCHES, pattern) for pattern in schema.get("patternProperties", ())]
    return pool.negated(pool.any([named, *patterns]))


def additional_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """All other fields."""
    return lowering.pool.each(other_names(lowering.pool, spot.schema), lowering.child(spot, keyword))


def names_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """The names of fields."""
    pool = lowering.pool
    return pool.each(pool.negated(lowering.child(spot, keyword)), pool.nothing)


def required_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """Fields that must be there."""
    required = spot.schema[keyword]
    if not isinstance(required, list):  # draft-03's boolean
        return lowering.pool.anything
    return lowering.pool.all(lowering.pool.has(name) for name in required)


def dependent_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """What is asked where a field is there."""
    pool = lowering.pool
    parts = []
    for name, needs in spot.schema[keyword].items():
        if isinstance(needs, list):
            wanted = pool.all(pool.has(each) for each in needs)
        elif isinstance(needs, str):
            wanted = pool.has(needs)
        else:
            wanted = lowering.child(spot, keyword, name)
        # For another value than an object `has` holds, and the rule must not.
        lacks = pool.each(pool.names([name]), pool.nothing)
        parts.append(pool.any([pool.not_of("object"), lacks, wanted]))
    return pool.all(parts)


def all_of_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """All of some schemas."""
    return lowering.pool.all(lowering.child(spot, keyword, at) for at in range(len(spot.schema[keyword])))


def any_of_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """At least one of some schemas."""
    return lowering.pool.any(lowering.child(spot, keyword, at) for at in range(len(spot.schema[keyword])))


def one_of_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """Exactly one of some schemas."""
    return lowering.pool.one(lowering.child(spot, keyword, at) for at in range(len(spot.schema[keyword])))


def not_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """Not a schema."""
    return lowering.pool.negated(lowering.child(spot, keyword))


def if_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """What is asked if a schema holds, and else."""
    pool = lowering.pool
    condition = lowering.child(spot, keyword)
    then = lowering.child(spot, "then") if "then" in spot.schema else pool.anything
    other = lowering.child(spot, "else") if "else" in spot.schema else pool.anything
    return pool.all([pool.any([pool.negated(condition), then]), pool.any([condition, other])])


def reference_form(lowering: Lowering, spot: Spot, keyword: str) -> Form:
    """The schema that a reference leads to."""
    target = lowering.target(spot, keyword)
    if target is None:
        return lowering.pool.make(Kind.OPAQUE, f"{keyword} across resources")
    return lowering.lower(target)

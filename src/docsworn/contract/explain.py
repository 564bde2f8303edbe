"""Validation errors of jsonschema-rs as breaches of promises: the place, the keyword, the shape seen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import jsonschema_rs

from docsworn.contract.breach import Breach
from docsworn.contract.places import Location, Places
from docsworn.contract.pointer import join
from docsworn.contract.promises import KIND_OF_KEYWORD, values_in_words
from docsworn.contract.shape import describe, field_name, observed_value
from docsworn.contract.unions import Chooser, fits_type
from docsworn.model import Kind, Promise, Severity

_STEPS_TO_VALUES = frozenset(
    {"items", "prefixItems", "additionalProperties", "patternProperties", "contains"}
)
_STEPS_WITH_ARGUMENT = frozenset({
    "prefixItems", "patternProperties", "allOf", "anyOf", "oneOf", "dependentSchemas",
})  # fmt: skip


def explain(places: Places, errors: Iterable[jsonschema_rs.ValidationError]) -> Iterator[Breach]:
    """One breach for each error that matters; a union is explained by the branch that was meant."""
    seen: set[tuple[str, str]] = set()
    for breach in _breaches(places, Chooser(places), errors):
        key = (breach.promise.id, breach.pointer)
        if key not in seen:
            seen.add(key)
            yield breach


def _breaches(
    places: Places, chooser: Chooser, errors: Iterable[jsonschema_rs.ValidationError]
) -> Iterator[Breach]:
    for error in errors:
        contexts = list(getattr(error.kind, "context", None) or ())
        branches = _branches(places, error, len(contexts)) if contexts else ()
        value: Any = error.instance
        foreign = chooser.foreign_literal(branches, value) if isinstance(value, dict) else None
        if foreign is not None:
            yield _foreign(places, error, value, *foreign)
            continue
        meant = _meant(places, chooser, branches, value)
        if meant is None:
            yield _breach(places, error)
        else:
            yield from _breaches(places, chooser, contexts[meant])


def _branches(places: Places, error: jsonschema_rs.ValidationError, count: int) -> tuple[int, ...]:
    """The places of the branches that a failed union has, in the order of its errors."""
    location = tuple(error.schema_path[:-1])
    place = next((place for place in places.all if place.location == location), None)
    if place is None or len(place.branches) < count:
        return ()
    return place.branches[:count] if error.schema_path[-1] == "oneOf" else place.branches[-count:]


def _meant(places: Places, chooser: Chooser, branches: tuple[int, ...], value: Any) -> int | None:
    """Which branch of a failed union to explain; None where the union itself says it best."""
    if not branches:
        return None
    meant = chooser.choose(branches, value)
    if not fits_type(places, meant, value):
        return None
    rivals = sum(fits_type(places, branch, value) for branch in branches)
    if isinstance(value, dict) and rivals > 1 and not chooser.resembles(meant, value):
        return None
    return branches.index(meant)


def _foreign(
    places: Places,
    error: jsonschema_rs.ValidationError,
    value: dict[str, Any],
    name: str,
    allowed: list[Any],
) -> Breach:
    """A literal that names no branch: told at its own place, with the values that would."""
    pattern = (*pattern_of(error.evaluation_path[:-1]), name)
    promise = _promise(places, tuple(error.schema_path), pattern[:-1])
    documented = values_in_words(allowed)
    return Breach(promise, Kind.ENUM, join(*pattern), observed_value(value[name]), documented=documented)


def _breach(places: Places, error: jsonschema_rs.ValidationError) -> Breach:
    keyword = str(error.schema_path[-1])
    pattern = pattern_of(error.evaluation_path[:-1])
    location: Location = tuple(error.schema_path)
    observed = _observed(keyword, error)
    if keyword == "required":
        name = str(getattr(error.kind, "property", "*"))
        location, pattern = (*location, name), (*pattern, name)
    elif keyword == "additionalProperties" and observed != "undocumented fields":
        pattern = (*pattern, observed)
        observed = "undocumented field"
    promise = _promise(places, location, pattern)
    # Where the page cannot say that a value may be null, a null is worth a word and no more.
    doubtful = error.instance is None and location[:-1] in places.maybe_null
    severity = Severity.WARNING if doubtful else None
    return Breach(promise, KIND_OF_KEYWORD.get(keyword, promise.kind), join(*pattern), observed, severity)


def _promise(places: Places, location: Location, pattern: Sequence[str]) -> Promise:
    """The promise of a keyword at its place; where recursion goes deeper, that of its first place."""
    found = places.by_location.get(location)
    if not found:
        return places.fallback
    pointer = join(*pattern)
    return next((promise for promise in found if promise.pointer == pointer), found[0])


def pattern_of(evaluation_path: Sequence[str | int]) -> tuple[str, ...]:
    """The instance place that a dynamic schema path leads to, as a pattern."""
    pattern: list[str] = []
    steps = iter(evaluation_path)
    for step in steps:
        if step == "properties":
            pattern.append(str(next(steps, "")))  # jsonschema-rs leaves empty names out
        else:
            if step in _STEPS_TO_VALUES:
                pattern.append("*")
            if step in _STEPS_WITH_ARGUMENT:
                next(steps, None)
    return tuple(pattern)


def _observed(keyword: str, error: jsonschema_rs.ValidationError) -> str:
    value: Any = error.instance
    if keyword == "required":
        return "no such field"
    if keyword in ("enum", "const"):
        return observed_value(value)
    if keyword == "additionalProperties":
        names = list(getattr(error.kind, "unexpected", ()))
        return field_name(names[0]) if len(names) == 1 else "undocumented fields"
    if isinstance(value, str) and keyword in ("minLength", "maxLength", "pattern", "format"):
        return f"string of {len(value)} characters"
    return describe(value)

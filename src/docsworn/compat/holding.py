"""A value of a schema with another value at a place in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from docsworn.compat.sameness import reference_name
from docsworn.compat.sampling import NoSample, Sampler

Place = tuple[str, ...]

_CHAIN = 30
_KEY = "docsworn"  # in a map


def holding(schema: Any, place: Place, value: Any, sampler: Sampler, chain: int = _CHAIN) -> Any:
    """A value that is probably valid and has this one at the place; NoSample where none is found simply."""
    if not place:
        return value
    name = reference_name(schema)
    if name is not None and chain:
        return holding(sampler.define(name), place, value, sampler, chain - 1)
    if not isinstance(schema, Mapping) or name is not None:
        raise NoSample
    child = _child(schema, place[0])
    if child is not None:
        return _put(schema, place, holding(child, place[1:], value, sampler), sampler)
    for part in _parts(schema):
        try:
            made = holding(part, place, value, sampler, chain - 1)
        except NoSample:
            continue
        return {**_whole(schema, sampler), **made} if isinstance(made, dict) and "allOf" in schema else made
    raise NoSample


def found(body: Any, place: Place) -> Any:
    """What stands at a place of a value that ``holding`` gave; None where nothing does."""
    for part in place:
        if isinstance(body, list) and body:
            body = body[0]
        elif isinstance(body, dict):
            body = body.get(_KEY if part == "*" else part)
        else:
            return None
    return body


def _child(schema: Mapping[str, Any], part: str) -> Any:
    if part == "*":
        return next((schema[word] for word in ("items", "additionalProperties") if word in schema), None)
    return schema.get("properties", {}).get(part)


def _put(schema: Mapping[str, Any], place: Place, child: Any, sampler: Sampler) -> Any:
    if place[0] != "*":
        return {**_whole(schema, sampler), place[0]: child}
    if "items" in schema:
        return [child] * max(1, schema.get("minItems", 1))
    return {**_whole(schema, sampler), _KEY: child}


def _whole(schema: Mapping[str, Any], sampler: Sampler) -> dict[str, Any]:
    """The fields that a value needs, as far as they are found."""
    try:
        made = sampler.sample({**schema, "type": "object"})
    except NoSample:
        return {}
    return made if isinstance(made, dict) else {}


def _parts(schema: Mapping[str, Any]) -> Iterator[Any]:
    """The schemas of the same value in which the place may be."""
    if isinstance(schema.get("$ref"), str):
        yield {"$ref": schema["$ref"]}
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(keyword, ())

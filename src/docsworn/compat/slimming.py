"""Two schemas without what is alike in both: it decides nothing, and most of a changed object is that.

A field that both sides describe alike, and that hangs on no other, is in a body that tells them apart
whatever it is: left out where it may be, else one value of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from docsworn.compat.sampling import NoSample, sample
from docsworn.compat.wording import same_words

# Beside these alone a field hangs on no other.
_PLAIN = frozenset({
    "type", "properties", "required", "items", "additionalProperties", "minItems", "maxItems", "format",
    "$defs",
})  # fmt: skip
_DEPTH = 30

Sides = tuple[Any, Any]


def slimmed(sides: Sides, reads: int, define: Callable[[str], Any], depth: int = _DEPTH) -> Sides:
    """Two schemas that a body tells apart just where it tells these apart; ``reads`` is the reader's."""
    old, new = sides
    if not depth or not _is_plain(old) or not _is_plain(new):
        return sides
    made: tuple[dict[str, Any], dict[str, Any]] = dict(old), dict(new)
    if "properties" in old and "properties" in new:
        made[0]["properties"], made[1]["properties"] = _fields((old, new), reads, define, depth)
        _leave_out(made[1 - reads], made[reads], define)
    if "items" in old and "items" in new:
        made[0]["items"], made[1]["items"] = slimmed((old["items"], new["items"]), reads, define, depth - 1)
    return made


def _is_plain(schema: Any) -> bool:
    return isinstance(schema, Mapping) and schema.keys() <= _PLAIN


def _leave_out(writer: dict[str, Any], reader: Mapping[str, Any], define: Callable[[str], Any]) -> None:
    """What only the writer names says nothing to a reader who takes any other field."""
    if reader.get("additionalProperties", True) not in (True, {}):
        return
    needed = frozenset(writer.get("required", ()))
    writer["properties"] = {
        name: one
        if name in reader["properties"]
        else _one_of(one, define)
        if name in needed
        else _roughly(one)
        for name, one in writer["properties"].items()
    }


def _fields(
    sides: Sides, reads: int, define: Callable[[str], Any], depth: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    fields = dict(sides[0]["properties"]), dict(sides[1]["properties"])
    needed = [frozenset(side.get("required", ())) for side in sides]
    for name, one in sides[0]["properties"].items():
        if name not in fields[1]:
            continue
        other = fields[1][name]
        if not same_words(one, other):
            fields[0][name], fields[1][name] = slimmed((one, other), reads, define, depth - 1)
        elif all(name not in side for side in needed):
            fields[0][name] = fields[1][name] = True
        elif all(name in side for side in needed):
            fields[0][name] = fields[1][name] = _one_of(one, define)
    return fields


def _one_of(schema: Any, define: Callable[[str], Any]) -> Any:
    try:
        return {"const": sample(schema, define)}
    except NoSample:
        return schema


def _roughly(schema: Any) -> Any:
    """A wider schema that still says something, as a field that came does."""
    return {"type": schema["type"]} if isinstance(schema, Mapping) and "type" in schema else schema

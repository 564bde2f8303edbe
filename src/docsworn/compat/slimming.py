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


def slimmed(old: Any, new: Any, define: Callable[[str], Any], depth: int = _DEPTH) -> Sides:
    """Two schemas that a body tells apart just where it tells these apart."""
    if not depth or not _is_plain(old) or not _is_plain(new):
        return old, new
    sides: tuple[dict[str, Any], dict[str, Any]] = dict(old), dict(new)
    if "properties" in old and "properties" in new:
        sides[0]["properties"], sides[1]["properties"] = _fields(old, new, define, depth)
    if "items" in old and "items" in new:
        sides[0]["items"], sides[1]["items"] = slimmed(old["items"], new["items"], define, depth - 1)
    return sides


def _is_plain(schema: Any) -> bool:
    return isinstance(schema, Mapping) and schema.keys() <= _PLAIN


def _fields(
    old: Mapping[str, Any], new: Mapping[str, Any], define: Callable[[str], Any], depth: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    fields = dict(old["properties"]), dict(new["properties"])
    needed = [frozenset(side.get("required", ())) for side in (old, new)]
    for name, one in old["properties"].items():
        if name not in fields[1]:
            continue
        other = fields[1][name]
        if not same_words(one, other):
            fields[0][name], fields[1][name] = slimmed(one, other, define, depth - 1)
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

"""What is usual of words, strings and numbers at a place, within what is documented, as JSON Schema."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from docsworn.contract.forms import LONGEST, LOOSE, pattern_of
from docsworn.contract.look import QUARTERS, Sort
from docsworn.observe.pieces import Schema, both
from docsworn.observe.usual import Usual, bounds

# Types of which an enum may list all values beside its words.
_LISTABLE: Mapping[str, tuple[bool | None, ...]] = {"null": (None,), "boolean": (False, True)}


def one_or_list(types: Iterable[str]) -> str | list[str]:
    """Types as ``type`` has them."""
    named = sorted(types)
    return named[0] if len(named) == 1 else named


def documented_values(documented: Mapping[str, Any]) -> list[Any] | None:
    """The values that are documented; None where no enum or constant says so."""
    listed = documented.get("enum")
    if "const" not in documented:
        return listed
    value = documented["const"]
    return [value] if listed is None or _is_in(value, listed) else []


def with_words(
    schema: Schema, usual: Usual, types: frozenset[str], documented: list[Any] | None
) -> Schema | None:
    """The schema with what is usual of strings and of enums; None where no word is documented."""
    if usual.is_enum:
        words: list[Any] = sorted(usual.words.values()) if "string" in types else []
        rest = types - {"string"}
        if rest <= _LISTABLE.keys():
            words += [value for each in sorted(rest) for value in _LISTABLE[each]]
            listed = [each for each in words if documented is None or _is_in(each, documented)]
            schema.pop("type", None)
            return both(schema, {"enum": listed}) if listed else None
        if words:
            schema = both(schema, {"anyOf": [{"enum": words}, {"type": one_or_list(rest)}]})
    elif "string" in types:
        schema = both(schema, _string(usual))
    return schema if documented is None else both(schema, {"enum": documented})


def _is_in(value: Any, listed: Iterable[Any]) -> bool:
    """Whether a value is listed; 1 is not ``true``."""
    return any(type(each) is type(value) and each == value for each in listed)


def _string(usual: Usual) -> Schema:
    schema: Schema = {}
    length, forms = usual.known(Sort.LENGTH), usual.known(Sort.FORM)
    if length:
        schema["maxLength"] = 4 ** (bounds(Sort.LENGTH, length)[1] or 0) - 1
    if forms and LOOSE.isdisjoint(str(each) for each in forms):
        schema["pattern"] = pattern_of(str(each) for each in forms)
        schema["maxLength"] = min(LONGEST, schema.get("maxLength", LONGEST))
    return schema


def number_schema(usual: Usual) -> Schema:
    """Numbers of usual magnitudes."""
    known = usual.known(Sort.MAGNITUDE)
    if not known:
        return {}
    least, most = bounds(Sort.MAGNITUDE, known)
    # Integers: comparing with a float costs six times as much.
    limit = math.floor(10 ** (((most or 0) + 1) / QUARTERS))
    schema: Schema = {"exclusiveMaximum": limit, "exclusiveMinimum": -limit}
    if least is not None:
        small = math.ceil(10 ** (least / QUARTERS))
        schema["not"] = {
            "type": "number",
            "exclusiveMaximum": small,
            "exclusiveMinimum": -small,
            "not": {"const": 0},
        }
    return schema

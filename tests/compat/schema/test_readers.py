"""What a reader tolerates, one tolerance at a time."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from docsworn.compat import compare_schemas

OLD: dict[str, Any] = {
    "type": "object",
    "required": ["state", "count"],
    "properties": {
        "state": {"enum": ["on", "off"]},
        "count": {"type": "integer", "minimum": 0},
        "note": {"type": "string"},
        "part": {"oneOf": [{"$ref": "#/$defs/Text"}, {"$ref": "#/$defs/Sound"}]},
    },
    "additionalProperties": False,
    "$defs": {
        "Text": {
            "type": "object",
            "required": ["kind", "text"],
            "properties": {"kind": {"const": "text"}, "text": {"type": "string"}},
        },
        "Sound": {
            "type": "object",
            "required": ["kind"],
            "properties": {"kind": {"const": "sound"}, "seconds": {"type": "number"}},
        },
    },
}
VIDEO = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "video"}}}


def _new(path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """OLD with something else at a place."""
    changed = deepcopy(OLD)
    at: Any = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


CASES: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "a field more": (_new(("properties", "more"), {}), {"unknown_fields": True}, "safe"),
    "a value more": (
        _new(("properties", "state", "enum"), ["on", "off", "idle"]),
        {"unknown_enum_values": True},
        "safe",
    ),
    "a value of another type": (
        _new(("properties", "state", "enum"), ["on", "off", 1]),
        {"unknown_enum_values": True},
        "breaking",
    ),
    "a bound gone": (_new(("properties", "count"), {"type": "integer"}), {"wider_numbers": True}, "safe"),
    "fractions": (_new(("properties", "count"), {"type": "number"}), {"wider_numbers": True}, "safe"),
    "null, optional": (
        _new(("properties", "note"), {"type": ["string", "null"]}),
        {"nulls": "optional"},
        "safe",
    ),
    "null, required": (
        _new(("properties", "count"), {"type": ["integer", "null"], "minimum": 0}),
        {"nulls": "optional"},
        "breaking",
    ),
    "null, required and borne": (
        _new(("properties", "count"), {"type": ["integer", "null"], "minimum": 0}),
        {"nulls": "all"},
        "safe",
    ),
    "a field gone": (_new(("required",), ["state"]), {"absent_fields": "all"}, "safe"),
    "a variant more": (
        _new(("properties", "part", "oneOf"), [*OLD["properties"]["part"]["oneOf"], VIDEO]),
        {"new_union_variants": True},
        "safe",
    ),
    "a known variant broken": (
        _new(("$defs", "Text", "required"), ["kind"]),
        {"new_union_variants": True, "unknown_enum_values": True},
        "breaking",
    ),
}


@pytest.mark.parametrize(("new", "reader", "verdict"), CASES.values(), ids=CASES)
def test_one_tolerance(new: dict[str, Any], reader: dict[str, Any], verdict: str) -> None:
    """The strict reader breaks; the reader with this tolerance has the verdict of the case."""
    assert compare_schemas(OLD, new).verdict == "breaking"
    compared = compare_schemas(OLD, new, reader=reader)
    assert compared.verdict == verdict, compared.witness


def test_below_not_nothing_is_tolerated() -> None:
    """What must not be must still not be: below ``not`` a list of values stays, also behind a reference."""
    shared: dict[str, Any] = {"$defs": {"Bad": {"enum": ["bad"]}}, "type": "string"}
    old = {**shared, "not": {"$ref": "#/$defs/Bad"}}
    compared = compare_schemas(old, shared, reader="tolerant")
    assert (compared.verdict, compared.witness) == ("breaking", "bad")

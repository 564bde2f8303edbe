"""Made-up daily specifications of large providers: one change at a time, in deep cyclic graphs."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from benchmarks.daily import verdict_of
from benchmarks.edits import EDITS, REQUEST_EDITS, direction_of, edited
from benchmarks.specifications import SHAPES

from docsworn.export.change_report import load_change_format, view
from tests.compat.test_large import report

DOCUMENTS = {shape: make(random.Random(4), 64) for shape, make in SHAPES.items()}
KINDS = [(shape, kind) for shape in SHAPES for kind in (*EDITS, *REQUEST_EDITS)]

# References to what is no object, beside something else that is said of the same value.
_NUMBER = {"N": {"type": "number"}, "I": {"type": "integer"}}
TRAPS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "a type beside a union": (
        {"type": "object", "anyOf": [{"$ref": "#/$defs/N"}, {"type": "object"}]},
        {"anyOf": [{"$ref": "#/$defs/N"}, {"type": "object"}]},
    ),
    "a part beside a reference": (
        {"allOf": [{"$ref": "#/$defs/N"}, {"maximum": 5}]},
        {"allOf": [{"$ref": "#/$defs/N"}, {"maximum": 6}]},
    ),
    "one of the others": (
        {"properties": {"a": {"type": "object"}}, "additionalProperties": {"$ref": "#/$defs/N"}},
        {"additionalProperties": {"$ref": "#/$defs/N"}},
    ),
    "a pattern beside a field": (
        {"properties": {"a": {"$ref": "#/$defs/N"}}, "patternProperties": {"a": {"maximum": 5}}},
        {"properties": {"a": {"$ref": "#/$defs/N"}}, "patternProperties": {"a": {"maximum": 6}}},
    ),
    "variants that overlap": (
        {"oneOf": [{"$ref": "#/$defs/N"}, {"$ref": "#/$defs/I"}, {"type": "null"}]},
        {"anyOf": [{"$ref": "#/$defs/N"}, {"$ref": "#/$defs/I"}, {"type": "null"}]},
    ),
    "another exclusion": (
        {"properties": {"a": {"$ref": "#/$defs/N"}}, "enum": [{"a": 1}]},
        {"properties": {"a": {"$ref": "#/$defs/N"}}, "enum": [{"a": 1}, {"a": 2}]},
    ),
    "true is not 1": (
        {"properties": {"a": {"enum": [1]}, "b": {"$ref": "#/$defs/N"}}},
        {"properties": {"a": {"enum": [True]}, "b": {"$ref": "#/$defs/N"}}},
    ),
}


@pytest.mark.parametrize(("shape", "kind"), KINDS)
def test_a_change_of_known_verdict_gets_it(shape: str, kind: str) -> None:
    """One change somewhere among components that reach each other gets its verdict."""
    changed = edited(random.Random(kind), DOCUMENTS[shape], kind)
    if changed is None:  # a shape has no place for some kinds
        assert shape == "nested" or kind in REQUEST_EDITS
        return
    assert verdict_of(DOCUMENTS[shape], changed[0], direction_of(kind)) == changed[1]


@pytest.mark.parametrize("trap", TRAPS)
def test_what_stands_beside_a_reference_is_never_overlooked(trap: str) -> None:
    """A body that NEW allows and OLD does not is there in each of these: safe would be wrong."""
    old, new = ({**side, "$defs": _NUMBER} for side in TRAPS[trap])
    assert report(old, new).verdict != "safe"


def test_operations_that_are_not_listed_are_counted() -> None:
    """Every format tells how many more operations reach a change."""
    old = {"type": "object", "properties": {"a": {"type": "integer"}}}
    changes = report(old, {"type": "object", "properties": {"a": {"type": "number"}}})
    found = changes.found[0]
    listed = len(found.reached)
    assert view(replace(found, more=7)).where.endswith(f"; and {listed + 7 - 1} more")
    whole = replace(changes, found=(replace(found, more=7),))
    assert json.loads(load_change_format("json").render(whole, frozenset()))["changes"][0]["more"] == 7

"""Bodies of schemas with conditions, patterns of names, refusals and unnamed fields within."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsworn.emulate.sampler import sample

PHONE = {"if": {"properties": {"kind": {"const": "phone"}}}, "then": {"required": ["number"]},
         "else": {"properties": {"number": False}}}  # fmt: skip
CALL: dict[str, Any] = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"enum": ["phone", "web"]}, "number": {"type": "string"}},
}
BILLED: dict[str, Any] = {
    "type": "object",
    "properties": {"card": {"type": "string"}, "address": {"type": "string"}, "zip": {"type": "integer"}},
}

SCHEMAS: dict[str, dict[str, Any]] = {
    "if, then, else": {**CALL, **PHONE},
    "conditions in allOf": {
        **CALL,
        "allOf": [PHONE, {"if": {"required": ["x"]}, "then": {"required": ["y"]}}],
    },
    "dependentRequired": {**BILLED, "dependentRequired": {"card": ["address", "holder"], "address": ["zip"]}},
    "dependentSchemas": {**BILLED, "dependentSchemas": {"card": {"required": ["cvc"]}}},
    "patternProperties": {
        "type": "object",
        "patternProperties": {"^x-[a-z]{2}$": {"type": "integer"}},
        "additionalProperties": False,
        "minProperties": 3,
    },
    "a required name that matches a pattern": {
        "type": "object",
        "required": ["x-ab"],
        "patternProperties": {"^x-": {"type": "boolean"}},
        "additionalProperties": {"type": "string"},
    },
    "not a value": {"enum": ["a", "b", "c"], "not": {"enum": ["a", "b"]}},
    "not a type": {"type": ["string", "integer"], "not": {"type": "string"}},
    "not a field": {**BILLED, "not": {"required": ["card"]}},
    "not in allOf": {"allOf": [{"enum": [1, 2, 3], "not": {"const": 1}}, {"not": {"const": 2}}]},
    "not a number below": {"type": "integer", "minimum": 0, "maximum": 9, "not": {"maximum": 4}},
}


@pytest.mark.parametrize("name", SCHEMAS)
@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_conditions_are_kept(name: str, seed: int) -> None:
    """Full and minimal bodies of every seed are valid."""
    schema = SCHEMAS[name]
    judge = jsonschema_rs.Draft202012Validator(schema)
    assert judge.is_valid(sample(schema, seed=seed))
    assert judge.is_valid(sample(schema, seed=seed, required_only=True))


def test_both_ways_of_a_condition_are_drawn() -> None:
    """Some bodies take the then, some the else."""
    kinds = {sample(SCHEMAS["if, then, else"], seed=seed)["kind"] for seed in range(30)}
    assert kinds == {"phone", "web"}


def test_names_of_patterns_are_filled() -> None:
    """A map that is described by patterns is not left empty."""
    body = sample({"type": "object", "patternProperties": {"^note_[0-9]$": {"type": "string"}}}, seed=0)
    assert len(body) == 1
    assert next(iter(body)).startswith("note_")


def test_unnamed_fields_within_are_drawn() -> None:
    """The event's name is there, under its first candidate; the body's own come with their query."""
    event = {
        "type": "object",
        "properties": {"at": {"type": "number"}},
        "x-unnamed": [
            {"id": "name", "candidates": ["event_type", "type"], "schema": {"x-known-values": ["joined"]}}
        ],
    }
    schema = {"type": "object", "properties": {"events": {"type": "array", "items": event}}}
    body = sample({**schema, "x-unnamed": [{"id": "top", "candidates": ["top"]}]}, seed=0)
    assert {each["event_type"] for each in body["events"]} == {"joined"}
    assert "top" not in body


def test_moments_of_a_body_make_sense_together() -> None:
    """Created, started, recorded, ended, updated: in this order, within an hour; Unix seconds too."""
    names = ("created_at", "started_at", "recording_started_at", "ended_at", "updated_at")
    when = {"type": "string", "format": "date-time"}
    schema = {
        "type": "object",
        "properties": {
            **dict.fromkeys(reversed(names), when),
            "start_time_unix_secs": {"type": "integer"},
        },
    }
    for seed in range(20):
        body = sample(schema, seed=seed)
        moments = [datetime.fromisoformat(body[name]) for name in names]
        assert moments == sorted(moments)
        assert (moments[-1] - moments[0]).total_seconds() < 3600
        assert abs(body["start_time_unix_secs"] - moments[1].timestamp()) < 60

"""Which changes concern a consumer, and what is left of a contract for who reads only some of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsworn.compat.projection import project
from docsworn.compat.uses import Uses, check_places, covers, load_uses, resolve_places
from docsworn.contract.pointer import split
from docsworn.errors import ConfigError, UnknownNameError


def uses(*places: str) -> Uses:
    """A consumer's places."""
    return Uses(tuple(split(place) for place in places))


@pytest.mark.parametrize(
    ("places", "place", "concerned"),
    [
        (("/status",), "/status", True),
        (("/status",), "", True),
        (("/status",), "/other", False),
        (("/turns/*/role",), "/turns", True),
        (("/turns/*/role",), "/turns/*/role", True),
        (("/turns/*/role",), "/turns/*/text", False),
        (("/meta",), "/meta/deep/er", True),
        (("/meta", "/meta/n"), "/meta/deep", False),
        (("/meta/**", "/meta/n"), "/meta/deep", True),
        (("/turns/0/role",), "/turns/*/role", True),
        (("",), "/anything", True),
    ],
)
def test_a_change_concerns_who_reads_there(places: tuple[str, ...], place: str, concerned: bool) -> None:
    """At the place, above it, and below one that is read with all that it holds."""
    assert covers(uses(*places), place) is concerned


@pytest.mark.parametrize(
    "text",
    ["/status\n# words\n\n/turns/*/role\n", "- /status\n- /turns/*/role\n", '["/status", "/turns/*/role"]'],
)
def test_a_uses_file_is_lines_or_a_list(tmp_path: Path, text: str) -> None:
    """One place a line, YAML or JSON, all the same."""
    (tmp_path / "uses").write_text(text)
    assert load_uses(tmp_path / "uses").places == (("status",), ("turns", "*", "role"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("/a\nstatus\n", "uses:2: a place begins with /"),
        ("- /a\n- 3\n", "uses:2: a place begins with /"),
        ("# nothing\n", "names no place"),
        ("[1", "not YAML"),
    ],
)
def test_a_bad_uses_file_is_told_with_its_line(tmp_path: Path, text: str, sentence: str) -> None:
    """What is wrong, and where."""
    (tmp_path / "uses").write_text(text)
    with pytest.raises(ConfigError, match=sentence):
        load_uses(tmp_path / "uses")


SCHEMA: dict[str, Any] = {
    "$ref": "#/$defs/Talk",
    "$defs": {
        "Talk": {
            "type": "object",
            "additionalProperties": False,
            "required": ["status", "turns"],
            "properties": {
                "status": {"enum": ["a", "b"]},
                "turns": {"type": "array", "items": {"$ref": "#/$defs/Turn"}},
                "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                "any": {
                    "oneOf": [{"type": "object", "properties": {"x": {"type": "integer"}}}, {"type": "null"}]
                },
            },
            "patternProperties": {"^x-": {"type": "integer"}},
        },
        "Turn": {
            "type": "object",
            "required": ["role"],
            "properties": {
                "role": {"type": "string"},
                "text": {"type": "string"},
                "talk": {"$ref": "#/$defs/Talk"},
            },
        },
    },
}


@pytest.mark.parametrize(
    ("place", "known"),
    [
        ("/status", True),
        ("/turns/*/role", True),
        ("/turns/*/talk/turns/*/text", True),
        ("/labels/anything", True),
        ("/any/x", True),
        ("/x-y", True),
        ("/turns/**", True),
        ("/turns/*/roll", False),
        ("/nothing", True),  # a pattern speaks of names that may be any
    ],
)
def test_places_are_found_through_references_and_unions(place: str, known: bool) -> None:
    """A place is known where the schema describes it."""
    assert (next(resolve_places(SCHEMA, split(place)), None) is not None) is known


def test_a_place_that_nobody_knows_has_a_guess() -> None:
    """The sentence says which file and line, and what was perhaps meant."""
    wanted = Uses((("turns", "*", "roll"),), "uses.txt", {("turns", "*", "roll"): 3})
    with pytest.raises(
        UnknownNameError, match=r'place in uses.txt:3 "/turns/\*/roll": did you mean "/turns/\*/role"'
    ):
        check_places(wanted, [SCHEMA])


@pytest.mark.parametrize(
    ("places", "body", "valid"),
    [
        (("/status",), {"status": "a", "else": 1, "turns": 3}, True),
        (("/status",), {"status": "z"}, False),
        (("/status",), {}, False),
        (("/turns/*/role",), {"turns": [{"role": "u", "text": 3}]}, True),
        (("/turns/*/role",), {"turns": [{"text": "t"}]}, False),
        (("/turns/*/role",), {"turns": 3}, False),
        (("/labels/*",), {"labels": {"k": 1}}, False),
        (("/labels/k",), {"labels": {"k": 1}}, False),
        (("/labels/k",), {"labels": {"other": 1}}, True),
        (("/any/x",), {"any": {"x": "text"}}, False),
        (("/any/x",), {"any": None}, True),
        (("/x-y",), {"x-y": "text"}, False),
        (("/x-y",), {"x-z": "text"}, True),
        (("/turns",), {"turns": [{"role": 3}]}, False),
    ],
)
def test_a_narrowed_contract_speaks_of_what_is_read(places: tuple[str, ...], body: Any, valid: bool) -> None:
    """What is read must be as before, the rest may be anything."""
    narrowed = project(SCHEMA, uses(*places).whole)
    assert jsonschema_rs.validator_for(narrowed).is_valid(body) is valid


_VALUES = st.recursive(
    st.none() | st.sampled_from(["a", "b", "z"]) | st.integers(0, 3),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(
            st.sampled_from(["status", "turns", "role", "text", "any", "x", "labels"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)
_PLACES = ("/status", "/turns/*/role", "/turns", "/labels/*", "/any/x", "/turns/*/talk/status", "/*")


@settings(max_examples=150, deadline=None)
@given(_VALUES, st.sets(st.sampled_from(_PLACES), min_size=1))
def test_narrowing_never_refuses_what_the_contract_takes(body: Any, places: set[str]) -> None:
    """Else a *breaking* for these uses would be none of the contract."""
    narrowed = jsonschema_rs.validator_for(project(SCHEMA, uses(*places).whole))
    assert narrowed.is_valid(body) or not jsonschema_rs.validator_for(SCHEMA).is_valid(body)

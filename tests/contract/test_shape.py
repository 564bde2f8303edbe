"""What is said of a value is its shape; only a short token may show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.pointer import join, resolve, split
from docsworn.contract.shape import describe, field_name, observed_value, token


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "null"),
        (True, "boolean"),
        (3, "integer"),
        (3.5, "number"),
        ("secret", "string"),
        ([1, 2], "array of 2"),
        ({}, "object with 0 fields"),
        ({"a": 1}, "object with 1 field"),
    ],
)
def test_each_json_type_has_its_words(value: object, words: str) -> None:
    """A value is described by type and size."""
    assert describe(value) == words


@given(st.text(min_size=1))
def test_only_short_tokens_show(text: str) -> None:
    """Text is shown whole as a short ASCII token, and not at all otherwise."""
    allowed = len(text) <= 32 and all(c.isascii() and (c.isalnum() or c in "_.-") for c in text)
    assert (token(text) == text) is allowed
    assert field_name(text) == (text if allowed else "*")
    if not allowed:
        assert observed_value(text) == f"string of {len(text)} characters"


@given(st.lists(st.text(max_size=5), max_size=5))
def test_pointers_round_trip(parts: list[str]) -> None:
    """Any names make a pointer that splits into them again."""
    assert split(join(*parts)) == tuple(parts)


def test_a_pointer_finds_its_value() -> None:
    """Names and indices lead to the value; what is not there is a LookupError."""
    assert resolve({"a/b": [{"~": 5}]}, "/a~1b/0/~0") == 5
    for missing in ("/x", "/a~1b/1", "/a~1b/-1", "/a~1b/0/~0/z"):
        with pytest.raises(LookupError):
            resolve({"a/b": [{"~": 5}]}, missing)

"""Merge patches and edits by pointer."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.emulate.edits import drop, merge_patch, put

# From the table in appendix A of RFC 7396.
RFC_7396: tuple[tuple[Any, Any, Any], ...] = (
    ({"a": "b"}, {"a": "c"}, {"a": "c"}),
    ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
    ({"a": "b"}, {"a": None}, {}),
    ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
    ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
    ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
    ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
    ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
    (["a", "b"], ["c", "d"], ["c", "d"]),
    ({"a": "b"}, ["c"], ["c"]),
    ({"a": "foo"}, None, None),
    ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
    ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
    ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
)


@pytest.mark.parametrize(("target", "patch", "merged"), RFC_7396)
def test_merge_patch_as_the_rfc_has_it(target: Any, patch: Any, merged: Any) -> None:
    """Each row of the RFC's own table."""
    assert merge_patch(target, patch) == merged


def body() -> dict[str, Any]:
    """A fresh value to change."""
    return {"a": [{"b": 1}, {"b": 2, "c": 3}], "d": {"x": 1, "y": 2}}


@pytest.mark.parametrize(
    ("pointer", "left"),
    [
        ("/a/1", {"a": [{"b": 1}], "d": {"x": 1, "y": 2}}),
        ("/a/*", {"a": [], "d": {"x": 1, "y": 2}}),
        ("/a/*/b", {"a": [{}, {"c": 3}], "d": {"x": 1, "y": 2}}),
        ("/a/*/c", {"a": [{"b": 1}, {"b": 2}], "d": {"x": 1, "y": 2}}),
        ("/*", {}),
    ],
)
def test_drop(pointer: str, left: Any) -> None:
    """What a pattern leads to is gone, and nothing else."""
    value = body()
    assert drop(value, pointer)
    assert value == left


@pytest.mark.parametrize("pointer", ["", "/nothing", "/a/2", "/a/x", "/a/*/b/c", "/a/99999999999999999999"])
def test_a_pointer_that_leads_nowhere(pointer: str) -> None:
    """Nothing changes, and the caller is told."""
    value = body()
    assert not drop(value, pointer)
    assert value == body()


def test_put_sets_and_adds() -> None:
    """Present values are replaced, fields of present objects are added."""
    value = body()
    assert put(value, "/a/*/b", None)
    assert put(value, "/d/z", 3)
    assert value == {"a": [{"b": None}, {"b": None, "c": 3}], "d": {"x": 1, "y": 2, "z": 3}}
    assert not put(value, "/nothing/here", 1)

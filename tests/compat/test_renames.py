"""A field that is gone and one that has come are one where enough speaks for it, else two."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.compat.renames import fields_of, find_renames

OLD: dict[str, Any] = {
    "properties": {
        "id": {"type": "string", "description": "The unique identifier of the kite"},
        "replica_id": {"type": "string", "description": "The identifier of the replica that flies it"},
        "height": {"type": "number", "description": "Metres above the ground"},
    },
    "required": ["id", "replica_id"],
}


def renames(
    new: dict[str, Any], old: dict[str, Any] = OLD, seen: tuple[Any, Any] = (None, None)
) -> list[tuple[str, str, str]]:
    """Old name, new name and sureness of what is found."""
    before, after = fields_of(old, seen[0]), fields_of(new, seen[1])
    gone = [field for name, field in before.items() if name not in after]
    come = [field for name, field in after.items() if name not in before]
    return [(one.old, one.new, one.sureness) for one in find_renames(gone, come)]


def changed(name: str, field: dict[str, Any], required: bool = True) -> dict[str, Any]:
    """The object with ``replica_id`` called otherwise."""
    properties = {(name if key == "replica_id" else key): value for key, value in OLD["properties"].items()}
    return {
        "properties": {**properties, name: field},
        "required": ["id", name] if required else ["id"],
    }


def test_the_same_field_under_another_name_is_renamed() -> None:
    """Type, position, words and being required speak for it."""
    field = {"type": "string", "description": "The identifier of the face that flies it"}
    assert renames(changed("face_id", field)) == [("replica_id", "face_id", "high")]


def test_evidence_is_told() -> None:
    """Each likeness is a sentence, without a word of the descriptions."""
    new = changed("face_id", {"type": "string", "description": "The identifier of the face that flies it"})
    (one,) = find_renames([fields_of(OLD)["replica_id"]], [fields_of(new)["face_id"]])
    told = " ".join(one.evidence)
    assert "same type: string" in told
    assert "same position: field 2 of 3 and 2 of 3" in told
    assert "described alike: 6 of 8 words" in told
    assert "flies" not in told


@pytest.mark.parametrize(
    "new",
    [
        changed("wind", {"type": "object"}),
        changed("wind", {"type": "boolean", "description": "The identifier of the replica that flies it"}),
        {"properties": {**OLD["properties"], "face_id": {"type": "string"}}},
        {"properties": {**{name: OLD["properties"][name] for name in ("id", "height")}, "a": {}, "b": {},
                        "launched": {"type": "string", "format": "date-time", "description": "When it was"}}},
    ],
    ids=["another type", "a boolean", "nothing is gone", "far away and about something else"],
)  # fmt: skip
def test_another_field_is_no_rename(new: dict[str, Any]) -> None:
    """Two fields stay two where they are unlike."""
    assert renames(new) == []


def test_two_that_fit_equally_well_are_no_rename() -> None:
    """Where nothing tells which it is, none is claimed."""
    twins = {"one_id": {"type": "string"}, "two_id": {"type": "string"}}
    assert renames({"properties": twins}, {"properties": {"the_id": {"type": "string"}}}) == []


def test_values_in_bodies_speak_loudest() -> None:
    """The same values under both names are the best evidence."""
    new = {"properties": {"id": {"type": "string"}, "z": {"type": "string"}}}
    old = {"properties": {"id": {"type": "string"}, "a": {"type": "string"}}}
    seen = {"a": frozenset({"d1", "d2"})}, {"z": frozenset({"d1", "d2"})}
    apart = {"a": frozenset({"d1"})}, {"z": frozenset({"d2"})}
    assert renames(new, old, seen) == [("a", "z", "high")]
    assert renames(new, old, apart) == []


def test_an_alias_in_the_document_settles_it() -> None:
    """A pack may say itself that one name stands for the other."""
    new = {"properties": {"face_id": {"type": "string", "x-aliases": ["replica_id"]}}}
    assert renames(new, {"properties": {"replica_id": {"type": "string"}}}) == [
        ("replica_id", "face_id", "high")
    ]

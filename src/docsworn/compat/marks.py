"""By what a tolerant reader of a large document knows a definition: the engine's marks, in one object."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from docsworn.compat.apart import parts_of
from docsworn.compat.sameness import Sameness
from docsworn.contract.bundle import quote_part

Define = Callable[[str], Any]


def shared_marks(pair: tuple[str, str], names: Sameness) -> dict[str, Any] | None:
    """What a reader knows both definitions of a pair by; None where that is not the same."""

    def known(side: int) -> dict[str, Any] | None:
        return _marks(
            {"$ref": f"#/$defs/{quote_part(pair[side])}"}, lambda one: names.definition((one, one), side)
        )

    old, new = known(0), known(1)
    return old if old == new else None


def stub_of(field: str, marks: Mapping[str, Any], *, is_strict: bool) -> dict[str, Any]:
    """What stands for a definition on both sides: an object with a field of its own, and its marks.

    For a reader who is not strict the field is asked for twice: who takes objects without their fields
    does not take any object for this one.
    """
    made: dict[str, Any] = {"type": "object", "required": [field, *marks]}
    if marks:
        made["properties"] = dict(marks)
    if not is_strict:
        made["not"] = {"not": {"required": [field]}}
    return made


def _marks(schema: Any, define: Define) -> dict[str, Any] | None:
    """The fields with one fixed value by which an object is known; None where it may be no object."""
    tags: dict[str, Any] = {}
    types: Any = None
    for part in parts_of(schema, define):
        types = part.get("type") if types is None else types
        for name in part.get("required", ()):
            fixed = _fixed(part.get("properties", {}).get(name), define)
            if fixed is not None:
                tags[name] = fixed
    return dict(sorted(tags.items())) if types in ("object", ["object"]) else None


def _fixed(schema: Any, define: Define) -> dict[str, Any] | None:
    for part in parts_of(schema, define):
        if "const" in part:
            return {"enum": [part["const"]]}
        if isinstance(part.get("enum"), list) and len(part["enum"]) == 1:
            return {"enum": part["enum"]}
    return None

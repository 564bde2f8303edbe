"""Where in a body a change is felt, and whether a consumer reads there."""

from __future__ import annotations

from docsworn.compat.changes import Change
from docsworn.compat.rules import RULES
from docsworn.compat.uses import Uses, covers
from docsworn.contract.pointer import join, split

_MEMBER = frozenset({"properties", "required"})

# What is said of members that no name is given for: felt by who reads the object as a whole.
_OTHERS = frozenset({
    "additionalProperties", "unevaluatedProperties", "propertyNames", "patternProperties", "minProperties",
    "maxProperties",
})  # fmt: skip


def effective_place(change: Change) -> str:
    """The place that a change is about: for a field that came or went the field's own."""
    name = change.details.get("name")
    if RULES[change.rule].keyword not in _MEMBER or name is None or not _above_field(change, name):
        return change.place
    return change.place + join(name)


def _above_field(change: Change, name: str) -> bool:
    """Whether a change names a field and stands at the object that holds it."""
    ends = [split(pointer)[-1:] for pointer in (change.old_pointer, change.new_pointer) if pointer]
    return split(change.place)[-1:] != (name,) or (name,) not in ends


def concerns(uses: Uses, change: Change) -> bool:
    """Whether a change matters to who reads only these places."""
    if RULES[change.rule].keyword not in _OTHERS:
        return covers(uses, effective_place(change))
    parts = split(change.place)
    every = (*parts, "*")
    return every in uses.read or any(whole == parts[: len(whole)] for whole in uses.whole)

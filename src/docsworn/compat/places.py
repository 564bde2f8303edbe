"""Where in a body a change is felt, and whether a consumer reads there."""

from __future__ import annotations

from docsworn.compat.changes import Change
from docsworn.compat.rules import RULES
from docsworn.compat.uses import Uses, covers
from docsworn.contract.pointer import split

# What is said of members that no name is given for: felt by who reads the object as a whole.
_OTHERS = frozenset({
    "additionalProperties", "unevaluatedProperties", "propertyNames", "patternProperties", "minProperties",
    "maxProperties",
})  # fmt: skip


def concerns(uses: Uses, change: Change) -> bool:
    """Whether a change matters to who reads only these places."""
    if RULES[change.rule].keyword not in _OTHERS:
        return covers(uses, change.place)
    parts = split(change.place)
    every = (*parts, "*")
    return every in uses.read or any(whole == parts[: len(whole)] for whole in uses.whole)

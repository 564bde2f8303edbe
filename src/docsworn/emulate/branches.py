"""Which branch of a union to draw first."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

_SCALARS = ("string", "integer", "number", "boolean")


def in_order(branches: Sequence[Any], picked: str | None, rng: random.Random, *, plain: bool) -> list[Any]:
    """The branches to try, in order: the picked one only, else null last; null first if ``plain``.

    ``picked`` is the ``$defs`` name of a branch; a union that has no such branch ignores it.
    """
    named = [each for each in branches if picked is not None and _name(each) == picked]
    if named:
        return named
    shuffled = rng.sample(list(branches), len(branches))
    return sorted(shuffled, key=_weight if plain else _is_null)


def _name(branch: Any) -> str:
    reference = branch.get("$ref", "") if isinstance(branch, dict) else ""
    return str(reference).rpartition("/")[2]


def _is_null(branch: Any) -> bool:
    return isinstance(branch, dict) and branch.get("type") == "null"


def _weight(branch: Any) -> int:
    """How much a branch draws: null, then scalars, then the rest."""
    kind = branch.get("type") if isinstance(branch, dict) else None
    return 0 if kind == "null" else 1 if kind in _SCALARS else 2

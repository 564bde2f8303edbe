"""Every drift that a contract makes possible, each shown by at least one scenario.

``list_drifts`` enumerates them, ``apply`` is one of them at work, ``Drift.id`` finds it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from docsworn.contract.packs import Provider
from docsworn.emulate.breaches import breaches_of
from docsworn.emulate.changes import CHANGES
from docsworn.emulate.drift import Drift, DriftKind, Shown, apply
from docsworn.emulate.script import script_of
from docsworn.emulate.spots import Example, Spot, examples_of, spots_of, values_of
from docsworn.emulate.stage import Stage, build_stages
from docsworn.model import Contract, Purpose

__all__ = ["Drift", "apply", "drifts_of", "list_drifts"]

# What a status becomes: another one that a client may take for the same, and the contract does not have.
_STATUSES = {200: 202, 201: 200, 204: 200, 400: 404, 401: 403, 403: 401, 404: 410, 422: 400}

# For each JSON type what a value of it may become, the likeliest first.
_BECOMES: Mapping[type, tuple[str, ...]] = {
    str: ("integer", "object", "array", "boolean"),
    bool: ("string", "integer", "object"),
    int: ("boolean", "object", "array"),
    float: ("boolean", "object", "array"),
    list: ("string", "boolean", "integer"),
    dict: ("array", "string", "boolean"),
}

_SECONDS = ("_secs", "_seconds", "seconds_from_start", "duration", "timestamp", "_time", "_at")


def list_drifts(provider: Provider, revision: str | None = None, *, seed: int = 0) -> tuple[Drift, ...]:
    """Every drift of one revision of a pack (None: the current one), in the order of the contract.

    ``kind``, ``pointer`` and ``shown`` of each say what it is, where, and who shows it; for one of the
    error contract ``purpose`` says which request.
    """
    script = script_of(provider, revision)
    return drifts_of(script.contract, build_stages(script, seed), asks_key=script.auth is not None)


def drifts_of(contract: Contract, stages: Sequence[Stage], *, asks_key: bool = True) -> tuple[Drift, ...]:
    """Every drift of the operations that are on stage."""
    return tuple(drift for stage in stages for drift in _of_stage(contract, stage, asks_key))


def _of_stage(contract: Contract, stage: Stage, asks_key: bool) -> Iterator[Drift]:
    examples, name = examples_of(stage), stage.operation.id
    if stage.has_body:
        for spot in spots_of(stage):
            yield from _of_spot(spot, examples, name)
        yield Drift("envelope", operation=name, shown=examples[0].shown)
    first = examples[0].shown if examples else None
    yield Drift("status", status=_other_status(stage, stage.status), operation=name, shown=first)
    yield from _of_errors(stage, asks_key)
    for invariant, shown, edits in breaches_of(contract, stage, examples):
        yield Drift(
            "invariant",
            pointer=invariant.promise.pointer,
            value=invariant.promise.id.rpartition("/")[2],
            conversation=shown.conversation,
            operation=name,
            edits=edits,
            shown=shown,
        )


def _of_errors(stage: Stage, asks_key: bool) -> Iterator[Drift]:
    for purpose, answer in stage.refusals.items():
        about_key = purpose in (Purpose.NO_KEY, Purpose.WRONG_KEY)
        if not (asks_key if about_key else stage.id_parameter is not None):
            continue
        other = _other_status(stage, answer.status)
        yield Drift("status", status=other, operation=stage.operation.id, purpose=purpose)
        yield Drift("error-body", operation=stage.operation.id, purpose=purpose)


def _other_status(stage: Stage, status: int) -> int:
    wanted = (_STATUSES.get(status, 202 if status < 400 else 418), 203 if status < 400 else 418)
    return next((each for each in wanted if str(each) not in stage.operation.responses), wanted[0])


def _of_spot(spot: Spot, examples: Sequence[Example], operation: str) -> Iterator[Drift]:
    found = list(values_of(spot, examples))
    shown = found[0][0].shown if found else _anywhere(spot, examples)
    if shown is not None and spot.is_field:
        yield Drift("drop", spot.pointer, operation=operation, shown=shown)
        yield Drift("rename", spot.pointer, value=_renamed(spot.name), operation=operation, shown=shown)
    kind = _retyped(spot, [value for _, value in found])
    for name, fits in _FITS.items():
        if not spot.pattern and name != "new-field":  # of the whole body there is the envelope
            continue
        argument = kind if name == "retype" else None
        if not fits(spot) or (name == "retype" and argument is None):
            continue
        changing = (each for each, value in found if CHANGES[name](value, argument) != value)
        example = next(changing, None)
        if example is not None:
            yield Drift(name, spot.pointer, value=argument, operation=operation, shown=example.shown)


def _anywhere(spot: Spot, examples: Sequence[Example]) -> Shown | None:
    """Where a field is present, if only as null."""
    holders = Spot(spot.pattern[:-1])
    name = spot.pattern[-1] if spot.pattern else ""
    present = (
        example.shown
        for example, value in values_of(holders, examples)
        if isinstance(value, dict) and name in value
    )
    return next(present, None)


def _retyped(spot: Spot, values: Sequence[Any]) -> str | None:
    """The type that the values of a place may wrongly become; None where all are allowed."""
    if not values:
        return None
    allowed = spot.types | ({"integer"} if "number" in spot.types else set())
    return next((kind for kind in _BECOMES[type(values[0])] if kind not in allowed), None)


def _renamed(name: str) -> str:
    """A field's name as another team would write it."""
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest) if rest and first else f"{name}V2"


def _numeric(spot: Spot) -> bool:
    return bool(spot.types & {"integer", "number"}) and "string" not in spot.types and not spot.any_type


# Which kinds a place makes possible, by what the contract says of it.
_FITS: Mapping[DriftKind, Callable[[Spot], bool]] = {
    "retype": lambda spot: not spot.any_type,
    "null": lambda spot: not spot.any_type and "null" not in spot.types,
    "enum": lambda spot: bool(spot.keywords & {"enum", "const"}),
    "format": lambda spot: bool(spot.keywords & {"format", "pattern"}),
    "number-to-string": _numeric,
    "list-to-object": lambda spot: "array" in spot.types and "object" not in spot.types,
    "new-field": lambda spot: spot.closed,
    "ms-to-s": lambda spot: spot.name.endswith("_ms"),
    "s-to-ms": lambda spot: spot.name.endswith(_SECONDS),
    "zone": lambda spot: "string" in spot.types,
}

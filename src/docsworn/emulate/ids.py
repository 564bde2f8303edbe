"""The ids of conversations: made-up ones for a provider without scenarios, and what is no id at all."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from docsworn.emulate.bodies import Drawing
from docsworn.emulate.sampler import Unsampleable, sample, schema_at, validator
from docsworn.emulate.scenarios import Scenario
from docsworn.errors import ContractError
from docsworn.model import Purpose

Schema = Mapping[str, Any]

_COMMON = re.compile(r"[A-Za-z0-9_\-]")  # what any provider's ids may hold
_MAX_DIGITS = 18


def default_scenarios(parameter: Schema, drawing: Drawing) -> tuple[Scenario, ...]:
    """Two conversations for a provider without scenarios, with ids as path and body document them.

    ContractError where none can be drawn.
    """
    ids = dict.fromkeys(_default_id(parameter, number, drawing) for number in (1, 2))
    return tuple(Scenario(id=each, name=f"sample-{number}") for number, each in enumerate(ids, start=1))


def purpose_of(
    parameter: Schema, ids: Collection[str], told: Mapping[str, Purpose]
) -> Callable[[str], Purpose]:
    """What a request for an id that no conversation has is: one for an unknown, or for a malformed id.

    ``told`` are the values of the settings' error cases. Malformed is too what the parameter does not
    take, and what holds a character that ``ids`` never have.
    """
    takes, used = _acceptor(parameter), frozenset("".join(ids))

    def judge(text: str) -> Purpose:
        if text in told:
            return told[text]
        usual = all(each in used or _COMMON.match(each) for each in text)
        return Purpose.UNKNOWN_ID if usual and takes(text) else Purpose.MALFORMED_ID

    return judge


def _acceptor(schema: Schema | bool) -> Callable[[str], bool]:
    """Whether a text from a path is what a schema takes, be it as a number."""
    judge = validator(schema)
    return lambda text: judge.is_valid(text) or (text.isdecimal() and judge.is_valid(int(text[:_MAX_DIGITS])))


def _default_id(parameter: Schema, number: int, drawing: Drawing) -> str:
    field = _identity_schema(drawing)
    fits_path, fits_body = _acceptor(parameter), _acceptor(field)
    try:
        for each in _candidates(parameter, field, number):
            if fits_path(each) and fits_body(each):
                return each
    except Unsampleable as error:
        raise ContractError(drawing.origin, f"the id: {error}{drawing.remedy}") from None
    raise ContractError(
        drawing.origin, f"the id: none fits both the path and {drawing.identity}{drawing.remedy}"
    )


def _candidates(parameter: Schema, field: Schema | bool, number: int) -> Iterator[str]:
    yield f"sample-{number}"
    if field is not True:
        yield str(sample(field, seed=number))
    yield str(sample(parameter, seed=number))


def _identity_schema(drawing: Drawing) -> Schema | bool:
    """What the body's place of the id is documented to hold; anything where that is not known."""
    if drawing.identity is None or drawing.schema is None:
        return True
    return schema_at(drawing.schema, drawing.identity)

"""How an emulated operation refuses: which status and body each request of the error contract gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from docsworn.emulate.bodies import Drawing
from docsworn.emulate.sampler import Unsampleable, sample, validator
from docsworn.emulate.scenarios import Refusal
from docsworn.errors import ContractError
from docsworn.model import Operation, Purpose, Response

_JSON = "application/json"

# Per purpose: the documented statuses to take, the first that there is; then what HTTP itself says.
_STATUSES: Mapping[Purpose, tuple[tuple[str, ...], int]] = {
    Purpose.NO_KEY: (("401", "403", "422", "400"), 401),
    Purpose.WRONG_KEY: (("401", "403"), 401),
    Purpose.UNKNOWN_ID: (("404", "400", "422"), 404),
    Purpose.MALFORMED_ID: (("404", "400", "422"), 404),
}
_WORDS: Mapping[Purpose, str] = {
    Purpose.NO_KEY: "the request has no key",
    Purpose.WRONG_KEY: "the key is not valid",
    Purpose.UNKNOWN_ID: "nothing has this id",
    Purpose.MALFORMED_ID: "this is not an id",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """A response, rendered once: status, body bytes, and their media type without parameters."""

    status: int
    body: bytes
    media_type: str = _JSON


def render(status: int, body: Any, media_type: str = _JSON) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, orjson.dumps(body), media_type)


def refusals(
    operation: Operation, told: Mapping[Purpose, Refusal], drawing: Drawing
) -> Mapping[Purpose, Answer]:
    """The answer to each purpose of the error contract; ContractError where a told body does not fit.

    ``told`` is what the scenarios say; for the rest the documented statuses decide, and their
    schemas the body.
    """
    purposes = [purpose for purpose in Purpose if purpose is not Purpose.GOOD]
    return {purpose: _refusal(operation, purpose, told.get(purpose), drawing) for purpose in purposes}


def _refusal(operation: Operation, purpose: Purpose, told: Refusal | None, drawing: Drawing) -> Answer:
    status = told.status if told else _status(operation, purpose)
    response = documented(operation, status)
    schema = response.schema if response else None
    if told is not None and told.body is not None:
        if schema is not None and not validator(schema).is_valid(told.body):
            problem = f"errors: {purpose}: the body is not what is documented for {status}"
            raise ContractError(drawing.origin, problem)
        return render(status, told.body)
    return render(status, _drawn(schema, purpose, drawing))


def documented(operation: Operation, status: int) -> Response | None:
    """What is documented for a status: itself, its class (``4XX``) or the default."""
    names = (str(status), f"{status // 100}XX", "default")
    return next((operation.responses[name] for name in names if name in operation.responses), None)


def _status(operation: Operation, purpose: Purpose) -> int:
    wanted, otherwise = _STATUSES[purpose]
    return next((int(status) for status in wanted if status in operation.responses), otherwise)


def _drawn(schema: Mapping[str, Any] | None, purpose: Purpose, drawing: Drawing) -> Any:
    if schema is None:
        return {"error": _WORDS[purpose]}
    try:
        return sample(schema, seed=f"{drawing.seed}/{purpose}")
    except Unsampleable as error:
        raise ContractError(drawing.origin, f"errors: {purpose}: {error}{drawing.remedy}") from None

"""A drift as the control API takes it: the id of a listed one, or the parts of one's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from docsworn.emulate.drift import Drift, DriftKind
from docsworn.errors import ConfigError
from docsworn.model import Purpose

_FIELDS = "id, kind, pointer, value, status, operation, conversation, purpose, rate and seed"


@dataclass(frozen=True, slots=True)
class DriftRequest:
    """What is asked for: a listed drift by ``id``, or ``drift``; ``rate`` is the share of answers, 0 to 1."""

    id: str | None
    drift: Drift | None
    conversation: str | None
    rate: float
    seed: int

    def of(self, listed: Drift) -> Drift:
        """The listed drift, narrowed to the conversation that was asked for."""
        return listed if self.conversation is None else replace(listed, conversation=self.conversation)


class _Wire(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(max_length=1000, strict=True)] | None = None
    kind: DriftKind | None = None
    pointer: Annotated[str, Field(max_length=1000, strict=True)] = ""
    value: Any = None
    status: Annotated[int, Field(strict=True)] = 0
    operation: Annotated[str, Field(strict=True)] | None = None
    conversation: Annotated[str, Field(strict=True)] | None = None
    purpose: Purpose = Purpose.GOOD
    rate: Annotated[float, Field(ge=0, le=1, strict=True)] = 1.0
    seed: Annotated[int, Field(strict=True)] = 0

    @model_validator(mode="after")
    def _is_one_of_both(self) -> _Wire:
        if self.id is None and self.kind is None:
            raise ValueError("it needs an id (docsworn emulate --list-drifts) or a kind")
        if self.id is not None and self.model_fields_set - {"id", "conversation", "rate", "seed"}:
            raise ValueError("beside an id there are conversation, rate and seed only")
        return self


def parse_drift(data: object) -> DriftRequest:
    """What a decoded JSON value asks for; ConfigError with a sentence where it is no drift."""
    if not isinstance(data, dict):
        raise ConfigError("a drift is a JSON object")
    try:
        wire = _Wire.model_validate(data)
    except ValidationError as error:
        raise ConfigError(_sentence(error)) from None
    own = None
    if wire.kind is not None:
        own = Drift(
            kind=wire.kind,
            pointer=wire.pointer,
            value=wire.value,
            status=wire.status,
            conversation=wire.conversation,
            operation=wire.operation,
            purpose=wire.purpose,
        )
    return DriftRequest(wire.id, own, wire.conversation, wire.rate, wire.seed)


def _sentence(error: ValidationError) -> str:
    problem = error.errors(include_input=False, include_url=False)[0]
    if problem["type"] == "extra_forbidden":
        return f"a drift has {_FIELDS} only"
    place = "/".join(str(part) for part in problem["loc"]) or "a drift"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{place}: {message[:1].lower()}{message[1:]}"

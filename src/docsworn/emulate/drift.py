"""A drift: a small value that says how a provider's answers leave its contract."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from docsworn.contract.pointer import split
from docsworn.emulate.edits import drop, put
from docsworn.errors import ConfigError

DriftKind = Literal["drop", "set", "status"]


@dataclass(frozen=True, slots=True)
class Drift:
    """One change of the good answers of a provider, or of one ``conversation`` (its id) only.

    ``drop`` removes what is at ``pointer`` (a pattern, ``*`` for items), ``set`` puts ``value``
    there, ``status`` answers with another status. Raises ConfigError where the parts do not fit.
    """

    kind: DriftKind
    pointer: str = ""
    value: Any = None
    status: int = 0
    conversation: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in ("drop", "set", "status"):
            raise ConfigError("a drift is one of drop, set, status")
        if self.kind == "status":
            if not 200 <= self.status <= 599:
                raise ConfigError("a status drift needs a status from 200 to 599")
        elif self.status:
            raise ConfigError(f"a {self.kind} drift has no status")
        elif not self.pointer or not self.pointer.startswith("/"):
            raise ConfigError(f"a {self.kind} drift needs a JSON pointer that begins with /")
        else:
            split(self.pointer)


class _Wire(BaseModel):
    """A drift as the control API takes it."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    kind: DriftKind
    pointer: Annotated[str, Field(max_length=1000)] = ""
    value: Any = None
    status: int = 0
    conversation: str | None = None


def parse_drift(data: object) -> Drift:
    """The drift in a decoded JSON object; ConfigError with a sentence where it is none."""
    try:
        return Drift(**_Wire.model_validate(data).model_dump())
    except ValidationError as error:
        problem = error.errors(include_input=False, include_url=False)[0]
        place = "/".join(str(part) for part in problem["loc"]) or "a drift"
        if problem["type"] == "model_type":
            raise ConfigError("a drift is a JSON object") from None
        if problem["type"] == "extra_forbidden":
            raise ConfigError("a drift has kind, pointer, value, status and conversation only") from None
        raise ConfigError(f"{place}: {problem['msg'][:1].lower()}{problem['msg'][1:]}") from None


def apply_drift(drift: Drift, status: int, body: Any) -> tuple[int, Any]:
    """The status and body of a good answer as they are under a drift; the arguments stay as they are."""
    if drift.kind == "status":
        return drift.status, body
    changed = copy.deepcopy(body)
    if drift.kind == "drop":
        drop(changed, drift.pointer)
    else:
        put(changed, drift.pointer, drift.value)
    return status, changed


def describe_drift(drift: Drift | None) -> Mapping[str, Any] | None:
    """A drift as JSON data, with only what its kind uses."""
    if drift is None:
        return None
    told: dict[str, Any] = {"kind": drift.kind}
    if drift.kind == "status":
        told["status"] = drift.status
    else:
        told["pointer"] = drift.pointer
    if drift.kind == "set":
        told["value"] = drift.value
    return told if drift.conversation is None else {**told, "conversation": drift.conversation}

"""What ``provider.yaml`` says: where the API is, which key it takes, what to probe and how strictly.

Strictness is policy and stands here; the contract itself is never edited to make a check stricter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from docsworn.contract.modelfile import ENV_NAME, HEADER_NAME, SLUG, read_model
from docsworn.contract.pointer import split
from docsworn.model import Kind, Purpose, Severity


def _is_pointer(value: str) -> str:
    split(value)
    return value


def _is_http_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
        raise ValueError("a URL begins with https:// and holds a host, no user and no query")
    return value.rstrip("/")


def _is_no_boolean(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("write a number here, not true or false")
    return value


_SLUG_LENGTH = 64

Pointer = Annotated[str, AfterValidator(_is_pointer)]
HttpUrl = Annotated[str, AfterValidator(_is_http_url)]
EnvName = Annotated[str, Field(pattern=ENV_NAME)]
Slug = Annotated[str, Field(pattern=SLUG, max_length=_SLUG_LENGTH)]
HeaderName = Annotated[str, Field(pattern=HEADER_NAME)]
# True is 1 in Python, and would be a budget of one request.
NO_BOOLEAN = BeforeValidator(_is_no_boolean)


def is_slug(text: str) -> bool:
    """Whether a text may be a name of ours."""
    return len(text) <= _SLUG_LENGTH and re.match(SLUG, text) is not None


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Auth(_Strict):
    """The header that carries the key, what stands before it, and the variable that holds it."""

    header: HeaderName
    prefix: str = ""
    env: EnvName

    @property
    def file_env(self) -> str:
        """The variable that may name a file with the key instead."""
        return f"{self.env}_FILE"


class ErrorCase(_Strict):
    """A request of the error contract; ``expect`` holds the statuses that are right for it."""

    id: Slug
    purpose: Purpose
    value: str | None = None
    expect: tuple[Annotated[str, Field(pattern=r"^[1-5]\d\d$")], ...] = ()
    reason: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> ErrorCase:
        if self.purpose is Purpose.GOOD:
            raise ValueError("an error case is not a good one")
        if self.purpose in (Purpose.UNKNOWN_ID, Purpose.MALFORMED_ID) and not self.value:
            raise ValueError(f'"{self.purpose}" needs the value to ask for')
        return self


class OperationSettings(_Strict):
    """How one operation is probed: whose ids, in which variants, and what must be refused."""

    id_parameter: str
    ids_env: EnvName
    variants: tuple[Mapping[str, str], ...] = ({},)
    identity: Pointer | None = None
    error_cases: tuple[ErrorCase, ...] = ()


class BudgetSettings(_Strict):
    """How many requests a provider may cost."""

    per_minute: Annotated[int, Field(gt=0), NO_BOOLEAN] = 30
    per_day: Annotated[int, Field(gt=0), NO_BOOLEAN] = 2000


class Schedule(_Strict):
    """How often ``watch`` holds a round."""

    interval_seconds: Annotated[float, Field(gt=0), NO_BOOLEAN] = 300.0


class Objectives(_Strict):
    """What is good enough: seconds for one exchange, share of rounds that succeed."""

    latency_seconds: Annotated[float, Field(gt=0), NO_BOOLEAN] = 5.0
    availability: Annotated[float, Field(gt=0, lt=1), NO_BOOLEAN] = 0.999


class Undocumented(_Strict):
    """What a field that nobody documented means here, and which ones are ignored."""

    severity: Severity = Severity.WARNING
    ignore: tuple[Pointer, ...] = ()


class Waiver(_Strict):
    """A broken promise that is known: by id, or by kind and pointer; with reason and end date."""

    promise: str | None = None
    kind: Kind | None = None
    pointer: Pointer | None = None
    reason: Annotated[str, Field(min_length=3)]
    until: date

    @model_validator(mode="after")
    def _names_something(self) -> Waiver:
        if self.promise is None and (self.kind is None or self.pointer is None):
            raise ValueError("a waiver names a promise, or a kind and a pointer")
        return self


class ProviderSettings(_Strict):
    """One provider; ``revisions`` are in the order in which the documentation had them."""

    provider: Slug
    title: str
    base_url: HttpUrl
    revisions: Annotated[tuple[Slug, ...], Field(min_length=1)]
    current: Slug
    auth: Auth
    operations: Annotated[Mapping[Slug, OperationSettings], Field(min_length=1)]
    context: tuple[Pointer, ...] = ()
    budget: BudgetSettings = BudgetSettings()
    schedule: Schedule = Schedule()
    objectives: Objectives = Objectives()
    deadline_seconds: Annotated[float, Field(gt=0, le=300), NO_BOOLEAN] = 20.0
    undocumented: Undocumented = Undocumented()
    waivers: tuple[Waiver, ...] = ()

    @model_validator(mode="after")
    def _current_is_known(self) -> ProviderSettings:
        if self.current not in self.revisions:
            raise ValueError(f'current "{self.current}" is not among the revisions')
        return self


def load_settings(path: Path) -> ProviderSettings:
    """The settings in a ``provider.yaml``; ConfigError with a line for every problem in it."""
    return read_model(path, ProviderSettings.model_validate)

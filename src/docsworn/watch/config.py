"""What the configuration file of ``docsworn watch`` may say; docs/watching.md explains it.

A key, an id or a password never stands in it: only the NAMES of environment variables do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from docsworn.contract.settings import NO_BOOLEAN, BudgetSettings, HttpUrl, Slug
from docsworn.errors import ConfigError
from docsworn.watch.listen import parse_listen

DEFAULT_LISTEN = "127.0.0.1:9808"
OWN_MODULE = "default"
MAX_SERIES = 1_000  # of one target
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,63}", re.ASCII)
# Access keys of some clouds are upper case letters and digits, as names of variables are.
_LOOKS_RANDOM = re.compile(r"(?=[A-Z]*[0-9])[A-Z0-9]{16,}", re.ASCII)
_HOST_PORT = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.\-]+):[0-9]{1,5}", re.ASCII)


def _is_variable(value: str) -> str:
    if not _NAME.fullmatch(value) or _LOOKS_RANDOM.fullmatch(value):
        raise ValueError(
            "write the NAME of an environment variable here, such as TAVUS_API_KEY, and never what it holds"
        )
    return value


def _is_host_port(value: str) -> str:
    if not _HOST_PORT.fullmatch(value) or int(value.rpartition(":")[2]) not in range(1, 65536):
        raise ValueError("write HOST:PORT, such as one.one.one.one:443")
    return value


def _is_listen(value: str) -> str:
    try:
        parse_listen(value)
    except ConfigError:
        raise ValueError("write HOST:PORT here, such as 127.0.0.1:9808 or [::1]:9808") from None
    return value


def _is_free(value: str) -> str:
    if value == OWN_MODULE:
        raise ValueError(f'"{OWN_MODULE}" is what a target says itself: give the module another name')
    return value


VariableName = Annotated[str, AfterValidator(_is_variable)]
HostPort = Annotated[str, AfterValidator(_is_host_port)]
ListenAddress = Annotated[str, AfterValidator(_is_listen)]
ModuleName = Annotated[Slug, AfterValidator(_is_free)]
MaxSeries = Annotated[int, Field(gt=0), NO_BOOLEAN]
Seconds = Annotated[float, Field(gt=0, le=31_536_000, allow_inf_nan=False), NO_BOOLEAN]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ModuleSettings(_Strict):
    """How a target is probed: which checks, which requests, and how long an exchange may take."""

    checks: tuple[Slug, ...] = ()
    error_contract: Literal["daily", "never", "always"] = "daily"
    scenarios: Annotated[tuple[Mapping[str, str], ...], Field(min_length=1)] | None = None
    cases_per_round: Annotated[int, Field(gt=0), NO_BOOLEAN] | None = None
    deadline: Annotated[float, Field(gt=0, le=300), NO_BOOLEAN] | None = None


class DocumentationSettings(_Strict):
    """Whether and how often the documentation page is read and compared with the contract."""

    address: HttpUrl | None = None
    interval: Seconds = 86_400.0


class TargetSettings(ModuleSettings):
    """One target: a provider as it is reached from here, and its schedule."""

    contract: Slug | None = None
    revision: Slug | None = None
    base_url: HttpUrl | None = None
    ca: str | None = None
    key_env: VariableName | None = None
    ids_env: VariableName | None = None
    scheduled: bool = True
    interval: Seconds | None = None
    min_interval: Seconds | None = None
    jitter: Annotated[float, Field(ge=0, le=1), NO_BOOLEAN] = 0.1
    concurrency: Annotated[int, Field(gt=0, le=8), NO_BOOLEAN] = 1
    budget: BudgetSettings | None = None
    documentation: DocumentationSettings | None = None


class WatchConfig(_Strict):
    """The whole file; ``providers`` are the targets by name, which is their label and ``/probe``'s target."""

    providers: Annotated[Mapping[Slug, TargetSettings], Field(min_length=1)]
    modules: Mapping[ModuleName, ModuleSettings] = {}
    listen: ListenAddress = DEFAULT_LISTEN
    history: str | None = None
    history_days: Annotated[float, Field(gt=0, le=36_500), NO_BOOLEAN] = 90.0
    contracts: str | None = None
    connectivity: tuple[HostPort, ...] = ()
    max_series: MaxSeries = MAX_SERIES
    threads: Annotated[int, Field(gt=0, le=512), NO_BOOLEAN] = 64

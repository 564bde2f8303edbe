"""The faults that an answer may come with: what there is, and how it is asked for.

As JSON ``{"fault": "slow-drip", "seconds": 0.1, "rate": 0.5, "seed": 7, "provider": "tavus"}``, as the
header of one request ``slow-drip; seconds=0.1; seed=7``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.errors import ConfigError, UnknownNameError

MAX_ACTIVE = 32  # faults at a time


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a fault takes, with what it is where nothing is said, and its bounds."""

    default: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class FaultKind:
    """One kind of fault; ``at_once`` ones cannot be asked for by the header of a request."""

    words: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault that a share ``rate`` of the answers (of one provider, or of all) comes with."""

    name: str
    settings: Mapping[str, float] = field(default_factory=dict)
    rate: float = 1.0
    seed: int = 0
    provider: str | None = None

    def setting(self, name: str) -> float:
        """A parameter's value, its default where nothing was said."""
        return self.settings.get(name, FAULTS[self.name].parameters[name].default)


_SHARE = {"share": Parameter(0.5, 0.0, 1.0)}
_RETRY = {"retry_after": Parameter(30, 0, 86_400)}
_REDIRECT = {"status": Parameter(302, 300, 399)}


def _seconds(default: float) -> dict[str, Parameter]:
    return {"seconds": Parameter(default, 0.0, 600.0)}


def _megabytes(default: float) -> dict[str, Parameter]:
    return {"megabytes": Parameter(default, 0.001, 10_000)}


FAULTS: Mapping[str, FaultKind] = {
    "latency": FaultKind("the answer comes `seconds` late", _seconds(1.0)),
    "latency-normal": FaultKind(
        "late by a normal distribution of `mean` and `deviation` seconds",
        {"mean": Parameter(0.5, 0, 600), "deviation": Parameter(0.1, 0, 600)},
    ),
    "latency-long-tail": FaultKind(
        "late by a log-normal distribution of `median` seconds; a larger `sigma` has a longer tail",
        {"median": Parameter(0.1, 0.001, 600), "sigma": Parameter(1.0, 0, 5)},
    ),
    "refused": FaultKind(
        "the connection is reset before any byte; with `seconds` nobody listens for so long", _seconds(0.0)
    ),
    "reset-before-body": FaultKind("the connection is reset after the headers"),
    "reset-inside-body": FaultKind("the connection is reset after a `share` of the body", _SHARE),
    "truncated-body": FaultKind("the connection ends in order after a `share` of the body", _SHARE),
    "slow-drip": FaultKind(
        "the body comes `bytes` at a time, `seconds` apart",
        {"bytes": Parameter(16, 1, 65_536), "seconds": Parameter(0.05, 0, 600)},
    ),
    "never-answers": FaultKind("the request is read and nothing ever comes"),
    "bad-chunk": FaultKind("the second chunk has no length that is a number"),
    "wrong-content-length": FaultKind(
        "the length in the header is wrong `by` so many bytes", {"by": Parameter(-10, -1_000_000, 1_000_000)}
    ),
    "wrong-content-type": FaultKind("the content type is text/plain"),
    "wrong-charset": FaultKind("the content type says UTF-16, and the bytes are UTF-8"),
    "invalid-utf8": FaultKind("bytes in the body that are no UTF-8"),
    "invalid-json": FaultKind("a comma too many at the end of the body"),
    "nan": FaultKind("a number is NaN, which JSON does not have"),
    "duplicate-keys": FaultKind("a field stands twice, with two values"),
    "deep-nesting": FaultKind("a list nested `levels` deep", {"levels": Parameter(100_000, 1, 10_000_000)}),
    "huge-body": FaultKind("valid JSON of so many `megabytes`", _megabytes(100)),
    "gzip-bomb": FaultKind("a small gzip body that unpacks to so many `megabytes`", _megabytes(1024)),
    "429": FaultKind("429 without Retry-After"),
    "429-seconds": FaultKind("429 with Retry-After in seconds", _RETRY),
    "429-date": FaultKind("429 with Retry-After as a date, `retry_after` seconds from now", _RETRY),
    "500": FaultKind("500 with a JSON body"),
    "502": FaultKind("502 with a JSON body"),
    "503": FaultKind("503 with a JSON body"),
    "504": FaultKind("504 with a JSON body"),
    "html-error": FaultKind("a page in HTML with this `status`", {"status": Parameter(502, 200, 599)}),
    "redirect-same-host": FaultKind("to another path of this host, where the answer is", _REDIRECT),
    "redirect-other-host": FaultKind("to another name of this host, where the answer is", _REDIRECT),
    "redirect-loop": FaultKind("to the same place again and again", _REDIRECT),
    "certificate-expired": FaultKind("the certificate expired yesterday (needs --tls)", at_once=True),
    "certificate-wrong-name": FaultKind("the certificate is of another host (needs --tls)", at_once=True),
}

CERTIFICATES = frozenset(name for name in FAULTS if name.startswith("certificate-"))
LATENCIES = frozenset(name for name in FAULTS if name.startswith("latency"))


def parse_faults(data: object) -> tuple[Fault, ...]:
    """The faults in a decoded JSON value: one object, or a list of them; ConfigError says what is wrong."""
    each = data if isinstance(data, list) else [data]
    if len(each) > MAX_ACTIVE:
        raise ConfigError(f"at most {MAX_ACTIVE} faults at a time")
    return tuple(parse_fault(one) for one in each)


def parse_fault(data: object) -> Fault:
    """One fault from a decoded JSON object; ConfigError says what is wrong."""
    if not isinstance(data, dict):
        raise ConfigError('a fault is a JSON object, as {"fault": "latency"}, or a list of them')
    rest = dict(data)
    name = rest.pop("fault", None)
    if not isinstance(name, str):
        raise ConfigError('a fault needs its name, as {"fault": "latency"}')
    kind = _kind(name)
    provider = rest.pop("provider", None)
    if provider is not None and not isinstance(provider, str):
        raise ConfigError("provider is the name of a provider")
    rate = _number("rate", rest.pop("rate", 1.0), Parameter(1, 0, 1))
    seed = rest.pop("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise ConfigError("seed is a whole number")
    return Fault(name, _settings(name, kind, rest), rate, seed, provider)


def parse_header(text: str) -> Fault:
    """The fault that a request asks for itself, as ``slow-drip; seconds=0.1``; ConfigError."""
    name, *pairs = (part.strip() for part in text.split(";"))
    if _kind(name).at_once:
        raise ConfigError(f"{name} comes before any header: PUT it to /__docsworn/faults")
    asked: dict[str, Any] = {"fault": name}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise ConfigError("a fault's header is its name, then key=value pairs, all apart by ;")
        if key.strip() == "provider":
            raise ConfigError("provider is not for a header: the fault is for the request that asks")
        try:
            asked[key.strip()] = int(value) if key.strip() == "seed" else float(value)
        except ValueError:
            raise ConfigError(f"{key.strip()[:32]} is a number") from None
    fault = parse_fault(asked)
    if fault.name == "refused" and fault.setting("seconds"):
        raise ConfigError("refused for some seconds is not for one request: PUT it to /__docsworn/faults")
    return fault


def describe_fault(fault: Fault) -> Mapping[str, Any]:
    """A fault as JSON data, with all that it does not say itself."""
    told: dict[str, Any] = {"fault": fault.name}
    told |= {name: fault.setting(name) for name in FAULTS[fault.name].parameters}
    told |= {"rate": fault.rate, "seed": fault.seed}
    return told if fault.provider is None else {**told, "provider": fault.provider}


def _kind(name: str) -> FaultKind:
    if name not in FAULTS:
        raise ConfigError(str(UnknownNameError("fault", name[:64], FAULTS)))
    return FAULTS[name]


def _settings(name: str, kind: FaultKind, given: Mapping[str, Any]) -> dict[str, float]:
    for key in given:
        if key not in kind.parameters:
            fitting = ", ".join([*kind.parameters, "rate", "seed", "provider"])
            raise ConfigError(f'{name} takes {fitting}, not "{key[:32]}"')
    return {key: _number(key, value, kind.parameters[key]) for key, value in given.items()}


def _number(name: str, value: object, bounds: Parameter) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise ConfigError(f"{name} is a number")
    if not bounds.least <= value <= bounds.most:
        raise ConfigError(f"{name} is a number from {bounds.least:g} to {bounds.most:g}")
    return float(value)

"""What a response says about how often we may ask: the one reader of these headers.

``Retry-After`` (RFC 9110, 10.2.3), ``RateLimit`` and ``RateLimit-Policy`` (the IETF's draft, in its old and
new form), ``RateLimit-Limit``, ``-Remaining``, ``-Reset`` and their ``X-`` forms, which no standard has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from functools import lru_cache

from docsworn.contract.shape import token
from docsworn.model import Exchange

_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)
# The three forms of RFC 9110, 5.6.7; what Python reads besides them is none of these.
_HTTP_DATE = re.compile(
    r"[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT"
    r"|[A-Z][a-z]{5,8}, [0-9]{2}-[A-Z][a-z]{2}-[0-9]{2} [0-9:]{8} GMT"
    r"|[A-Z][a-z]{2} [A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} [0-9]{4}",
    re.ASCII,
)
_TIMESTAMP = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9:.]{5,18}(?:[Zz]|[+-][0-9:]{4,6})?", re.ASCII)
_DURATION = re.compile(r"(?:[0-9]{1,12}(?:\.[0-9]{1,9})?(?:ms|us|ns|µs|d|h|m|s))+", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?", re.ASCII)
# A member of a structured list (RFC 9651): a name or number, or key=value, then its parameters.
_BARE = r'(?:"[^"\\\x00-\x1f]{0,200}"|:[A-Za-z0-9+/=]{0,200}:|\?[01]|[A-Za-z0-9*.+_/:%-]{1,200})'
_MEMBER = re.compile(rf"[ \t]*{_BARE}(?:={_BARE})?(?:[ \t]*;[ \t]*[a-z*][a-z0-9_.*-]*(?:={_BARE})?)*[ \t]*")
_PAIR = re.compile(r"(?:^|;)[ \t]*([a-z]+)=([^;]*)")
_COUNTS = frozenset({"r", "t", "q", "w", "limit", "remaining", "reset"})
_REMAINING = frozenset({"r", "remaining"})
TOO_MANY_REQUESTS = 429
_MOST = 4_096  # characters of a value that are read


@dataclass(frozen=True, slots=True)
class RateLimits:
    """What the headers of one response say.

    ``seen`` says whether there was one, ``exhausted`` that nothing remains, ``retry_after`` for how many
    seconds we are asked to wait; ``problems`` has a sentence, without its value, for each header that
    cannot be read.
    """

    seen: bool = False
    exhausted: bool = False
    retry_after: float | None = None
    problems: tuple[str, ...] = ()


_NONE = RateLimits()


def retry_after_seconds(text: str, now: float) -> float | None:
    """The seconds from ``now`` (Unix) that a ``Retry-After`` asks for, never below 0; None if malformed."""
    text = text.strip(" \t")
    if _WHOLE.fullmatch(text):
        return float(text)
    if not _HTTP_DATE.fullmatch(text):
        return None
    try:
        moment = parsedate_to_datetime(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)  # the form of asctime names no zone
        return max(0.0, moment.timestamp() - now)
    except (ValueError, OverflowError):
        return None


def read_rate_limits(exchange: Exchange) -> RateLimits:
    """What the response of an exchange says; times count from its end."""
    values = _joined(exchange.headers)
    if not values:
        return _NONE
    now = exchange.started + exchange.timings.total
    asked = values.get("retry-after")
    wait = None if asked is None else retry_after_seconds(asked, now)
    return RateLimits(
        seen=True,
        exhausted=any(_says_nothing_remains(name, text) for name, text in values.items()),
        retry_after=wait,
        problems=tuple(_problems(values, wait)),
    )


def limit_notes(exchanges: Sequence[Exchange]) -> Iterator[str]:
    """Sentences for people: how often we were too fast, that we are to wait, that nothing remains."""
    answered = [exchange for exchange in exchanges if exchange.status is not None]
    refused = sum(exchange.status == TOO_MANY_REQUESTS for exchange in answered)
    if refused:
        yield f"{refused} of {len(answered)} requests were answered with 429: too many requests"
    told = [read_rate_limits(exchange) for exchange in answered]
    waits = [limits.retry_after for limits in told if limits.retry_after is not None]
    if waits:
        yield f"the API asks to wait {max(waits):.0f} s before the next request (Retry-After)"
    if any(limits.exhausted for limits in told):
        yield "the API says that nothing remains of its rate limit"


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The values of these headers by lower-case name; several of a name are one list (RFC 9110, 5.3)."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        known = _known(name)
        if known is not None:
            found.setdefault(known, []).append(value)
    return {name: ", ".join(values) for name, values in found.items()}


@lru_cache(maxsize=1024)
def _known(name: str) -> str | None:
    """The lower-case name of one of these headers; None for any other."""
    lower = name.lower()
    known = lower == "retry-after" or lower.startswith(("ratelimit", "x-ratelimit-", "x-rate-limit-"))
    return lower if known else None


def _problems(values: Mapping[str, str], wait: float | None) -> Iterator[str]:
    for name, text in values.items():
        if name == "retry-after":
            if wait is None:
                yield "Retry-After is neither whole seconds nor an HTTP date"
            continue
        rule = _rule_of(name)
        if rule is not None and not (len(text) <= _MOST and rule[0](text.strip(" \t"))):
            yield f"{token(name) or 'x-ratelimit-*'} is {rule[1]}"


def _rule_of(name: str) -> tuple[Callable[[str], bool], str] | None:
    """What a header's value must be, and what is said of one that is not; None for names of no meaning."""
    if name in ("ratelimit", "ratelimit-policy"):
        return _is_structured, "no structured field with whole numbers"
    standard = name.startswith("ratelimit-")
    meaning = next((part for part in name.split("-") if part in ("limit", "remaining", "reset")), None)
    if name.startswith("x-rate-limit-"):
        meaning = next(
            (part for part in name.split("-")[3:] if part in ("limit", "remaining", "reset")), None
        )
    if meaning is None:
        return None
    if meaning == "reset":
        return (_is_count, "no number of seconds") if standard else (_is_time, "no time")
    return _is_count, "no number"


def _is_count(text: str) -> bool:
    """A number; a quota policy may follow it (``100, 100;w=60``)."""
    first, _, rest = text.partition(",")
    number = first.partition(";")[0].strip(" \t")
    return bool(_NUMBER.fullmatch(number)) and (not rest or _is_structured(rest))


def _is_time(text: str) -> bool:
    """Seconds, a duration (``6m0s``), or a moment in one of the forms in use."""
    forms = (_NUMBER, _DURATION, _TIMESTAMP, _HTTP_DATE)
    return any(form.fullmatch(text) for form in forms)


def _is_structured(text: str) -> bool:
    members = _split(text)
    return all(_MEMBER.fullmatch(member) for member in members) and all(
        _WHOLE.fullmatch(value.strip(" \t")) for member in members for _, value in _counts(member)
    )


def _split(text: str) -> list[str]:
    """The members of a list; a comma within quotes parts nothing."""
    parts = text.split('"')
    return '"'.join(
        part if number % 2 else part.replace(",", "\n") for number, part in enumerate(parts)
    ).split("\n")


def _counts(member: str) -> Iterator[tuple[str, str]]:
    for name, value in _PAIR.findall(member):
        if name in _COUNTS:
            yield name, value


def _says_nothing_remains(name: str, text: str) -> bool:
    if name == "ratelimit":
        pairs = (pair for member in _split(text[:_MOST]) for pair in _counts(member))
        return any(key in _REMAINING and value.strip(" \t") == "0" for key, value in pairs)
    return "remaining" in name.split("-") and text.strip(" \t") == "0"

"""The vocabulary of the data: contract, exchange, finding and what they are made of.

Data flows from documentation to findings once; every class here is a frozen value.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """What sort of promise was broken: a closed set, safe as a metric label."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    STATUS = "status"
    HEADER = "header"
    CONTENT_TYPE = "content_type"
    UNPARSEABLE = "unparseable"
    MISSING = "missing"
    TYPE = "type"
    ENUM = "enum"
    FORMAT = "format"
    BOUND = "bound"
    UNDOCUMENTED = "undocumented"
    INVARIANT = "invariant"
    IDENTITY = "identity"
    REDIRECT = "redirect"
    CERTIFICATE = "certificate"
    LATENCY = "latency"
    VANISHED = "vanished"
    NOVEL = "novel"


class Severity(StrEnum):
    """How much a broken promise matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(StrEnum):
    """Why we believe a promise."""

    DOCUMENTED = "documented"
    INFERRED = "inferred"
    CURATED = "curated"
    CORROBORATED = "corroborated"


class Verdict(StrEnum):
    """How one operation of a provider did in one run."""

    KEPT = "kept"
    BROKEN = "broken"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Source:
    """The document and the line (from 1; 0 where a document has no lines) that say so."""

    document: str
    line: int

    def __str__(self) -> str:
        return f"{self.document}:{self.line}" if self.line else self.document


@dataclass(frozen=True, slots=True)
class Promise:
    """One checkable statement of a contract.

    ``id`` is unique within the contract, as ``get_conversation.200:/status#enum``.
    ``pointer`` is a pattern (``*`` for array items and map keys); the pointer of a required field
    is the field's own. ``documented`` says in our words what was promised.
    ``severity`` holds before corroboration.
    """

    id: str
    pointer: str
    keyword: str
    kind: Kind
    severity: Severity
    confidence: Confidence
    source: Source
    documented: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One request parameter; ``location`` is ``path``, ``query``, ``header`` or ``cookie``."""

    name: str
    location: str
    required: bool
    schema: Mapping[str, Any]
    source: Source


@dataclass(frozen=True, slots=True)
class Header:
    """One documented response header; ``schema`` is self-contained JSON Schema 2020-12."""

    name: str
    required: bool
    schema: Mapping[str, Any]
    source: Source
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Response:
    """What is documented for one status: ``schema`` is self-contained JSON Schema 2020-12 with the
    pack's ``x-`` annotations, or None where no body is described."""

    status: str
    media_types: tuple[str, ...]
    schema: Mapping[str, Any] | None
    source: Source
    confidence: Confidence
    headers: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """A method and a path template with what is documented for it."""

    id: str
    method: str
    path: str
    parameters: tuple[Parameter, ...]
    responses: Mapping[str, Response]
    source: Source


@dataclass(frozen=True, slots=True)
class Invariant:
    """A promise that JSON Schema cannot say: CEL over ``body``, ``request`` and ``named``.

    ``when`` false means that it does not apply; an error means *not evaluable*. ``when_line`` and
    ``hold_line`` are where they stand in the pack's file (from 1; 0 where that is not known).
    """

    promise: Promise
    operation: str
    status: str
    when: str | None
    hold: str
    when_line: int = 0
    hold_line: int = 0


@dataclass(frozen=True, slots=True)
class Contract:
    """One revision of what a provider documents; ``sha256`` is of the pack's openapi.json."""

    provider: str
    revision: str
    sha256: str
    server: str
    document: Mapping[str, Any] = field(repr=False)
    operations: Mapping[str, Operation] = field(repr=False)
    invariants: tuple[Invariant, ...] = field(repr=False)


class Purpose(StrEnum):
    """Why a request is sent: to be answered well, or to see the error contract."""

    GOOD = "good"
    NO_KEY = "no_key"
    WRONG_KEY = "wrong_key"
    UNKNOWN_ID = "unknown_id"
    MALFORMED_ID = "malformed_id"


class Credential(StrEnum):
    """Which key a request carries."""

    KEY = "key"
    NONE = "none"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Case:
    """A request we mean to send and why.

    ``id`` names the case without values (``get_conversation/good/1?verbose=true``: the number counts
    the configured ids). ``expect`` holds the statuses that this case may get; empty means any
    documented one of the purpose (2xx for good, 4xx otherwise). ``query_known`` is False for a recorded
    response that came without its request.
    """

    id: str
    operation: str
    purpose: Purpose
    credential: Credential
    path: str = field(repr=False)
    query: tuple[tuple[str, str], ...] = ()
    expect: tuple[str, ...] = ()
    subject_id: str | None = field(default=None, repr=False)
    query_known: bool = True


class FailureReason(StrEnum):
    """Why no complete response came: a closed set, safe as a metric label."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    RESET = "reset"
    TIMEOUT = "timeout"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    PROTOCOL = "protocol"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an exchange has no complete response; ``detail`` holds no value of the exchange."""

    reason: FailureReason
    detail: str


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds spent in each phase; None where the phase did not happen (a reused connection)."""

    total: float
    dns: float | None = None
    connect: float | None = None
    tls: float | None = None
    send: float | None = None
    wait: float | None = None
    receive: float | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A case as sent and what came back, or why nothing did.

    ``started`` is in Unix seconds, ``body`` the decoded bytes (None where nothing came),
    ``certificate_expiry`` in Unix seconds (None for plain http).
    """

    case: Case
    started: float
    timings: Timings
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes | None = field(default=None, repr=False)
    failure: Failure | None = None
    certificate_expiry: float | None = None

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its case."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return None


@dataclass(frozen=True, slots=True)
class Finding:
    """A promise that an exchange did not keep; it holds no values, only places and shapes."""

    provider: str
    operation: str
    revision: str
    promise: str
    kind: Kind
    severity: Severity
    pointer: str
    documented: str
    observed: str
    source: Source
    case: str
    reason: str | None = None
    waived: str | None = None

    @property
    def fingerprint(self) -> str:
        """16 hex digits: the same finding in another run or case has the same ones."""
        parts = (self.provider, self.operation, self.promise, self.kind, self.pointer)
        return hashlib.sha256("\n".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many promises of an operation were kept, broken, never seen or not evaluable."""

    kept: int = 0
    broken: int = 0
    unseen: int = 0
    not_evaluable: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """One operation of one provider held to its contract once.

    ``notes`` are sentences for people: what was not checked and why. ``exchanges`` keep what was
    sent and how long it took; outputs never print their bodies. ``fits`` says which revision is served:
    each with the share of its promises that the good responses kept, best first. ``kinds`` are those of
    which a promise was kept or broken; of the others nothing was seen. ``not_evaluable`` holds the ids of
    promises that could not be judged, ``crashes`` a sentence for each check that failed by our own fault.
    """

    provider: str
    operation: str
    revision: str
    verdict: Verdict
    exchanges: tuple[Exchange, ...]
    promises: Tally
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    fits: tuple[tuple[str, float], ...] = ()
    kinds: frozenset[Kind] = frozenset()
    not_evaluable: tuple[str, ...] = ()
    crashes: tuple[str, ...] = ()

    @property
    def reached(self) -> bool:
        """Whether at least one exchange brought a response."""
        return any(exchange.status is not None for exchange in self.exchanges)


# In the place of what is no state of its own: all such states are one.
OTHER_STATE = "?"


@dataclass(frozen=True, slots=True)
class Novelty:
    """What a body shows at a place for the first time, or no longer; ``usual`` says what it was so far.

    ``kind`` is ``novel`` or ``vanished``; there are shapes and short tokens in it, no values.
    """

    kind: Kind
    pointer: str
    usual: str
    observed: str


class Profile(Protocol):
    """What the bodies of one status and situation have looked like so far, place by place.

    A conversation is named by what tells it from others; a look is what ``Looker.look`` makes of a body.
    """

    @property
    def conversations(self) -> int:
        """How many conversations were read."""

    def is_familiar(self, body: Any) -> bool:
        """Whether a body shows nothing that was not there before: the fast way."""

    def is_usual(self, body: Any, closed: Mapping[str, Any] | None) -> bool:
        """Whether a body is familiar and keeps a closed schema: proven in one go; False in doubt."""

    def is_curious(self, conversation: str, started: float) -> bool:
        """Whether a familiar body should teach all the same."""

    def lost(self, shown: frozenset[str], conversation: str) -> frozenset[str]:
        """The promises (by id) that a conversation always put to the test, and now does not."""

    def lacked(self, conversation: str) -> frozenset[str]:
        """The promises (by id) of listed fields that a conversation lacked when it was read last."""

    def novelties(self, look: Any, conversation: str) -> tuple[Novelty, ...]:
        """What a look shows that there is enough evidence against."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What live responses of one host have taught so far.

    ``corroborated`` holds ids of promises that were kept steadily; ``steady`` maps a context (the
    values at the provider's context places) to the presence promises kept in every one of its
    responses, with how many these are. Both only hold what has at least 20 responses of at least 2
    conversations. ``profiles`` are found by what ``check.situation`` calls a situation. ``states`` are the
    words at each context place that are no page's but came again and again; None where all are taken.
    """

    corroborated: frozenset[str] = frozenset()
    steady: Mapping[tuple[str, ...], Mapping[str, int]] = field(default_factory=dict)
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    states: Mapping[str, frozenset[str]] | None = None

    def expected(self, promises: frozenset[str], context: tuple[str, ...] | None) -> frozenset[str]:
        """Which of these presence promises are known to be always kept; an unknown context asks all."""
        if context is not None:
            return promises & self.steady.get(context, {}).keys()
        return promises.intersection(*self.steady.values()) if self.steady else frozenset()

    def straight(self, promise: str, context: tuple[str, ...] | None) -> int:
        """In how many straight responses a presence promise that is expected was kept, at least."""
        contexts = self.steady.values() if context is None else [self.steady[context]]
        return min(steady[promise] for steady in contexts)

"""Judges a round: was the API available, and which findings are about its contract."""

from __future__ import annotations

from dataclasses import dataclass

from docsworn.contract.compiled import CompiledOperation
from docsworn.model import Exchange, FailureReason, Finding, Kind, Purpose, Run

AUTH = "auth"
FIXTURE_GONE = "fixture_gone"
SERVER_ERROR = "server_error"
REDIRECT = "redirect"
CLIENT_ERROR = "client_error"
OWN_NETWORK = "own_network"
UNDOCUMENTED = "undocumented"
RATE_LIMITED = "rate_limited"

# Why a round did not succeed: a closed set, safe as a label. The first that fits is the reason.
REASONS: dict[str, str] = {
    OWN_NETWORK: "no host at all could be connected to: it is our own network, and no failure of theirs",
    FailureReason.DNS.value: "the name could not be resolved",
    FailureReason.CONNECT.value: "no connection",
    FailureReason.TLS.value: "no secure connection, or a certificate that does not fit",
    FailureReason.RESET.value: "the connection was closed before an answer",
    FailureReason.TIMEOUT.value: "no whole answer before the deadline",
    FailureReason.TRUNCATED.value: "an answer that ended too early",
    FailureReason.TOO_LARGE.value: "an answer above the size that we read",
    FailureReason.PROTOCOL.value: "what came was not HTTP",
    SERVER_ERROR: "a status of 500 or above",
    AUTH: "401 or 403 although the configured key was sent",
    FIXTURE_GONE: "404 or 410 for a configured id",
    REDIRECT: "a status of 300 to 399, which is not followed",
    CLIENT_ERROR: "another status of 400 to 499, but for 429",
    UNDOCUMENTED: "a status of 200 to 299 that is not documented",
    FailureReason.BUDGET.value: "nothing could be sent: our own budget of requests is spent",
}

# What a finding of these kinds says is told by metrics of their own, not as a broken contract.
AVAILABILITY_KINDS = frozenset({Kind.UNREACHABLE, Kind.TIMEOUT, Kind.LATENCY, Kind.CERTIFICATE})

# The findings of an exchange that failed like this follow from it (the HTML of a gateway is no JSON).
# A status that nobody documented is not among them: that one is the contract's matter as well.
AVAILABILITY_REASONS = frozenset({*FailureReason, SERVER_ERROR, AUTH, FIXTURE_GONE, RATE_LIMITED})

_BY_STATUS = {401: AUTH, 403: AUTH, 404: FIXTURE_GONE, 410: FIXTURE_GONE}
_BY_CLASS = {2: UNDOCUMENTED, 3: REDIRECT, 4: CLIENT_ERROR}


@dataclass(frozen=True, slots=True)
class Round:
    """What a run says about availability.

    ``judged`` are the exchanges that decide: the good ones or, where there are no ids, all of them;
    without those that our budget or the provider's rate limit put off. ``success`` is None where
    nothing decides, and ``reason`` is of ``REASONS`` where it is False.
    """

    judged: tuple[Exchange, ...]
    success: bool | None
    reason: str | None


NOTHING_JUDGED = Round((), None, None)


def judge(run: Run, operation: CompiledOperation) -> Round:
    """Whether the good requests got complete answers of a documented success.

    Requests of the error contract count only where there are no good ones, and then any complete
    answer below 500 will do.
    """
    good = [exchange for exchange in run.exchanges if exchange.case.purpose is Purpose.GOOD]
    judged = tuple(exchange for exchange in good or run.exchanges if not put_off(exchange))
    failed = {failure_of(exchange, operation) for exchange in judged} - {None}
    reason = next((name for name in REASONS if name in failed), None)
    return Round(judged, None if not judged else reason is None, reason)


def put_off(exchange: Exchange) -> bool:
    """Whether our budget or the provider's rate limit stood between, so that nothing was learned."""
    return exchange.status == 429 or not sent(exchange)


def sent(exchange: Exchange) -> bool:
    """Whether a request left us at all."""
    return exchange.failure is None or exchange.failure.reason is not FailureReason.BUDGET


def teaches(run: Run, operation: CompiledOperation) -> bool:
    """Whether a run says anything of the contract: an answer came that is no outage and no 429."""
    return any(
        exchange.status is not None
        and not put_off(exchange)
        and failure_of(exchange, operation) not in AVAILABILITY_REASONS
        for exchange in run.exchanges
    )


def failure_of(exchange: Exchange, operation: CompiledOperation) -> str | None:
    """Why an exchange does not speak for availability, of ``REASONS``; None where it does."""
    status = exchange.status
    if exchange.failure is not None:
        return exchange.failure.reason.value
    if status is None:
        return FailureReason.PROTOCOL.value
    if status >= 500:
        return SERVER_ERROR
    case = exchange.case
    if case.purpose is not Purpose.GOOD or str(status) in case.expect:
        return None
    if 200 <= status < 300 and not case.expect and operation.documented(status):
        return None
    return _BY_STATUS.get(status) or _BY_CLASS.get(status // 100, FailureReason.PROTOCOL.value)


def contract_findings(run: Run, operation: CompiledOperation) -> tuple[Finding, ...]:
    """The findings that say the contract is broken: not waived, and not the echo of an outage."""
    echoes = {
        exchange.case.id
        for exchange in run.exchanges
        if put_off(exchange) or failure_of(exchange, operation) in AVAILABILITY_REASONS
    }
    return tuple(
        finding
        for finding in run.findings
        if not finding.waived and finding.kind not in AVAILABILITY_KINDS and finding.case not in echoes
    )


def counted_findings(run: Run, operation: CompiledOperation) -> tuple[Finding, ...]:
    """The findings that count as violations: those about the contract, and those of outages as such.

    What follows from an outage, a refused key or a conversation that is gone is left out.
    """
    about = frozenset(contract_findings(run, operation))
    return tuple(
        finding
        for finding in run.findings
        if finding in about or (not finding.waived and finding.kind in AVAILABILITY_KINDS)
    )


def fixtures(run: Run, operation: CompiledOperation) -> tuple[set[str], set[str]]:
    """The configured conversations that were there and that were not, by the case without its variant."""
    present: set[str] = set()
    gone: set[str] = set()
    for exchange in run.exchanges:
        if exchange.case.purpose is Purpose.GOOD and exchange.status is not None:
            name = exchange.case.id.partition("?")[0]
            failure = failure_of(exchange, operation)
            if failure == FIXTURE_GONE:
                gone.add(name)
            elif failure is None:
                present.add(name)
    return present - gone, gone

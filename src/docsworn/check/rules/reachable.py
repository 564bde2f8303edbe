"""Something answers, within the deadline."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import FailureReason, Kind

# Told by other checks, or no fault of the API.
_ELSEWHERE = frozenset({FailureReason.TLS, FailureReason.BUDGET})


def _run(subject: Subject) -> Account:
    promise = subject.compiled.promise("reachable")
    failure = subject.exchange.failure
    if failure is None:
        return kept(promise)
    if failure.reason is FailureReason.TIMEOUT:
        return broken(promise, failure.detail, kind=Kind.TIMEOUT, reason=failure.reason)
    if failure.reason in _ELSEWHERE or subject.exchange.status is not None:
        return NOTHING
    return broken(promise, failure.detail, reason=failure.reason)


CHECK = Check(
    name="reachable",
    summary="an answer comes within the deadline",
    kinds=(Kind.UNREACHABLE, Kind.TIMEOUT),
    run=_run,
    order=10,
)

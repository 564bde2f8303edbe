"""The body arrives whole and is strict JSON."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import FailureReason, Kind


def _run(subject: Subject) -> Account:
    promise = subject.compiled.promise("parses")
    exchange = subject.exchange
    failure = exchange.failure
    if failure is not None:
        cut = exchange.status is not None and failure.reason is not FailureReason.TIMEOUT
        return broken(promise, failure.detail, reason=failure.reason) if cut else NOTHING
    if subject.response is None:
        return NOTHING
    problem = subject.parsed.problem
    if problem is None:
        return kept(promise)
    if exchange.body and not _claims_json(subject):
        return NOTHING  # an HTML page is no broken JSON: content_type tells it
    return broken(promise, str(problem), reason=problem.fault)


def _claims_json(subject: Subject) -> bool:
    header = subject.exchange.header("content-type")
    return header is None or "json" in header.lower()


CHECK = Check(
    name="parses",
    summary="the body is whole, strict JSON (RFC 8259) in UTF-8",
    kinds=(Kind.UNPARSEABLE,),
    run=_run,
    order=50,
)

"""What a response says of its rate limit can be read."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import Kind
from docsworn.probe.rate_limit import read_rate_limits


def _run(subject: Subject) -> Account:
    limits = read_rate_limits(subject.exchange)
    if not limits.seen:
        return NOTHING
    promise = subject.compiled.promise("rate_limit")
    return broken(promise, "; ".join(limits.problems)) if limits.problems else kept(promise)


CHECK = Check(
    name="rate_limit",
    summary="rate-limit headers (Retry-After, RateLimit, X-RateLimit-*) can be read",
    kinds=(Kind.HEADER,),
    run=_run,
    order=45,
)

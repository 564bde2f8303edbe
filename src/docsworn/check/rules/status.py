"""A good request is answered with a documented success, and its key is accepted."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import Kind, Severity

_KEY_REFUSED = frozenset({401, 403})
_REASONS = {408: "request_timeout", 429: "rate_limited"}


def _run(subject: Subject) -> Account:
    status = subject.exchange.status
    # Redirects and server errors are told by checks of their own, refusals by the error contract.
    if not subject.is_good or status is None or not (200 <= status < 300 or 400 <= status < 500):
        return NOTHING
    authorised, documented = subject.compiled.promise("authorised"), subject.compiled.promise("status")
    if status in _KEY_REFUSED:
        observed = f"{status} on a good request: the key is not accepted"
        return broken(authorised, observed, severity=Severity.ERROR, reason="auth")
    if subject.compiled.documented(status) is None:
        return broken(documented, f"status {status}", severity=Severity.ERROR, reason=_REASONS.get(status))
    if status >= 400:
        observed = f"{status} on a good request: it is refused, or the id is gone"
        return broken(documented, observed, severity=Severity.ERROR, reason=_REASONS.get(status, "refused"))
    return kept(authorised, documented)


CHECK = Check(
    name="status",
    summary="a good request is answered with a documented success",
    kinds=(Kind.STATUS,),
    run=_run,
    order=30,
)

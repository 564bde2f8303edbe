"""A good request is answered with a documented status, a bad one is refused as documented."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import Credential, Kind, Promise, Severity

_KEY_REFUSED = frozenset({401, 403})
_REASONS = {408: "request_timeout", 429: "rate_limited"}


def _run(subject: Subject) -> Account:
    status = subject.exchange.status
    # Redirects and server errors are told by checks of their own.
    if status is None or not (200 <= status < 300 or 400 <= status < 500):
        return NOTHING
    return _good(subject, status) if subject.is_good else _refusal(subject, status)


def _good(subject: Subject, status: int) -> Account:
    authorised, documented = subject.compiled.promise("authorised"), subject.compiled.promise("status")
    if status in _KEY_REFUSED:
        return _key_refused(subject, f"{status} on a good request: the key is not accepted")
    if subject.compiled.documented(status) is None:
        return broken(documented, f"status {status}", severity=Severity.ERROR, reason=_REASONS.get(status))
    if status >= 400:
        observed = f"{status} on a good request: it is refused, or the id is gone"
        return broken(documented, observed, severity=Severity.ERROR, reason="refused")
    return kept(authorised, documented)


def _refusal(subject: Subject, status: int) -> Account:
    promise = _case_promise(subject)
    expected = subject.case.expect
    if str(status) in expected:
        return kept(promise)
    if status == 401 and subject.case.credential is Credential.KEY:
        # Asked with the key, so the id was not even looked at.
        return _key_refused(subject, "401 with the key: it is not accepted")
    if status < 400:
        observed = f"status {status}: accepted what it should reject"
        return broken(promise, observed, severity=Severity.ERROR, reason="accepted")
    if not expected and subject.compiled.documented(status) is not None:
        return kept(promise)
    return broken(promise, f"status {status}", severity=Severity.WARNING)


def _key_refused(subject: Subject, observed: str) -> Account:
    authorised = subject.compiled.promise("authorised")
    return broken(authorised, observed, severity=Severity.ERROR, reason="auth")


def _case_promise(subject: Subject) -> Promise:
    """What this error case promises; a case that the settings do not list is held to the statuses."""
    name = subject.case.id.rpartition("/")[2]
    operational = subject.compiled.operational
    return operational.get(name) or subject.compiled.promise("status")


CHECK = Check(
    name="status",
    summary="the status is documented, and what should be refused is refused",
    kinds=(Kind.STATUS,),
    run=_run,
    order=30,
)

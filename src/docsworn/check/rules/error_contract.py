"""What should be refused is refused as documented: no key, a wrong one, an unknown or malformed id."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import Credential, Kind, Promise, Severity
from docsworn.probe.rate_limit import TOO_MANY_REQUESTS


def _run(subject: Subject) -> Account:
    status = subject.exchange.status
    # Redirects and server errors are told by checks of their own.
    if subject.is_good or status is None or not (200 <= status < 300 or 400 <= status < 500):
        return NOTHING
    promise = _case_promise(subject)
    expected = subject.case.expect
    if str(status) in expected:
        return kept(promise)
    if status == TOO_MANY_REQUESTS:
        return NOTHING  # our pace was refused, the request was not looked at
    if status == 401 and subject.case.credential is Credential.KEY:
        # Asked with the key, so the id was not even looked at.
        authorised = subject.compiled.promise("authorised")
        observed = "401 with the key: it is not accepted"
        return broken(authorised, observed, severity=Severity.ERROR, reason="auth")
    if status < 400:
        observed = f"status {status}: accepted what it should reject"
        return broken(promise, observed, severity=Severity.ERROR, reason="accepted")
    if not expected and subject.compiled.documented(status) is not None:
        return kept(promise)
    return broken(promise, f"status {status}", severity=Severity.WARNING)


def _case_promise(subject: Subject) -> Promise:
    """What this error case promises; a case that the settings do not list is held to the statuses."""
    name = subject.case.id.rpartition("/")[2]
    operational = subject.compiled.operational
    return operational.get(name) or subject.compiled.promise("status")


CHECK = Check(
    name="error_contract",
    summary="no key, a wrong key, an unknown or malformed id are refused as documented",
    kinds=(Kind.STATUS,),
    run=_run,
    order=35,
)

"""TLS succeeds, and the certificate does not end soon."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import FailureReason, Kind, Severity

WARN_DAYS = 14
_DAY_SECONDS = 86_400


def _run(subject: Subject) -> Account:
    promise = subject.compiled.promise("certificate")
    exchange = subject.exchange
    if exchange.failure is not None and exchange.failure.reason is FailureReason.TLS:
        return broken(promise, exchange.failure.detail, severity=Severity.ERROR, reason=FailureReason.TLS)
    if exchange.certificate_expiry is None:
        return NOTHING
    days = (exchange.certificate_expiry - exchange.started) / _DAY_SECONDS
    if days >= WARN_DAYS:
        return kept(promise)
    return broken(promise, f"the certificate ends in {max(days, 0):.0f} days", reason="expires_soon")


CHECK = Check(
    name="certificate",
    summary=f"TLS succeeds, and the certificate is valid for {WARN_DAYS} more days",
    kinds=(Kind.CERTIFICATE,),
    run=_run,
    order=15,
)

"""The server does not fail, whatever it is asked."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import Kind


def _run(subject: Subject) -> Account:
    status = subject.exchange.status
    if status is None:
        return NOTHING
    promise = subject.compiled.promise("server_error")
    return broken(promise, f"status {status}") if status >= 500 else kept(promise)


CHECK = Check(
    name="server_error",
    summary="no answer is a server error (5xx)",
    kinds=(Kind.STATUS,),
    run=_run,
    order=20,
)

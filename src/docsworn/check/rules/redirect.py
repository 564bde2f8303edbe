"""The API answers itself: a redirect is reported and never followed."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept
from docsworn.model import Kind


def _run(subject: Subject) -> Account:
    status = subject.exchange.status
    if status is None:
        return NOTHING
    promise = subject.compiled.promise("redirect")
    if status // 100 != 3 or subject.compiled.documented(status) is not None:
        return kept(promise)
    return broken(promise, f"status {status}, not followed")


CHECK = Check(
    name="redirect",
    summary="no answer sends us (and the key) elsewhere",
    kinds=(Kind.REDIRECT,),
    run=_run,
    order=25,
)

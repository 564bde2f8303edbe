"""A field that is listed without being required is missed once it was seen steadily."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject
from docsworn.contract.breach import Breach
from docsworn.model import Kind, Promise, Severity

_SEEN = "no such field; it used to be there always"


def _run(subject: Subject) -> Account:
    if subject.survey is None:
        return NOTHING
    absent = subject.survey.absent
    if not absent:
        return Account(kept=subject.survey.present)
    missed = tuple(
        Breach(
            promise, Kind.VANISHED, pointer, "no such field; it used to be there always", _severity(promise)
        )
        for promise, pointer in absent
        if subject.learned.expects(promise.id, subject.context)
    )
    broken = {breach.promise.id for breach in missed}
    lacking = frozenset(promise.id for promise, _ in absent)
    return Account(kept=subject.survey.present - lacking, breaches=missed, absent=lacking - broken)


def _severity(promise: Promise) -> Severity:
    """A page that calls a field optional has kept its word; the reader is told all the same."""
    return Severity.WARNING if promise.keyword == "optional" else Severity.ERROR


CHECK = Check(
    name="presence",
    summary="listed fields that were always there still are",
    kinds=(Kind.VANISHED,),
    run=_run,
    order=70,
)

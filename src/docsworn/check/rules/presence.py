"""A field that is listed without being required is missed once it was seen steadily."""

from __future__ import annotations

from docsworn.check.evidence import GONE, always_there
from docsworn.check.subject import NOTHING, Account, Check, Subject, nothing_broken
from docsworn.contract.breach import Breach
from docsworn.model import Kind, Promise, Severity


def _run(subject: Subject) -> Account:
    if subject.survey is None:
        return NOTHING
    present, lacking = subject.survey.present, subject.survey.lacking
    missed = subject.missed
    if not missed:
        return nothing_broken(present, absent=lacking)
    breaches = tuple(
        Breach(promise, Kind.VANISHED, pointer, _observed(subject, promise), _severity(promise))
        for promise, pointer in subject.survey.absent
        if promise.id in missed
    )
    return Account(kept=present, breaches=breaches, absent=lacking - missed)


def _observed(subject: Subject, promise: Promise) -> str:
    """That it is gone, and how sure it is that it should be there."""
    profile = subject.profile
    straight = subject.learned.straight(promise.id, subject.context)
    return f"{GONE}; {always_there(straight, profile.conversations if profile is not None else 0)}"


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

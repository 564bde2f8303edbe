"""The body holds only fields that the page lists (how much that matters is the provider's policy)."""

from __future__ import annotations

from docsworn.check.places import matches
from docsworn.check.subject import NOTHING, Account, Check, Subject, kept
from docsworn.contract.breach import Breach
from docsworn.model import Kind


def _run(subject: Subject) -> Account:
    if subject.survey is None:
        return NOTHING
    promise = subject.compiled.promise("undocumented")
    if not subject.survey.undocumented:
        return kept(promise)
    ignored = subject.settings.undocumented.ignore
    breaches = tuple(
        Breach(promise, Kind.UNDOCUMENTED, pointer, "undocumented field")
        for pointer in subject.survey.undocumented
        if not any(matches(pattern, pointer) for pattern in ignored)
    )
    return Account(breaches=breaches) if breaches else kept(promise)


CHECK = Check(
    name="undocumented",
    summary="no field that the documentation does not list",
    kinds=(Kind.UNDOCUMENTED,),
    run=_run,
    order=80,
)

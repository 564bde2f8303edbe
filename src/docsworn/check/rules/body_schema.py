"""The body keeps the documented schema: all errors, and the branch that a union means."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, nothing_broken
from docsworn.model import Kind


def _run(subject: Subject) -> Account:
    if subject.described is None:
        return NOTHING
    exercised = subject.survey.exercised if subject.survey else frozenset[str]()
    if subject.usual or subject.described.is_valid(subject.parsed.value):
        return nothing_broken(exercised)
    breaches = tuple(subject.described.breaches(subject.parsed.value))
    return Account(kept=exercised - {breach.promise.id for breach in breaches}, breaches=breaches)


CHECK = Check(
    name="body_schema",
    summary="the body keeps the documented schema",
    kinds=(Kind.MISSING, Kind.TYPE, Kind.ENUM, Kind.FORMAT, Kind.BOUND, Kind.UNDOCUMENTED),
    run=_run,
    order=60,
)

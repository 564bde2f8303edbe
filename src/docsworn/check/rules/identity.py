"""The id that was asked for is the id that is answered."""

from __future__ import annotations

from docsworn.check.subject import NOTHING, Account, Check, Subject, broken, kept, nothing_broken
from docsworn.contract.pointer import resolve
from docsworn.contract.shape import describe
from docsworn.model import Kind


def _run(subject: Subject) -> Account:
    place = subject.settings.operations[subject.compiled.operation.id].identity
    status = subject.exchange.status
    asked = subject.case.subject_id
    answered_well = subject.is_good and status is not None and 200 <= status < 300
    if place is None or asked is None or not answered_well or subject.described is None:
        return NOTHING
    promise = subject.compiled.promise("identity")
    if not isinstance(subject.parsed.value, dict):
        # Nothing that could say who it is: not a field that a page may leave out.
        return broken(promise, describe(subject.parsed.value))
    try:
        answered = resolve(subject.parsed.value, place)
    except LookupError:
        return nothing_broken(frozenset(), frozenset({promise.id}))
    if answered == asked:
        return kept(promise)
    return broken(promise, "another id" if isinstance(answered, str) else describe(answered))


CHECK = Check(
    name="identity",
    summary="the id asked for is the id answered",
    kinds=(Kind.IDENTITY,),
    run=_run,
    order=100,
)

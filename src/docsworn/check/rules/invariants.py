"""What the prose promises about values together, in CEL."""

from __future__ import annotations

from docsworn.check.crashes import Crashes
from docsworn.check.situation import conversation
from docsworn.check.subject import NOTHING, Account, Check, Subject, nothing_broken
from docsworn.contract.breach import Breach
from docsworn.contract.compiled import CompiledResponse
from docsworn.contract.invariants import CompiledInvariant
from docsworn.contract.pointer import resolve
from docsworn.contract.shape import describe
from docsworn.model import Case, Kind


def _run(subject: Subject) -> Account:
    response, status = subject.described, subject.exchange.status
    invariants = None if status is None else subject.compiled.invariants_for(status)
    if response is None or invariants is None:
        return NOTHING
    body, looked_at = subject.parsed.value, invariants.variables
    request = _request(subject.case) if "request" in looked_at else {}
    named = response.named(body) if "named" in looked_at else {}
    answer = invariants.ask(body, request, named, conversation(subject.case))
    if not (answer.broken or answer.faults):
        return nothing_broken(answer.kept, answer.not_evaluable)
    crashes = Crashes()
    for invariant, error in answer.faults:
        crashes.tell(f"the invariant {invariant.promise.id}", error)
    return Account(
        kept=answer.kept,
        breaches=tuple(_breach(subject, response, found) for found in answer.broken),
        not_evaluable=answer.not_evaluable,
        crashes=crashes.told,
    )


def _request(case: Case) -> dict[str, object]:
    request: dict[str, object] = {"id": None if case.subject_id is None else _encodable(case.subject_id)}
    if case.query_known:
        request["query"] = {_encodable(name): _encodable(text) for name, text in case.query}
    return request


def _encodable(text: str) -> str:
    """Text as CEL takes it: the environment and JSON may bring halves of surrogates."""
    return text.encode("utf-8", "replace").decode()


def _breach(subject: Subject, response: CompiledResponse, invariant: CompiledInvariant) -> Breach:
    pointer = response.invariant_pointer(invariant, subject.parsed.value)
    return Breach(invariant.promise, Kind.INVARIANT, pointer, _observed(subject.parsed.value, pointer))


def _observed(body: object, pointer: str) -> str:
    """The shape at the invariant's place; what breaks it may stand elsewhere."""
    try:
        return f"does not hold ({describe(resolve(body, pointer))})"
    except LookupError:
        return "does not hold"


CHECK = Check(
    name="invariants",
    summary="what the prose says of values together holds",
    kinds=(Kind.INVARIANT,),
    run=_run,
    order=90,
)

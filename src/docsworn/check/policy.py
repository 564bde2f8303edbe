"""How much a breach matters: corroboration raises it, a waiver lowers it, once is enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from docsworn.check.branches import each_thing_once
from docsworn.check.evidence import GONE
from docsworn.check.places import matches
from docsworn.check.secrets import without_secrets
from docsworn.check.subject import Account
from docsworn.contract.breach import Breach
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.settings import Waiver
from docsworn.model import Exchange, Finding, Kind, Learned, Purpose, Severity

_RANK = {Severity.INFO: 0, Severity.WARNING: 1, Severity.ERROR: 2}


def judge(
    contract: CompiledContract,
    operation: str,
    accounts: Sequence[tuple[Exchange, Account, tuple[str, ...] | None]],
    *,
    learned: Learned,
    today: date,
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """The findings, each fingerprint once with the case that showed it first, and notes for people."""
    waivers = contract.settings.waivers
    notes = tuple(_ended(waivers, today))
    if not any(account.breaches for _, account, _ in accounts):
        return (), notes
    running = [waiver for waiver in waivers if today <= waiver.until]
    ids = {exchange.case.subject_id for exchange, _, _ in accounts if exchange.case.purpose is Purpose.GOOD}
    secrets = tuple(identifier for identifier in ids if identifier)
    found: dict[str, Finding] = {}
    for exchange, account, _ in accounts:
        for breach in account.breaches:
            seen = without_secrets(_finding(contract, operation, exchange, breach, learned), secrets)
            finding = _waive(seen, running)
            first = found.setdefault(finding.fingerprint, finding)
            if _RANK[finding.severity] > _RANK[first.severity]:
                found[finding.fingerprint] = replace(first, severity=finding.severity)
    unnamed = {
        f"{{{name}}}": names
        for response in contract.operation(operation).responses.values()
        for name, names in response.places.unnamed.items()
    }
    return tuple(_each_place_once(tuple(each_thing_once(found.values())), unnamed)), notes


def _each_place_once(found: Sequence[Finding], unnamed: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """A field that is gone is told once, by what is surest of it.

    That it is ``missing`` says the contract, that it ``vanished`` rests on all conversations of a state;
    that it is ``novel`` that it is gone, on one conversation or on the fields beside it. ``unnamed`` has
    the names under which a field comes that its page leaves without one.
    """
    surest: dict[str, int] = {}
    for finding in found:
        if (sure := _sureness(finding)) is not None:
            for place in _names(finding.pointer, unnamed):
                surest[place] = max(sure, surest.get(place, 0))
    for finding in found:
        sure = _sureness(finding)
        if sure is None or sure == surest[finding.pointer]:
            yield finding


def _names(pointer: str, unnamed: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """A place, and the same with each name that its unnamed fields may have."""
    places = [pointer]
    for field, names in unnamed.items():
        places += [each.replace(field, name) for each in places if field in each for name in names]
    yield from places


def _sureness(finding: Finding) -> int | None:
    """How sure it is that a field should be there; None where no field is gone."""
    if not finding.observed.startswith(GONE):
        return None
    by_profile = finding.source.document == "profile"
    return {Kind.MISSING: 3, Kind.VANISHED: 1 if by_profile else 2}.get(finding.kind, 0)


def _finding(
    contract: CompiledContract, operation: str, exchange: Exchange, breach: Breach, learned: Learned
) -> Finding:
    promise = breach.promise
    severity = breach.severity or promise.severity
    return Finding(
        provider=contract.contract.provider,
        operation=operation,
        revision=contract.contract.revision,
        promise=promise.id,
        kind=breach.kind,
        severity=Severity.ERROR if promise.id in learned.corroborated else severity,
        pointer=breach.pointer,
        documented=breach.documented or promise.documented,
        observed=breach.observed,
        source=promise.source,
        case=exchange.case.id,
        reason=breach.reason,
    )


def _waive(finding: Finding, waivers: Sequence[Waiver]) -> Finding:
    waiver = next((waiver for waiver in waivers if covers(waiver, finding)), None)
    return finding if waiver is None else replace(finding, severity=Severity.INFO, waived=waiver.reason)


def covers(waiver: Waiver, finding: Finding) -> bool:
    """A waiver that names a promise covers it; what else it names must fit too."""
    if waiver.promise is not None and waiver.promise != finding.promise:
        return False
    if waiver.kind is not None and waiver.kind is not finding.kind:
        return False
    return waiver.pointer is None or matches(waiver.pointer, finding.pointer)


def _ended(waivers: Sequence[Waiver], today: date) -> Iterator[str]:
    for waiver in waivers:
        if waiver.until < today:
            yield f"the waiver of {_name(waiver)} ended on {waiver.until}"


def _name(waiver: Waiver) -> str:
    return waiver.promise or f"{waiver.kind} at {waiver.pointer or 'the whole body'}"

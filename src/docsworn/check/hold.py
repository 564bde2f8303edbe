"""Contract and Exchanges → a Run: every check over every exchange, then policy, tally and verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from docsworn.check.policy import judge
from docsworn.check.strict_json import Parsed, parse
from docsworn.check.subject import Account, Check, Subject
from docsworn.contract.compiled import CompiledContract, CompiledOperation
from docsworn.contract.pointer import resolve
from docsworn.contract.settings import ProviderSettings
from docsworn.contract.shape import token
from docsworn.model import (
    Exchange,
    FailureReason,
    Finding,
    Kind,
    Learned,
    Promise,
    Run,
    Severity,
    Tally,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class Held:
    """A run and how it came about: per exchange the merged account and its context.

    ``crashes`` names checks that failed by our own fault, with the exception's type and no values; the
    caller raises once everything else is told.
    """

    run: Run
    accounts: tuple[tuple[Exchange, Account, tuple[str, ...] | None], ...]
    crashes: tuple[str, ...] = ()


def hold(
    contract: CompiledContract,
    operation: str,
    exchanges: Sequence[Exchange],
    *,
    learned: Learned,
    checks: Sequence[Check],
    today: date,
    notes: tuple[str, ...] = (),
) -> Held:
    """Hold the exchanges of one operation to its contract; UnknownNameError for an unknown operation."""
    compiled = contract.operation(operation)
    crashes: dict[str, None] = {}
    accounts = []
    for exchange in exchanges:
        subject = subject_of(compiled, contract.settings, exchange, learned)
        accounts.append((exchange, _account(subject, checks, crashes), subject.context))
    found, said = judge(contract, operation, accounts, learned=learned, today=today)
    tally = _tally(compiled.promises, [account for _, account, _ in accounts])
    run = Run(
        provider=contract.contract.provider,
        operation=operation,
        revision=contract.contract.revision,
        verdict=_verdict(found, tally),
        exchanges=tuple(exchanges),
        promises=tally,
        findings=found,
        notes=(*notes, *_unsent(exchanges), *said),
        kinds=_kinds(compiled.promises, [account for _, account, _ in accounts]),
    )
    return Held(run, tuple(accounts), tuple(crashes))


def subject_of(
    compiled: CompiledOperation, settings: ProviderSettings, exchange: Exchange, learned: Learned
) -> Subject:
    """What the checks are asked about: the body is parsed and surveyed once, where one is documented."""
    response = None if exchange.status is None else compiled.response_for(exchange.status)
    parsed = parse(exchange.body or b"") if response is not None or exchange.body else Parsed()
    there = response is not None and exchange.body is not None and parsed.problem is None
    return Subject(
        compiled=compiled,
        settings=settings,
        exchange=exchange,
        parsed=parsed,
        response=response,
        learned=learned,
        context=context_at(parsed.value, settings.context) if there else None,
        survey=response.survey(parsed.value, dict(exchange.case.query)) if response and there else None,
    )


def context_at(body: object, places: Sequence[str]) -> tuple[str, ...] | None:
    """The values at the context places (``?`` for what is no short token); None where one is missing."""
    try:
        values = [resolve(body, place) for place in places]
    except LookupError:
        return None
    return tuple((token(value) if isinstance(value, str) else None) or "?" for value in values)


def _account(subject: Subject, checks: Sequence[Check], crashes: dict[str, None]) -> Account:
    """What all checks say of one exchange; what one of them saw broken is not kept."""
    said = list(_run_checks(subject, checks, crashes))
    breaches = tuple(breach for account in said for breach in account.breaches)
    broken = {breach.promise.id for breach in breaches}
    return Account(
        kept=frozenset().union(*(account.kept for account in said)) - broken,
        breaches=breaches,
        not_evaluable=frozenset().union(*(account.not_evaluable for account in said)) - broken,
        absent=frozenset().union(*(account.absent for account in said)),
        lessons=tuple(lesson for account in said for lesson in account.lessons),
    )


def _run_checks(subject: Subject, checks: Sequence[Check], crashes: dict[str, None]) -> Iterator[Account]:
    for check in checks:
        try:
            yield check.run(subject)
        except Exception as error:  # one check must not hide the others
            crashes[f"the check {check.name} failed with {type(error).__name__}"] = None


def _tally(promises: Mapping[str, Promise], accounts: Sequence[Account]) -> Tally:
    """Each promise counts once: broken anywhere, else kept, else not evaluable, else unseen."""
    broken = {breach.promise.id for account in accounts for breach in account.breaches}
    kept = frozenset().union(*(account.kept for account in accounts)) - broken
    unsure = frozenset().union(*(account.not_evaluable for account in accounts)) - broken - kept
    known = promises.keys() | broken | kept | unsure
    return Tally(len(kept), len(broken), len(known) - len(kept) - len(broken) - len(unsure), len(unsure))


def _kinds(promises: Mapping[str, Promise], accounts: Sequence[Account]) -> frozenset[Kind]:
    kept = {promise for account in accounts for promise in account.kept}
    broken = {breach.kind for account in accounts for breach in account.breaches}
    return frozenset({promises[promise].kind for promise in kept if promise in promises} | broken)


def _verdict(findings: Sequence[Finding], tally: Tally) -> Verdict:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Verdict.BROKEN
    return Verdict.KEPT if tally.kept else Verdict.UNSEEN


def _unsent(exchanges: Sequence[Exchange]) -> Iterator[str]:
    failures = [exchange.failure for exchange in exchanges if exchange.failure is not None]
    unsent = [failure for failure in failures if failure.reason is FailureReason.BUDGET]
    if unsent:
        yield f"{len(unsent)} of {len(exchanges)} requests were not sent: {unsent[0].detail}"

"""Contract and Exchanges → a Run: every check over every exchange, then policy, tally and verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from docsworn.check.crashes import Crashes
from docsworn.check.policy import judge
from docsworn.check.situation import conversation, situation
from docsworn.check.state import state_of
from docsworn.check.strict_json import Parsed, parse
from docsworn.check.subject import NOTHING, Account, Check, Subject
from docsworn.check.tally import merged, sum_of
from docsworn.contract.compiled import CompiledContract, CompiledOperation, CompiledResponse
from docsworn.contract.settings import ProviderSettings
from docsworn.contract.survey import Survey
from docsworn.model import (
    Exchange,
    FailureReason,
    Finding,
    Learned,
    Profile,
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
    crashes = Crashes()
    accounts = []
    for exchange in exchanges:
        subject = subject_of(compiled, contract.settings, exchange, learned, crashes)
        accounts.append((exchange, merged(_run_checks(subject, checks, crashes)), subject.context))
    found, said = judge(contract, operation, accounts, learned=learned, today=today)
    total = sum_of(compiled, [account for _, account, _ in accounts])
    run = Run(
        provider=contract.contract.provider,
        operation=operation,
        revision=contract.contract.revision,
        verdict=_verdict(found, total.tally),
        exchanges=tuple(exchanges),
        promises=total.tally,
        findings=found,
        notes=(*notes, *_unsent(exchanges), *said),
        kinds=total.kinds,
    )
    return Held(run, tuple(accounts), crashes.told)


def subject_of(
    compiled: CompiledOperation,
    settings: ProviderSettings,
    exchange: Exchange,
    learned: Learned,
    crashes: Crashes,
) -> Subject:
    """What the checks are asked about: the body is parsed and surveyed once, where one is documented."""
    response = None if exchange.status is None else compiled.response_for(exchange.status)
    data = exchange.body or b""
    parsed = None
    if response is not None or data:
        parsed = crashes.guard("parsing", parse, data)
    known = parsed or Parsed()
    there = exchange.body is not None and parsed is not None and parsed.problem is None
    described = response if there else None
    context = survey = glance = None
    if described is not None:
        context = crashes.guard("the context", state_of, known.value, settings.context, described, learned)
    where = situation(exchange, context)
    profile = None if where is None else learned.profiles.get(where)
    if described is not None:
        query = dict(exchange.case.query)
        if profile is not None:
            glance = crashes.guard("the profile", _glance, described, profile, known.value, exchange, query)
        survey = glance or crashes.guard("the survey", described.survey, known.value, query)
    return Subject(
        compiled=compiled,
        settings=settings,
        exchange=exchange,
        parsed=known,
        response=response,
        learned=learned,
        context=context,
        described=described,
        survey=survey,
        situation=where,
        profile=profile,
        usual=glance is not None,
    )


def _glance(
    described: CompiledResponse, profile: Profile, body: object, exchange: Exchange, query: Mapping[str, str]
) -> Survey | None:
    """What a body shows at a glance; None where it is not usual, has lost something, or is to teach."""
    who = conversation(exchange.case)
    if profile.is_curious(who, exchange.started) or not profile.is_usual(body, described.closed.schema):
        return None
    survey = described.glance(body, query, who)
    return None if profile.lost(survey.exercised, who) else survey


def _run_checks(subject: Subject, checks: Sequence[Check], crashes: Crashes) -> list[Account]:
    """What those checks say that have anything to say."""
    said = []
    for check in checks:
        try:
            account = check.run(subject)
        except BaseException as error:
            crashes.tell(f"the check {check.name}", error)
            continue
        if account is NOTHING:
            continue
        said.append(account)
        if account.crashes:
            crashes.add(account.crashes)
    return said


def _verdict(findings: Sequence[Finding], tally: Tally) -> Verdict:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Verdict.BROKEN
    return Verdict.KEPT if tally.kept else Verdict.UNSEEN


def _unsent(exchanges: Sequence[Exchange]) -> tuple[str, ...]:
    unsent = [
        exchange.failure.detail
        for exchange in exchanges
        if exchange.failure is not None and exchange.failure.reason is FailureReason.BUDGET
    ]
    return (f"{len(unsent)} of {len(exchanges)} requests were not sent: {unsent[0]}",) if unsent else ()

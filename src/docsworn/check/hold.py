"""Contract and Exchanges → a Run: every check over every exchange, then policy, tally and verdict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from docsworn.check.crashes import Crashes
from docsworn.check.policy import judge
from docsworn.check.situation import conversation, situation
from docsworn.check.state import state_of
from docsworn.check.strict_json import Parsed, parse
from docsworn.check.subject import NOTHING, Account, Check, Subject
from docsworn.contract.compiled import CompiledContract, CompiledOperation, CompiledResponse
from docsworn.contract.pointer import resolve
from docsworn.contract.settings import ProviderSettings
from docsworn.contract.shape import token
from docsworn.contract.survey import Survey
from docsworn.model import (
    Exchange,
    FailureReason,
    Finding,
    Kind,
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
        accounts.append((exchange, _account(subject, checks, crashes), subject.context))
    found, said = judge(contract, operation, accounts, learned=learned, today=today)
    tally = _tally(compiled, [account for _, account, _ in accounts])
    run = Run(
        provider=contract.contract.provider,
        operation=operation,
        revision=contract.contract.revision,
        verdict=_verdict(found, tally),
        exchanges=tuple(exchanges),
        promises=tally,
        findings=found,
        notes=(*notes, *_unsent(exchanges), *said),
        kinds=_kinds(compiled, [account for _, account, _ in accounts]),
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
        parsed = crashes.guard("parsing", lambda: parse(data))
    known = parsed or Parsed()
    there = exchange.body is not None and parsed is not None and parsed.problem is None
    described = response if there else None
    context = survey = glance = None
    if described is not None:
        context = crashes.guard(
            "the context",
            lambda: state_of(context_at(known.value, settings.context), settings.context, described, learned),
        )
    where = situation(exchange, context)
    profile = None if where is None else learned.profiles.get(where)
    if described is not None:
        query = dict(exchange.case.query)
        if profile is not None:
            usual = partial(_glance, described, profile, known.value, exchange, query)
            glance = crashes.guard("the profile", usual)
        survey = glance or crashes.guard("the survey", lambda: described.survey(known.value, query))
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


def context_at(body: object, places: Sequence[str]) -> tuple[str, ...] | None:
    """The values at the context places (``?`` for what is no short token); None where one is missing."""
    try:
        values = [resolve(body, place) for place in places]
    except LookupError:
        return None
    return tuple((token(value) if isinstance(value, str) else None) or "?" for value in values)


def _account(subject: Subject, checks: Sequence[Check], crashes: Crashes) -> Account:
    """What all checks say of one exchange; what one of them saw broken is not kept."""
    said = _run_checks(subject, checks, crashes)
    breaches = tuple(breach for account in said for breach in account.breaches)
    kept = subject.compiled.sets.union([account.kept for account in said])
    unsure = [account.not_evaluable for account in said if account.not_evaluable]
    absent = [account.absent for account in said if account.absent]
    not_evaluable = frozenset().union(*unsure)
    if breaches:
        broken = {breach.promise.id for breach in breaches}
        kept, not_evaluable = kept - broken, not_evaluable - broken
    return Account(
        kept=kept,
        breaches=breaches,
        not_evaluable=not_evaluable,
        absent=frozenset().union(*absent),
        lessons=tuple(lesson for account in said for lesson in account.lessons),
    )


def _run_checks(subject: Subject, checks: Sequence[Check], crashes: Crashes) -> list[Account]:
    """What those checks say that have anything to say."""
    said = []
    for check in checks:
        try:
            account = check.run(subject)
        except BaseException as error:
            crashes.tell(f"the check {check.name}", error)
            continue
        if account is not NOTHING:
            said.append(account)
            crashes.add(account.crashes)
    return said


def _tally(compiled: CompiledOperation, accounts: Sequence[Account]) -> Tally:
    """Each promise counts once: broken anywhere, else kept, else not evaluable, else unseen."""
    broken = {breach.promise.id for account in accounts for breach in account.breaches}
    kept = compiled.sets.union(account.kept for account in accounts)
    if broken:
        kept -= broken
    unsure = frozenset().union(*(account.not_evaluable for account in accounts)) - broken - kept
    foreign = compiled.sets.foreign(kept) + sum(each not in compiled.promises for each in broken | unsure)
    unseen = len(compiled.promises) + foreign - len(kept) - len(broken) - len(unsure)
    return Tally(len(kept), len(broken), unseen, len(unsure))


def _kinds(compiled: CompiledOperation, accounts: Sequence[Account]) -> frozenset[Kind]:
    kept = compiled.sets.union(account.kept for account in accounts)
    return compiled.sets.kinds(kept) | {breach.kind for account in accounts for breach in account.breaches}


def _verdict(findings: Sequence[Finding], tally: Tally) -> Verdict:
    if any(finding.severity is Severity.ERROR for finding in findings):
        return Verdict.BROKEN
    return Verdict.KEPT if tally.kept else Verdict.UNSEEN


def _unsent(exchanges: Sequence[Exchange]) -> Iterator[str]:
    failures = [exchange.failure for exchange in exchanges if exchange.failure is not None]
    unsent = [failure for failure in failures if failure.reason is FailureReason.BUDGET]
    if unsent:
        yield f"{len(unsent)} of {len(exchanges)} requests were not sent: {unsent[0].detail}"

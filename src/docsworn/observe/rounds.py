"""One round: every case of a provider's operations is sent, held to the contract, and learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from docsworn.check.hold import Held, hold
from docsworn.check.subject import Check
from docsworn.contract.compiled import CompiledContract
from docsworn.errors import ConfigError
from docsworn.model import Case, Exchange, Purpose, Run
from docsworn.observe.history import History
from docsworn.observe.outcome import judge
from docsworn.observe.revisions import revision_fits
from docsworn.observe.scope import Scope
from docsworn.probe.cases import plan
from docsworn.probe.rate_limit import limit_notes
from docsworn.probe.target import Target


class Sender(Protocol):
    """What sends a case, as the probe's client does."""

    def send(self, case: Case) -> Exchange:
        """The exchange of a case; what goes wrong is part of it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one operation of a provider will be asked, and what cannot be asked and why."""

    operation: str
    cases: tuple[Case, ...]
    notes: tuple[str, ...]


def plan_round(
    contract: CompiledContract, target: Target, *, error_contract: bool = True
) -> tuple[Plan, ...]:
    """The cases of a round, per operation; without ids only the error contract, and a note that says so.

    ConfigError where the round alone is more than the provider's budget.
    """
    plans = []
    for name, settings in contract.settings.operations.items():
        cases = plan(contract.operations[name].operation, settings, target.ids)
        wanted = tuple(case for case in cases if error_contract or case.purpose is Purpose.GOOD)
        asked = "only the error contract" if error_contract else "nothing"
        notes = () if target.ids else (f"{settings.ids_env} names no conversation: {asked} was checked",)
        plans.append(Plan(name, wanted, notes))
    requests = sum(len(planned.cases) for planned in plans)
    allowed = min(target.budget.per_minute, target.budget.per_day)
    if requests > allowed:
        raise ConfigError(
            f"{target.provider}: one round is {requests} requests and its budget is {allowed}: name fewer"
            " conversations, or raise the budget in provider.yaml"
        )
    return tuple(plans)


def check_round(
    contract: CompiledContract,
    target: Target,
    client: Sender,
    *,
    history: History,
    checks: Sequence[Check],
    clock: Callable[[], float],
    error_contract: bool = True,
    siblings: Sequence[CompiledContract] = (),
) -> tuple[Run, ...]:
    """Send every case of a round and hold the answers to the contract; one Run an operation.

    ``siblings`` are the provider's revisions among which the one that is served is looked for.
    """
    return tuple(
        hold_and_learn(
            contract,
            planned.operation,
            tuple(client.send(case) for case in planned.cases),
            host=target.host,
            history=history,
            checks=checks,
            clock=clock,
            notes=planned.notes,
            siblings=siblings,
        )
        for planned in plan_round(contract, target, error_contract=error_contract)
    )


def hold_and_learn(
    contract: CompiledContract,
    operation: str,
    exchanges: Sequence[Exchange],
    *,
    host: str,
    history: History,
    checks: Sequence[Check],
    clock: Callable[[], float],
    notes: tuple[str, ...] = (),
    siblings: Sequence[CompiledContract] = (),
) -> Run:
    """Hold exchanges to the contract with what the host has taught so far, and learn from them.

    Where a check crashed the run says so; what the others found stands and has taught the history.
    """
    scope = scope_of(contract, operation, host)
    held = hold(
        contract,
        operation,
        exchanges,
        learned=history.learned(scope),
        checks=checks,
        today=datetime.fromtimestamp(clock(), UTC).date(),
        notes=(*notes, *limit_notes(exchanges)),
    )
    fits = revision_fits(siblings, operation, exchanges) if len(siblings) > 1 else ()
    run = replace(
        held.run,
        fits=fits,
        notes=(*held.run.notes, *_told(held.run.revision, fits)),
        not_evaluable=_not_evaluable(held),
        crashes=held.crashes,
    )
    compiled = contract.operation(operation)
    history.record(
        scope,
        replace(held, run=run),
        compiled.body_promises,
        outcome=judge(run, compiled),
        at=clock(),
        promised=compiled.promise_ids,
    )
    return run


def _not_evaluable(held: Held) -> tuple[str, ...]:
    """The promises that no exchange kept or broke and at least one could not judge."""
    accounts = [account for _, account, _ in held.accounts]
    judged = {promise for account in accounts for promise in account.kept}
    judged |= {breach.promise.id for account in accounts for breach in account.breaches}
    return tuple(sorted({promise for account in accounts for promise in account.not_evaluable} - judged))


def _told(revision: str, fits: tuple[tuple[str, float], ...]) -> Iterator[str]:
    """Which revision is served, with the share of its promises that each keeps."""
    shares = dict(fits)
    each = ", ".join(f"{name} {share:.0%}" for name, share in fits)
    if fits and shares.get(revision, 0.0) < fits[0][1]:
        yield f"another revision than {revision} fits the responses better: {each} of its promises kept"
    elif fits:
        yield f"the responses are those of {revision}: {each} of its promises kept"


def scope_of(contract: CompiledContract, operation: str, host: str) -> Scope:
    """Whose history a round of this contract on this host is."""
    return Scope(host, contract.contract.provider, operation, contract.contract.revision)

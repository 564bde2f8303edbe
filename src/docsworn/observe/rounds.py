"""One round: every case of a provider's operations is sent, held to the contract, and learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from docsworn.check.hold import Held, hold
from docsworn.check.subject import Check
from docsworn.contract.compiled import CompiledContract
from docsworn.errors import DocswornError
from docsworn.model import Case, Exchange, Purpose, Run
from docsworn.observe.history import History, Scope
from docsworn.probe.cases import plan
from docsworn.probe.client import Client
from docsworn.probe.target import Target


@dataclass(frozen=True, slots=True)
class Plan:
    """What one operation of a provider will be asked, and what cannot be asked and why."""

    operation: str
    cases: tuple[Case, ...]
    notes: tuple[str, ...]


def plan_round(
    contract: CompiledContract, target: Target, *, error_contract: bool = True
) -> tuple[Plan, ...]:
    """The cases of a round, per operation; without ids only the error contract, and a note that says so."""
    plans = []
    for name, settings in contract.settings.operations.items():
        cases = plan(contract.operations[name].operation, settings, target.ids)
        wanted = tuple(case for case in cases if error_contract or case.purpose is Purpose.GOOD)
        notes = () if target.ids else (
            f"{settings.ids_env} names no conversation: only the error contract was checked",
        )  # fmt: skip
        plans.append(Plan(name, wanted, notes))
    return tuple(plans)


def check_round(
    contract: CompiledContract,
    target: Target,
    client: Client,
    *,
    history: History,
    checks: Sequence[Check],
    clock: Callable[[], float],
    error_contract: bool = True,
) -> tuple[Run, ...]:
    """Send every case of a round and hold the answers to the contract; one Run an operation."""
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
) -> Run:
    """Hold exchanges to the contract with what the host has taught so far, and learn from them.

    DocswornError where a check crashed; what the others found is kept in the history before.
    """
    scope = Scope(host, contract.contract.provider, operation, contract.contract.revision)
    held = hold(
        contract,
        operation,
        exchanges,
        learned=history.learned(scope),
        checks=checks,
        today=datetime.fromtimestamp(clock(), UTC).date(),
        notes=notes,
    )
    history.record(scope, held, contract.operation(operation).promises)
    _raise_crashes(held.crashes)
    return held.run


def _raise_crashes(crashes: Iterable[str]) -> None:
    names = sorted(set(crashes))
    if names:
        raise DocswornError(f"docsworn's own fault, not the provider's: {'; '.join(names)}")


__all__ = ["Held", "Plan", "check_round", "hold_and_learn", "plan_round"]

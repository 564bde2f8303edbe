"""What one session of the pytest suite in ``checks/`` holds to its contracts."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from docsworn.check.subject import Check
from docsworn.cli.engage import Engagement
from docsworn.model import Exchange, Learned
from docsworn.observe.history import History
from docsworn.observe.rounds import Plan, hold_and_learn, plan_round, scope_of
from docsworn.probe.budget import Budget
from docsworn.probe.client import Client


@dataclass(frozen=True, slots=True)
class Answers:
    """What one operation answered, and what its host had taught before."""

    exchanges: tuple[Exchange, ...]
    learned: Learned


@dataclass(frozen=True, slots=True)
class Suite:
    """What one session checks; each operation is asked once, whatever the number of its items."""

    engagements: Mapping[str, Engagement]
    checks: tuple[Check, ...]
    history: History
    asked: dict[tuple[str, str], Answers] = field(default_factory=dict)

    def plans(self, provider: str) -> tuple[Plan, ...]:
        """What a provider's operations are asked."""
        found = self.engagements[provider]
        return plan_round(found.contract, found.target)

    def answers(self, provider: str, operation: str) -> Answers:
        """The answers of one operation, asked for and learned from on the first call."""
        key = (provider, operation)
        if key not in self.asked:
            self.asked[key] = self._ask(provider, operation)
        return self.asked[key]

    def _ask(self, provider: str, operation: str) -> Answers:
        found = self.engagements[provider]
        learned = self.history.learned(scope_of(found.contract, operation, found.target.host))
        (cases,) = (plan.cases for plan in self.plans(provider) if plan.operation == operation)
        with Client(found.target, Budget(found.target.budget, time.time)) as client:
            exchanges = tuple(client.send(case) for case in cases)
        hold_and_learn(
            found.contract,
            operation,
            exchanges,
            host=found.target.host,
            history=self.history,
            checks=self.checks,
            clock=time.time,
        )
        return Answers(exchanges, learned)

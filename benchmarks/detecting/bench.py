"""One provider on the emulator: what docsworn learns of its answers, and what it finds in others."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime

from docsworn.check.hold import hold
from docsworn.check.loader import load_checks
from docsworn.cli.choose import load_compiled
from docsworn.cli.emulated import emulated_target
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.packs import Provider
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from docsworn.model import Case, Exchange, Finding, Learned, Purpose
from docsworn.observe.history import History
from docsworn.observe.rounds import hold_and_learn, scope_of
from docsworn.probe.budget import Budget
from docsworn.probe.cases import plan
from docsworn.probe.client import Client

HOST = "emulator"


class Bench:
    """One provider on the emulator, asked through docsworn's own client."""

    def __init__(self, provider: Provider, emulator: Emulator, stack: ExitStack) -> None:
        self.provider, self.emulator = provider, emulator
        self.name = provider.settings.provider
        self.contract: CompiledContract = load_compiled(provider, None)
        self.target = emulated_target(self.contract, emulator)
        self.client = stack.enter_context(Client(self.target, Budget(self.target.budget, time.time)))
        self.checks = load_checks()
        (self.operation,) = self.contract.operations
        self.compiled = self.contract.operations[self.operation]
        settings = self.contract.settings.operations[self.operation]
        self.cases = plan(self.compiled.operation, settings, self.target.ids)
        self.good = tuple(case for case in self.cases if case.purpose is Purpose.GOOD)

    def learn(self, number: int) -> Learned:
        """What so many drift-free good responses teach, and the refusals that come with each round."""
        refusals = tuple(case for case in self.cases if case.purpose is not Purpose.GOOD)
        with History() as history:
            for at, case in enumerate(itertools.islice(itertools.cycle(self.good), number)):
                self._teach(history, [self.client.send(case)])
                if at % len(self.good) == len(self.good) - 1:
                    self._teach(history, [self.client.send(each) for each in refusals])
            return history.learned(scope_of(self.contract, self.operation, HOST))

    def _teach(self, history: History, exchanges: Sequence[Exchange]) -> None:
        hold_and_learn(
            self.contract,
            self.operation,
            exchanges,
            host=HOST,
            history=history,
            checks=self.checks,
            clock=time.time,
        )

    def hold(self, exchanges: Iterable[Exchange], learned: Learned) -> tuple[Finding, ...]:
        """The findings of these exchanges, which teach nothing: a drift must not become normal."""
        today = datetime.fromtimestamp(time.time(), UTC).date()
        held = hold(
            self.contract, self.operation, tuple(exchanges), learned=learned, checks=self.checks, today=today
        )
        if held.crashes:
            raise RuntimeError("; ".join(held.crashes))
        return held.run.findings

    def cases_of(self, drift: Drift) -> tuple[Case, ...]:
        """The cases that would show a drift."""
        if drift.purpose is not Purpose.GOOD:
            return tuple(case for case in self.cases if case.purpose is drift.purpose)
        shown = drift.shown
        return tuple(
            case
            for case in self.good
            if shown is None or (case.subject_id == shown.conversation and case.query == shown.query)
        )

    def send(self, cases: Iterable[Case], drift: Drift | None = None) -> Iterator[Exchange]:
        """What these cases are answered with, under a drift or without."""
        self.emulator.drift(self.name, drift)
        try:
            yield from [self.client.send(case) for case in cases]
        finally:
            self.emulator.drift(self.name, None)

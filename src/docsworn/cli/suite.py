"""What one session of pytest asks and holds to contracts: what is behind the plugin and ``checks/``."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest

from docsworn.check.hold import Held, hold
from docsworn.check.loader import load_checks
from docsworn.check.subject import Check
from docsworn.cli.choose import Wanted
from docsworn.cli.engage import Engagement, engaged, prober
from docsworn.cli.pytest_plugin import option
from docsworn.errors import DocswornError, NoKeyError
from docsworn.model import Exchange, Finding, Learned, Run, Severity
from docsworn.observe.history import History
from docsworn.observe.rounds import plan_round, scope_of


@dataclass(frozen=True, slots=True)
class Answers:
    """What a provider answered and what its contract says of it; ``runs`` has one Run an operation.

    ``learned`` is what its host had taught before, by operation.
    """

    provider: str
    revision: str
    runs: tuple[Run, ...]
    learned: Mapping[str, Learned] = field(repr=False)

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """Every request and what came back."""
        return tuple(exchange for run in self.runs for exchange in run.exchanges)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every promise that was not kept, whatever its severity."""
        return tuple(finding for run in self.runs for finding in run.findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings of severity error."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    def assert_kept(self) -> None:
        """Fail the test with a line for each finding, where one of them is an error."""
        __tracebackhide__ = True
        fail_where_broken(self.findings, tuple(crash for run in self.runs for crash in run.crashes))


@dataclass(frozen=True, slots=True)
class PromiseGroup:
    """The promises of one operation that one check looks at: an item of ``checks/``."""

    suite: Suite = field(repr=False)
    provider: str
    operation: str
    check: Check

    @property
    def name(self) -> str:
        """What the item is called."""
        return f"{self.provider}-{self.operation}-{self.check.name}"

    def hold(self) -> Held:
        """The answers of the operation, asked for by the first item, held to these promises."""
        answers = self.suite.answers(self.provider)
        (run,) = (run for run in answers.runs if run.operation == self.operation)
        return hold(
            self.suite.engagements[self.provider].contract,
            self.operation,
            run.exchanges,
            learned=answers.learned[self.operation],
            checks=(self.check,),
            today=datetime.fromtimestamp(time.time(), UTC).date(),
        )


@dataclass(frozen=True, slots=True)
class Suite:
    """What one session checks; each provider is asked once, whatever the number of its tests."""

    wanted: Wanted
    checks: tuple[Check, ...]
    history: History
    stack: ExitStack
    engagements: dict[str, Engagement] = field(default_factory=dict)
    asked: dict[str, Answers] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def engage(self) -> None:
        """Engage every provider that is wanted; pytest.UsageError (exit 4) where that does not fit."""
        if not self.engagements:
            with _usage_errors():
                self._engage(self.wanted)

    def promise_groups(self) -> list[PromiseGroup]:
        """A group for each provider that is wanted, operation and check."""
        self.engage()
        with _usage_errors():
            return [
                PromiseGroup(self, provider, planned.operation, check)
                for provider, found in self.engagements.items()
                for planned in plan_round(found.contract, found.target)
                for check in self.checks
            ]

    def need(self, name: str) -> Engagement:
        """One provider, engaged on the first call; skips or fails a test that cannot have it."""
        __tracebackhide__ = True
        bare, _, _ = name.partition("@")
        if bare not in self.engagements:
            if self._named and bare not in self._named:
                pytest.skip(f"--docsworn-provider does not name {bare}")
            problem = self._problem(name, bare)
            if isinstance(problem, NoKeyError) and (bare not in self._named or self.wanted.allow_skip):
                pytest.skip(str(problem).splitlines()[0])
            if problem is not None:
                pytest.fail(str(problem).splitlines()[0], pytrace=False)
        return self.engagements[bare]

    def answers(self, name: str) -> Answers:
        """What a provider answers, asked for and learned from on the first call."""
        __tracebackhide__ = True
        found = self.need(name)
        provider, revision = found.target.provider, found.contract.contract.revision
        if name.partition("@")[2] not in ("", revision):
            pytest.fail(f"{name}: this session asks {provider}@{revision}", pytrace=False)
        if provider not in self.asked and provider not in self.failed:
            try:
                self.asked[provider] = self._ask(found)
            except DocswornError as error:  # the API is not asked again for that
                self.failed[provider] = str(error)
        if provider in self.failed:
            pytest.fail(self.failed[provider], pytrace=False)
        return self.asked[provider]

    def close(self) -> None:
        """Stop the emulator and close the history."""
        self.stack.close()

    def _ask(self, found: Engagement) -> Answers:
        learned = {
            operation: self.history.learned(scope_of(found.contract, operation, found.target.host))
            for operation in found.contract.operations
        }
        with prober(found, self.history, self.checks) as probe:
            runs = probe(True)
        return Answers(found.target.provider, found.contract.contract.revision, runs, learned)

    @property
    def _named(self) -> Mapping[str, str]:
        """The providers that --docsworn-provider names, each as it does so."""
        return {name.partition("@")[0]: name for name in self.wanted.names}

    def _problem(self, name: str, bare: str) -> DocswornError | None:
        """Engage one provider, or say why it cannot be."""
        try:
            self._engage(replace(self.wanted, names=(self._named.get(bare, name),), allow_skip=False))
        except DocswornError as error:
            return error
        return None

    def _engage(self, wanted: Wanted) -> None:
        engagements = self.stack.enter_context(engaged(wanted, os.environ))
        self.engagements.update({found.target.provider: found for found in engagements})


def open_suite(config: pytest.Config) -> Suite:
    """The suite that pytest's options ask for; pytest.UsageError where the history cannot be opened."""
    wanted = Wanted(
        names=tuple(option(config, "provider") or ()),
        contracts=option(config, "contracts"),
        base_url=option(config, "base-url"),
        ca=option(config, "ca"),
        emulator=option(config, "emulator"),
        allow_skip=option(config, "allow-skip"),
    )
    stack = ExitStack()
    with _usage_errors():
        history = stack.enter_context(History(option(config, "history")))
    return Suite(wanted, load_checks(), history, stack)


def fail_where_broken(findings: tuple[Finding, ...], crashes: tuple[str, ...]) -> None:
    """Fail the test where a finding is an error, or where a check crashed by our own fault."""
    __tracebackhide__ = True
    if crashes:
        pytest.fail(f"docsworn's own fault: {', '.join(crashes)}", pytrace=False)
    if any(finding.severity is Severity.ERROR for finding in findings):
        pytest.fail("\n".join(map(line_of, findings)), pytrace=False)


def line_of(finding: Finding) -> str:
    """A finding in one line: place, promise, shape of what was seen, source and case."""
    return (
        f"{finding.severity} {finding.kind} at {finding.pointer or '/'}: "
        f"documented {finding.documented}; seen {finding.observed} ({finding.source}; {finding.case})"
    )


@contextmanager
def _usage_errors() -> Iterator[None]:
    try:
        yield
    except DocswornError as error:
        raise pytest.UsageError(str(error)) from None

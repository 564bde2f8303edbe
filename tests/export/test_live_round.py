"""Whole rounds against the emulator, from request to metric and report: nothing is made up here."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from docsworn.check.loader import load_checks
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.packs import Provider, load_contract, load_provider, pack_roots
from docsworn.contract.settings import BudgetSettings
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from docsworn.export.loader import load_formats
from docsworn.export.metrics import Metrics, render
from docsworn.export.report import ReportInfo
from docsworn.model import Run
from docsworn.observe.history import History
from docsworn.observe.rounds import check_round
from docsworn.probe.budget import Budget
from docsworn.probe.client import Client
from docsworn.probe.target import Key, resolve_target

KEY = "planted-key-0123456789-0123456789"


class Live:
    """One provider on the emulator with its metrics; a call holds one round."""

    def __init__(self, provider: Provider, emulator: Emulator, history: History) -> None:
        self.name = provider.settings.provider
        self.emulator = emulator
        self.registry = CollectorRegistry()
        self.ids = emulator.ids(self.name)
        self._contract: CompiledContract = compile_contract(load_contract(provider), provider.settings)
        self._metrics = Metrics(self.registry, [self._contract])
        self._history = history
        target = resolve_target(provider.settings, {}, base_url=emulator.base_url)
        budget = BudgetSettings(per_minute=10_000, per_day=100_000)
        self._target = replace(target, key=Key(KEY), ids=self.ids, budget=budget)

    def __call__(self) -> tuple[Run, ...]:
        """Hold one round and take it in."""
        with Client(self._target, Budget(self._target.budget, time.time)) as client:
            runs = check_round(
                self._contract,
                self._target,
                client,
                history=self._history,
                checks=load_checks(),
                clock=time.time,
            )
        for run in runs:
            self._metrics.record(run, self._contract, time.time())
        return runs

    def value(self, name: str, **labels: str) -> float | None:
        """The value of one series of the provider."""
        common = {"provider": self.name, "operation": "get_conversation"}
        return self.registry.get_sample_value(f"docsworn_{name}", {**common, **labels})


@pytest.fixture
def live() -> Iterator[Callable[[str], Live]]:
    """A provider by name, on an emulator of its own test."""
    providers = {name: load_provider(name, pack_roots(None)) for name in ("tavus", "elevenlabs", "speechify")}
    with Emulator(list(providers.values())) as emulator, History(None) as history:
        yield lambda name: Live(providers[name], emulator, history)


@pytest.mark.parametrize("name", ["tavus", "elevenlabs", "speechify"])
def test_a_provider_that_keeps_its_word(live: Callable[[str], Live], name: str) -> None:
    """Success and conformity, although every round is refused several times on purpose."""
    probe = live(name)
    probe()
    assert probe.value("probe_success") == 1
    assert probe.value("contract_conforming") == 1
    assert (probe.value("responses_total", code="4xx") or 0) >= 3
    assert probe.value("findings_open", severity="error") == 0
    assert (probe.value("promises", state="kept") or 0) > 20


@pytest.mark.parametrize(
    ("status", "reason", "conforming"),
    [
        (503, "server_error", 1.0),
        (401, "auth", 1.0),
        (404, "fixture_gone", 1.0),
        (418, "client_error", 0.0),
        (203, "undocumented", 0.0),
        (429, None, 1.0),
    ],
)
def test_a_status_is_an_outage_or_drift(
    live: Callable[[str], Live], status: int, reason: str | None, conforming: float
) -> None:
    """Every good request answered with a status: availability and contract are told apart."""
    probe = live("elevenlabs")
    probe()
    probe.emulator.drift("elevenlabs", Drift("status", status=status))
    probe()
    assert probe.value("probe_success") == (1 if reason is None else 0)
    assert probe.value("contract_conforming") == conforming
    if reason is not None:
        assert probe.value("probe_failures_total", reason=reason) == 1
    probe.emulator.drift("elevenlabs", None)
    probe()
    assert probe.value("probe_success") == 1
    assert probe.value("contract_conforming") == 1


def test_a_drift_is_a_violation_of_its_kind(live: Callable[[str], Live]) -> None:
    """A value of another type is counted while it lasts, and the API stays available."""
    probe = live("elevenlabs")
    probe.emulator.drift("elevenlabs", Drift("set", "/status", 7))
    probe()
    assert probe.value("probe_success") == 1
    assert probe.value("contract_conforming") == 0
    assert (probe.value("contract_violations_current", kind="type", severity="error") or 0) > 0
    probe.emulator.drift("elevenlabs", None)
    probe()
    assert probe.value("contract_violations_current", kind="type", severity="error") == 0
    assert (probe.value("contract_violations_total", kind="type", severity="error") or 0) > 0


def test_nothing_private_reaches_metrics_or_reports(live: Callable[[str], Live], info: ReportInfo) -> None:
    """Neither the key nor an id nor a planted value of a body is in any output."""
    planted = "planted value, with spaces and 'quotes'"
    probe = live("tavus")
    probe.emulator.drift("tavus", Drift("set", "/status", planted))
    runs = probe()
    assert any(planted.encode() in (one.body or b"") for run in runs for one in run.exchanges)
    outputs = [one.render(runs, info) for one in load_formats().values()]
    outputs.append(render(probe.registry).decode())
    for private in (KEY, planted, *probe.ids):
        assert not any(private in output for output in outputs)

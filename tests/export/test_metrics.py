"""Runs as metrics: what each round changes, what it leaves alone, and how many series it costs."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from docsworn import __version__
from docsworn.contract.compiled import CompiledContract
from docsworn.export.catalogue import COMMON as COMMON_LABELS
from docsworn.export.catalogue import METRICS, PREFIX, Type
from docsworn.export.exposition import expose
from docsworn.export.metrics import Metrics, render
from docsworn.export.metrics_doc import document
from docsworn.model import Exchange, FailureReason, Finding, Kind, Purpose, Run, Severity, Tally, Verdict
from docsworn.observe.outcome import REASONS

NOW = 1_800_000_000.0
COMMON = {"provider": "acme", "operation": "get_conversation"}


class Bench:
    """Metrics in a registry of their own, with short ways to feed and to read them."""

    def __init__(self, contract: CompiledContract) -> None:
        self.registry = CollectorRegistry()
        self._contract = contract
        self._metrics = Metrics(self.registry, [contract])
        self.series = self._metrics.series

    def record(self, run: Run, now: float = NOW, *, offline: bool = False) -> None:
        """Take in one round."""
        self._metrics.record(run, self._contract, now, offline=offline)

    def forget(self, provider: str) -> None:
        """End a provider's series."""
        self._metrics.forget(provider)

    def value(self, name: str, **labels: str) -> float | None:
        """The value of one series of the operation; None where there is none."""
        return self.registry.get_sample_value(f"docsworn_{name}", {**COMMON, **labels})


@pytest.fixture
def bench(contract: CompiledContract) -> Bench:
    """Fresh metrics of the made-up contract."""
    return Bench(contract)


def test_before_the_first_round_nothing_is_claimed(bench: Bench) -> None:
    """Counters stand at 0 so that the first event is seen; gauges are absent, for 0 would be a lie."""
    assert bench.value("probes_total") == 0
    assert [bench.value("probe_failures_total", reason=reason) for reason in REASONS] == [0] * len(REASONS)
    for kind, severity in product(Kind, Severity):
        assert bench.value("contract_violations_total", kind=kind.value, severity=severity.value) == 0
    assert bench.value("responses_total", code="5xx") == 0
    assert bench.value("rate_limited_total") == 0
    for name in ("probe_success", "contract_conforming", "last_success_timestamp_seconds"):
        assert bench.value(name) is None


def test_a_good_round(
    bench: Bench, make_run: Callable[..., Run], make_exchange: Callable[..., Exchange]
) -> None:
    """A round that keeps everything sets success, conformity, time, promises and the contract."""
    refused = make_exchange(401, purpose=Purpose.WRONG_KEY, total=9.0)
    good = make_exchange(certificate_expiry=NOW + 86_400)
    bench.record(make_run(exchanges=(good, refused), promises=Tally(40, 0, 12, 1)))
    assert bench.value("probe_success") == 1
    assert bench.value("probes_total") == 1
    assert bench.value("contract_conforming") == 1
    assert bench.value("responses_total", code="2xx") == 1
    assert bench.value("responses_total", code="4xx") == 1
    assert bench.value("probe_duration_seconds_count") == 1
    assert bench.value("probe_duration_seconds_sum") == 0.25
    assert bench.value("probe_phase_duration_seconds", phase="wait") == 0.1
    assert bench.value("probe_phase_duration_seconds", phase="tls") == 0
    assert bench.value("last_probe_timestamp_seconds") == NOW
    assert bench.value("last_success_timestamp_seconds") == NOW
    assert bench.value("certificate_expiry_timestamp_seconds") == NOW + 86_400
    states = {"kept": 40, "broken": 0, "unseen": 12, "not_evaluable": 1}
    assert {state: bench.value("promises", state=state) for state in states} == states
    assert bench.value("contract_info", revision="v2", sha256="a" * 64) == 1
    assert bench.value("findings_open", severity="error") == 0


def test_a_finding_comes_and_goes(
    bench: Bench, make_run: Callable[..., Run], make_finding: Callable[..., Finding]
) -> None:
    """The total keeps what was, the current gauge falls back to 0, and the same twice is one open."""
    again = make_finding(case="get_conversation/good/2")
    warning = make_finding(Kind.ENUM, Severity.WARNING)
    bench.record(make_run(make_finding(), again, warning))
    assert bench.value("contract_conforming") == 0
    assert bench.value("contract_violations_current", kind="missing", severity="error") == 2
    assert bench.value("findings_open", severity="error") == 1
    assert bench.value("findings_open", severity="warning") == 1
    bench.record(make_run())
    assert bench.value("contract_conforming") == 1
    assert bench.value("contract_violations_current", kind="missing", severity="error") == 0
    assert bench.value("contract_violations_current", kind="enum", severity="warning") == 0
    assert bench.value("contract_violations_total", kind="missing", severity="error") == 2
    assert bench.value("findings_open", severity="error") == 0


def test_warnings_and_waived_findings_conform(
    bench: Bench, make_run: Callable[..., Run], make_finding: Callable[..., Finding]
) -> None:
    """Only errors break conformity, and what is waived is not counted anywhere."""
    bench.record(make_run(make_finding(Kind.ENUM, Severity.WARNING), make_finding(waived="known")))
    assert bench.value("contract_conforming") == 1
    assert bench.value("contract_violations_total", kind="missing", severity="error") == 0
    assert bench.value("findings_open", severity="error") == 0


def test_an_outage_leaves_the_contract_as_it_was(
    bench: Bench,
    make_run: Callable[..., Run],
    make_exchange: Callable[..., Exchange],
    make_finding: Callable[..., Finding],
) -> None:
    """Who cannot be reached breaks no contract: success falls, conformity and promises stay."""
    bench.record(make_run(promises=Tally(kept=40)))
    down = make_run(
        make_finding(Kind.UNREACHABLE, pointer=""),
        exchanges=(make_exchange(failure=FailureReason.CONNECT),),
        promises=Tally(unseen=53),
        verdict=Verdict.UNSEEN,
    )
    bench.record(down, NOW + 60)
    assert bench.value("probe_success") == 0
    assert bench.value("probe_failures_total", reason="connect") == 1
    assert bench.value("contract_violations_current", kind="unreachable", severity="error") == 1
    assert bench.value("contract_conforming") == 1
    assert bench.value("promises", state="kept") == 40
    assert bench.value("last_probe_timestamp_seconds") == NOW + 60
    assert bench.value("last_success_timestamp_seconds") == NOW
    assert bench.value("probe_duration_seconds_count") == 1


def test_a_timeout_took_its_time(
    bench: Bench, make_run: Callable[..., Run], make_exchange: Callable[..., Exchange]
) -> None:
    """A request without an answer before the deadline counts as slow, not as nothing."""
    bench.record(make_run(exchanges=(make_exchange(failure=FailureReason.TIMEOUT, total=20.0),)))
    assert bench.value("probe_duration_seconds_sum") == 20.0
    assert bench.value("probe_failures_total", reason="timeout") == 1


def test_failures_are_never_more_than_rounds(
    bench: Bench, make_run: Callable[..., Run], make_exchange: Callable[..., Exchange]
) -> None:
    """A round with several failing requests is one failure, so that a ratio of the two is a share."""
    failing = (make_exchange(500), make_exchange(401), make_exchange(failure=FailureReason.RESET))
    bench.record(make_run(exchanges=failing))
    assert sum(bench.value("probe_failures_total", reason=reason) or 0 for reason in REASONS) == 1
    assert bench.value("probe_failures_total", reason="reset") == 1


def test_a_rate_limit_is_no_failure(
    bench: Bench, make_run: Callable[..., Run], make_exchange: Callable[..., Exchange]
) -> None:
    """429 has a counter of its own and leaves success as it was."""
    bench.record(make_run())
    bench.record(make_run(exchanges=(make_exchange(429),)))
    assert bench.value("rate_limited_total") == 1
    assert bench.value("probe_success") == 1
    assert bench.value("probes_total") == 2
    assert sum(bench.value("probe_failures_total", reason=reason) or 0 for reason in REASONS) == 0


@pytest.mark.parametrize("status", [429, 503, 401, 404])
def test_an_outage_mends_no_contract(
    bench: Bench,
    make_run: Callable[..., Run],
    make_exchange: Callable[..., Exchange],
    make_finding: Callable[..., Finding],
    status: int,
) -> None:
    """What was broken stays so until an answer shows otherwise: no alert ends because nobody answers."""
    violations = "contract_violations_current"
    bench.record(make_run(make_finding(), make_finding(Kind.UNREACHABLE)))
    bench.record(make_run(exchanges=(make_exchange(status),)))
    assert bench.value("contract_conforming") == 0
    assert bench.value(violations, kind="missing", severity="error") == 1
    assert bench.value(violations, kind="unreachable", severity="error") == 0
    bench.record(make_run())
    assert bench.value("contract_conforming") == 1
    assert bench.value(violations, kind="missing", severity="error") == 0


def test_a_conversation_that_is_gone_is_no_broken_contract(
    bench: Bench,
    make_run: Callable[..., Run],
    make_exchange: Callable[..., Exchange],
    make_finding: Callable[..., Finding],
) -> None:
    """404 for a configured id says that the fixture is gone, and its finding is no violation."""
    bench.record(make_run())
    assert bench.value("fixture_present") == 1
    bench.record(make_run(make_finding(Kind.STATUS, pointer=""), exchanges=(make_exchange(404),)))
    assert bench.value("fixture_present") == 0
    assert bench.value("probe_failures_total", reason="fixture_gone") == 1
    assert bench.value("contract_violations_total", kind="status", severity="error") == 0
    assert bench.value("findings_open", severity="error") == 0
    assert bench.value("contract_conforming") == 1
    bench.record(make_run(exchanges=(make_exchange(500),)))
    assert bench.value("fixture_present") == 0
    bench.record(make_run())
    assert bench.value("fixture_present") == 1


def test_an_outage_of_our_own_is_no_failure_of_theirs(
    bench: Bench, make_run: Callable[..., Run], make_exchange: Callable[..., Exchange]
) -> None:
    """While nobody can be reached the reason is our own network."""
    down = make_run(exchanges=(make_exchange(failure=FailureReason.CONNECT),))
    bench.record(down, offline=True)
    assert bench.value("probe_failures_total", reason="own_network") == 1
    assert bench.value("probe_failures_total", reason="connect") == 0
    bench.record(make_run(exchanges=(make_exchange(500),)), offline=True)
    assert bench.value("probe_failures_total", reason="server_error") == 1


def test_the_revision_that_is_served_is_told(bench: Bench, make_run: Callable[..., Run]) -> None:
    """The revision that fits best is 1; the one that is held against wins a draw."""
    bench.record(make_run(fits=(("v3", 1.0), ("v2", 0.9))))
    assert [bench.value("serving_revision", revision=name) for name in ("v2", "v3")] == [0, 1]
    bench.record(make_run(fits=(("v3", 1.0), ("v2", 1.0))))
    assert [bench.value("serving_revision", revision=name) for name in ("v2", "v3")] == [1, 0]


def test_a_provider_is_forgotten_whole(full: Bench) -> None:
    """What is no longer watched leaves no series behind."""
    assert b'provider="acme"' in render(full.registry)
    full.forget("acme")
    assert b'provider="acme"' not in render(full.registry)


def test_a_status_that_is_none_stays_in_the_closed_set(
    bench: Bench, make_run: Callable[..., Run], make_exchange: Callable[..., Exchange]
) -> None:
    """A server that answers 799 adds no label of its own."""
    bench.record(make_run(exchanges=(make_exchange(799), make_exchange(204))))
    assert bench.value("responses_total", code="5xx") == 1
    assert bench.value("responses_total", code="2xx") == 1
    assert bench.value("responses_total", code="7xx") is None


def test_a_spent_budget_is_ours(
    bench: Bench, make_run: Callable[..., Run], make_exchange: Callable[..., Exchange]
) -> None:
    """A round that could send nothing says so and touches nothing that speaks of the provider."""
    bench.record(make_run())
    bench.record(make_run(exchanges=(make_exchange(failure=FailureReason.BUDGET),)), NOW + 60)
    bench.record(make_run(exchanges=()), NOW + 120)
    assert bench.value("probe_failures_total", reason="budget") == 1
    assert bench.value("probe_success") == 1
    assert bench.value("last_probe_timestamp_seconds") == NOW
    assert bench.value("probes_total") == 3


def test_the_objective_is_a_bucket(bench: Bench, make_run: Callable[..., Run]) -> None:
    """The share of requests within the provider's own objective (4 s here) can be told exactly."""
    bench.record(make_run())
    assert bench.value("probe_duration_seconds_bucket", le="4.0") == 1


def test_two_registries_share_nothing(contract: CompiledContract, make_run: Callable[..., Run]) -> None:
    """Nothing global: what is recorded in one registry is not in another."""
    one, other = Bench(contract), Bench(contract)
    one.record(make_run())
    assert (one.value("probes_total"), other.value("probes_total")) == (1, 0)


@pytest.fixture
def full(
    bench: Bench,
    make_run: Callable[..., Run],
    make_exchange: Callable[..., Exchange],
    make_finding: Callable[..., Finding],
) -> Bench:
    """Metrics in which every series that can exist does."""
    findings = [make_finding(kind, severity) for kind in Kind for severity in Severity]
    exchange = make_exchange(certificate_expiry=NOW)
    bench.record(make_run(*findings, exchanges=(exchange,), fits=(("v2", 1.0), ("v1", 0.5))))
    for metric in METRICS:
        if metric.type is Type.GAUGE and metric.scope != COMMON_LABELS:
            bench.series.set(metric.name, *("acme", *metric.labels)[: len(metric.label_names)], to=1)
    return bench


def test_promtool_finds_nothing_to_say(full: Bench, require: Callable[[str], str]) -> None:
    """Prometheus's own linter is content with names, types, units and help."""
    done = subprocess.run(
        [require("promtool"), "check", "metrics"],
        input=render(full.registry),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_no_secret_is_in_a_label(full: Bench, secret: str) -> None:
    """Ids, keys, places and messages do not become labels."""
    text = render(full.registry).decode()
    assert secret not in text
    assert "/status" not in text
    assert 'absent"' not in text


def test_an_operation_costs_few_series(full: Bench) -> None:
    """An operation that breaks every promise at every severity stays below 200 series."""
    assert sum(not line.startswith(b"#") for line in render(full.registry).splitlines()) < 200


def test_a_healthy_operation_costs_fewer(bench: Bench, make_run: Callable[..., Run]) -> None:
    """Without findings an operation stays below 120 series, of which half are counters that stand at 0."""
    bench.record(make_run())
    assert sum(not line.startswith(b"#") for line in render(bench.registry).splitlines()) < 120


def test_the_catalogue_is_what_is_scraped(full: Bench) -> None:
    """Names, types, labels and help of a live scrape are those of the table, no more and no less."""
    scraped = {}
    for line in expose(full.registry)[0].decode().splitlines():
        if line.startswith("# HELP "):
            name, text = line.removeprefix("# HELP ").split(" ", 1)
            scraped[name] = text
    assert scraped == {metric.exported: metric.help for metric in METRICS}
    for family in full.registry.collect():
        metric = next(one for one in METRICS if family.name == f"{PREFIX}_{one.name}")
        expected = {*metric.label_names, *metric.labels}
        assert all(set(sample.labels) - {"le"} == expected for sample in family.samples), family.name


def test_the_page_is_up_to_date() -> None:
    """docs/metrics.md is what the code writes: python -m docsworn.export.metrics_doc > docs/metrics.md."""
    page = Path(__file__).parents[2] / "docs" / "metrics.md"
    assert page.read_text(encoding="utf-8") == document()


def test_the_page_names_all_of_a_scrape(full: Bench) -> None:
    """Every metric and label of a live scrape stands on the page."""
    page = document()
    for family in full.registry.collect():
        for sample in family.samples:
            assert all(f"`{label}`" in page for label in sample.labels if label != "le")
    assert all(f"`{metric.exported}`" in page for metric in METRICS)


def test_the_build_is_told(bench: Bench) -> None:
    """Which docsworn runs can be asked of Prometheus."""
    text = render(bench.registry).decode()
    assert f'version="{__version__}"' in text

"""Runs as Prometheus metrics, in a registry that is passed in."""

from __future__ import annotations

import platform
from collections import Counter as Count
from collections.abc import Iterable, Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from docsworn import __version__
from docsworn.contract.compiled import CompiledContract
from docsworn.export.catalogue import BUCKETS, CODES, METRICS, PHASES, PREFIX, Metric, Type
from docsworn.export.exposition import expose
from docsworn.export.outcome import REASONS, contract_findings, judge, sent
from docsworn.model import Exchange, FailureReason, Finding, Kind, Run, Severity, Tally


class Metrics:
    """The metrics of ``catalogue`` for the operations of these contracts.

    Counters stand at 0 from the start wherever ``increase()`` must see the first event: reasons,
    classes of status, and violations of severity error, which page. The other severities appear when
    first seen: the full product of kinds and severities would triple the series for nothing.
    Gauges appear with the first round, since 0 would be a lie before it; what is said of the last
    round by kind appears with the first finding of that kind.
    """

    def __init__(self, registry: CollectorRegistry, contracts: Sequence[CompiledContract]) -> None:
        self._counters = {
            row.name: Counter(*_arguments(row), registry=registry) for row in _rows(Type.COUNTER)
        }
        self._gauges = {row.name: Gauge(*_arguments(row), registry=registry) for row in _rows(Type.GAUGE)}
        self._infos = {row.name: Info(*_arguments(row), registry=registry) for row in _rows(Type.INFO)}
        self._histograms = {
            row.name: Histogram(*_arguments(row), registry=registry, buckets=_buckets(contracts))
            for row in _rows(Type.HISTOGRAM)
        }
        self._violations: dict[tuple[str, str], Count[tuple[Kind, Severity]]] = {}
        self._infos["build"].info({"version": __version__, "python": platform.python_version()})
        for contract in contracts:
            for operation in contract.operations:
                self._start_at_zero(contract.contract.provider, operation)

    def record(self, run: Run, contract: CompiledContract, now: float) -> None:
        """Take in one round of one operation; ``now`` is its end in Unix seconds."""
        common = (run.provider, run.operation)
        self._counters["probes"].labels(*common).inc()
        exchanges = tuple(exchange for exchange in run.exchanges if sent(exchange))
        if not exchanges:
            if run.exchanges:
                self._counters["probe_failures"].labels(*common, FailureReason.BUDGET.value).inc()
            return
        self._gauges["last_probe_timestamp_seconds"].labels(*common).set(now)
        self._record_availability(run, contract, now)
        self._record_exchanges(common, exchanges)
        self._record_findings(common, [finding for finding in run.findings if not finding.waived])
        info = {"revision": run.revision, "sha256": contract.contract.sha256}
        self._infos["contract"].labels(*common).info(info)
        if run.reached:
            about = contract_findings(run, contract.operation(run.operation))
            broken = any(finding.severity is Severity.ERROR for finding in about)
            self._gauges["contract_conforming"].labels(*common).set(not broken)
            for state, number in _states(run.promises).items():
                self._gauges["promises"].labels(*common, state).set(number)

    def _start_at_zero(self, provider: str, operation: str) -> None:
        common = (provider, operation)
        for name in ("probes", "rate_limited"):
            self._counters[name].labels(*common)
        for reason in REASONS:
            self._counters["probe_failures"].labels(*common, reason)
        for code in CODES:
            self._counters["responses"].labels(*common, code)
        for kind in Kind:
            self._counters["contract_violations"].labels(*common, kind.value, Severity.ERROR.value)

    def _record_availability(self, run: Run, contract: CompiledContract, now: float) -> None:
        common = (run.provider, run.operation)
        judgement = judge(run, contract.operation(run.operation))
        if judgement.success is None:
            return
        self._gauges["probe_success"].labels(*common).set(judgement.success)
        if judgement.success:
            self._gauges["last_success_timestamp_seconds"].labels(*common).set(now)
        if judgement.reason:
            self._counters["probe_failures"].labels(*common, judgement.reason).inc()
        for exchange in judgement.judged:
            if exchange.status is not None or _timed_out(exchange):
                self._histograms["probe_duration_seconds"].labels(*common).observe(exchange.timings.total)
        for phase in PHASES:
            longest = max(getattr(exchange.timings, phase) or 0.0 for exchange in judgement.judged)
            self._gauges["probe_phase_duration_seconds"].labels(*common, phase).set(longest)

    def _record_exchanges(self, common: tuple[str, str], exchanges: Iterable[Exchange]) -> None:
        expiries = []
        for exchange in exchanges:
            if exchange.status is not None:
                self._counters["responses"].labels(*common, f"{exchange.status // 100}xx").inc()
            if exchange.status == 429:
                self._counters["rate_limited"].labels(*common).inc()
            if exchange.certificate_expiry is not None:
                expiries.append(exchange.certificate_expiry)
        if expiries:
            self._gauges["certificate_expiry_timestamp_seconds"].labels(*common).set(min(expiries))

    def _record_findings(self, common: tuple[str, str], findings: Sequence[Finding]) -> None:
        counts = Count((finding.kind, finding.severity) for finding in findings)
        # What was seen once stays as a series, so that its end is a 0 and not a gap.
        seen = self._violations.setdefault(common, Count())
        seen.update(counts)
        for kind, severity in seen:
            labels = (*common, kind.value, severity.value)
            self._gauges["contract_violations_current"].labels(*labels).set(counts[kind, severity])
            self._counters["contract_violations"].labels(*labels).inc(counts[kind, severity])
        for severity in Severity:
            different = {one.fingerprint for one in findings if one.severity is severity}
            self._gauges["findings_open"].labels(*common, severity.value).set(len(different))


def render(registry: CollectorRegistry) -> bytes:
    """The metrics as Prometheus text."""
    return expose(registry)[0]


def _buckets(contracts: Sequence[CompiledContract]) -> tuple[float, ...]:
    # The objectives are among the bounds, so that the share of rounds within them is exact.
    objectives = {contract.settings.objectives.latency_seconds for contract in contracts}
    return tuple(sorted({*BUCKETS, *objectives}))


def _rows(kind: Type) -> list[Metric]:
    return [row for row in METRICS if row.type is kind]


def _arguments(row: Metric) -> tuple[str, str, tuple[str, ...]]:
    return f"{PREFIX}_{row.name}", row.help, row.label_names


def _states(tally: Tally) -> dict[str, int]:
    return {
        "kept": tally.kept,
        "broken": tally.broken,
        "unseen": tally.unseen,
        "not_evaluable": tally.not_evaluable,
    }


def _timed_out(exchange: Exchange) -> bool:
    return exchange.failure is not None and exchange.failure.reason is FailureReason.TIMEOUT

"""Runs as Prometheus metrics, in a registry that is passed in."""

from __future__ import annotations

import platform
from collections import Counter as Count
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import product

from prometheus_client import CollectorRegistry

from docsworn import __version__
from docsworn.contract.compiled import CompiledContract
from docsworn.export.catalogue import BUCKETS, CODES, COMMON, METRICS, PHASES, Type
from docsworn.export.exposition import expose
from docsworn.export.series import Series
from docsworn.model import Exchange, FailureReason, Finding, Kind, Run, Severity, Tally
from docsworn.observe.outcome import (
    AVAILABILITY_KINDS,
    OWN_NETWORK,
    REASONS,
    contract_findings,
    counted_findings,
    fixtures,
    judge,
    sent,
    teaches,
)

_Common = tuple[str, str]
_GAUGES = {row.name: row.label_names for row in METRICS if row.type is Type.GAUGE and row.scope == COMMON}
Gauges = Sequence[tuple[tuple[str, ...], float]]


class Metrics:
    """The metrics of ``catalogue`` for the operations of these contracts.

    Counters stand at 0 from the start, so that ``increase()`` sees the first event.
    Gauges appear with the first round, since 0 would be a lie before it; what is said of the last
    round by kind appears with the first finding of that kind. ``momentary`` metrics are of one round:
    they have gauges and information, and no counters. ``buckets`` are further contracts whose
    objectives are buckets.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        contracts: Sequence[CompiledContract],
        *,
        buckets: Iterable[CompiledContract] = (),
        momentary: bool = False,
    ) -> None:
        self.series = Series(registry, _buckets([*contracts, *buckets]), momentary=momentary)
        self._violations: defaultdict[_Common, Count[tuple[Kind, Severity]]] = defaultdict(Count)
        self._gone: defaultdict[_Common, set[str]] = defaultdict(set)
        self.series.inform("build", version=__version__, python=platform.python_version())
        for contract in contracts:
            self.add(contract.contract.provider, contract)

    def add(self, provider: str, contract: CompiledContract) -> None:
        """Begin the series of a provider, under the name that its runs bear."""
        for common in [common for common in self._gone if common[0] == provider]:
            del self._gone[common]
        objectives = contract.settings.objectives
        self.series.set("latency_objective_seconds", provider, to=objectives.latency_seconds)
        self.series.set("availability_objective_ratio", provider, to=objectives.availability)
        for operation in contract.operations:
            self._start_at_zero((provider, operation))

    def forget(self, provider: str) -> None:
        """End all series of a provider."""
        self.series.forget(provider)
        for kept in (self._violations, self._gone):
            for common in [common for common in kept if common[0] == provider]:
                del kept[common]

    def record(self, run: Run, contract: CompiledContract, now: float, *, offline: bool = False) -> None:
        """Take in one round of one operation; ``now`` is its end in Unix seconds.

        ``offline`` says that nobody could be reached, so that failing to is nobody's failure.
        """
        common = (run.provider, run.operation)
        self.series.count("probes", *common)
        exchanges = tuple(exchange for exchange in run.exchanges if sent(exchange))
        if not exchanges:
            if run.exchanges:
                self.series.count("probe_failures", *common, FailureReason.BUDGET.value)
            return
        self.series.set("last_probe_timestamp_seconds", *common, to=now)
        self._record_availability(run, contract, now, offline)
        self._record_exchanges(common, exchanges)
        operation = contract.operation(run.operation)
        taught = teaches(run, operation)
        self._record_findings(common, counted_findings(run, operation), taught)
        self.series.inform("contract", *common, revision=run.revision, sha256=contract.contract.sha256)
        self._record_fits(run)
        self._record_fixtures(run, contract)
        if taught:
            about = contract_findings(run, operation)
            broken = any(finding.severity is Severity.ERROR for finding in about)
            self.series.set("contract_conforming", *common, to=not broken)
            for state, number in _states(run.promises).items():
                self.series.set("promises", *common, state, to=number)

    def restore(
        self, provider: str, contract: CompiledContract, gauges: Gauges, gone: Mapping[str, Iterable[str]]
    ) -> None:
        """Say what a process before this one has said last; ``gone`` are the conversations by operation."""
        known = contract.contract
        gauges = [row for row in gauges if _is_known(provider, contract, row[0])]
        for (name, *labels), value in gauges:
            self.series.set(name, *labels, to=value)
            if name == "contract_violations_current":
                _, operation, kind, severity = labels
                self._violations[provider, operation][Kind(kind), Severity(severity)] += 0
        for operation in {labels[2] for labels, _ in gauges}:
            self.series.inform("contract", provider, operation, revision=known.revision, sha256=known.sha256)
            self._gone[provider, operation] = set(gone.get(operation, ()))

    def _start_at_zero(self, common: _Common) -> None:
        for name in ("probes", "rate_limited"):
            self.series.count(name, *common, by=0)
        for reason in REASONS:
            self.series.count("probe_failures", *common, reason, by=0)
        for code in CODES:
            self.series.count("responses", *common, code, by=0)
        for kind, severity in product(Kind, Severity):
            self.series.count("contract_violations", *common, kind.value, severity.value, by=0)

    def _record_availability(self, run: Run, contract: CompiledContract, now: float, offline: bool) -> None:
        common = (run.provider, run.operation)
        judgement = judge(run, contract.operation(run.operation))
        if judgement.success is None:
            return
        self.series.set("probe_success", *common, to=judgement.success)
        if judgement.success:
            self.series.set("last_success_timestamp_seconds", *common, to=now)
        if judgement.reason:
            reason = OWN_NETWORK if offline and not run.reached else judgement.reason
            self.series.count("probe_failures", *common, reason)
        for exchange in judgement.judged:
            if exchange.status is not None or _timed_out(exchange):
                self.series.observe("probe_duration_seconds", *common, value=exchange.timings.total)
        for phase in PHASES:
            longest = max(getattr(exchange.timings, phase) or 0.0 for exchange in judgement.judged)
            self.series.set("probe_phase_duration_seconds", *common, phase, to=longest)

    def _record_exchanges(self, common: _Common, exchanges: Iterable[Exchange]) -> None:
        expiries = []
        for exchange in exchanges:
            if exchange.status is not None:
                self.series.count("responses", *common, _class_of(exchange.status))
            if exchange.status == 429:
                self.series.count("rate_limited", *common)
            if exchange.certificate_expiry is not None:
                expiries.append(exchange.certificate_expiry)
        if expiries:
            self.series.set("certificate_expiry_timestamp_seconds", *common, to=min(expiries))

    def _record_findings(self, common: _Common, findings: Sequence[Finding], taught: bool) -> None:
        counts = Count((finding.kind, finding.severity) for finding in findings)
        # What was seen once stays as a series, so that its end is a 0 and not a gap.
        seen = self._violations[common]
        seen.update(counts)
        for kind, severity in seen:
            labels = (*common, kind.value, severity.value)
            # An outage mends no contract: what is said of that stays until somebody answers again.
            if taught or kind in AVAILABILITY_KINDS:
                self.series.set("contract_violations_current", *labels, to=counts[kind, severity])
            self.series.count("contract_violations", *labels, by=counts[kind, severity])
        for severity in Severity:
            different = {one.fingerprint for one in findings if one.severity is severity}
            self.series.set("findings_open", *common, severity.value, to=len(different))

    def _record_fits(self, run: Run) -> None:
        shares = dict(run.fits)
        if shares:
            best = max(shares, key=lambda revision: (shares[revision], revision == run.revision))
            for revision in shares:
                labels = (run.provider, run.operation, revision)
                self.series.set("serving_revision", *labels, to=revision == best)

    def _record_fixtures(self, run: Run, contract: CompiledContract) -> None:
        common = (run.provider, run.operation)
        present, gone = fixtures(run, contract.operation(run.operation))
        self._gone[common] = (self._gone[common] - present) | gone
        if present or gone:
            self.series.set("fixture_present", *common, to=not self._gone[common])


def _is_known(provider: str, contract: CompiledContract, key: Sequence[str]) -> bool:
    """Whether a gauge of another process, of another version perhaps, is one of ours."""
    names = _GAUGES.get(key[0], ())
    if not names or len(names) != len(key) - 1:
        return False
    closed: dict[str, Collection[str]] = {
        "provider": (provider,),
        "operation": contract.operations,
        "kind": frozenset(Kind),
        "severity": frozenset(Severity),
    }
    return all(value in closed.get(name, (value,)) for name, value in zip(names, key[1:], strict=True))


def render(registry: CollectorRegistry) -> bytes:
    """The metrics as Prometheus text."""
    return expose(registry)[0]


def _buckets(contracts: Sequence[CompiledContract]) -> tuple[float, ...]:
    # The objectives are among the bounds, so that the share of rounds within them is exact.
    objectives = {contract.settings.objectives.latency_seconds for contract in contracts}
    return tuple(sorted({*BUCKETS, *objectives}))


def _states(tally: Tally) -> dict[str, int]:
    return {
        "kept": tally.kept,
        "broken": tally.broken,
        "unseen": tally.unseen,
        "not_evaluable": tally.not_evaluable,
    }


def _class_of(status: int) -> str:
    """The class of a status; one that is none counts as 5xx (RFC 9110, 15), so that the set stays closed."""
    name = f"{status // 100}xx"
    return name if name in CODES else "5xx"


def _timed_out(exchange: Exchange) -> bool:
    return exchange.failure is not None and exchange.failure.reason is FailureReason.TIMEOUT

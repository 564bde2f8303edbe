"""The outcomes of the watch as metrics: of all targets in one registry, or of one in a fresh one."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from prometheus_client import CollectorRegistry

from docsworn.export.metrics import Gauges, Metrics
from docsworn.model import Severity
from docsworn.watch.outcome import Outcome
from docsworn.watch.watched import Watched


class WatchMetrics:
    """The metrics of the targets of a watch, in one registry; safe to share between threads."""

    def __init__(
        self, registry: CollectorRegistry, targets: Sequence[Watched], *, momentary: bool = False
    ) -> None:
        # The buckets of the histograms are those of the start: they cannot change under Prometheus.
        contracts = {target.contract.contract.sha256: target.contract for target in targets}
        self._metrics = Metrics(registry, (), buckets=contracts.values(), momentary=momentary)
        self.series = self._metrics.series
        self._known: dict[str, Watched] = {}
        self._lock = threading.Lock()
        self.watch(targets)

    def watch(self, targets: Sequence[Watched]) -> None:
        """Have series of these targets from now on; those of others end."""
        with self._lock:
            wanted = {target.name: target for target in targets}
            for name in [name for name in self._known if name not in wanted]:
                self._metrics.forget(name)
                del self._known[name]
            for name, target in wanted.items():
                if self._known.get(name) is not target:
                    self._metrics.add(name, target.contract)
                    self.series.set("probe_interval_seconds", name, to=target.interval_seconds)
                self._known[name] = target

    def tell(self, target: Watched, outcome: Outcome) -> None:
        """Take in an outcome; one without rounds changes only what is said of budget and pause."""
        with self._lock:
            if self._known.get(target.name) is not target:
                return
            for run in outcome.runs:
                common = (target.name, run.operation)
                self._metrics.record(run, target.contract, outcome.ended, offline=outcome.offline)
                for severity in Severity:
                    number = outcome.open[run.operation].get(severity, 0)
                    self.series.set("findings_open", *common, severity.value, to=number)
            self._tell_budget(target, outcome)

    def restore(self, target: Watched, outcome: Outcome, gauges: Gauges) -> None:
        """Say what a process before this one has said last: its last outcome and its gauges."""
        with self._lock:
            self._metrics.restore(target.name, target.contract, gauges, outcome.missing)
            self._tell_budget(target, outcome)

    def _tell_budget(self, target: Watched, outcome: Outcome) -> None:
        self.series.set("budget_remaining", target.name, "minute", to=outcome.remaining.minute)
        self.series.set("budget_remaining", target.name, "day", to=outcome.remaining.day)
        self.series.set("hold_until_timestamp_seconds", target.name, to=outcome.hold_until)


def one_probe(target: Watched, outcome: Outcome) -> CollectorRegistry:
    """A fresh registry with what one outcome says."""
    registry = CollectorRegistry()
    WatchMetrics(registry, [target], momentary=True).tell(target, outcome)
    return registry

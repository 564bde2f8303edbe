"""The rows of the catalogue as live series of one registry."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.registry import Collector

from docsworn.export.catalogue import COMMON, METRICS, NOBODY, PREFIX, Metric, Type


class Series:
    """Every metric of the catalogue; a series exists once a value was given for its labels.

    ``buckets`` are the upper bounds of the histograms, in seconds. Of one probe alone (``momentary``)
    there is nothing to count, and nothing to say about the process.
    """

    def __init__(
        self, registry: CollectorRegistry, buckets: Sequence[float], *, momentary: bool = False
    ) -> None:
        self._shown: defaultdict[str, dict[tuple[str, ...], float]] = defaultdict(dict)
        counting = None if momentary else registry
        self._counters = {
            row.name: Counter(*_arguments(row), registry=counting) for row in _rows(Type.COUNTER)
        }
        self._infos = {
            row.name: Info(*_arguments(row), registry=registry if row.scope != NOBODY else counting)
            for row in _rows(Type.INFO)
        }
        self._histograms = {
            row.name: Histogram(*_arguments(row), registry=counting, buckets=buckets)
            for row in _rows(Type.HISTOGRAM)
        }
        gauges = _rows(Type.GAUGE)
        self._gauges = {
            row.name: Gauge(*_arguments(row), registry=registry) for row in gauges if row.scope != NOBODY
        }
        self._bare = {row.name: _Bare(row) for row in gauges if row.scope == NOBODY}
        for bare in self._bare.values():
            registry.register(bare)

    def count(self, name: str, *labels: str, by: float = 1) -> None:
        """Raise a counter; by 0 it only comes to exist."""
        self._counters[name].labels(*labels).inc(by)

    def set(self, name: str, *labels: str, to: float | None) -> None:
        """Set a gauge; with None it is absent."""
        if name in self._bare:
            self._bare[name].value = to
        elif to is not None:
            self._gauges[name].labels(*labels).set(to)
            self._shown[labels[0]][(name, *labels)] = float(to)
        else:
            self._shown[labels[0]].pop((name, *labels), None)
            with contextlib.suppress(KeyError):
                self._gauges[name].remove(*labels)

    def gauges(self, provider: str) -> tuple[tuple[tuple[str, ...], float], ...]:
        """What the gauges of the operations of a provider say: name and labels, and value."""
        rounds = {row.name for row in _rows(Type.GAUGE) if row.scope == COMMON}
        return tuple((key, value) for key, value in self._shown[provider].items() if key[0] in rounds)

    def observe(self, name: str, *labels: str, value: float) -> None:
        """Add an observation to a histogram."""
        self._histograms[name].labels(*labels).observe(value)

    def inform(self, name: str, *labels: str, **values: str) -> None:
        """Give the values of an info metric."""
        info = self._infos[name]
        (info.labels(*labels) if labels else info).info(values)

    def forget(self, provider: str) -> None:
        """Remove every series of a provider."""
        self._shown.pop(provider, None)
        families: dict[str, MetricWrapperBase] = {
            **self._counters,
            **self._gauges,
            **self._histograms,
            **self._infos,
        }
        for row in METRICS:
            if row.scope != NOBODY:
                families[row.name].remove_by_labels({"provider": provider})


@dataclass(slots=True, eq=False)
class _Bare(Collector):
    """A gauge without labels, which the library would show as 0 before anybody knows its value."""

    row: Metric
    value: float | None = field(default=None)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        name, text, _ = _arguments(self.row)
        if self.value is not None:
            yield GaugeMetricFamily(name, text, value=self.value)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        name, text, _ = _arguments(self.row)
        yield GaugeMetricFamily(name, text)


def _rows(kind: Type) -> list[Metric]:
    return [row for row in METRICS if row.type is kind]


def _arguments(row: Metric) -> tuple[str, str, tuple[str, ...]]:
    return f"{PREFIX}_{row.name}", row.help, row.label_names

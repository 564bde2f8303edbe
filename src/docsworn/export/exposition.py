"""A registry as text for a scraper, in the form that it asks for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector


@dataclass(frozen=True, slots=True)
class _WithoutCreated(Collector):
    # Creation times would double the series of counters; switching them off is global in the library.
    registry: CollectorRegistry

    def collect(self) -> Iterator[Metric]:
        for metric in self.registry.collect():
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


def expose(registry: CollectorRegistry, accept: str = "") -> tuple[bytes, str]:
    """The metrics and their media type; ``accept`` is the header of the request.

    A header that cannot be understood gets the text format 0.0.4, as no header does.
    """
    try:
        encode, media_type = choose_encoder(accept)
    except (TypeError, ValueError, LookupError):  # as the library has it for a version "x"
        encode, media_type = choose_encoder("")
    return encode(_WithoutCreated(registry)), media_type

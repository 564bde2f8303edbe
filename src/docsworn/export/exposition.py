"""A registry as text for a scraper, in the form that it asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

_ANY_TEXT = ("text/*", "*/*")
_WEIGHT = re.compile(r";\s*q=(?P<weight>0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _WithoutCreated(Collector):
    # Creation times would double the series of counters; switching them off is global in the library.
    registry: CollectorRegistry

    def collect(self) -> Iterator[Metric]:
        for metric in self.registry.collect():
            metric.samples = [one for one in metric.samples if not one.name.endswith("_created")]
            yield metric


def expose(registry: CollectorRegistry, accept: str = "") -> tuple[bytes, str]:
    """The metrics and their media type; ``accept`` is the header of the request (RFC 9110, 12.5.1).

    The form with the highest weight that we have is taken, of equals the first. A header that cannot be
    understood, or that names none of ours, gets the text format 0.0.4, as no header does.
    """
    for accepted in _by_weight(accept):
        # One at a time: the library takes the first that it knows, whatever its weight.
        try:
            encode, media_type = choose_encoder(accepted)
        except (TypeError, ValueError, LookupError):  # as the library has it for a version "x"
            continue
        if _name(media_type) == _name(accepted) or _name(accepted) in _ANY_TEXT:
            break
    else:
        encode, media_type = choose_encoder("")
    return encode(_WithoutCreated(registry)), media_type


def _by_weight(accept: str) -> list[str]:
    """The ranges of an Accept header that are acceptable at all, the dearest first."""
    weighed = [(_weight(one), one) for one in accept.split(",")]
    return [one for weight, one in sorted(weighed, key=lambda pair: -pair[0]) if weight > 0]


def _weight(accepted: str) -> float:
    """Its ``q``, from 0 to 1; 1 where none is given that can be read."""
    found = _WEIGHT.search(accepted)
    return float(found["weight"]) if found else 1.0


def _name(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()

"""Every metric that docsworn exports, as a table; code, documentation and tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PREFIX = "docsworn"
COMMON = ("provider", "operation")
PHASES = ("dns", "connect", "tls", "send", "wait", "receive")
CODES = ("2xx", "3xx", "4xx", "5xx")
STATES = ("kept", "broken", "unseen", "not_evaluable")
BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0)


class Type(StrEnum):
    """The type of a metric."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; ``name`` is without prefix and without the ending that its type adds.

    ``labels`` come after ``provider`` and ``operation``, which all have but those with ``alone``.
    """

    name: str
    type: Type
    help: str
    labels: tuple[str, ...] = ()
    alone: bool = False

    @property
    def exported(self) -> str:
        """The name as it is scraped."""
        endings = {Type.COUNTER: "_total", Type.INFO: "_info"}
        return f"{PREFIX}_{self.name}{endings.get(self.type, '')}"

    @property
    def label_names(self) -> tuple[str, ...]:
        """All labels; those of an info metric stand in its value."""
        fixed = () if self.alone else COMMON
        return fixed if self.type is Type.INFO else fixed + self.labels


METRICS = (
    Metric(
        "probe_success",
        Type.GAUGE,
        "Whether every good request of the last round got a complete answer of a documented success."
        " Without ids: whether every request got a complete answer below 500."
        " A round that only our budget or a rate limit stopped leaves it as it was.",
    ),
    Metric("probes", Type.COUNTER, "Rounds, whatever came of them."),
    Metric("probe_failures", Type.COUNTER, "Rounds that did not succeed, each with one reason.", ("reason",)),
    Metric(
        "probe_duration_seconds",
        Type.HISTOGRAM,
        "How long good requests took that were answered or timed out, in seconds.",
    ),
    Metric(
        "probe_phase_duration_seconds",
        Type.GAUGE,
        "The longest that a good request of the last round spent in a phase, in seconds;"
        " 0 where the phase did not happen.",
        ("phase",),
    ),
    Metric(
        "responses",
        Type.COUNTER,
        "Responses by class of status, those to requests of the error contract included.",
        ("code",),
    ),
    Metric("rate_limited", Type.COUNTER, "Responses of status 429; they are no failures."),
    Metric(
        "contract_violations_current",
        Type.GAUGE,
        "Findings of the last round that are not waived.",
        ("kind", "severity"),
    ),
    Metric(
        "contract_violations",
        Type.COUNTER,
        "Findings of all rounds that are not waived.",
        ("kind", "severity"),
    ),
    Metric(
        "contract_conforming",
        Type.GAUGE,
        "Whether the last round that was answered had no finding of severity error about the contract;"
        " outages, latency, certificates and refused keys are told by other metrics.",
    ),
    Metric(
        "contract",
        Type.INFO,
        "The contract that is held against: its revision and the SHA-256 of its OpenAPI document.",
        ("revision", "sha256"),
    ),
    Metric(
        "promises",
        Type.GAUGE,
        "Promises of the contract by how the last answered round left them.",
        ("state",),
    ),
    Metric(
        "findings_open",
        Type.GAUGE,
        "Different findings of the last round that are not waived.",
        ("severity",),
    ),
    Metric("last_probe_timestamp_seconds", Type.GAUGE, "When a round last sent anything, in Unix time."),
    Metric("last_success_timestamp_seconds", Type.GAUGE, "When a round last succeeded, in Unix time."),
    Metric(
        "certificate_expiry_timestamp_seconds",
        Type.GAUGE,
        "When the certificate of the server ends, in Unix time; absent for plain HTTP.",
    ),
    Metric("build", Type.INFO, "The running docsworn and its Python.", ("version", "python"), alone=True),
)

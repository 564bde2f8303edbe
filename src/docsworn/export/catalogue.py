"""Every metric that docsworn exports, as a table; code, documentation and tests read it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

PREFIX = "docsworn"
COMMON = ("provider", "operation")
PROVIDER = ("provider",)
NOBODY: tuple[str, ...] = ()
PHASES = ("dns", "connect", "tls", "send", "wait", "receive")
CODES = ("2xx", "3xx", "4xx", "5xx")
STATES = ("kept", "broken", "unseen", "not_evaluable")
WINDOWS = ("minute", "day")
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

    ``labels`` come after those of its ``scope``: an operation's, a provider's or nobody's.
    """

    name: str
    type: Type
    help: str
    labels: tuple[str, ...] = ()
    scope: tuple[str, ...] = COMMON

    @property
    def exported(self) -> str:
        """The name as it is scraped."""
        endings = {Type.COUNTER: "_total", Type.INFO: "_info"}
        return f"{PREFIX}_{self.name}{endings.get(self.type, '')}"

    @property
    def label_names(self) -> tuple[str, ...]:
        """All labels; those of an info metric stand in its value."""
        return self.scope if self.type is Type.INFO else self.scope + self.labels


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
        "Findings of the last round that are not waived, without what follows from an outage, a refused key"
        " or a conversation that is gone. A round of nothing else leaves what is said of the contract.",
        ("kind", "severity"),
    ),
    Metric(
        "contract_violations",
        Type.COUNTER,
        "Findings of all rounds that are not waived, counted as above.",
        ("kind", "severity"),
    ),
    Metric(
        "contract_conforming",
        Type.GAUGE,
        "Whether the last round that was answered, and not by an outage or a 429 alone, had no finding of"
        " severity error about the contract;"
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
        "Different findings that are open by the history: not waived, not yet shown to be fixed, and no 429.",
        ("severity",),
    ),
    Metric("last_probe_timestamp_seconds", Type.GAUGE, "When a round last sent anything, in Unix time."),
    Metric("last_success_timestamp_seconds", Type.GAUGE, "When a round last succeeded, in Unix time."),
    Metric(
        "certificate_expiry_timestamp_seconds",
        Type.GAUGE,
        "When the certificate of the server ends, in Unix time; absent for plain HTTP.",
    ),
    Metric(
        "serving_revision",
        Type.GAUGE,
        "1 for the revision whose promises the good responses of the last answered round kept best, 0 for"
        " the others; the revision that is held against wins a draw. Absent where there is one revision.",
        ("revision",),
    ),
    Metric(
        "fixture_present",
        Type.GAUGE,
        "0 where a configured id was answered with 404 or 410 in the last round that asked for it, else 1;"
        " what such an answer breaks is no violation of the contract.",
    ),
    Metric(
        "documentation_changed",
        Type.GAUGE,
        "Whether the documentation page says other facts than the contract; absent unless it is watched.",
        scope=PROVIDER,
    ),
    Metric(
        "documentation_last_check_timestamp_seconds",
        Type.GAUGE,
        "When the documentation page was last read and compared, in Unix time.",
        scope=PROVIDER,
    ),
    Metric(
        "budget_remaining",
        Type.GAUGE,
        "Requests that may still be sent in this minute and this day, at the end of the last round.",
        ("window",),
        scope=PROVIDER,
    ),
    Metric(
        "hold_until_timestamp_seconds",
        Type.GAUGE,
        "Until when nothing is sent because the provider asked for a pause (429, Retry-After), in Unix time;"
        " 0 where it did not.",
        scope=PROVIDER,
    ),
    Metric(
        "probe_interval_seconds",
        Type.GAUGE,
        "Seconds between the starts of two rounds as configured; absent where only /probe asks.",
        scope=PROVIDER,
    ),
    Metric(
        "latency_objective_seconds",
        Type.GAUGE,
        "The objective for one good request, in seconds; it is a bucket of the histogram as well.",
        scope=PROVIDER,
    ),
    Metric(
        "availability_objective_ratio",
        Type.GAUGE,
        "The objective for the share of rounds that succeed, 0 to 1.",
        scope=PROVIDER,
    ),
    Metric(
        "own_connectivity",
        Type.GAUGE,
        "0 while not one of at least two hosts (providers and configured references) can be connected to,"
        " else 1; absent where there is one host only.",
        scope=NOBODY,
    ),
    Metric(
        "config_last_reload_successful",
        Type.GAUGE,
        "Whether the configuration file was good when it was last read; if not, the one before is in use.",
        scope=NOBODY,
    ),
    Metric(
        "config_last_reload_success_timestamp_seconds",
        Type.GAUGE,
        "When the configuration in use was read, in Unix time.",
        scope=NOBODY,
    ),
    Metric("build", Type.INFO, "The running docsworn and its Python.", ("version", "python"), scope=NOBODY),
)

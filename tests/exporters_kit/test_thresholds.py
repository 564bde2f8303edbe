"""The burn-rate alerts, held to the derivation of their thresholds in docs/runbooks.md."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import pytest
from tests.exporters_kit.kit import ROOT, alerts

YEAR_HOURS = 8766.0
FAILURE = 0.001  # of a round, at an objective of 99.9 %
MINUTE, FIVE_MINUTES = 60, 300
INTERVALS = (60, 90, 120, 180, 300, 600, 900, 1800)  # seconds between two rounds
HOURS = {"1h": 1.0, "6h": 6.0, "1d": 24.0}


@dataclass(frozen=True, slots=True)
class Burn:
    """A burn-rate alert: how fast, over which windows, and how many failed rounds it needs."""

    rate: float
    long: str
    short: str
    rounds: int
    pages: bool

    def needed(self, interval: float) -> int:
        """How many failures it takes at this interval."""
        by_ratio = math.floor(self.rate * self.expected(interval) + 1e-9) + 1
        return max(self.rounds, by_ratio)

    def expected(self, interval: float) -> float:
        """The failures in the long window of a provider that just keeps its objective."""
        return HOURS[self.long] * 3600 / interval * FAILURE

    def false_alarms(self, interval: float) -> float:
        """How often a year it fires for such a provider, at most."""
        expected, others = self.expected(interval), self.needed(interval) - 1
        at_least = 1 - sum(
            math.exp(-expected) * expected**count / math.factorial(count) for count in range(others)
        )
        return YEAR_HOURS / HOURS[self.long] * expected * at_least


def _burns() -> list[Burn]:
    found = []
    for name, alert in alerts().items():
        if name.startswith("DocswornErrorBudgetBurn"):
            expr = alert["expr"]
            long, short = re.findall(r":ratio_rate(\w+)", expr)
            (above,) = re.findall(rf":increase{long} > ([\d.]+)", expr)
            rate, again = re.findall(r"\(([\d.]+) \* \(1 - docsworn_availability_objective_ratio\)\)", expr)
            assert rate == again
            pages = alert["labels"]["severity"] == "page"
            found.append(Burn(float(rate), long, short, math.ceil(float(above)), pages))
    return found


def test_one_failure_never_pages() -> None:
    """At one probe a minute and at every slower rate it takes four failures and more."""
    for interval in INTERVALS:
        assert min(burn.needed(interval) for burn in _burns()) >= 4


@pytest.mark.parametrize("interval", INTERVALS)
def test_who_keeps_the_objective_pages_less_than_once_a_year(interval: int) -> None:
    """All pages together, and the tickets."""
    assert sum(burn.false_alarms(interval) for burn in _burns() if burn.pages) < 1
    assert sum(burn.false_alarms(interval) for burn in _burns() if not burn.pages) < 1


def test_numbers_of_rounds_are_no_larger_than_they_must_be() -> None:
    """With one round less for any of them, a limit would not hold at some rate."""
    burns = _burns()
    for burn in burns:
        fewer = Burn(burn.rate, burn.long, burn.short, burn.rounds - 1, burn.pages)
        others = [other for other in burns if other.pages == burn.pages and other != burn]
        worst = max(
            fewer.false_alarms(interval) + sum(other.false_alarms(interval) for other in others)
            for interval in INTERVALS
        )
        assert worst >= 1, burn


def test_an_outage_is_seen_by_the_fast_one_within_minutes() -> None:
    """At one probe a minute a total outage needs as many minutes as it needs rounds."""
    (fast,) = [burn for burn in _burns() if burn.long == "1h"]
    assert fast.needed(MINUTE) * MINUTE <= 5 * 60


def test_page_shows_the_rules_and_what_comes_of_them() -> None:
    """The table in docs/runbooks.md has the rate, the windows, the rounds and the rounded false alarms."""
    text = (ROOT / "docs" / "runbooks.md").read_text(encoding="utf-8")
    rows = re.findall(
        r"^\| ([\d.]+) \| (\w+) and (\w+) \| (\d+) \| ([\d.]+) \| ([\d.]+) \|$", text, re.MULTILINE
    )
    shown = [(float(rate), long, short, int(rounds)) for rate, long, short, rounds, _, _ in rows]
    assert shown == [(burn.rate, burn.long, burn.short, burn.rounds) for burn in _burns()]
    for burn, row in zip(_burns(), rows, strict=True):
        for said, interval in zip(row[4:], (MINUTE, FIVE_MINUTES), strict=True):
            assert float(said) == float(f"{burn.false_alarms(interval):.0e}")

"""Says before the first request whether a schedule fits the budget of a provider."""

from __future__ import annotations

import math

from docsworn.contract.settings import BudgetSettings
from docsworn.probe.budget import DAY, MINUTE


def fits_budget(
    interval_seconds: float, requests_per_round: int, budget: BudgetSettings, *, jitter: float = 0.0
) -> str | None:
    """None when rounds of so many requests at this interval fit; else a sentence with what would.

    A round is sent in one go, so it must fit into one minute's budget whole. ``jitter`` is the share
    of the interval by which a round may come late, and so be nearer to the next.
    """
    windows = ((MINUTE, budget.per_minute, "minute"), (DAY, budget.per_day, "day"))
    for _, allowed, name in windows:
        if requests_per_round > allowed:
            return f"one round is {requests_per_round} requests, and the budget is {allowed} a {name}"
    for share, words in ((0.0, ""), (jitter, " with its jitter")):
        for window, allowed, name in windows:
            needed = requests_in(window, interval_seconds, requests_per_round, share)
            if needed > allowed:
                shortest = _shortest(requests_per_round, budget, jitter)
                return (
                    f"a round every {interval_seconds:g} s{words} needs {needed} requests a {name}, and the"
                    f" budget is {allowed}: an interval of {shortest} s fits"
                )
    return None


def requests_in(window: float, interval_seconds: float, requests_per_round: int, jitter: float = 0.0) -> int:
    """The most requests that such rounds can send within a window of seconds."""
    rounds = math.ceil(window / interval_seconds + jitter)
    return requests_per_round * rounds


def _shortest(requests_per_round: int, budget: BudgetSettings, jitter: float) -> int:
    windows = ((MINUTE, budget.per_minute), (DAY, budget.per_day))
    return max(
        math.ceil(window / max(allowed // requests_per_round - jitter, 1e-9)) for window, allowed in windows
    )

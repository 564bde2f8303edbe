"""Says before the first request whether a schedule fits the budget of a provider."""

from __future__ import annotations

import math

from docsworn.contract.settings import BudgetSettings

MINUTE = 60.0
DAY = 86_400.0


def fits_budget(interval_seconds: float, requests_per_round: int, budget: BudgetSettings) -> str | None:
    """None when rounds of so many requests at this interval fit; else a sentence with what would.

    A round is sent in one go, so it must fit into one minute's budget whole.
    """
    windows = ((MINUTE, budget.per_minute, "minute"), (DAY, budget.per_day, "day"))
    for _, allowed, name in windows:
        if requests_per_round > allowed:
            return f"one round is {requests_per_round} requests, and the budget is {allowed} a {name}"
    for window, allowed, name in windows:
        needed = requests_per_round * math.ceil(window / interval_seconds)
        if needed > allowed:
            return (
                f"a round every {interval_seconds:g} s needs {needed} requests a {name}, and the budget is"
                f" {allowed}: an interval of {_shortest(requests_per_round, budget)} s fits"
            )
    return None


def _shortest(requests_per_round: int, budget: BudgetSettings) -> int:
    windows = ((MINUTE, budget.per_minute), (DAY, budget.per_day))
    return max(math.ceil(window / (allowed // requests_per_round)) for window, allowed in windows)

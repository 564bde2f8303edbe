"""Whether a schedule fits a budget, and what is said when it does not."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.settings import BudgetSettings
from docsworn.watch.budget import fits_budget

BUDGET = BudgetSettings(per_minute=30, per_day=2000)


@pytest.mark.parametrize(
    ("interval", "requests", "sentence"),
    [
        (300.0, 6, None),
        (60.0, 1, None),
        (
            60.0,
            6,
            "a round every 60 s needs 8640 requests a day, and the budget is 2000: an interval of 260 s fits",
        ),
        (
            1.0,
            1,
            "a round every 1 s needs 60 requests a minute, and the budget is 30: an interval of 44 s fits",
        ),
        (86400.0, 31, "one round is 31 requests, and the budget is 30 a minute"),
    ],
)
def test_a_schedule_is_told_what_fits(interval: float, requests: int, sentence: str | None) -> None:
    """Each sentence names the need, the budget and the interval that would do."""
    assert fits_budget(interval, requests, BUDGET) == sentence


def test_a_round_larger_than_a_day_is_refused() -> None:
    """No interval helps when one round alone is more than a day's budget."""
    small = BudgetSettings(per_minute=30, per_day=5)
    assert fits_budget(86400.0, 6, small) == "one round is 6 requests, and the budget is 5 a day"


@given(
    interval=st.floats(min_value=0.01, max_value=1e6),
    requests=st.integers(min_value=1, max_value=1000),
    per_minute=st.integers(min_value=1, max_value=1000),
    per_day=st.integers(min_value=1, max_value=100_000),
)
def test_the_suggested_interval_fits(interval: float, requests: int, per_minute: int, per_day: int) -> None:
    """Whoever follows the advice is not given another one."""
    budget = BudgetSettings(per_minute=per_minute, per_day=per_day)
    sentence = fits_budget(interval, requests, budget)
    if sentence is not None and (advice := re.search(r"interval of (\d+) s", sentence)):
        assert fits_budget(float(advice[1]), requests, budget) is None

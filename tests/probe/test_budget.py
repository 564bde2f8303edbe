"""A budget counts what is sent in a sliding minute and day."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.settings import BudgetSettings
from docsworn.probe.budget import Budget, BudgetSpent


class _Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_minute_frees_the_minute_and_a_day_the_day() -> None:
    """Each limit says its own name."""
    clock = _Clock()
    budget = Budget(BudgetSettings(per_minute=2, per_day=3), clock)
    budget.spend()
    budget.spend()
    with pytest.raises(BudgetSpent, match="2 requests a minute is spent"):
        budget.spend()
    clock.now += 60
    budget.spend()
    with pytest.raises(BudgetSpent, match="3 requests a day is spent"):
        budget.spend()
    clock.now += 86_400 - 60
    budget.spend()


@given(
    per_minute=st.integers(1, 5),
    per_day=st.integers(1, 12),
    steps=st.lists(st.floats(0, 40_000), max_size=40),
)
def test_no_window_holds_more_than_allowed(per_minute: int, per_day: int, steps: list[float]) -> None:
    """Whenever the requests come."""
    clock = _Clock()
    budget = Budget(BudgetSettings(per_minute=per_minute, per_day=per_day), clock)
    sent: list[float] = []
    for step in steps:
        clock.now += step
        try:
            budget.spend()
        except BudgetSpent:
            continue
        sent.append(clock.now)
    for at in sent:
        assert sum(at - 60 < other <= at for other in sent) <= per_minute
        assert sum(at - 86_400 < other <= at for other in sent) <= per_day


def test_threads_do_not_overspend() -> None:
    """The count is exact under contention."""
    budget = Budget(BudgetSettings(per_minute=50, per_day=50), lambda: 0.0)
    spent: list[bool] = []

    def take() -> None:
        for _ in range(40):
            try:
                budget.spend()
            except BudgetSpent:
                return
            spent.append(True)

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(spent) == 50

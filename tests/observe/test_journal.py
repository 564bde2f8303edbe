"""What must survive: requests counted before they are sent, and marks."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.settings import BudgetSettings
from docsworn.observe.journal import Journal, JournalBudget
from docsworn.probe.budget import Budget, BudgetSpent

BUDGET = BudgetSettings(per_minute=3, per_day=5)


def spends(spend: Callable[[], None]) -> bool:
    """Whether one more request may be sent."""
    try:
        spend()
    except BudgetSpent:
        return False
    return True


def test_two_processes_share_a_budget(tmp_path: Path) -> None:
    """What one has counted the other knows at once, and after both are gone a third."""
    file = tmp_path / "h.db"
    with Journal(file, clock=lambda: 100.0) as one, Journal(file, clock=lambda: 100.0) as other:
        assert [spends(JournalBudget(journal, "a", BUDGET, lambda: 100.0).spend) for journal in (one, other)]
        assert one.remaining("a", BUDGET, 100.0).minute == 1
        assert other.remaining("b", BUDGET, 100.0).minute == 3
    with Journal(file, clock=lambda: 100.0) as third:
        budget = JournalBudget(third, "a", BUDGET, lambda: 101.0)
        assert [spends(budget.spend) for _ in range(3)] == [True, False, False]
        assert third.remaining("a", BUDGET, 101.0).day == 2


def test_the_reason_is_told(tmp_path: Path) -> None:
    """The day's budget comes before the minute's."""
    with Journal(tmp_path / "h.db", clock=lambda: 0.0) as journal:
        for at in (0.0, 0.0, 0.0):
            journal.spend("a", BUDGET, at)
        with pytest.raises(BudgetSpent, match=r"^the budget of 3 requests a minute is spent$"):
            journal.spend("a", BUDGET, 59.0)
        for at in (60.0, 60.0):
            journal.spend("a", BUDGET, at)
        with pytest.raises(BudgetSpent, match=r"^the budget of 5 requests a day is spent$"):
            journal.spend("a", BUDGET, 200.0)


@given(steps=st.lists(st.sampled_from([0.0, 1.0, 30.0, 60.0, 3600.0, 40_000.0, 86_400.0]), max_size=40))
def test_it_counts_as_the_budget_of_one_process_does(steps: list[float]) -> None:
    """Whatever the times, the file and the memory of a process allow the same requests."""
    now = [0.0]
    memory = Budget(BUDGET, lambda: now[0])
    with Journal() as journal:
        kept = JournalBudget(journal, "a", BUDGET, lambda: now[0])
        for step in steps:
            now[0] += step
            assert spends(memory.spend) == spends(kept.spend)
            left = journal.remaining("a", BUDGET, now[0])
            assert 0 <= left.minute <= min(left.day, BUDGET.per_minute)


def test_marks_are_kept_and_ids_are_not(tmp_path: Path) -> None:
    """A mark is the last that was set; a value is told from others by a salted hash."""
    file = tmp_path / "h.db"
    with Journal(file, clock=lambda: 100.0) as journal:
        assert journal.marked("a", "hold") is None
        journal.mark("a", "hold", 1.5)
        journal.mark("a", "hold", 2.5)
        name = journal.anonymous("secret-conversation")
        journal.mark("a", name, 1.0)
    with Journal(file, clock=lambda: 100.0) as journal:
        assert journal.marked("a", "hold") == 2.5
        assert journal.anonymous("secret-conversation") == name
    with Journal(tmp_path / "other.db") as other:
        assert other.anonymous("secret-conversation") != name
    assert b"secret-conversation" not in file.read_bytes()


def test_what_is_older_than_a_day_goes(tmp_path: Path) -> None:
    """Requests of targets that are no more do not fill the file for ever."""
    file = tmp_path / "h.db"
    with Journal(file, clock=lambda: 0.0) as journal:
        journal.spend("gone", BUDGET, 0.0)
    with Journal(file, clock=lambda: 86_401.0):
        pass
    with sqlite3.connect(file) as database:
        assert database.execute("SELECT count(*) FROM spent").fetchone() == (0,)
    database.close()

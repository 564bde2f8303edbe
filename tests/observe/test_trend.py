"""Availability and latency over time, in few buckets however long the time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsworn.contract.compiled import CompiledContract
from docsworn.observe.history import History
from docsworn.observe.trend import MOST_BUCKETS, Bucket
from tests.observe.rounds import GOOD, SCOPE, sample, see

HOUR = 3600.0


@pytest.fixture(scope="module")
def compiled() -> CompiledContract:
    """The made-up contract."""
    return sample()


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """A history in a file."""
    with History(tmp_path / "history.db") as opened:
        yield opened


def test_each_stretch_says_what_it_saw(compiled: CompiledContract, history: History) -> None:
    """Rounds, those that were available, broken ones and the mean of each phase; gaps are left out."""
    for at, body in ((0.0, GOOD), (10.0, None), (20.0, {**GOOD, "type": "zzz"}), (200.0, GOOD)):
        see(compiled, history, body, at=at)
    # An unreachable API is a broken promise too.
    assert history.trend(SCOPE) == (
        Bucket(0.0, 60, 3, 3, 2, 2, 0.01, 0.01, (0.0, 0.0, 0.0, 0.0, 0.005, 0.0)),
        Bucket(180.0, 60, 1, 1, 1, 0, 0.01, 0.01, (0.0, 0.0, 0.0, 0.0, 0.005, 0.0)),
    )
    assert [bucket.start for bucket in history.trend(SCOPE, since=100.0)] == [180.0]
    assert history.trend(SCOPE, since=1000.0) == ()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(times=st.lists(st.floats(0, 900 * 24 * HOUR), min_size=1, max_size=6))
def test_no_time_is_too_long(compiled: CompiledContract, times: list[float]) -> None:
    """At most a hundred buckets, in order, and no round is lost."""
    with History() as history:
        for at in times:
            see(compiled, history, GOOD, at=at)
        buckets = history.trend(SCOPE)
    assert sum(bucket.runs for bucket in buckets) == len(times)
    assert [bucket.start for bucket in buckets] == sorted({bucket.start for bucket in buckets})
    assert (buckets[-1].start - buckets[0].start) / buckets[0].seconds <= MOST_BUCKETS

"""The schedule: at once, never twice at a time, never in another's way, and gone within a second."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.errors import ConfigError
from docsworn.watch.schedule import MAX_STAGGER_SECONDS, Job, Scheduler, next_due

WAIT = 10.0


def ignore(*_: str) -> None:
    """A reporter that says nothing."""


def schedule(*jobs: Job, on_error: Callable[[str, str], None] = ignore, threads: int = 64) -> Scheduler:
    """A schedule of these jobs that has not begun."""
    return Scheduler(jobs, rng=random.Random(7), clock=time.monotonic, on_error=on_error, threads=threads)


@contextmanager
def running(
    *jobs: Job, on_error: Callable[[str, str], None] = ignore, threads: int = 64
) -> Iterator[Scheduler]:
    """The schedule at work; it must end soon after the block."""
    scheduler = schedule(*jobs, on_error=on_error, threads=threads)
    scheduler.start()
    try:
        yield scheduler
    finally:
        assert scheduler.stop(grace_seconds=WAIT)


class Counter:
    """Counts its calls and lets a test wait for one of them."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self._changed = threading.Condition()

    def __call__(self) -> None:
        """Note the time of one call."""
        with self._changed:
            self.times.append(time.monotonic())
            self._changed.notify_all()

    def reached(self, count: int) -> bool:
        """Whether so many calls came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.times) >= count, WAIT)


@pytest.mark.parametrize("interval", [0.0, -1.0, math.nan, math.inf])
def test_an_interval_is_above_zero(interval: float) -> None:
    """A job that could never or always run is refused with its name."""
    with pytest.raises(ConfigError, match=r"tavus: an interval is a number of seconds above 0"):
        Job("tavus", interval, lambda: None)


def test_the_first_run_comes_at_once() -> None:
    """Nobody waits an hour for the first result of an hourly job."""
    counter = Counter()
    started = time.monotonic()
    with running(Job("hourly", 3600.0, counter, jitter=0.0)):
        assert counter.reached(1)
    assert counter.times[0] - started < WAIT


def test_jobs_are_staggered() -> None:
    """Jobs of one interval do not all start at the same moment."""
    counters = [Counter() for _ in range(4)]
    with running(*(Job(str(at), 4.0, counter) for at, counter in enumerate(counters))):
        assert all(counter.reached(1) for counter in counters)
    starts = sorted(counter.times[0] for counter in counters)
    assert starts[-1] - starts[0] > 0.01
    assert MAX_STAGGER_SECONDS <= 5.0


def test_a_slow_or_failing_job_delays_no_other() -> None:
    """One job hangs, one raises, and the third keeps its pace."""
    counter, release, reports = Counter(), threading.Event(), Counter()

    def fail() -> None:
        raise ValueError("a value that nobody may see")

    seen: list[tuple[str, str]] = []

    def report(job: str, error: str) -> None:
        seen.append((job, error))
        reports()

    def hang() -> None:
        release.wait(WAIT)

    jobs = [
        Job("slow", 0.02, hang),
        Job("failing", 0.02, fail),
        Job("good", 0.02, counter),
    ]
    with running(*jobs, on_error=report):
        assert counter.reached(5)
        assert reports.reached(3)
        release.set()
    assert set(seen) == {("failing", "ValueError")}


def test_what_docsworn_says_on_purpose_is_passed_on() -> None:
    """A history that is damaged is told by its name; the message of any other error may hold a value."""
    seen: list[tuple[str, str]] = []
    told = threading.Event()

    def run() -> None:
        raise ConfigError("h.db: is damaged")

    def report(job: str, error: str) -> None:
        seen.append((job, error))
        told.set()

    with running(Job("job", 0.01, run), on_error=report):
        assert told.wait(WAIT)
    assert seen[0] == ("job", "h.db: is damaged")


def test_a_failing_reporter_does_not_end_the_job() -> None:
    """A closed stderr is no reason to stop probing."""
    counter = Counter()

    def run() -> None:
        counter()
        raise RuntimeError

    def report(*_: str) -> None:
        raise BrokenPipeError

    with running(Job("job", 0.01, run), on_error=report):
        assert counter.reached(3)


def test_a_job_never_overlaps_itself() -> None:
    """A round that takes longer than its interval is followed by one, not by many at once."""
    counter, busy = Counter(), threading.Lock()
    overlaps: list[str] = []

    def run() -> None:
        if not busy.acquire(blocking=False):
            overlaps.append("overlap")
            return
        time.sleep(0.03)
        busy.release()
        counter()

    with running(Job("job", 0.001, run)):
        assert counter.reached(5)
    assert not overlaps
    gaps = [later - earlier for earlier, later in zip(counter.times, counter.times[1:], strict=False)]
    assert min(gaps) >= 0.02


def test_it_stops_within_its_grace_although_a_job_is_busy() -> None:
    """A job that hangs does not hold the process, and nothing more is begun."""
    release, entered, counter = threading.Event(), threading.Event(), Counter()

    def hang() -> None:
        entered.set()
        release.wait(WAIT)

    scheduler = schedule(Job("hanging", 1.0, hang), Job("quick", 0.01, counter))
    scheduler.start()
    assert entered.wait(WAIT)
    assert not scheduler.stop(grace_seconds=0.1)
    begun = len(counter.times)
    release.set()
    time.sleep(0.05)
    assert len(counter.times) == begun


def test_a_job_ends_its_round_when_it_can() -> None:
    """What ends within the grace is not left half done."""
    entered, done = threading.Event(), threading.Event()

    def run() -> None:
        entered.set()
        time.sleep(0.1)
        done.set()

    scheduler = schedule(Job("job", 1.0, run))
    scheduler.start()
    assert entered.wait(WAIT)
    assert scheduler.stop(grace_seconds=WAIT)
    assert done.is_set()


def test_a_thousand_jobs_take_few_threads() -> None:
    """All of them are run, by no more threads than they are given."""
    counter, seen = Counter(), set[int]()

    def run() -> None:
        seen.add(threading.get_ident())
        counter()

    with running(*(Job(str(at), 600.0, run, jitter=0.0) for at in range(1000)), threads=4):
        assert counter.reached(1000)
    assert len(seen) <= 4


def test_slow_jobs_leave_threads_to_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Jobs that took long the last time never hold more than half of the threads."""
    monkeypatch.setattr("docsworn.watch.schedule.SLOW_SECONDS", 0.0)
    begun, busy, most = Counter(), list[int](), list[int]()

    def run() -> None:
        busy.append(1)
        most.append(len(busy))
        begun()
        time.sleep(0.01)
        busy.pop()

    with running(*(Job(str(at), 0.001, run, jitter=0.0) for at in range(8)), threads=4):
        assert begun.reached(40)
    assert max(most[16:]) <= 2


def test_a_pause_puts_a_job_off() -> None:
    """A job that says for how long it must rest is left alone for so long."""
    counter = Counter()

    def run() -> float:
        counter()
        return 0.2 if len(counter.times) == 1 else 0.0

    with running(Job("job", 0.001, run)):
        assert counter.reached(2)
    assert counter.times[1] - counter.times[0] >= 0.2


def test_jobs_are_replaced_and_hastened() -> None:
    """A new set takes the place of the old one; a job that is called for comes at once."""
    old, new, kept = Counter(), Counter(), Counter()
    with running(Job("old", 0.01, old), Job("kept", 3600.0, kept, jitter=0.0)) as scheduler:
        assert old.reached(1)
        assert kept.reached(1)
        scheduler.replace([Job("new", 0.01, new), Job("kept", 3600.0, kept, jitter=0.0)])
        assert new.reached(2)
        assert scheduler.due_in("old") is None
        assert (scheduler.due_in("kept") or 0.0) > 3000
        before = len(old.times)
        scheduler.hasten(["kept", "nobody"])
        assert kept.reached(2)
        assert len(old.times) <= before + 1
    assert len(kept.times) == 2


@given(
    due=st.floats(0, 1e9),
    late=st.floats(0, 1e6),
    interval=st.floats(0.001, 1e6),
)
def test_intervals_count_from_start_to_start(due: float, late: float, interval: float) -> None:
    """The next start is one interval on, or now when that is past: never earlier, never a burst."""
    now = due + late
    following = next_due(due, now, interval)
    assert following >= now
    assert following == (due + interval if due + interval >= now else now)

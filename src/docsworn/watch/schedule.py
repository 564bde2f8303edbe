"""Runs jobs at their intervals, a thread each, until somebody says stop."""

from __future__ import annotations

import contextlib
import math
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from docsworn.errors import ConfigError

MAX_STAGGER_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every ``interval_seconds``; ConfigError unless that is finite and above 0."""

    name: str
    interval_seconds: float
    run: Callable[[], None]

    def __post_init__(self) -> None:
        if not (math.isfinite(self.interval_seconds) and self.interval_seconds > 0):
            raise ConfigError(
                f"{self.name}: an interval is a number of seconds above 0, not {self.interval_seconds:g}"
            )


def run_schedule(
    jobs: Sequence[Job],
    stop: threading.Event,
    *,
    rng: random.Random,
    clock: Callable[[], float],
    on_error: Callable[[str, str], None],
    jitter: float = 0.1,
    grace_seconds: float = 1.0,
) -> None:
    """Run every job until ``stop`` is set; a slow or failing one never delays another.

    The first run comes at once, but for a share of up to ``jitter`` of the interval (at most 5 s) so
    that jobs do not stand in step. ``clock`` is monotonic, in seconds. ``on_error`` gets the name of
    a job and the type of what it raised, never its message. Returns within ``grace_seconds`` of
    ``stop``: a job that is still busy then is left to its daemon thread.
    """
    started = clock()
    threads = [
        threading.Thread(
            target=_repeat,
            args=(job, started + _stagger(job.interval_seconds, jitter, rng), stop, clock, on_error),
            name=f"docsworn-{job.name}",
            daemon=True,
        )
        for job in jobs
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    deadline = clock() + grace_seconds
    for thread in threads:
        thread.join(max(0.0, deadline - clock()))


def next_due(due: float, now: float, interval_seconds: float) -> float:
    """When a job that was due at ``due`` and is done at ``now`` is due again.

    Counted from start to start, so intervals do not drift; what was missed is not caught up with.
    """
    return max(due + interval_seconds, now)


def _stagger(interval_seconds: float, jitter: float, rng: random.Random) -> float:
    return rng.uniform(0.0, min(jitter * interval_seconds, MAX_STAGGER_SECONDS))


def _repeat(
    job: Job,
    due: float,
    stop: threading.Event,
    clock: Callable[[], float],
    on_error: Callable[[str, str], None],
) -> None:
    while not stop.wait(min(max(0.0, due - clock()), threading.TIMEOUT_MAX)):
        try:
            job.run()
        except Exception as error:
            # A reporter that fails (a closed stderr) must not end the job either.
            with contextlib.suppress(Exception):
                on_error(job.name, type(error).__name__)
        due = next_due(due, clock(), job.interval_seconds)

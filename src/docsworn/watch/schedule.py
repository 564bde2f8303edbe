"""Runs jobs at their intervals, a few threads for all of them, until somebody says stop."""

from __future__ import annotations

import contextlib
import heapq
import itertools
import math
import random
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from docsworn.errors import ConfigError, DocswornError
from docsworn.watch.pool import Pool

MAX_STAGGER_SECONDS = 5.0
MOST_THREADS = 64
SLOW_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every ``interval_seconds``; ConfigError unless that is finite and above 0.

    ``run`` may return for how many seconds from now it must not be run again. ``jitter`` is the share
    of the interval by which a run may come late.
    """

    name: str
    interval_seconds: float
    run: Callable[[], float | None]
    jitter: float = 0.1

    def __post_init__(self) -> None:
        if not (math.isfinite(self.interval_seconds) and self.interval_seconds > 0):
            raise ConfigError(
                f"{self.name}: an interval is a number of seconds above 0, not {self.interval_seconds:g}"
            )


@dataclass(slots=True, eq=False)
class _Entry:
    """A job in the schedule: ``base`` is its due time without jitter."""

    job: Job
    base: float
    due: float
    slow: bool = False
    running: bool = False
    hastened: bool = False


@dataclass(slots=True)
class _Board:
    """What the dispatcher and the workers share, under one condition."""

    changed: threading.Condition = field(default_factory=threading.Condition)
    entries: dict[str, _Entry] = field(default_factory=dict)
    heap: list[tuple[float, int, _Entry]] = field(default_factory=list)
    held_back: list[_Entry] = field(default_factory=list)  # slow ones, until a slow one ends
    running: int = 0
    slow_running: int = 0


class Scheduler:
    """Runs every job at its interval, never twice at a time; a slow or failing one delays no other.

    The first run comes at once, but for a share of up to ``jitter`` of the interval (at most 5 s) so
    that jobs do not stand in step. At most ``threads`` run at once, and at most half of these are jobs
    that took long the last time. ``clock`` is monotonic, in seconds. ``on_error`` gets the name of a
    job and the type of what it raised, with its message only where docsworn raised it on purpose.
    """

    def __init__(
        self,
        jobs: Sequence[Job],
        *,
        rng: random.Random,
        clock: Callable[[], float],
        on_error: Callable[[str, str], None],
        threads: int = MOST_THREADS,
    ) -> None:
        self._rng, self._clock, self._on_error = rng, clock, on_error
        self._most_slow = max(1, threads // 2)
        self._pool = Pool(threads)
        self._board = _Board()
        self._numbers = itertools.count()
        self._stopped = False
        self.replace(jobs)

    def replace(self, jobs: Sequence[Job]) -> None:
        """Run these jobs from now on; one that was there under its name keeps its rhythm."""
        board, now = self._board, self._clock()
        with board.changed:
            before, board.entries = board.entries, {}
            for job in jobs:
                old = before.get(job.name)
                if old is not None and old.job.interval_seconds == job.interval_seconds:
                    old.job = job
                    board.entries[job.name] = old
                else:
                    due = now + _stagger(job.interval_seconds, job.jitter, self._rng)
                    board.entries[job.name] = entry = _Entry(job, due, due)
                    self._push(entry)
            board.changed.notify_all()

    def hasten(self, names: Iterable[str]) -> None:
        """Run these jobs as soon as possible, and then at their intervals from there."""
        board, now = self._board, self._clock()
        with board.changed:
            for name in names:
                entry = board.entries.get(name)
                if entry is None:
                    continue
                if entry.running:
                    entry.hastened = True
                elif entry.due > now:
                    entry.base = entry.due = now
                    self._push(entry)
            board.changed.notify_all()

    def due_in(self, name: str) -> float | None:
        """Seconds until a job is due (0 while it runs); None for one that is not scheduled."""
        with self._board.changed:
            entry = self._board.entries.get(name)
            return None if entry is None else max(0.0, entry.due - self._clock())

    def start(self) -> None:
        """Begin to run what is due, in the background."""
        threading.Thread(target=self._dispatch_until_stopped, name="docsworn-schedule", daemon=True).start()

    def stop(self, *, grace_seconds: float) -> bool:
        """Begin nothing more and wait for what is under way; whether all of it ended in time.

        A job that is still busy then is left to its daemon thread, and what it does no longer matters.
        """
        board = self._board
        with board.changed:
            self._stopped = True
            board.changed.notify_all()
            return board.changed.wait_for(lambda: board.running == 0, grace_seconds)

    def _dispatch_until_stopped(self) -> None:
        board = self._board
        with board.changed:
            while not self._stopped:
                wait = self._dispatch()
                board.changed.wait(None if wait is None else min(wait, threading.TIMEOUT_MAX))

    def _push(self, entry: _Entry) -> None:
        heapq.heappush(self._board.heap, (entry.due, next(self._numbers), entry))

    def _dispatch(self) -> float | None:
        """Hand over what is due; seconds until the next is, None where nothing is planned."""
        board = self._board
        while board.held_back and board.slow_running < self._most_slow:
            if board.entries.get((entry := board.held_back.pop(0)).job.name) is entry:
                self._start(entry)
        while board.heap:
            due, _, entry = board.heap[0]
            if not self._is_current(entry, due):
                heapq.heappop(board.heap)
                continue
            if due > (now := self._clock()):
                return due - now
            heapq.heappop(board.heap)
            entry.running = True
            if entry.slow and board.slow_running >= self._most_slow:
                board.held_back.append(entry)
            else:
                self._start(entry)
        return None

    def _is_current(self, entry: _Entry, due: float) -> bool:
        return self._board.entries.get(entry.job.name) is entry and entry.due == due and not entry.running

    def _start(self, entry: _Entry) -> None:
        self._board.running += 1
        self._board.slow_running += entry.slow
        self._pool.submit(lambda: self._run(entry, entry.slow))

    def _run(self, entry: _Entry, was_slow: bool) -> None:
        started, pause = self._clock(), None
        try:
            pause = entry.job.run()
        except Exception as error:
            # A reporter that fails (a closed stderr) must not end the job either.
            if not self._stopped:
                with contextlib.suppress(Exception):
                    self._on_error(entry.job.name, _words(error))
        board, now = self._board, self._clock()
        with board.changed:
            board.running -= 1
            board.slow_running -= was_slow
            entry.slow = now - started > SLOW_SECONDS
            entry.running = False
            interval = entry.job.interval_seconds
            entry.base = next_due(entry.base, now, interval)
            late = self._rng.uniform(0.0, entry.job.jitter * interval)
            entry.due = max(entry.base + late, now + (pause or 0.0))
            if entry.hastened:
                entry.hastened, entry.base = False, now
                entry.due = now
            self._push(entry)
            board.changed.notify_all()


def _words(error: Exception) -> str:
    """What may be said of an error: a message that is not ours may hold a value of a body."""
    return str(error) if isinstance(error, DocswornError) else type(error).__name__


def next_due(due: float, now: float, interval_seconds: float) -> float:
    """When a job that was due at ``due`` and is done at ``now`` is due again.

    Counted from start to start, so intervals do not drift; what was missed is not caught up with.
    """
    return max(due + interval_seconds, now)


def _stagger(interval_seconds: float, jitter: float, rng: random.Random) -> float:
    return rng.uniform(0.0, min(jitter * interval_seconds, MAX_STAGGER_SECONDS))

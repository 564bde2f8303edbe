"""A few threads, started when there is work: a thousand targets are not a thousand threads."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import TypeVar

_Input = TypeVar("_Input")
_Output = TypeVar("_Output")


class Pool:
    """Runs what is submitted, in order, on at most ``most`` daemon threads, which end when idle."""

    def __init__(self, most: int, *, idle_seconds: float = 10.0) -> None:
        self._most = most
        self._idle_seconds = idle_seconds
        self._waiting: deque[Callable[[], None]] = deque()
        self._changed = threading.Condition()
        self._threads = self._idle = 0

    @property
    def threads(self) -> int:
        """How many threads there are now."""
        return self._threads

    def submit(self, work: Callable[[], None]) -> None:
        """Run ``work`` as soon as a thread is free; it must not raise."""
        with self._changed:
            self._waiting.append(work)
            if self._idle >= len(self._waiting):
                self._changed.notify()
            elif self._threads < self._most:
                self._threads += 1
                threading.Thread(target=self._work, name="docsworn-worker", daemon=True).start()

    def _work(self) -> None:
        while (work := self._next()) is not None:
            work()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            self._idle += 1
            try:
                if self._changed.wait_for(lambda: self._waiting, self._idle_seconds):
                    return self._waiting.popleft()
                self._threads -= 1
                return None
            finally:
                self._idle -= 1


def map_together(
    work: Callable[[_Input], _Output], items: Sequence[_Input], at_once: int
) -> tuple[_Output, ...]:
    """What ``work`` gives for each item, in their order, ``at_once`` of them at a time.

    What it raises is raised here. Its threads are daemons: they hold no process that wants to end.
    """
    results: dict[int, _Output] = {}
    errors: list[BaseException] = []
    waiting = deque(enumerate(items))

    def run() -> None:
        while not errors:
            try:
                number, item = waiting.popleft()
            except IndexError:
                return
            try:
                results[number] = work(item)
            except BaseException as error:
                errors.append(error)

    helpers = [threading.Thread(target=run, daemon=True) for _ in range(min(at_once, len(items)) - 1)]
    for helper in helpers:
        helper.start()
    run()
    for helper in helpers:
        helper.join()
    if errors:
        raise errors[0]
    return tuple(results[number] for number in range(len(items)))

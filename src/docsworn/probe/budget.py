"""How many requests may still be sent: counted in the transport, so nothing goes round it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Protocol

from docsworn.contract.settings import BudgetSettings
from docsworn.errors import DocswornError

MINUTE, DAY = 60.0, 86_400.0  # the windows, in seconds


class BudgetSpent(DocswornError):  # noqa: N818 - it is a state, not a mistake
    """No request may be sent now; the transport turns it into a failure of the exchange."""


class Purse(Protocol):
    """What the transport asks before it sends anything."""

    def spend(self) -> None:
        """Count one request that is about to be sent; BudgetSpent if it may not be."""


def may_spend(settings: BudgetSettings, *, in_minute: int, in_day: int) -> None:
    """BudgetSpent where no further request may follow so many in the last minute and the last day."""
    windows = ((in_day, settings.per_day, "day"), (in_minute, settings.per_minute, "minute"))
    for sent, allowed, name in windows:
        if sent >= allowed:
            raise BudgetSpent(f"the budget of {allowed} requests a {name} is spent")


class Budget:
    """Counts requests in the last minute and the last day; safe to share between threads."""

    def __init__(self, settings: BudgetSettings, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._clock = clock
        self._sent: deque[float] = deque()
        self._lock = threading.Lock()

    def spend(self) -> None:
        """Count one request that is about to be sent; BudgetSpent if it may not be."""
        with self._lock:
            now = self._clock()
            while self._sent and now - self._sent[0] >= DAY:
                self._sent.popleft()
            may_spend(self._settings, in_minute=self._in_last_minute(now), in_day=len(self._sent))
            self._sent.append(now)

    def _in_last_minute(self, now: float) -> int:
        count = 0
        for sent in reversed(self._sent):
            if now - sent >= MINUTE:
                break
            count += 1
        return count

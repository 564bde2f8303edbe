"""How many requests may still be sent: counted in the transport, so nothing goes round it."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from docsworn.contract.settings import BudgetSettings
from docsworn.errors import DocswornError

_MINUTE, _DAY = 60.0, 86_400.0


class BudgetSpent(DocswornError):  # noqa: N818 - it is a state, not a mistake
    """No request may be sent now; the transport turns it into a failure of the exchange."""


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
            while self._sent and now - self._sent[0] >= _DAY:
                self._sent.popleft()
            if len(self._sent) >= self._settings.per_day:
                raise BudgetSpent(f"the budget of {self._settings.per_day} requests a day is spent")
            if self._in_last_minute(now) >= self._settings.per_minute:
                raise BudgetSpent(f"the budget of {self._settings.per_minute} requests a minute is spent")
            self._sent.append(now)

    def _in_last_minute(self, now: float) -> int:
        count = 0
        for sent in reversed(self._sent):
            if now - sent >= _MINUTE:
                break
            count += 1
        return count

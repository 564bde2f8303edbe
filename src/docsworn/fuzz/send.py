"""Requests on their way out: exactly so many, at the provider's pace, through the probe's transport."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from docsworn.contract.settings import BudgetSettings
from docsworn.fuzz.request import GeneratedCase
from docsworn.model import Case
from docsworn.probe.budget import Budget, BudgetSpent
from docsworn.probe.client import Client

_MINUTE = 60.0


class FuzzClient(Client):
    """The probe's client that also sends a generated case's headers; its own cannot be replaced."""

    def _headers(self, case: Case) -> dict[str, str]:
        own = super()._headers(case)
        taken = {name.lower() for name in own}
        given = case.headers if isinstance(case, GeneratedCase) else ()
        return {**own, **{name: value for name, value in given if name.lower() not in taken}}


class CountedBudget(Budget):
    """A provider's budget that also ends after ``limit`` requests, retries of the transport among them."""

    def __init__(self, settings: BudgetSettings, clock: Callable[[], float], *, limit: int) -> None:
        super().__init__(settings, clock)
        self._per_minute = settings.per_minute
        self._now = clock
        self._left = limit
        self._recent: deque[float] = deque(maxlen=settings.per_minute)

    def spend(self) -> None:
        """Count one request that is about to be sent; BudgetSpent if it may not be."""
        if self._left < 1:
            raise BudgetSpent("all requests of this run are sent")
        super().spend()
        self._left -= 1
        self._recent.append(self._now())

    @property
    def left(self) -> int:
        """How many requests may still be sent."""
        return self._left

    def wait_seconds(self) -> float:
        """How long the budget of a minute asks to wait before the next request."""
        if len(self._recent) < self._per_minute:
            return 0.0
        return max(0.0, self._recent[0] + _MINUTE - self._now())

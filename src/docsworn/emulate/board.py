"""The faults that are switched on, and which of them an answer comes with."""

from __future__ import annotations

import math
from collections.abc import Sequence

from docsworn.emulate.dice import Dice
from docsworn.emulate.faults import CERTIFICATES, LATENCIES, Fault

_MAX_DELAY = 600.0  # seconds


class FaultBoard:
    """The active faults; changing them swaps one reference, so any thread may do it."""

    def __init__(self) -> None:
        self._active: tuple[tuple[Fault, Dice], ...] = ()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What is switched on."""
        return tuple(fault for fault, _ in self._active)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is switched on."""
        return not self._active

    def put(self, faults: Sequence[Fault]) -> None:
        """Switches these on, and everything else off."""
        self._active = tuple((fault, Dice(fault.rate, fault.seed)) for fault in faults)

    def throw(self, provider: str) -> tuple[float, Fault | None]:
        """What the next answer of a provider comes with: seconds of delay, and at most one other fault."""
        delay, chosen = 0.0, None
        for fault, dice in self._active:
            if fault.provider in (None, provider) and fault.name not in CERTIFICATES and dice.falls():
                if fault.name in LATENCIES:
                    delay += delay_of(fault, dice)
                elif chosen is None:
                    chosen = fault
        return delay, chosen

    def certificate(self) -> str | None:
        """The fault that the certificate of the next connection has."""
        for fault, dice in self._active:
            if fault.name in CERTIFICATES and dice.falls():
                return fault.name
        return None


def delay_of(fault: Fault, dice: Dice) -> float:
    """The seconds that a latency takes this time."""
    if fault.name == "latency":
        drawn = fault.setting("seconds")
    elif fault.name == "latency-normal":
        drawn = dice.random.gauss(fault.setting("mean"), fault.setting("deviation"))
    else:
        drawn = dice.random.lognormvariate(math.log(fault.setting("median")), fault.setting("sigma"))
    return min(max(drawn, 0.0), _MAX_DELAY)

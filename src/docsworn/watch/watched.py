"""A target of the watch, ready: its contract, where it is, and how it is probed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from docsworn.check.subject import Check
from docsworn.contract.compiled import CompiledContract
from docsworn.probe.target import Target

DAY_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Manner:
    """How a round is held: with which checks and requests.

    ``error_seconds`` is how often the error contract is asked (None never, 0 each round): wrong keys,
    sent often, lock accounts. ``scenarios`` take the place of the pack's, ``at_once`` is how many good
    requests a round sends (None all), ``deadline_seconds`` bounds one exchange.
    """

    checks: tuple[Check, ...] = field(repr=False)
    deadline_seconds: float
    error_seconds: float | None = DAY_SECONDS
    scenarios: tuple[Mapping[str, str], ...] | None = None
    at_once: int | None = None


@dataclass(frozen=True, slots=True)
class Watched:
    """One target by its name, which is the label ``provider`` and the ``target`` of ``/probe``.

    ``interval_seconds`` is None where only ``/probe`` asks; a result younger than
    ``min_interval_seconds`` is given again instead of asking. ``modules`` has ``default`` and those of
    the configuration. ``page`` is the address of the documentation and how often it is read, in seconds.
    """

    name: str
    contract: CompiledContract = field(repr=False)
    siblings: tuple[CompiledContract, ...] = field(repr=False)
    target: Target = field(repr=False)
    modules: Mapping[str, Manner] = field(repr=False)
    interval_seconds: float | None
    min_interval_seconds: float
    jitter: float = 0.1
    concurrency: int = 1
    page: tuple[str, float] | None = None

    @property
    def subject(self) -> str:
        """Whose requests are counted together in the journal."""
        return f"{self.name} {self.target.host}"

    def is_same(self, other: Watched) -> bool:
        """Whether nothing that a prober goes by differs; contracts are compared by what they are made of."""
        return self._essence() == other._essence()

    def _essence(self) -> tuple[object, ...]:
        contracts = [
            (one.contract.revision, one.contract.sha256, one.contract.invariants)
            for one in (self.contract, *self.siblings)
        ]
        rest = (self.name, self.target, self.modules, self.interval_seconds, self.min_interval_seconds)
        return (*rest, self.jitter, self.concurrency, self.page, self.contract.settings, contracts)

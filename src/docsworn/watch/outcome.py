"""What one round of a target came to: shared by metrics, pages and the schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from docsworn.model import Run, Severity
from docsworn.observe.journal import Remaining


@dataclass(frozen=True, slots=True)
class Gone:
    """A configured conversation that answered 404 or 410: the case that asked, and when (Unix seconds)
    it was last there; None where it never was, so that the id may be wrong."""

    case: str
    last_seen: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One round, or why there was none.

    ``runs`` is empty while the provider has asked for a pause, which ends at ``hold_until`` (Unix
    seconds; 0 where it has not). ``offline`` says that nobody could be reached. ``open`` counts what the
    history says is broken and not waived, by operation and severity. ``missing`` are the conversations
    (cases without their variant) of each operation that are gone as far as they were asked for.
    """

    target: str
    module: str
    started: float
    ended: float
    runs: tuple[Run, ...]
    remaining: Remaining
    hold_until: float = 0.0
    gone: tuple[Gone, ...] = ()
    offline: bool = False
    open: Mapping[str, Mapping[Severity, int]] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def held(self) -> bool:
        """Whether nothing was sent because of a pause."""
        return not self.runs

    @property
    def reached(self) -> bool:
        """Whether at least one exchange brought a response."""
        return any(run.reached for run in self.runs)

    @property
    def sent(self) -> int:
        """How many exchanges the round has."""
        return sum(len(run.exchanges) for run in self.runs)

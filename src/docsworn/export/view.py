"""What reports for people have in common: order, grouping and the words for places."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docsworn.export.text import printable
from docsworn.model import Finding, Run, Severity

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
WHOLE = "(the whole response)"


@dataclass(frozen=True, slots=True)
class Observation:
    """One finding as people read it, once, with every case that showed it; all text is printable."""

    severity: Severity
    kind: str
    place: str
    documented: str
    observed: str
    source: str
    promise: str
    cases: tuple[str, ...]
    reason: str | None
    waived: str | None
    fingerprint: str

    @property
    def seen_in(self) -> str:
        """The first case, and how many more there are."""
        more = len(self.cases) - 1
        return f"{self.cases[0]} and {more} more" if more else self.cases[0]


def by_provider(runs: Sequence[Run]) -> Mapping[str, tuple[Run, ...]]:
    """The runs of each provider, in the order in which they came."""
    names = dict.fromkeys(run.provider for run in runs)
    return {name: tuple(run for run in runs if run.provider == name) for name in names}


def observations(run: Run) -> tuple[Observation, ...]:
    """The findings of a run without repetition: errors first, waived ones last, then by place."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in run.findings:
        same = (finding.fingerprint, finding.severity, finding.observed, finding.waived or "")
        groups.setdefault(same, []).append(finding)
    seen = (_observation(findings) for findings in groups.values())
    return tuple(sorted(seen, key=lambda one: (bool(one.waived), RANK[one.severity], one.place, one.kind)))


def duration(run: Run) -> float:
    """Seconds that the exchanges of a run took, one after the other."""
    return sum(exchange.timings.total for exchange in run.exchanges)


def slowest(run: Run) -> float | None:
    """Seconds of the slowest exchange that brought a response; None where there is none."""
    answered = [exchange.timings.total for exchange in run.exchanges if exchange.status is not None]
    return max(answered, default=None)


def count(number: int, noun: str) -> str:
    """A number with its noun, as ``1 error`` or ``2 errors``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _observation(findings: Sequence[Finding]) -> Observation:
    first = findings[0]
    return Observation(
        severity=first.severity,
        kind=first.kind.value,
        place=printable(first.pointer) or WHOLE,
        documented=printable(first.documented),
        observed=printable(first.observed),
        source=printable(str(first.source)),
        promise=printable(first.promise),
        cases=tuple(dict.fromkeys(printable(finding.case) for finding in findings)),
        reason=printable(first.reason) if first.reason else None,
        waived=printable(first.waived) if first.waived else None,
        fingerprint=first.fingerprint,
    )

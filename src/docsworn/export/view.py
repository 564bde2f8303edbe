"""What reports for people have in common: order, grouping and the words for places."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from docsworn.export.background import NO_BACKGROUND, Background
from docsworn.export.text import printable
from docsworn.export.whose import whose
from docsworn.model import Finding, Run, Severity
from docsworn.observe.findings import Known, State

RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
WHOLE = "(the whole response)"


class Group(StrEnum):
    """The headings under which findings stand, in their order."""

    NEW = "new"
    FOUND = "found"
    OPEN = "open"
    WAIVED = "waived"
    FIXED = "fixed"


HEADINGS = {
    Group.NEW: "New",
    Group.FOUND: "Found",
    Group.OPEN: "Open",
    Group.WAIVED: "Waived",
    Group.FIXED: "Fixed",
}
GROUPS = {
    State.NEW: Group.NEW,
    State.REOPENED: Group.NEW,
    State.OPEN: Group.OPEN,
    State.WAIVED: Group.WAIVED,
    State.FIXED: Group.FIXED,
}
# The same in a line: what came back counts as new, and is told apart.
AGES = {
    State.NEW: "new",
    State.REOPENED: "new again",
    State.OPEN: "open",
    State.FIXED: "fixed",
    State.WAIVED: "waived",
}
WAIVER_DAYS = 30


@dataclass(frozen=True, slots=True)
class Observation:
    """One finding as people read it, once, with every case that showed it; all text is printable.

    ``life`` is None where no history was kept; ``whose`` fault it is, empty where nobody can tell. ``curl``
    sends the same request again, ``waive`` writes a waiver of it; both are empty where there is none.
    """

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
    life: Known | None = None
    whose: str = ""
    curl: str = ""
    waive: str = ""

    @property
    def group(self) -> Group:
        """Under which heading it stands."""
        if self.waived:
            return Group.WAIVED
        return Group.FOUND if self.life is None else GROUPS[self.life.state]

    @property
    def seen_in(self) -> str:
        """The first case, and how many more there are."""
        more = len(self.cases) - 1
        return f"{self.cases[0]} and {more} more" if more else self.cases[0]


def by_provider(runs: Sequence[Run]) -> Mapping[str, tuple[Run, ...]]:
    """The runs of each provider, in the order in which they came."""
    names = dict.fromkeys(run.provider for run in runs)
    return {name: tuple(run for run in runs if run.provider == name) for name in names}


def observations(run: Run, background: Background = NO_BACKGROUND) -> tuple[Observation, ...]:
    """The findings of a run without repetition: new before open, waived last, errors first, then by place."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in run.findings:
        same = (finding.fingerprint, finding.severity, finding.observed, finding.waived or "")
        groups.setdefault(same, []).append(finding)
    return _sorted(_observation(run, findings, background) for findings in groups.values())


def fixed(run: Run, background: Background) -> tuple[Observation, ...]:
    """What was fixed in the stretch of time that a report tells of."""
    seen = (_observation(run, [one.finding], background) for one in background.fixed())
    return tuple(_over(one) for one in seen)


def _over(one: Observation) -> Observation:
    """What is fixed needs neither a culprit nor a waiver any more."""
    reason = "it was waived: its waiver can go" if one.waived else one.reason
    return replace(one, whose="", waive="", waived=None, reason=reason)


def ages(seen: Iterable[Observation]) -> str:
    """How many are new, new again, open and fixed, in brackets; empty where no history tells."""
    words = [AGES[one.life.state] for one in seen if one.life is not None and not one.waived]
    told = ", ".join(f"{words.count(word)} {word}" for word in AGES.values() if word in words)
    return f" ({told})" if told else ""


def day(seconds: float) -> str:
    """A moment in Unix seconds as a day of UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")


def moment(seconds: float) -> str:
    """A moment in Unix seconds as a minute of UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")


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


def _sorted(seen: Iterable[Observation]) -> tuple[Observation, ...]:
    order = list(Group)
    return tuple(
        sorted(seen, key=lambda one: (order.index(one.group), RANK[one.severity], one.promise, one.place))
    )


def _waive(finding: Finding, background: Background) -> str:
    """The command that waives a finding; empty where there is nothing to waive or no way to type it."""
    named = (finding.promise, finding.pointer)
    if background.packs is None or finding.waived or any(printable(text) != text for text in named):
        return ""
    until = datetime.fromtimestamp(background.at, UTC).date() + timedelta(days=WAIVER_DAYS)
    place = ("--pointer", finding.pointer) if finding.pointer else ()
    packs = ("--contracts", background.packs) if background.packs else ()
    words = ("docsworn", "waive", finding.provider, finding.promise, *place, *packs)
    return f'{shlex.join(words)} --reason "why" --until {until}'


def _observation(run: Run, findings: Sequence[Finding], background: Background) -> Observation:
    first = findings[0]
    fault = "" if first.waived else whose(run, first, background.promise(first.promise))
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
        life=background.known.get(first.fingerprint),
        whose=printable(fault),
        curl=printable(background.curl.get(first.case, "")),
        waive=printable(_waive(first, background)),
    )

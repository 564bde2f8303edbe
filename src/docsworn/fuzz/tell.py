"""What a run of generated requests came to, as data and as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docsworn.fuzz.campaign import Report
from docsworn.fuzz.failed import Failed
from docsworn.model import Finding, Severity


@dataclass(frozen=True, slots=True)
class Told:
    """A failure with the id under which it can be replayed, its ``curl`` line, and how to replay it.

    What could not be kept has no id and no command.
    """

    failed: Failed
    replay: str | None
    curl: str
    command: str | None


def report_data(report: Report, told: tuple[Told, ...], *, seed: int) -> dict[str, Any]:
    """The report as JSON data."""
    return {
        "schema": 1,
        "seed": seed,
        "requests": report.sent,
        "answered": report.answered,
        "sorts": dict(sorted(report.sorts.items())),
        "notes": list(report.notes),
        "findings": [
            {
                **finding_data(each.failed.findings),
                "replay": each.replay,
                "curl": each.curl,
                "command": each.command,
            }
            for each in told
        ],
    }


def finding_data(findings: Sequence[Finding]) -> dict[str, Any]:
    """Findings of one kind as JSON data: the worst of them, and every place."""
    finding = findings[0]
    return {
        "provider": finding.provider,
        "operation": finding.operation,
        "revision": finding.revision,
        "promise": finding.promise,
        "kind": finding.kind,
        "severity": finding.severity,
        "pointer": finding.pointer,
        "documented": finding.documented,
        "observed": finding.observed,
        "source": str(finding.source),
        "reason": finding.reason,
        "waived": finding.waived,
        "fingerprint": finding.fingerprint,
        "places": [
            {
                "promise": each.promise,
                "pointer": each.pointer,
                "documented": each.documented,
                "observed": each.observed,
                "source": str(each.source),
            }
            for each in findings
        ],
    }


def report_lines(report: Report, told: tuple[Told, ...], *, name: str, seed: int) -> Iterator[str]:
    """The report for people, a line each."""
    sorts = ", ".join(f"{count} with {_SORTS[sort]}" for sort, count in sorted(report.sorts.items()))
    yield f"{name}: {_count(report.sent, 'request')} with seed {seed}" + (f": {sorts}" if sorts else "")
    for each in told:
        yield from finding_lines(each.failed.findings)
        yield f"    {each.curl}"
        if each.command is not None:
            yield f"    {each.command}"
    yield from (f"  note: {note}" for note in report.notes)
    yield _count(len(told), "finding")


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Findings of one kind for people: what was received, what was documented, and where."""
    finding = findings[0]
    waived = f", waived: {finding.waived}" if finding.waived else ""
    places = {each.pointer for each in findings}
    where = f" {finding.pointer}" if finding.pointer else ""
    if len(places) > 1:
        where = f" at {len(places)} places"
    yield f"  {finding.severity} {finding.kind}{where}{waived}"
    for each in findings[:_MOST_PLACES]:
        place = f"{each.pointer or '/'}: " if len(places) > 1 else ""
        yield f"    {place}received {each.observed}; documented {each.documented} ({each.source})"
    if len(findings) > _MOST_PLACES:
        yield f"    … and {len(findings) - _MOST_PLACES} more (--json has them all)"


def fails(told: tuple[Told, ...]) -> bool:
    """Whether a finding is an error, as ``docsworn check`` has it."""
    return any(each.failed.finding.severity is Severity.ERROR for each in told)


_MOST_PLACES = 20
_SORTS = {"known": "a configured id", "unknown": "an unknown id", "malformed": "a malformed id"}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

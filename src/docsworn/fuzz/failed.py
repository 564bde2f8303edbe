"""What one answer broke: one failure a kind, with all of its places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from docsworn.fuzz.request import Request
from docsworn.model import Finding, Severity

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True, slots=True)
class Failed:
    """Findings of one kind, the worst first, and the simplest request found whose answer shows them."""

    request: Request
    findings: tuple[Finding, ...]

    @property
    def finding(self) -> Finding:
        """The worst of them."""
        return self.findings[0]


def by_kind(findings: Iterable[Finding]) -> tuple[tuple[Finding, ...], ...]:
    """The findings of one answer kind by kind, the worst first; what is waived stands apart."""
    kinds: defaultdict[tuple[str, str | None], list[Finding]] = defaultdict(list)
    for finding in findings:
        kinds[finding.kind, finding.waived].append(finding)
    return tuple(tuple(sorted(each, key=lambda one: _RANK[one.severity])) for each in kinds.values())

"""Every promise group of every provider, an item each, so that CI has names to show."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from docsworn.check.hold import hold
from docsworn.check.subject import Check
from docsworn.cli.suite import Suite
from docsworn.model import Finding, Severity


def test_promises_are_kept(
    suite: Suite, promise_group: tuple[str, str, Check], request: pytest.FixtureRequest
) -> None:
    """The answers of one provider's operation keep the promises that one check looks at."""
    provider, operation, check = promise_group
    found = suite.engagements[provider]
    answers = suite.answers(provider, operation)
    held = hold(
        found.contract,
        operation,
        answers.exchanges,
        learned=answers.learned,
        checks=(check,),
        today=datetime.fromtimestamp(time.time(), UTC).date(),
    )
    assert not held.crashes, f"docsworn's own fault: {', '.join(held.crashes)}"
    lines = [_line(finding) for finding in held.run.findings]
    request.node.add_report_section("call", "findings", "\n".join(lines))
    if any(finding.severity is Severity.ERROR for finding in held.run.findings):
        pytest.fail("\n".join(lines), pytrace=False)
    if not lines and not held.run.promises.kept:
        pytest.skip("nothing came that this check can look at")


def _line(finding: Finding) -> str:
    return (
        f"{finding.severity} {finding.kind} at {finding.pointer or '/'}: "
        f"documented {finding.documented}; seen {finding.observed} ({finding.source}; {finding.case})"
    )

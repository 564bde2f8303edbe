"""Every promise group of every provider, an item each, so that CI has names to show."""

from __future__ import annotations

import pytest

from docsworn.cli.suite import PromiseGroup, fail_where_broken, line_of


def test_promises_are_kept(docsworn_promise_group: PromiseGroup, request: pytest.FixtureRequest) -> None:
    """The answers of one provider's operation keep the promises that one check looks at."""
    held = docsworn_promise_group.hold()
    findings = held.run.findings
    request.node.add_report_section("call", "findings", "\n".join(map(line_of, findings)))
    fail_where_broken(findings, held.crashes)
    if not findings and not held.run.promises.kept:
        pytest.skip("nothing came that this check can look at")

"""The JSON that programs read: its exact shape."""

from __future__ import annotations

import json
from collections.abc import Callable

from docsworn.export.loader import load_format
from docsworn.export.report import ReportInfo
from docsworn.model import Finding, Run


def test_the_shape_is_the_promised_one(
    make_run: Callable[..., Run], make_finding: Callable[..., Finding], info: ReportInfo
) -> None:
    """Every field of schema 1 stands where programs look for it."""
    finding = make_finding(reason="why")
    report = load_format("json").render(
        [make_run(finding, notes=("a note",), fits=(("v2", 1.0), ("v1", 1 / 3)))], info
    )
    assert json.loads(report) == {
        "schema": 1,
        "runs": [
            {
                "provider": "acme",
                "operation": "get_conversation",
                "revision": "v2",
                "verdict": "broken",
                "exchanges": 1,
                "promises": {"kept": 40, "broken": 1, "unseen": 12, "not_evaluable": 1},
                "findings": [
                    {
                        "promise": "get_conversation.200:/status#missing",
                        "kind": "missing",
                        "severity": "error",
                        "pointer": "/status",
                        "documented": "a field that is always there",
                        "observed": "absent",
                        "source": {"document": "acme.page.txt", "line": 12},
                        "case": "get_conversation/good/1",
                        "fingerprint": finding.fingerprint,
                        "reason": "why",
                        "waived": None,
                    }
                ],
                "notes": ["a note"],
                "not_evaluable": [],
                "own_faults": [],
                "serving": {"v2": 1.0, "v1": 0.3333},
            }
        ],
    }

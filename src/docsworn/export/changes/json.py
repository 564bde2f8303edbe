"""JSON for programs: ``{"schema": 1, ...}``; fields may be added, none is taken away."""

from __future__ import annotations

import json
from typing import Any

from docsworn.compat.changes import Verdict
from docsworn.compat.report import Found, Report
from docsworn.export.change_report import ChangeFormat
from docsworn.model import Source

SCHEMA = 1


def render(report: Report, _failing: frozenset[Verdict]) -> str:
    """The comparison as ASCII JSON."""
    document = {
        "schema": SCHEMA,
        "old": report.old,
        "new": report.new,
        "reader": report.reader,
        "verdict": report.verdict.value,
        "operations": report.operations,
        "changes": [_found(one) for one in report.found],
        "outside": [_found(one) for one in report.outside],
        "served": [{"contract": name, "valid": kept, "responses": of} for name, kept, of in report.served],
        "notes": list(report.notes),
    }
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _found(one: Found) -> dict[str, Any]:
    return {
        "rule": one.change.rule,
        "direction": one.direction.value,
        "verdict": one.verdict.value,
        "severity": one.change.severity.value,
        "message": one.change.message,
        "details": dict(sorted(one.change.details.items())),
        "old_pointer": one.change.old_pointer,
        "new_pointer": one.change.new_pointer,
        "reached": [
            {"operation": reach.operation, "part": reach.part, "place": reach.place} for reach in one.reached
        ],
        "more": one.more,
        "confidence": None if one.confidence is None else one.confidence.value,
        "old_source": _source(one.old_source),
        "new_source": _source(one.new_source),
        "evidence": list(one.evidence),
        "reason": one.reason or None,
        "witness": None if one.witness is None else json.loads(one.witness),
        "witnessed": one.witness is not None,
        "unsettled": one.unsettled or None,
        "settled": one.settled or None,
        "ignored": one.ignored,
    }


def _source(source: Source | None) -> dict[str, Any] | None:
    return None if source is None else {"document": source.document, "line": source.line}


FORMAT = ChangeFormat("json", "one JSON document for programs", render)

"""JSON for programs: ``{"schema": 1, "runs": [...]}``; fields may be added, none is taken away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from docsworn.export.report import Format, ReportInfo
from docsworn.model import Finding, Run

SCHEMA = 1


def render(runs: Sequence[Run], _info: ReportInfo) -> str:
    """The runs as ASCII JSON, so that no odd character of a provider can break an output stream."""
    document = {"schema": SCHEMA, "runs": [_run(run) for run in runs]}
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _run(run: Run) -> dict[str, Any]:
    return {
        "provider": run.provider,
        "operation": run.operation,
        "revision": run.revision,
        "verdict": run.verdict.value,
        "exchanges": len(run.exchanges),
        "promises": {
            "kept": run.promises.kept,
            "broken": run.promises.broken,
            "unseen": run.promises.unseen,
            "not_evaluable": run.promises.not_evaluable,
        },
        "findings": [_finding(finding) for finding in run.findings],
        "notes": list(run.notes),
        "not_evaluable": list(run.not_evaluable),
        "own_faults": list(run.crashes),
        "serving": {revision: round(share, 4) for revision, share in run.fits},
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "promise": finding.promise,
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "pointer": finding.pointer,
        "documented": finding.documented,
        "observed": finding.observed,
        "source": {"document": finding.source.document, "line": finding.source.line},
        "case": finding.case,
        "fingerprint": finding.fingerprint,
        "reason": finding.reason,
        "waived": finding.waived,
    }


FORMAT = Format("json", "one JSON document for programs", render)

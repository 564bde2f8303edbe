"""JSON for programs: ``{"schema": 1, "runs": [...]}``; fields may be added, none is taken away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from docsworn.export.background import Background
from docsworn.export.report import Format, ReportInfo
from docsworn.model import Finding, Run
from docsworn.observe.findings import Known

SCHEMA = 1


def render(runs: Sequence[Run], info: ReportInfo) -> str:
    """The runs as ASCII JSON, so that no odd character of a provider can break an output stream."""
    document = {"schema": SCHEMA, "runs": [_run(run, info.background(run)) for run in runs]}
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _run(run: Run, background: Background) -> dict[str, Any]:
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
        "findings": [_finding(finding, background) for finding in run.findings],
        "fixed": [_finding(one.finding, background) for one in background.fixed()],
        "notes": list(run.notes),
        "not_evaluable": list(run.not_evaluable),
        "own_faults": list(run.crashes),
        "serving": {revision: round(share, 4) for revision, share in run.fits},
    }


def _finding(finding: Finding, background: Background) -> dict[str, Any]:
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
        "history": _life(background.known.get(finding.fingerprint)),
        "reproduce": background.curl.get(finding.case),
    }


def _life(known: Known | None) -> dict[str, Any] | None:
    if known is None:
        return None
    return {
        "state": known.state.value,
        "first_seen": _moment(known.first_seen),
        "last_seen": _moment(known.last_seen),
        "since": _moment(known.since),
        "runs": known.count,
    }


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


FORMAT = Format("json", "one JSON document for programs", render)

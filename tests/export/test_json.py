"""The JSON that programs read: its exact shape."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from docsworn.export.loader import load_format
from docsworn.export.report import ReportInfo
from docsworn.model import Finding, Run
from tests.export.whole import INFO, RUNS

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "report.schema.json").read_text(encoding="utf-8"))


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
                        "history": None,
                        "reproduce": None,
                    }
                ],
                "fixed": [],
                "notes": ["a note"],
                "not_evaluable": [],
                "own_faults": [],
                "serving": {"v2": 1.0, "v1": 0.3333},
            }
        ],
    }


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    """Every object that a schema describes field by field."""
    if isinstance(schema, dict):
        if "properties" in schema:
            yield schema
        for part in schema.values():
            yield from objects(part)


def test_a_report_keeps_the_schema_that_the_page_gives() -> None:
    """The schema is one, knows every field that is written, and requires them all."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    closed = json.loads(json.dumps(SCHEMA))
    for described in objects(closed):
        assert sorted(described["required"]) == sorted(described["properties"])
        described["additionalProperties"] = False
    report = json.loads(load_format("json").render(RUNS, INFO))
    jsonschema.Draft202012Validator(closed).validate(report)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("schema",), 2),
        (("runs", 0, "verdict"), "fine"),
        (("runs", 0, "findings", 0, "kind"), "odd"),
        (("runs", 0, "findings", 0, "fingerprint"), "short"),
        (("runs", 0, "findings", 0, "history", "state"), "old"),
        (("runs", 0, "promises", "kept"), -1),
    ],
)
def test_the_schema_refuses_what_is_none(place: tuple[Any, ...], value: object) -> None:
    """A report with one wrong value is refused."""
    report = json.loads(load_format("json").render(RUNS, INFO))
    inner = report
    for part in place[:-1]:
        inner = inner[part]
    inner[place[-1]] = value
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(report)

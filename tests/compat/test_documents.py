"""Two OpenAPI documents against each other: what changed of their operations has a row of the rule table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from docsworn.compat import compare_schemas
from docsworn.compat.assemble import Asked, compare_documents
from docsworn.compat.changes import Comparison, Direction
from docsworn.compat.document import Document
from docsworn.compat.document_rules import DOCUMENT_RULES
from docsworn.compat.reading import Raw
from docsworn.compat.report import Report
from docsworn.contract.yamlsafe import load_yaml

FOLDER = Path(__file__).parent / "documents"
Row = dict[str, Any]


def rows(name: str) -> list[Row]:
    """The cases of one file."""
    data, _lines = load_yaml((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"), name=name)
    assert isinstance(data, list)
    return data


def document(row: Row, side: str) -> Document:
    """One side of a case as a document."""
    versions = row.get("versions", ["3.0.3", "3.0.3"])
    version = versions[0 if side == "old" else 1]
    key = "swagger" if version == "2.0" else "openapi"
    body = row[side] if "paths" in row[side] else {"paths": {"/kites/{id}": {"get": row[side]}}}
    data = {key: version, "components": row.get("components", {}), **body}
    return Document(Raw(side, data, version[:3]))


def compare(old: Any, new: Any, direction: Direction, reader: str = "strict") -> Comparison:
    """The engine with a named reader."""
    return compare_schemas(old, new, reader=reader, direction=direction)


def report(row: Row, reader: str, direction: Direction) -> Report:
    """The report of a case."""
    asked = Asked(reader, (direction,))
    return compare_documents(
        document(row, "old"), document(row, "new"), asked, lambda a, b, way: compare(a, b, way, reader)
    )


def check(row: Row, direction: Direction) -> None:
    """The labels of a case hold."""
    for reader in ("strict", "tolerant"):
        if reader in row:
            assert report(row, reader, direction).verdict == row[reader], reader
    found = report(row, "strict", direction).found
    if "rules" in row:
        assert sorted(one.change.rule for one in found) == sorted(row["rules"])
    if "findings" in row:
        feared = [one for one in found if one.verdict == "breaking"]
        assert len(feared) == row["findings"]
        assert len(feared[0].reached) == row["reached"]


@pytest.mark.parametrize("row", rows("responses"), ids=lambda row: row["name"])
def test_responses(row: Row) -> None:
    """A change of what comes back has its rule, and its verdict for each reader."""
    check(row, Direction.RESPONSE)


@pytest.mark.parametrize("row", rows("requests"), ids=lambda row: row["name"])
def test_requests(row: Row) -> None:
    """A change of what is sent has its rule, and its verdict: the other way round."""
    check({**row, **{side: _answered(row[side]) for side in ("old", "new")}}, Direction.REQUEST)


def _answered(side: Row) -> Row:
    return side if "paths" in side else {"responses": {"200": {}}, **side}


@pytest.mark.parametrize("row", rows("schemas"), ids=lambda row: row["name"])
def test_schemas(row: Row) -> None:
    """Schemas are compared in the direction in which they travel."""
    check(row, Direction(row["direction"]))


def test_every_rule_about_operations_has_a_case() -> None:
    """No row of the table is only claimed; renames and sums have tests of their own."""
    shown = {
        rule for name in ("responses", "requests") for row in rows(name) for rule in row.get("rules", ())
    }
    apart = {rule.id for rule in DOCUMENT_RULES if rule.id.endswith(("renamed", "incompatible", "undecided"))}
    assert {rule.id for rule in DOCUMENT_RULES} - apart == shown


def test_a_report_is_the_same_every_time() -> None:
    """Whatever the order of what was read, findings stand in one order."""
    row = rows("requests")[0]
    first, second = (report(row, "strict", Direction.REQUEST) for _ in range(2))
    assert first == replace(second)

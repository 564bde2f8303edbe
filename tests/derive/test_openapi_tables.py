"""The OpenAPI family, whole: every fact of each fixture document against a table written by reading it."""

from __future__ import annotations

import json

import pytest
import yaml

from docsworn.derive import Derivation, derive
from docsworn.derive.facts import Fact
from docsworn.derive.lines import Located
from docsworn.derive.page import open_page
from docsworn.derive.scan_json import scan_json
from docsworn.derive.scan_yaml import scan_yaml
from tests.derive.rows import PAGES
from tests.derive.tables import row_of, table

CASES = [
    ("openapi-3.0-handwritten.yaml", "GET /ships/{ship_id}", "openapi-3.0-handwritten.txt"),
    ("openapi-3.1-fastapi.json", "GET /v1/trees/{tree_id}", "openapi-3.1-fastapi.txt"),
    ("openapi-2.0.yaml", "GET /dogs/{dog_id}", "openapi-2.0.txt"),
    ("openapi-2.0.yaml", "sendPicture", "openapi-2.0-form.txt"),
    ("fern-openapi-types.md", None, "fern-openapi-types.txt"),
    ("mintlify-openapi.md", None, "mintlify-openapi.txt"),
]


def derived(page: str, operation: str | None) -> Derivation:
    """The derivation of one operation of a fixture document."""
    return derive((PAGES / page).read_text(encoding="utf-8"), document=page, operation=operation)


@pytest.mark.parametrize(("page", "operation", "expected"), CASES)
def test_every_fact(page: str, operation: str | None, expected: str) -> None:
    """Row by row: status, place, types, null, required, values, format, confidence and line."""
    found = derived(page, operation)
    assert page.startswith(found.format)
    assert [row_of(fact) for fact in found.facts] == table(expected)


@pytest.mark.parametrize(("page", "operation", "_expected"), CASES)
def test_every_name_stands_on_its_line(page: str, operation: str | None, _expected: str) -> None:
    """The line of a named field holds its name; nothing is named that the page does not name."""
    lines = (PAGES / page).read_text(encoding="utf-8").splitlines()
    for fact in derived(page, operation).facts:
        name = (fact.pointer or "").rpartition("/")[2]
        if name not in ("", "*"):
            assert name in "".join(lines[fact.line - 1 : fact.line + 3]), fact


@pytest.mark.parametrize(("page", "operation", "_expected"), CASES[:3])
def test_yaml_and_json_say_the_same(page: str, operation: str, _expected: str) -> None:
    """The same document as JSON, on one line or many, and as other YAML: the same facts, other lines."""
    data, _lines, _notes = whole(page)
    same = [json.dumps(data), json.dumps(data, indent="\t"), yaml.safe_dump(data, sort_keys=False)]
    expected = [without_line(fact) for fact in derived(page, operation).facts]
    for version in same:
        found = derive(version, document="page", operation=operation)
        assert [without_line(fact) for fact in found.facts] == expected


def whole(page: str) -> Located:
    """A fixture document as data."""
    text = (PAGES / page).read_text(encoding="utf-8")
    return (scan_json if page.endswith("json") else scan_yaml)(open_page(text, page), text)


def without_line(fact: Fact) -> tuple[object, ...]:
    """A fact without the line that says it."""
    return tuple(row_of(fact).split(" ")[:-1])

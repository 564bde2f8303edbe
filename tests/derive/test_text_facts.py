"""Every fact of pages of text, bullets, components and HTML, against tables made by reading them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docsworn.derive import Derivation
from tests.derive.rows import page

TABLES = sorted((Path(__file__).parent / "facts" / "pages").glob("*.tsv"))


def told(derivation: Derivation) -> list[str]:
    """The facts as lines: status, place, types, nullable, required, values, format, confidence, line."""
    return [
        "\t".join([
            fact.status,
            "?" if fact.pointer is None else fact.pointer or "-",
            "|".join(fact.types) or "-",
            fact.nullable,
            fact.required,
            json.dumps(fact.enum) if fact.enum else "-",
            fact.format or "-",
            fact.confidence,
            str(fact.line),
        ])
        for fact in derivation.facts
    ]  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=lambda path: path.stem)
def test_every_row(table: Path) -> None:
    """Nothing is missed, nothing is invented, and every row has its line."""
    expected = [line for line in table.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert told(page(table.stem)) == expected


def test_every_format_of_the_family_has_tables() -> None:
    """No format goes without a page."""
    formats = {page(table.stem).format for table in TABLES}
    assert formats == {
        "fern-bullets", "fern-text", "html", "mintlify-components", "mintlify-fence", "mintlify-text",
    }  # fmt: skip

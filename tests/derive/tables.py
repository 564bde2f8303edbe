"""Tables of facts as files: one row a line, its columns apart by blanks, ``-`` for nothing."""

from __future__ import annotations

from pathlib import Path

from docsworn.derive.facts import Fact

TABLES = Path(__file__).parent / "facts"


def table(name: str) -> list[str]:
    """The rows of a table that was written by reading the page; ``#`` begins a remark."""
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    return [" ".join(line.split()) for line in lines if line.strip() and not line.startswith("#")]


def row_of(fact: Fact) -> str:
    """A fact as a table has it: status, place, types, null, required, values, format, confidence, line."""
    place = "?" if fact.pointer is None else fact.pointer or "."
    values = ",".join("''" if value == "" else str(value) for value in fact.enum)
    columns = (
        fact.status, place, "|".join(fact.types), fact.nullable, fact.required, values, fact.format,
        fact.confidence, str(fact.line),
    )  # fmt: skip
    return " ".join(column or "-" for column in columns)

"""The corpus of compatibility verdicts: ``corpus/*.yaml``, one file an area, labelled from the semantics.

A case has ``name``, ``old``, ``new`` and the verdict for each reader (``strict``, ``tolerant``); a strict
*breaking* has its ``witness``. ``rules`` are ids that must be found (all of them; an empty list: no change
at all), ``pointers`` places that must be named.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docsworn.contract.yamlsafe import load_yaml

CORPUS = Path(__file__).parent / "corpus"
READERS = ("strict", "tolerant")


@dataclass(frozen=True, slots=True)
class Case:
    """One pair of schemas and what is to be said of it."""

    id: str
    old: Any
    new: Any
    verdicts: dict[str, str]
    rules: tuple[str, ...] | None
    pointers: tuple[str, ...]
    witness: Any
    has_witness: bool
    assert_formats: bool


def cases() -> list[Case]:
    """Every case of the corpus, in the order of the files."""
    return [_case(file, row) for file in sorted(CORPUS.glob("*.yaml")) for row in _rows(file)]


def _rows(file: Path) -> list[dict[str, Any]]:
    rows, _lines = load_yaml(file.read_text(encoding="utf-8"), name=file.name)
    assert isinstance(rows, list)
    return rows


def _case(file: Path, row: dict[str, Any]) -> Case:
    known = {"name", "old", "new", *READERS, "rules", "pointers", "witness", "assert_formats"}
    assert set(row) <= known, f"{file.name}: {row['name']}: unknown {set(row) - known}"
    return Case(
        id=f"{file.stem}: {row['name']}",
        old=row["old"],
        new=row["new"],
        verdicts={reader: row[reader] for reader in READERS if reader in row},
        rules=None if "rules" not in row else tuple(row["rules"]),
        pointers=tuple(row.get("pointers", ())),
        witness=row.get("witness"),
        has_witness="witness" in row,
        assert_formats=row.get("assert_formats", True),
    )

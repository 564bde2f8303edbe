"""Each format of one whole report, word for word: ``UPDATE_GOLDEN=1 make test ARGS=tests/export`` renews."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from docsworn.export.loader import format_names, load_format
from tests.export.whole import INFO, RUNS, SECRET

GOLDEN = Path(__file__).parent / "golden"
SUFFIXES = {
    "console": "txt", "github": "txt", "html": "html", "json": "json", "junit": "xml", "markdown": "md",
}  # fmt: skip


@pytest.mark.parametrize("name", format_names())
def test_a_whole_report_is_the_golden_one(name: str) -> None:
    """New, open, reopened, waived and fixed findings, hostile text, outages and a silent provider."""
    file = GOLDEN / f"{name}.{SUFFIXES[name]}"
    report = load_format(name).render(RUNS, INFO)
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(report, encoding="utf-8")
    assert report == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", format_names())
def test_no_format_tells_what_was_exchanged(name: str) -> None:
    """Keys, ids, bodies and the details of failures are in none, with a history and without."""
    assert SECRET not in load_format(name).render(RUNS, INFO)

"""docs/compat.md shows what the command prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsworn.cli.main import run

PAGE = Path(__file__).parents[2] / "docs" / "compat.md"


def test_the_report_in_the_docs_is_what_the_command_prints(capsys: pytest.CaptureFixture[str]) -> None:
    """The report of the two Tavus revisions stands in the page, line by line."""
    assert run(["compat", "tavus@v2-replica", "tavus@v2-face", "--direction", "both"]) == 1
    printed = "".join(f"    {line}\n" for line in capsys.readouterr().out.splitlines())
    assert PAGE.read_text(encoding="utf-8").endswith(printed)

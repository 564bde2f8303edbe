"""docs/fuzzing.md: every reason is explained, and nothing in it has gone."""

from __future__ import annotations

import re
from pathlib import Path

from docsworn.fuzz import strength

PAGE = (Path(__file__).parents[2] / "docs" / "fuzzing.md").read_text(encoding="utf-8")
REASONS = (
    strength.NEEDS_PROFILE,
    strength.NAMES_BRANCH,
    strength.OTHER_BRANCH,
    strength.NO_WRONG,
    strength.NOT_ASSERTED,
    strength.UNKNOWN_KEYWORD,
    strength.UNBUILDABLE,
)


def test_each_reason_is_explained() -> None:
    """The table has one row for each reason, in the words of the program."""
    rows = [row for row in re.findall(r"^\| (.+?) \| .+ \|$", PAGE, re.MULTILINE) if row != "reason"]
    assert len(rows) == len(REASONS)
    for row, reason in zip(rows, REASONS, strict=True):
        for part in row.split(" … "):
            assert part in reason

"""A report of many changes in each format: its sum first, and no more than a reader can take in."""

from __future__ import annotations

import json

from docsworn.compat.changes import Verdict
from docsworn.export.change_report import change_formats, load_change_format, tally
from tests.compat.changed import many_changes

FAILING = frozenset({Verdict.BREAKING})


def rendered(name: str) -> str:
    """The report in a format."""
    return load_change_format(name).render(many_changes(), FAILING)


def test_the_sum_counts_every_finding() -> None:
    """The rows of the sum are the findings, the worst and most frequent first."""
    rows = tally(many_changes())
    assert sum(number for _verdict, _rule, number in rows) == len(many_changes().counted) > 60
    assert rows[0][0] is Verdict.BREAKING
    assert rows[-1][0] is Verdict.SAFE


def test_text_begins_with_the_sum_and_ends_soon() -> None:
    """Two headlines, the sum, the first findings; no line is wider than a wide terminal."""
    lines = rendered("text").splitlines()
    assert "breaking" in lines[1]
    assert lines[2].split()[0] == "breaking"
    assert int(lines[2].split()[1]) >= int(lines[3].split()[1])
    assert len(lines) <= 90
    assert max(map(len, lines)) <= 160
    assert any("more that are breaking" in line for line in lines)


def test_markdown_fits_a_comment() -> None:
    """GitHub takes 65,536 characters."""
    text = rendered("markdown")
    assert len(text) < 65_536
    assert "| verdict | rule | findings |" in text


def test_github_shows_ten_and_counts_the_others() -> None:
    """A step shows ten annotations of a kind."""
    lines = rendered("github").splitlines()
    assert sum(line.startswith("::error") for line in lines) == 10
    assert lines[-1].endswith("more: --format json tells all")


def test_no_format_leaves_out_that_there_is_more() -> None:
    """What is cut is counted; JSON, JUnit and HTML cut nothing."""
    every = len(many_changes().counted)
    assert len(json.loads(rendered("json"))["changes"]) == every
    assert rendered("junit").count("<testcase") == every
    assert rendered("html").count('<li class="change') == every
    assert set(change_formats()) == {"github", "html", "json", "junit", "markdown", "text"}

"""Markdown for a pull request or a page: a table of what breaks, then the details."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docsworn.compat.changes import Verdict
from docsworn.compat.report import Found, Report
from docsworn.export.change_report import ChangeFormat, headline, sections, summary, tally, view
from docsworn.export.text import printable

# A comment of a pull request holds 65,536 characters.
_MOST_ROWS = 120
_MOST_DETAILS = 20
_LONGEST = 300
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def render(report: Report, _failing: frozenset[Verdict]) -> str:
    """The comparison as CommonMark with tables."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_plain(headline(report))}"
    yield ""
    yield from (f"- {_plain(line)}" for line in summary(report))
    yield from (f"- note: {_plain(printable(note))}" for note in report.notes)
    yield from _tally(report)
    for title, found in sections(report):
        yield ""
        if title:
            yield f"## {title[0].upper()}{title[1:]}"
            yield ""
        yield "| verdict | where | change | rule |"
        yield "|---|---|---|---|"
        for one in found[:_MOST_ROWS]:
            seen = view(one)
            yield f"| {seen.verdict} | {_plain(seen.where)} | {_plain(seen.message)} | {_code(seen.rule)} |"
        if len(found) > _MOST_ROWS:
            yield ""
            yield f"… and {len(found) - _MOST_ROWS} more: `--format json` tells all."
        yield from _details([one for one in found if one.verdict is not Verdict.SAFE or one.evidence])


def _tally(report: Report) -> Iterator[str]:
    rows = tally(report)
    if rows:
        yield ""
        yield "| verdict | rule | findings |"
        yield "|---|---|---:|"
        yield from (f"| {verdict} | {_code(rule)} | {number} |" for verdict, rule, number in rows)


def _details(found: list[Found]) -> Iterator[str]:
    for one in found[:_MOST_DETAILS]:
        seen = view(one)
        yield ""
        yield f"**{seen.verdict}**: {_plain(seen.message)}"
        yield ""
        for name, text in seen.rows:
            text = text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
            yield f"- {name}: {_code(text) if name in ('witness', 'node') else _plain(text)}"


def _plain(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _code(text: str) -> str:
    """Text as code; backticks and table bars in it would end it."""
    return "`" + text.replace("`", "'").replace("|", "\\|") + "`"


FORMAT = ChangeFormat("markdown", "Markdown with tables", render)

"""Text for a person: what breaks and why, on one screen; ``json`` has the rest."""

from __future__ import annotations

from collections.abc import Iterator

from docsworn.compat.changes import Verdict
from docsworn.compat.report import Found, Report
from docsworn.export.change_report import ChangeFormat, headline, sections, summary, tally, view
from docsworn.export.text import printable

_MOST = 12
_WIDEST = 160


def render(report: Report, _failing: frozenset[Verdict]) -> str:
    """The comparison in lines."""
    return "".join(f"{line}\n" for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield headline(report)
    yield from (f"  {line}" for line in summary(report))
    rows = tally(report)
    yield from (f"  {verdict:9} {number:5} {rule}" for verdict, rule, number in rows[:_MOST])
    if len(rows) > _MOST:
        yield f"  … and {sum(number for _, _, number in rows[_MOST:])} of {len(rows) - _MOST} more rules"
    for title, found in sections(report):
        feared = [one for one in found if one.verdict is not Verdict.SAFE]
        harmless = [one for one in found if one.verdict is Verdict.SAFE]
        if title:
            yield f"{title}:"
        for one in feared[:_MOST]:
            yield from _account(one)
        yield from _short(harmless, max(0, _MOST - len(feared)))
        left = max(0, len(feared) - _MOST)
        if left:
            yield f"  … and {left} more that are breaking or unknown: --format json tells all"
    yield from (f"note: {printable(note)}" for note in report.notes)


def _account(one: Found) -> Iterator[str]:
    seen = view(one)
    yield _cut(f"{seen.verdict:9} {seen.where or 'the body'}")
    yield f"    {seen.message}  [{seen.rule}]"
    rows = ((name, text) for name, text in seen.rows if name != "node" or seen.is_shared)
    yield from (_cut(f"    {name}: {text}") for name, text in rows)


def _short(found: list[Found], most: int) -> Iterator[str]:
    for one in found[:most]:
        seen = view(one)
        yield _cut(f"{seen.verdict:9} {seen.where or 'the body'}: {seen.message}  [{seen.rule}]")
    if len(found) > most:
        yield f"  … and {len(found) - most} more that are safe"


def _cut(line: str) -> str:
    return line if len(line) <= _WIDEST else line[: _WIDEST - 1] + "…"


FORMAT = ChangeFormat("text", "text for a person", render)

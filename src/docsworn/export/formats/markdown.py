"""Markdown for people: the job summary of GitHub Actions, a comment, a wiki."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from docsworn.export.report import Format, ReportInfo
from docsworn.export.text import printable
from docsworn.export.view import HEADINGS, Group, Observation, count, day, fixed, observations
from docsworn.model import Run, Severity, Verdict

MARKS = {Verdict.KEPT: "✅", Verdict.BROKEN: "❌", Verdict.UNSEEN: "❔"}
# What Markdown or HTML could take for markup, and @ which would call somebody on GitHub.
_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>&@:$^=])")
_BYTES = 900_000  # a job summary holds 1 MiB


def render(runs: Sequence[Run], info: ReportInfo) -> str:
    """A table of the operations, then the findings by age; cut before GitHub would refuse it."""
    lines = ["# docsworn", "", *_table(runs, info)]
    for run in runs:
        background = info.background(run)
        seen = (*observations(run, background), *fixed(run, background))
        notes = [*(f"own fault of docsworn: {crash}" for crash in run.crashes), *run.notes]
        if seen or notes:
            lines += ["", f"## {_text(run.provider)} {_text(run.operation)} {_text(run.revision)}"]
        lines += [line for note in notes for line in ("", _text(note))]
        for group in Group:
            found = [one for one in seen if one.group is group]
            if found:
                lines += ["", f"### {HEADINGS[group]}: {len(found)}", ""]
                lines += [line for one in found for line in _finding(one)]
    return _cut(lines)


def _table(runs: Sequence[Run], info: ReportInfo) -> Iterator[str]:
    yield "| | provider | operation | revision | new | open | errors | warnings | kept | broken | unseen |"
    yield "|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|"
    for run in runs:
        seen = [one for one in observations(run, info.background(run)) if not one.waived]
        groups, severities = [one.group for one in seen], [one.severity for one in seen]
        numbers = (
            groups.count(Group.NEW) + groups.count(Group.FOUND),
            groups.count(Group.OPEN),
            severities.count(Severity.ERROR),
            severities.count(Severity.WARNING),
            *(run.promises.kept, run.promises.broken, run.promises.unseen),
        )
        names = (
            f"{MARKS[run.verdict]} {run.verdict}",
            *map(_text, (run.provider, run.operation, run.revision)),
        )
        yield f"| {' | '.join(map(str, (*names, *numbers)))} |"


def _finding(one: Observation) -> Iterator[str]:
    age = ""
    if one.life is not None:
        age = f", first seen {day(one.life.first_seen)} ({count(one.life.count, 'run')})"
    yield f"- **{one.severity} {one.kind}** {_code(one.place)}{age}"
    yield f"  - documented: {_text(one.documented)}"
    yield f"  - seen: {_text(one.observed)}, in {_code(one.seen_in)}"
    if one.whose:
        yield f"  - whose: {_text(one.whose)}"
    yield f"  - source: {_code(one.source)}"
    if one.reason:
        yield f"  - reason: {_text(one.reason)}"
    if one.waived:
        yield f"  - waived: {_text(one.waived)}"
    if one.group in (Group.NEW, Group.FOUND, Group.OPEN):
        for name, command in (("reproduce", one.curl), ("waive", one.waive)):
            if command:
                yield f"  - {name}: {_code(command)}"


def _text(text: str) -> str:
    return _MARKUP.sub(r"\\\1", printable(text)).replace("\\<", "&lt;").replace("\\&", "&amp;")


def _code(text: str) -> str:
    """A code span whose fence is longer than any in the text."""
    clean = printable(text)
    fence = "`" * (max((len(run) for run in re.findall("`+", clean)), default=0) + 1)
    return f"{fence} {clean} {fence}" if len(fence) > 1 else f"`{clean}`"


def _cut(lines: Sequence[str]) -> str:
    size, kept = 0, []
    for line in lines:
        size += len(line.encode()) + 1
        if size > _BYTES:
            kept += ["", "More was found than fits here."]
            break
        kept.append(line)
    return "\n".join(kept) + "\n"


FORMAT = Format("markdown", "Markdown, as for the job summary of GitHub Actions", render)

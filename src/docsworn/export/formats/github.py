"""Workflow commands of GitHub Actions: an annotation for each promise that is broken and not waived.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from docsworn.export.report import Format, ReportInfo
from docsworn.export.text import printable
from docsworn.export.view import Observation, count, day, observations
from docsworn.model import Run, Severity
from docsworn.observe.findings import State

COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
MOST = 10  # of each command that GitHub shows in one step


def render(runs: Sequence[Run], info: ReportInfo) -> str:
    """One line an annotation, errors first; GitHub shows ten of each sort, so the last says what is left."""
    lines: dict[Severity, list[str]] = {severity: [] for severity in Severity}
    for run in runs:
        for crash in run.crashes:
            lines[Severity.ERROR].append(f"::error title=docsworn::own fault: {_data(printable(crash))}")
        for one in observations(run, info.background(run)):
            if not one.waived:
                lines[one.severity].append(_annotation(run, one))
    if not runs:
        return "::notice title=docsworn::nothing was checked\n"
    return "".join(f"{line}\n" for severity in Severity for line in _shown(severity, lines[severity]))


def _shown(severity: Severity, lines: Sequence[str]) -> Iterator[str]:
    if len(lines) <= MOST:
        yield from lines
        return
    yield from lines[: MOST - 1]
    left = len(lines) - MOST + 1
    yield f"::{COMMANDS[severity]} title=docsworn::{count(left, 'more finding')}: see the job summary"


def _annotation(run: Run, one: Observation) -> str:
    title = f"{printable(run.provider)} {one.kind} {one.place}"
    age = _age(one)
    said = f"{age}documented: {one.documented}; seen: {one.observed} ({one.source}; {one.seen_in})"
    return f"::{COMMANDS[one.severity]} title={_property(title)}::{_data(said)}"


def _age(one: Observation) -> str:
    if one.life is None:
        return ""
    return f"open since {day(one.life.since)}; " if one.life.state is State.OPEN else f"{one.life.state}; "


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


FORMAT = Format("github", "annotations of GitHub Actions", render)

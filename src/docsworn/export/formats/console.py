"""Text for a person at a terminal or a CI log: a table per provider, then its findings, errors first."""

from __future__ import annotations

import io
from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from docsworn.export.report import Format, ReportInfo
from docsworn.export.text import printable
from docsworn.export.view import Observation, by_provider, count, observations, slowest
from docsworn.model import Run, Severity, Verdict

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
VERDICTS = {Verdict.KEPT: "green", Verdict.BROKEN: "bold red", Verdict.UNSEEN: "yellow"}
NUMBERS = ("exchanges", "kept", "broken", "unseen", "not evaluable", "slowest")


def render(runs: Sequence[Run], info: ReportInfo) -> str:
    """The report at the given width, with ANSI colours only where ``info.color`` is set."""
    # Every switch is given, so that rich asks neither the terminal nor the environment.
    console = Console(
        file=io.StringIO(),
        width=max(info.width, 40),
        color_system="standard" if info.color else None,
        force_terminal=info.color,
        no_color=not info.color,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as captured:
        for provider, held in by_provider(runs).items():
            _provider(console, provider, held, color=info.color)
        console.print(_summary(runs))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _provider(console: Console, provider: str, runs: Sequence[Run], *, color: bool) -> None:
    console.print(Text(printable(provider), style="bold"))
    console.print(Padding(_table(runs, color=color), (0, 0, 0, 2), expand=False))
    console.print()
    for run in runs:
        for one in observations(run):
            _finding(console, run, one)
        lines = [
            *((f"own fault of docsworn: {crash}", "bold red") for crash in run.crashes),
            *((f"not evaluable: {promise}", "dim") for promise in run.not_evaluable),
            *((f"note: {note}", "dim") for note in run.notes),
        ]
        for line, style in lines:
            console.print(Padding(Text(printable(line), style=style), (0, 0, 0, 2)))
        if lines:
            console.print()


def _table(runs: Sequence[Run], *, color: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD if color else None, pad_edge=False, header_style="dim")
    for name in ("operation", "revision", "verdict"):
        table.add_column(name, overflow="fold")
    for name in NUMBERS:
        table.add_column(name, justify="right")
    for run in runs:
        seconds = slowest(run)
        tally = run.promises
        numbers = (len(run.exchanges), tally.kept, tally.broken, tally.unseen, tally.not_evaluable)
        table.add_row(
            Text(printable(run.operation)),
            Text(printable(run.revision)),
            Text(run.verdict.value, style=VERDICTS[run.verdict]),
            *(Text(str(number)) for number in numbers),
            Text("-" if seconds is None else f"{seconds:.3f} s"),
        )
    return table


def _finding(console: Console, run: Run, one: Observation) -> None:
    style = "dim" if one.waived else STYLES[one.severity]
    head = Text.assemble(
        ("waived" if one.waived else one.severity.value, style),
        f" {one.kind} ",
        (one.place, "bold"),
        f" ({printable(run.operation)})",
    )
    rows = {
        "documented": one.documented,
        "seen": one.observed,
        "source": one.source,
        "case": one.seen_in,
        "reason": one.reason,
        "waived": one.waived,
    }
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for name, value in rows.items():
        if value:
            grid.add_row(Text(name), Text(value))
    console.print(Padding(head, (0, 0, 0, 2)))
    console.print(Padding(grid, (0, 0, 0, 4), expand=False))
    console.print()


def _summary(runs: Sequence[Run]) -> Text:
    verdicts = [run.verdict for run in runs]
    parts = [f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict]
    seen = [one for run in runs for one in observations(run)]
    severities = [one.severity for one in seen if not one.waived]
    found = [count(severities.count(Severity.ERROR), "error")]
    found.append(count(severities.count(Severity.WARNING), "warning"))
    if waived := len(seen) - len(severities):
        found.append(f"{waived} waived")
    return Text(f"{count(len(runs), 'operation')}: {', '.join(parts)}; {', '.join(found)}")


FORMAT = Format("console", "text for a person, in colour where it is a terminal", render)

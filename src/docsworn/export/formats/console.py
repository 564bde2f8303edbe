"""Text for a person at a terminal or a CI log: a table, then what was found, new things first."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import groupby

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from docsworn.export.report import Format, ReportInfo
from docsworn.export.text import printable
from docsworn.export.view import (
    Group,
    Observation,
    ages,
    count,
    fixed,
    moment,
    observations,
    slowest,
)
from docsworn.model import Run, Severity, Verdict
from docsworn.observe.findings import State

STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
VERDICTS = {Verdict.KEPT: "green", Verdict.BROKEN: "bold red", Verdict.UNSEEN: "yellow"}
LOUD = frozenset({Group.NEW, Group.FOUND})
NUMBERS = ("sent", "kept", "broken", "unseen", "not eval.", "slowest")
NARROW = 72  # columns: below them the table has only what says who is broken


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
        if runs:
            console.print(_table(runs, color=info.color, narrow=info.width < NARROW))
            console.print()
        for told in _findings(runs, info):
            _promise(console, *told)
        _notes(console, runs)
        console.print(_summary(runs, info))
    return "\n".join(line.rstrip() for line in captured.get().splitlines()) + "\n"


def _findings(runs: Sequence[Run], info: ReportInfo) -> Iterator[tuple[Run, Sequence[Observation]]]:
    """What was found, by promise: of all runs first what is new, then what is open, then what is fixed."""
    told: list[tuple[Run, Sequence[Observation]]] = []
    for run in runs:
        background = info.background(run)
        seen = (*observations(run, background), *fixed(run, background))
        alike = groupby(seen, key=lambda one: (one.group, one.severity, one.promise))
        told += [(run, list(promise)) for _, promise in alike]
    order = list(Group)
    yield from sorted(told, key=lambda each: order.index(each[1][0].group))


def _notes(console: Console, runs: Sequence[Run]) -> None:
    for run in runs:
        said = [
            *((f"own fault of docsworn: {crash}", "bold red") for crash in run.crashes),
            *((f"not evaluable: {promise}", "dim") for promise in run.not_evaluable),
            *((f"note: {note}", "dim") for note in run.notes),
        ]
        for line, style in said:
            told = f"{printable(run.provider)}: {printable(line)}"
            console.print(Text(told, style=style), soft_wrap=True)
    if any(run.crashes or run.not_evaluable or run.notes for run in runs):
        console.print()


def _table(runs: Sequence[Run], *, color: bool, narrow: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD if color else None, pad_edge=False, header_style="dim")
    for name in ("provider", "verdict") if narrow else ("provider", "operation", "revision", "verdict"):
        table.add_column(name, overflow="fold")
    for name in ("kept", "broken") if narrow else NUMBERS:
        table.add_column(name, justify="right")
    for run in runs:
        seconds = slowest(run)
        tally = run.promises
        numbers = (len(run.exchanges), tally.kept, tally.broken, tally.unseen, tally.not_evaluable)
        provider = Text(printable(run.provider), style="bold")
        verdict = Text(run.verdict.value, style=VERDICTS[run.verdict])
        if narrow:
            table.add_row(provider, verdict, str(tally.kept), str(tally.broken))
            continue
        table.add_row(
            provider,
            Text(printable(run.operation)),
            Text(printable(run.revision)),
            verdict,
            *(Text(str(number)) for number in numbers),
            Text("-" if seconds is None else f"{seconds:.3f} s"),
        )
    return table


def _promise(console: Console, run: Run, seen: Sequence[Observation]) -> None:
    """All findings of one promise that are equally new and equally grave."""
    first = seen[0]
    style = STYLES[first.severity] if first.group in LOUD else "dim"
    words = _standing(first) or [("waived" if first.waived else first.severity.value, style)]
    place = [(f" {first.place}", "bold")] if len(seen) == 1 else []
    where = f"{printable(run.provider)} {printable(run.operation)}"
    head = Text.assemble(*words, f" {first.kind}", *place, f" ({where})")
    console.print(head)
    console.print(Padding(_rows(seen), (0, 0, 0, 2), expand=False))
    for name, command in _commands(first):
        # Whole, so that it can be copied: the terminal itself breaks the line.
        console.print(Text.assemble("  ", (name, "dim"), f"  {command}"), soft_wrap=True)
    console.print()


def _standing(one: Observation) -> list[tuple[str, str] | str]:
    """Whether it is new and how grave it is, where a history tells."""
    if one.life is None or one.waived:
        return []
    words = {
        State.NEW: "NEW",
        State.REOPENED: f"NEW AGAIN, first seen {moment(one.life.first_seen)}",
        State.OPEN: f"OPEN since {moment(one.life.since)}",
        State.FIXED: f"FIXED {moment(one.life.since)}",
    }
    runs = f" ({count(one.life.count, 'run')})" if one.life.state is not State.NEW else ""
    style = STYLES[one.severity] if one.group in LOUD else "green" if one.group is Group.FIXED else "dim"
    return [(words.get(one.life.state, ""), style), f"{runs} ", (one.severity.value, style)]


def _rows(seen: Sequence[Observation]) -> Table:
    first = seen[0]
    rows = [("documented", first.documented)]
    rows += [("seen", one.observed if len(seen) == 1 else f"{one.place}: {one.observed}") for one in seen]
    rows += [
        ("whose", first.whose),
        ("source", first.source),
        ("case", "" if first.group is Group.FIXED else first.seen_in),
    ]
    rows += [("reason", first.reason or ""), ("waived", first.waived or "")]
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for name, value in rows:
        if value:
            grid.add_row(Text(name), Text(value))
    return grid


def _commands(one: Observation) -> Iterator[tuple[str, str]]:
    if one.group is Group.FIXED:
        return
    if one.curl:
        yield "reproduce ", one.curl
    if one.waive:
        yield "waive     ", one.waive


def _summary(runs: Sequence[Run], info: ReportInfo) -> Text:
    verdicts = [run.verdict for run in runs]
    parts = [f"{verdicts.count(verdict)} {verdict.value}" for verdict in Verdict]
    seen = [one for run in runs for one in observations(run, info.background(run))]
    severities = [one.severity for one in seen if not one.waived]
    found = [count(severities.count(Severity.ERROR), "error")]
    found.append(count(severities.count(Severity.WARNING), "warning"))
    if waived := len(seen) - len(severities):
        found.append(f"{waived} waived")
    gone = [one for run in runs for one in fixed(run, info.background(run))]
    return Text(
        f"{count(len(runs), 'operation')}: {', '.join(parts)}; {', '.join(found)}{ages([*seen, *gone])}"
    )


FORMAT = Format("console", "text for a person, in colour where it is a terminal", render)

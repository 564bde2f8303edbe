"""``docsworn history``: what is in the history, and leaving out what is old."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from docsworn.cli.duration import parse_duration
from docsworn.cli.options import AsJson, HistoryFile
from docsworn.cli.state import known_history
from docsworn.export.text import printable
from docsworn.export.view import count, moment
from docsworn.observe.findings import STANDING
from docsworn.observe.history import History
from docsworn.observe.runs import PastRun, Span
from docsworn.observe.scope import Scope

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@app.callback()
def group() -> None:
    """Show what the history knows, or leave out what is old."""


@app.command()
def show(
    runs: Annotated[
        int,
        typer.Option("--runs", metavar="NUMBER", min=0, help="Also so many runs of each, the last first."),
    ] = 0,
    skip: Annotated[
        int, typer.Option("--skip", metavar="NUMBER", min=0, help="Leave out so many of the last runs.")
    ] = 0,
    history: HistoryFile = None,
    as_json: AsJson = False,
) -> None:
    """Show what was checked: runs, the first and the last, and findings that stand."""
    with known_history(history) as known:
        told = [(span, *_told(known, span, runs, skip)) for span in known.spans()]
    if as_json:
        rows = [_row(*each) for each in told]
        typer.echo(json.dumps({"schema": 1, "scopes": rows}, indent=2))
        return
    for span, standing, past in told:
        names = " ".join(map(printable, _names(span.scope).values()))
        when = f"{count(span.runs, 'run')} from {moment(span.first)} to {moment(span.last)}"
        typer.echo(f"{names}: {when}, {count(standing, 'open finding')}")
        for run in past:
            typer.echo(f"  {moment(run.at)}  {run.verdict:<6}  {_outcome(run)}")


def _told(known: History, span: Span, runs: int, skip: int) -> tuple[int, tuple[PastRun, ...]]:
    standing = len(known.findings(span.scope, states=STANDING))
    return standing, known.runs(span.scope, last=runs, skip=skip) if runs else ()


def _names(scope: Scope) -> dict[str, str]:
    return {name: getattr(scope, name) for name in ("provider", "operation", "revision", "host")}


def _row(span: Span, standing: int, past: Sequence[PastRun]) -> dict[str, object]:
    times = {"first": moment(span.first), "last": moment(span.last)}
    row = {**_names(span.scope), "runs": span.runs, **times, "open": standing}
    rounds = [{"at": moment(run.at), "verdict": run.verdict, **_numbers(run)} for run in past]
    return {**row, "rounds": rounds} if past else row


def _numbers(run: PastRun) -> dict[str, object]:
    return {"available": run.available, "reason": run.reason, **asdict(run.promises)}


def _outcome(run: PastRun) -> str:
    if run.available is False:
        return f"not available: {run.reason}"
    tally = run.promises
    return f"{tally.kept} kept, {tally.broken} broken, {tally.unseen} unseen"


@app.command()
def prune(
    keep: Annotated[str, typer.Option("--keep", metavar="LENGTH", help="What is kept: 90d, 12h, 30m or 2w.")],
    history: HistoryFile = None,
) -> None:
    """Leave out older runs, and findings that were fixed before."""
    seconds = parse_duration(keep)
    with known_history(history, reading=False) as known:
        gone = known.prune(time.time() - seconds)
    runs, findings = count(gone.runs, "run"), count(gone.findings, "fixed finding")
    typer.echo(f"left out {runs} and {findings} of more than {keep} ago; {count(gone.kept, 'run')} kept")

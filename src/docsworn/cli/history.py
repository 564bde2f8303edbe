"""``docsworn history``: what is in the history, and leaving out what is old."""

from __future__ import annotations

import json
import time
from typing import Annotated

import typer

from docsworn.cli.duration import parse_duration
from docsworn.cli.options import AsJson, HistoryFile
from docsworn.cli.state import known_history
from docsworn.export.text import printable
from docsworn.export.view import count, moment
from docsworn.observe.findings import STANDING

app = typer.Typer(rich_markup_mode=None, add_completion=False, no_args_is_help=True)


@app.callback()
def group() -> None:
    """Show what the history knows, or leave out what is old."""


@app.command()
def show(history: HistoryFile = None, as_json: AsJson = False) -> None:
    """Show what was checked: runs, the first and the last, and findings that stand."""
    with known_history(history) as known:
        rows = [
            {
                "host": scope.host,
                "provider": scope.provider,
                "operation": scope.operation,
                "revision": scope.revision,
                "runs": len(runs),
                "first": moment(runs[-1].at),
                "last": moment(runs[0].at),
                "open": len(known.findings(scope, states=STANDING)),
            }
            for scope in known.scopes()
            for runs in [known.runs(scope)]
        ]
    if as_json:
        typer.echo(json.dumps({"schema": 1, "scopes": rows}, indent=2))
        return
    for row in rows:
        names = " ".join(printable(str(row[name])) for name in ("provider", "operation", "revision", "host"))
        runs, standing = count(int(str(row["runs"])), "run"), count(int(str(row["open"])), "open finding")
        typer.echo(f"{names}: {runs} from {row['first']} to {row['last']}, {standing}")


@app.command()
def prune(
    keep: Annotated[str, typer.Option("--keep", metavar="LENGTH", help="What is kept: 90d, 12h, 30m or 2w.")],
    history: HistoryFile = None,
) -> None:
    """Leave out older runs, and findings that were fixed before."""
    seconds = parse_duration(keep)
    with known_history(history) as known:
        gone = known.prune(time.time() - seconds)
    runs, findings = count(gone.runs, "run"), count(gone.findings, "fixed finding")
    typer.echo(f"left out {runs} and {findings} of more than {keep} ago; {count(gone.kept, 'run')} kept")

"""``docsworn waive``: write down that a broken promise is known, why, and until when."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from docsworn.cli.choose import find_promise
from docsworn.cli.options import Contracts
from docsworn.contract.modelfile import read_text
from docsworn.contract.packs import load_provider, pack_roots
from docsworn.contract.pointer import split
from docsworn.contract.waivers import WAIVERS_FILE, WaiverRow, with_waiver
from docsworn.derive.atomic import write_file
from docsworn.errors import ConfigError, UsageError
from docsworn.export.view import WAIVER_DAYS

app = typer.Typer(rich_markup_mode=None, add_completion=False)
_SHORTEST = 3  # letters of a reason


@app.command()
def waive(
    provider: Annotated[str, typer.Argument(help="Whose promise.")],
    promise: Annotated[str, typer.Argument(help="Its id, as reports have it.")],
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why it is known.")],
    pointer: Annotated[
        str | None, typer.Option("--pointer", help="Only at this place (default: wherever it is broken).")
    ] = None,
    until: Annotated[
        str | None,
        typer.Option(
            "--until", metavar="DATE", help=f"The last day it holds (default: in {WAIVER_DAYS} days)."
        ),
    ] = None,
    contracts: Contracts = None,
) -> None:
    """Write into waivers.yaml of your contracts that a broken promise is known.

    A finding that is waived makes no run red. From the day after the last it counts as new again. The file
    is for people too: commit it, and delete a line to end its waiver.
    """
    root = contracts or Path("contracts")
    today = datetime.fromtimestamp(time.time(), UTC).date()
    row = WaiverRow(
        provider=provider,
        promise=find_promise(load_provider(provider, pack_roots(contracts)), promise).id,
        pointer=_place(pointer),
        reason=_reason(reason),
        until=_last_day(until, today),
    )
    file = root / WAIVERS_FILE
    _write(file, with_waiver(read_text(file) if file.exists() else "", row, file))
    where = f" at {pointer}" if pointer else ""
    typer.echo(f"{file}: {provider} {promise}{where} is waived until {row.until}")


def _place(pointer: str | None) -> str | None:
    try:
        split(pointer or "")
    except ValueError as error:
        raise UsageError(f"--pointer: {error}") from None
    return pointer or None


def _reason(text: str) -> str:
    if len(text.strip()) < _SHORTEST or not text.isprintable():
        raise UsageError("--reason says in one line why: others will read it when it ends")
    return text.strip()


def _last_day(text: str | None, today: date) -> date:
    if text is None:
        return today + timedelta(days=WAIVER_DAYS)
    try:
        last = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f'--until takes a day as {today}, not "{text}"') from None
    if last < today:
        raise UsageError(f"--until {last} is past: today is {today}")
    return last


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{file.parent}: cannot be made: {error.strerror}") from None
    write_file(file, text)

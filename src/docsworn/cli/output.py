"""What verbs print and write: results on stdout, notices on stderr, reports in files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from docsworn import __version__
from docsworn.errors import ConfigError, DocswornError, UsageError
from docsworn.export.loader import load_format
from docsworn.export.report import ReportInfo
from docsworn.model import Run


def report_info() -> ReportInfo:
    """When and by what a report is made, as wide and coloured as the terminal takes it."""
    terminal = sys.stdout.isatty()
    return ReportInfo(
        created=datetime.now(UTC),
        version=__version__,
        width=shutil.get_terminal_size((100, 24)).columns if terminal else 100,
        color=terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb",
    )


def print_runs(runs: Sequence[Run], *, as_json: bool) -> None:
    """The runs on stdout, for a program or for a person."""
    text = load_format("json" if as_json else "console").render(runs, report_info())
    typer.echo(text, nl=not text.endswith("\n"))


def raise_own_faults(runs: Sequence[Run]) -> None:
    """DocswornError (exit code 5) where a check crashed; call it once everything else is told."""
    crashes = sorted({crash for run in runs for crash in run.crashes})
    if crashes:
        raise DocswornError(f"docsworn's own fault, not the provider's: {'; '.join(crashes)}")


def parse_exports(exports: Sequence[str], junit: Path | None) -> Mapping[Path, str]:
    """Format names by the file that they are to be written to; UsageError for what is no FORMAT=FILE."""
    wanted = {} if junit is None else {junit: "junit"}
    for text in exports:
        name, equals, file = text.partition("=")
        if not equals or not file:
            raise UsageError("--export takes FORMAT=FILE, as html=report.html")
        load_format(name)
        wanted[Path(file)] = name
    return wanted


def write_exports(runs: Sequence[Run], exports: Mapping[Path, str]) -> None:
    """Each report to its file; ConfigError where a file cannot be written."""
    for file, name in exports.items():
        try:
            file.write_text(load_format(name).render(runs, report_info()), encoding="utf-8")
        except OSError as error:
            raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None

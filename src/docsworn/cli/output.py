"""What verbs print and write: results on stdout, notices on stderr, reports in files."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import typer

from docsworn import __version__
from docsworn.errors import ConfigError, DocswornError, UsageError
from docsworn.export.background import Background, Key
from docsworn.export.loader import load_format
from docsworn.export.report import ReportInfo
from docsworn.model import Run

SUMMARY = "GITHUB_STEP_SUMMARY"


@dataclass(frozen=True, slots=True)
class Outputs:
    """Which reports are wanted beside what is printed: format names by file, and GitHub's."""

    as_json: bool = False
    github: bool = False
    files: Mapping[Path, str] = field(default_factory=dict)

    @property
    def draws(self) -> bool:
        """Whether a page with pictures is among them."""
        return "html" in self.files.values()


def parse_outputs(
    *,
    as_json: bool = False,
    html: Path | None = None,
    junit: Path | None = None,
    github: bool = False,
    export: Sequence[str] | None = None,
) -> Outputs:
    """The options of reports together; UsageError for what is no FORMAT=FILE, ConfigError for no file."""
    wanted = [(file, name) for file, name in ((html, "html"), (junit, "junit")) if file is not None]
    for text in export or ():
        name, equals, path = text.partition("=")
        if not equals or not path:
            raise UsageError("--export takes FORMAT=FILE, as html=report.html")
        load_format(name)
        wanted.append((Path(path), name))
    files: dict[Path, str] = {}
    for file, name in wanted:
        if file in files:
            raise UsageError(f"{file}: {files[file]} and {name} cannot go into one file")
        _expect_writable(file)
        files[file] = name
    return Outputs(as_json, github, files)


def _expect_writable(file: Path) -> None:
    """ConfigError for what is seen before anything is sent; a disk may still be full afterwards."""
    if file.is_dir():
        problem = "it is a folder"
    elif not file.parent.is_dir():
        problem = "there is no such folder: make it first"
    elif not os.access(file if file.exists() else file.parent, os.W_OK):
        problem = "it may not be written"
    else:
        return
    raise ConfigError(f"{file}: cannot be written: {problem}")


def report_info(backgrounds: Mapping[Key, Background] | None = None) -> ReportInfo:
    """When and by what a report is made, as wide and coloured as the terminal takes it."""
    terminal = bool(sys.stdout and sys.stdout.isatty())  # None where a shell has closed it
    return ReportInfo(
        created=datetime.now(UTC),
        version=__version__,
        width=shutil.get_terminal_size((100, 24)).columns if terminal else 100,
        color=terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        backgrounds=backgrounds or {},
    )


def print_runs(runs: Sequence[Run], info: ReportInfo | None = None, *, as_json: bool) -> None:
    """The runs on stdout, for a program or for a person."""
    text = load_format("json" if as_json else "console").render(runs, info or report_info())
    typer.echo(text, nl=not text.endswith("\n"))


def raise_own_faults(runs: Sequence[Run]) -> None:
    """DocswornError (exit code 5) where a check crashed; call it once everything else is told."""
    crashes = sorted({crash for run in runs for crash in run.crashes})
    if crashes:
        raise DocswornError(f"docsworn's own fault, not the provider's: {'; '.join(crashes)}")


def write_exports(runs: Sequence[Run], exports: Mapping[Path, str], info: ReportInfo | None = None) -> None:
    """Each report to its file; ConfigError, once the others are written, where one cannot be."""
    problems = []
    for file, name in exports.items():
        try:
            _write(file, load_format(name).render(runs, info or report_info()))
        except ConfigError as error:
            problems.append(str(error))
    if problems:
        raise ConfigError("\n".join(problems))


def put_out(runs: Sequence[Run], info: ReportInfo, outputs: Outputs) -> None:
    """Print the runs and write every report that is wanted."""
    print_runs(runs, info, as_json=outputs.as_json)
    write_exports(runs, outputs.files, info)
    if outputs.github:
        # GitHub reads commands on both streams; on stdout they would spoil the JSON.
        typer.echo(load_format("github").render(runs, info), nl=False, err=outputs.as_json)
        if file := os.environ.get(SUMMARY):
            _write(Path(file), load_format("markdown").render(runs, info), mode="a")


def _write(file: Path, text: str, mode: str = "w") -> None:
    try:
        with file.open(mode, encoding="utf-8") as opened:
            opened.write(text)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be written: {error.strerror}") from None

"""``docsworn compat``: its options; what they do is imported when it is asked for, so that help is quick."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from docsworn.cli.options import BaseUrl, Ca, Contracts, UseEmulator

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class Way(StrEnum):
    """Whose side of the exchange is compared."""

    RESPONSE = "response"
    REQUEST = "request"
    BOTH = "both"


class FailOn(StrEnum):
    """From which verdict on the run fails."""

    BREAKING = "breaking"
    UNKNOWN = "unknown"


class Written(StrEnum):
    """How the comparison is written down."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
    JUNIT = "junit"
    GITHUB = "github"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    old: str
    new: str
    operation: str | None
    direction: Way
    uses: Path | None
    reader: str
    format: Written
    fail_on: FailOn
    ignore: Path | None
    live: str | None
    recorded: Path | None
    emulator: bool
    base_url: str | None
    ca: Path | None
    contracts: Path | None


@app.command("compat")
def compat(
    old: Annotated[str, typer.Argument(metavar="OLD", help="PROVIDER@REVISION, a file, a page or a URL.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The same, of what you would move to.")],
    operation: Annotated[
        str | None, typer.Option("--operation", metavar="ID|'GET /path'", help="Only this operation.")
    ] = None,
    direction: Annotated[
        Way, typer.Option("--direction", help="What the API sends, what it takes, or both.")
    ] = Way.RESPONSE,
    uses: Annotated[
        Path | None, typer.Option("--uses", metavar="FILE", help="The places that you read, one a line.")
    ] = None,
    reader: Annotated[
        str, typer.Option("--reader", metavar="strict|tolerant|FILE", help="What your reader tolerates.")
    ] = "strict",
    format: Annotated[Written, typer.Option("--format", help="How the result is written.")] = Written.TEXT,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Exit 1 for what breaks, or also for what is unknown.")
    ] = FailOn.BREAKING,
    ignore: Annotated[
        Path | None,
        typer.Option("--ignore", metavar="FILE", help="Changes to live with: rule, pointer, reason, until."),
    ] = None,
    live: Annotated[
        str | None,
        typer.Option("--live", metavar="PROVIDER", help="Ask the API which revision it serves; GET only."),
    ] = None,
    recorded: Annotated[
        Path | None,
        typer.Option("--recorded", metavar="FILE", help="Let responses settle it: HAR, or NDJSON."),
    ] = None,
    emulator: UseEmulator = False,
    base_url: BaseUrl = None,
    ca: Ca = None,
    contracts: Contracts = None,
) -> int:
    """Say what moving from OLD to NEW breaks for who reads the responses, or sends the requests.

    OLD and NEW are each a pack, an OpenAPI document (2.0 to 3.2), a JSON Schema or a documentation page.
    Exit code 0 nothing breaks, 1 something does (or is unknown, with --fail-on unknown).
    """
    options = Options(
        old, new, operation, direction, uses, reader, format, fail_on, ignore, live, recorded, emulator,
        base_url, ca, contracts,
    )  # fmt: skip
    code: int = importlib.import_module("docsworn.cli.compat_run").run(options)
    return code

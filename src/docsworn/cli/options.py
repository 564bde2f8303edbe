"""Options that several verbs share, each with one name and one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Providers = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PROVIDER[@REVISION]]", help="Providers; all where none is named."),
]
Contracts = Annotated[
    Path | None,
    typer.Option(
        "--contracts",
        metavar="DIR",
        help="A folder of your own packs (default: ./contracts, then the bundled).",
    ),
]
Revision = Annotated[
    str | None,
    typer.Option("--revision", help="A revision of the one named provider (default: the current one)."),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url", metavar="URL", help="Where the API is; the key goes there. Plain http on loopback only."
    ),
]
Ca = Annotated[
    Path | None, typer.Option("--ca", metavar="FILE", help="Certificate authorities to trust, PEM.")
]
UseEmulator = Annotated[
    bool, typer.Option("--emulator", help="Start the embedded emulator and use that; needs no keys.")
]
HistoryFile = Annotated[
    Path | None,
    typer.Option(
        "--history", metavar="FILE", help="What is known over time (default: in your state folder)."
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Also write a page for browsers.")]
Junit = Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Also write JUnit XML.")]
Github = Annotated[
    bool, typer.Option("--github", help="Also print annotations and write the job summary of GitHub Actions.")
]
Export = Annotated[
    list[str] | None,
    typer.Option("--export", metavar="FORMAT=FILE", help="Also write this format; may stand several times."),
]

"""What the kinds of fuzzing share: options, and lines on a terminal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import typer

from docsworn.export.text import printable

Provider = Annotated[str, typer.Argument(metavar="PROVIDER[@REVISION]")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed draws the same, in the same order.")]


def say(lines: Iterable[str]) -> None:
    """Print lines, what a terminal must not be told left out."""
    typer.echo("\n".join(map(printable, lines)))

"""``docsworn fuzz``: generated requests for an API, generated bodies for a contract."""

from __future__ import annotations

from collections.abc import Mapping

import typer

from docsworn.cli.lazy import lazy_group

# Kept as data: what only one of them needs costs seconds to import.
KINDS: Mapping[str, str] = {
    "requests": "Send an API generated ids, queries and headers.",
    "bodies": "Try a contract with valid bodies and small wrongs.",
}


app = typer.Typer(
    cls=lazy_group(KINDS, modules="docsworn.cli.fuzz_", what="kind of fuzzing"),
    no_args_is_help=True,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def fuzz() -> None:
    """Send an API what nobody expects, or see what a contract would miss."""

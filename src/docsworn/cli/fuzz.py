"""``docsworn fuzz``: generated requests for an API, generated bodies for a contract."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from docsworn.errors import UnknownNameError

# Kept as data: what only one of them needs costs seconds to import.
KINDS: Mapping[str, str] = {
    "requests": "Send an API generated ids, queries and headers.",
    "bodies": "Try a contract with valid bodies and small wrongs.",
}


class KindGroup(TyperGroup):
    """A group that imports a kind of fuzzing only when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """The kinds in the order of their table."""
        return list(KINDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
        """The command of a kind; UnknownNameError with a guess for one that is none."""
        if cmd_name not in KINDS:
            raise UnknownNameError("kind of fuzzing", cmd_name, KINDS)
        command = get_command(importlib.import_module(f"docsworn.cli.fuzz_{cmd_name}").app)
        command.name = cmd_name
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
        """The table of kinds, from data."""
        with formatter.section("Commands"):
            formatter.write_dl(list(KINDS.items()))


app = typer.Typer(cls=KindGroup, no_args_is_help=True, rich_markup_mode=None, add_completion=False)


@app.callback()
def fuzz() -> None:
    """Send an API what nobody expects, or see what a contract would miss."""

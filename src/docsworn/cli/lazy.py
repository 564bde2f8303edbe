"""Groups of commands that import a command only when it is called: ``--help`` needs a table, no imports."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from docsworn.errors import UnknownNameError


def lazy_group(commands: Mapping[str, str], *, modules: str, what: str) -> type[TyperGroup]:
    """A group of the commands in a table of names and summaries.

    ``modules`` begins the name of each command's module, ``what`` says in errors what a name is.
    """

    class LazyGroup(TyperGroup):
        """Commands by name, imported on demand."""

        def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
            """The names in the order of their table."""
            return list(commands)

        def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ARG002
            """The command of a name; UnknownNameError with a guess for one that is none."""
            if cmd_name not in commands:
                raise UnknownNameError(what, cmd_name, commands)
            command = get_command(importlib.import_module(modules + cmd_name).app)
            command.name = cmd_name
            return command

        def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ARG002
            """The table, from data."""
            with formatter.section("Commands"):
                formatter.write_dl(list(commands.items()))

    return LazyGroup

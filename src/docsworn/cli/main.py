"""``docsworn VERB``: finds the verb's file, runs it, and turns errors into sentences and exit codes."""

from __future__ import annotations

import errno
import os
import sys
import traceback
from collections.abc import Mapping, Sequence

import typer
from typer.main import get_command

from docsworn import __version__
from docsworn.cli.interrupts import keep_interrupts
from docsworn.cli.lazy import lazy_group
from docsworn.cli.streams import keep_verdicts
from docsworn.errors import DocswornError, ExitCode

# Kept as data, so that `docsworn --help` imports no verb.
VERBS: Mapping[str, str] = {
    "demo": "See three providers kept and broken, on an emulator.",
    "check": "Hold live APIs to their contracts.",
    "watch": "Check on a schedule and serve Prometheus metrics.",
    "report": "Make reports of what the history knows.",
    "waive": "Write down that a broken promise is known, why, and until when.",
    "history": "Show what the history knows, or leave out what is old.",
    "emulate": "Serve providers from their contracts, for development and tests.",
    "derive": "Turn documentation into an OpenAPI contract or facts, or compare it with one.",
    "coverage": "Show which promises live traffic has exercised, and which never.",
    "fuzz": "Send an API what nobody expects, or see what a contract would miss.",
    "replay": "Send a request that failed under `fuzz` again.",
    "triage": "Say who has moved: the documentation, the live API, both or neither.",
    "compat": "Say what moving to another revision breaks, for the fields you read.",
    "contract": "Show the promises or the JSON Schema of a contract, or check packs.",
}


app = typer.Typer(
    cls=lazy_group(VERBS, modules="docsworn.cli.", what="command"),
    add_completion=False,
    invoke_without_command=True,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"docsworn {__version__}")
        raise typer.Exit


@app.callback()
def docsworn(
    context: typer.Context,
    version: bool = typer.Option(  # noqa: ARG001 - its callback acts
        False, "--version", help="Print the version.", callback=_version, is_eager=True
    ),
) -> None:
    """Hold HTTP APIs that you do not own to what their documentation swears."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(ExitCode.USAGE)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with its code; no traceback reaches a person."""
    keep_interrupts()
    keep_verdicts()
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    try:
        result = get_command(app).main(
            None if arguments is None else list(arguments), prog_name="docsworn", standalone_mode=False
        )
    except DocswornError as error:
        return _say(str(error), error.exit_code)
    except typer.TyperException as error:
        message = error.format_message().replace(" Value error, ", " ")
        if message.startswith("Usage:"):  # a group called without a command shows its help
            typer.echo(message, err=True)
            return ExitCode.USAGE
        return _say(f"{message} (--help shows what fits)", ExitCode.USAGE)
    except (typer.Abort, KeyboardInterrupt):
        return _say("interrupted", ExitCode.INTERRUPTED)
    except (BrokenPipeError, SystemExit):
        _forget_output()  # whoever read it has gone (typer exits then)
        return ExitCode.KEPT
    except Exception as error:
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            _forget_output()
            return _say("the output cannot be written: no space is left", ExitCode.USAGE)
        return _say(_own_fault(error), ExitCode.INTERNAL)
    if result == ExitCode.INTERRUPTED:  # typer makes this of Ctrl-C, without a word
        return _say("interrupted", ExitCode.INTERRUPTED)
    return result if isinstance(result, int) else ExitCode.KEPT


def _forget_output() -> None:
    """Python must not complain at its end about output that nobody takes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _say(message: str, code: int) -> int:
    for line in message.splitlines():
        typer.echo(f"docsworn: {line}", err=True)
    return code


def _own_fault(error: Exception) -> str:
    """Where docsworn failed, without the exception's message: it may hold a value of a body."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "docsworn" in frame.filename] or list(frames)
    where = f"{os.path.basename(own[-1].filename)}:{own[-1].lineno}" if own else "?"  # noqa: PTH119
    return f"docsworn's own fault ({type(error).__name__} at {where}): please report it"

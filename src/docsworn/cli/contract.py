"""``docsworn contract``: the promises of a contract, its bodies as JSON Schema, and checks of packs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from docsworn.cli.choose import Wanted, choose_providers, load_compiled
from docsworn.cli.contract_check import check
from docsworn.cli.options import AsJson, Contracts
from docsworn.contract.packs import load_contract
from docsworn.derive.render import body_schema
from docsworn.errors import UnknownNameError
from docsworn.model import Contract, Promise

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)

Name = Annotated[str, typer.Argument(metavar="PROVIDER[@REVISION]")]


@app.callback()
def contract() -> None:
    """Show the promises or the JSON Schema of a contract, or check packs."""


app.command()(check)


@app.command()
def show(name: Name, contracts: Contracts = None, as_json: AsJson = False) -> None:
    """List the promises with kind, place, confidence, severity and source line."""
    ((provider, revision),) = choose_providers(Wanted((name,), contracts))
    compiled = load_compiled(provider, revision)
    promises = [
        promise for operation in compiled.operations.values() for promise in operation.promises.values()
    ]
    if as_json:
        typer.echo(json.dumps([_as_data(promise) for promise in promises], indent=2))
        return
    settings, found = compiled.settings, compiled.contract
    typer.echo(f"{settings.title}, revision {found.revision}: {len(promises)} promises")
    _print_table(promises)


@app.command()
def schema(
    name: Name,
    contracts: Contracts = None,
    status: Annotated[str, typer.Option("--status", help="The status whose body is wanted.")] = "200",
    operation: Annotated[
        str | None, typer.Option("--operation", help="The operation (default: the first).")
    ] = None,
) -> None:
    """Print a body as one self-contained JSON Schema 2020-12."""
    ((provider, revision),) = choose_providers(Wanted((name,), contracts))
    found = load_contract(provider, revision)
    schema_of = _body_schema(found, operation or next(iter(found.operations)), status)
    typer.echo(json.dumps(schema_of, indent=2, ensure_ascii=False))


def _body_schema(found: Contract, operation: str, status: str) -> dict[str, Any]:
    if operation not in found.operations:
        raise UnknownNameError("operation", operation, found.operations)
    responses = found.operations[operation].responses.values()
    bodies = [response.status for response in responses if response.schema is not None]
    if status not in bodies:
        raise UnknownNameError("status with a body", status, bodies)
    return body_schema(found.document, operation, status)


def _as_data(promise: Promise) -> dict[str, Any]:
    return {**asdict(promise), "source": asdict(promise.source)}


def _print_table(promises: list[Promise]) -> None:
    table = Table(box=box.SIMPLE, pad_edge=False)
    for heading in ("kind", "place", "promise", "confidence", "severity", "source"):
        table.add_column(heading, overflow="fold", no_wrap=heading in ("kind", "confidence", "severity"))
    for promise in promises:
        row = (
            promise.kind,
            promise.pointer or "/",
            f"{promise.keyword}: {promise.documented}",
            promise.confidence,
            promise.severity,
            str(promise.source),
        )
        table.add_row(*(Text(str(cell)) for cell in row))
    console = Console(highlight=False, soft_wrap=False)
    # A pipe gets whole lines: what greps must not be cut at 80 columns.
    console.width = console.width if console.is_terminal else 220
    console.print(table)

"""``docsworn fuzz bodies``: a contract tried with generated bodies."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from docsworn.cli.choose import Wanted, choose_providers, load_compiled
from docsworn.cli.fuzz_shared import Provider, Seed, say
from docsworn.cli.options import AsJson, Contracts
from docsworn.errors import ExitCode
from docsworn.fuzz.bodies import try_bodies
from docsworn.fuzz.tell_bodies import bodies_data, bodies_lines

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def bodies(
    provider: Provider,
    contracts: Contracts = None,
    max_bodies: Annotated[
        int, typer.Option("--max-bodies", min=0, max=10_000, help="So many valid bodies are drawn a status.")
    ] = 25,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> int:
    """Try a contract itself: valid bodies must be taken, small wrongs seen. Nothing is sent."""
    ((chosen, revision),) = choose_providers(Wanted((provider,), contracts))
    contract = load_compiled(chosen, revision)
    name = f"{contract.contract.provider}@{contract.contract.revision}"
    reports = [
        report
        for operation in contract.operations.values()
        for report in try_bodies(operation, max_bodies, seed)
    ]
    if as_json:
        typer.echo(json.dumps(bodies_data(reports, name=name, seed=seed), indent=2))
    else:
        say(bodies_lines(reports, name=name, seed=seed))
    return ExitCode.FINDINGS if any(report.problems for report in reports) else ExitCode.KEPT

"""``docsworn emulate``: the providers as a server of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import orjson
import typer

from docsworn.cli.choose import Wanted, choose_providers
from docsworn.cli.options import AsJson, Contracts, Providers
from docsworn.emulate.bare import load_openapi
from docsworn.emulate.control import listed
from docsworn.emulate.player import Player
from docsworn.emulate.server import Listening, make_players, serve
from docsworn.errors import UsageError

app = typer.Typer(rich_markup_mode=None, add_completion=False)

OpenApi = Annotated[
    Path | None,
    typer.Option("--openapi", metavar="FILE", help="Emulate an OpenAPI 3.1 document, JSON or YAML."),
]


@app.command()
def emulate(
    providers: Providers = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port on loopback; 0 takes a free one.")
    ] = 8808,
    seed: Annotated[
        int, typer.Option("--seed", help="Another seed changes what is drawn, not what scenarios say.")
    ] = 0,
    tls: Annotated[
        bool, typer.Option("--tls", help="Serve HTTPS too, with a certificate of its own making.")
    ] = False,
    tls_port: Annotated[
        int, typer.Option("--tls-port", min=0, max=65535, help="The port for HTTPS; 0 takes a free one.")
    ] = 8843,
    ca_out: Annotated[
        Path | None,
        typer.Option("--ca-out", metavar="FILE", help="Where the certificate to trust is written, PEM."),
    ] = None,
    openapi: OpenApi = None,
    contracts: Contracts = None,
    list_drifts: Annotated[
        bool, typer.Option("--list-drifts", help="Print every drift that the contracts make possible.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Serve providers from their contracts until interrupted.

    Any key is taken but one that begins with `invalid`. GET /__docsworn/ lists all conversations,
    /__docsworn/drifts, /faults and /lives change what is answered: docs/emulator.md.
    """
    if ca_out is not None and not tls:
        raise UsageError("--ca-out goes with --tls")
    if as_json and not list_drifts:
        raise UsageError("--json goes with --list-drifts")
    players = _players(providers, openapi, contracts, seed)
    if list_drifts:
        _print_drifts(players, as_json=as_json)
    else:
        serve(players, Listening(port=port, tls=tls, tls_port=tls_port, ca=ca_out))


def _players(
    names: Sequence[str] | None, openapi: Path | None, contracts: Path | None, seed: int
) -> tuple[Player, ...]:
    """The named providers, the document, or all providers where neither is named."""
    if openapi is not None and not names:
        return (Player(load_openapi(openapi), seed=seed),)
    chosen = choose_providers(Wanted(tuple(names or ()), contracts))
    revisions = {provider.settings.provider: revision for provider, revision in chosen if revision}
    scripts = () if openapi is None else (load_openapi(openapi),)
    made = make_players([provider for provider, _ in chosen], seed, revisions, scripts)
    return tuple(made.values())


def _print_drifts(players: Sequence[Player], *, as_json: bool) -> None:
    """One line for each drift: its id and what it does."""
    if as_json:
        drifts = {player.name: [listed(each) for each in player.listed_drifts] for player in players}
        typer.echo(orjson.dumps(drifts, option=orjson.OPT_INDENT_2).decode())
        return
    for player in players:
        prefix = f"{player.name} " if len(players) > 1 else ""
        for drift in player.listed_drifts:
            typer.echo(f"{prefix}{drift.id}  {drift.words}")

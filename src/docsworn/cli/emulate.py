"""``docsworn emulate``: the providers as a server of one's own."""

from __future__ import annotations

from typing import Annotated

import typer

from docsworn.cli.choose import Wanted, choose_providers
from docsworn.cli.options import Contracts, Providers
from docsworn.emulate.server import serve

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def emulate(
    providers: Providers = None,
    port: Annotated[
        int, typer.Option("--port", min=0, max=65535, help="The port on loopback; 0 takes a free one.")
    ] = 8808,
    seed: Annotated[int, typer.Option("--seed", help="Another seed draws other bodies.")] = 0,
    contracts: Contracts = None,
) -> None:
    """Serve providers from their contracts until interrupted.

    Any key is taken but one that begins with `invalid`. GET /__docsworn/ lists all conversations.
    """
    chosen = choose_providers(Wanted(tuple(providers or ()), contracts))
    revisions = {provider.settings.provider: revision for provider, revision in chosen if revision}
    serve([provider for provider, _ in chosen], port=port, seed=seed, revisions=revisions)

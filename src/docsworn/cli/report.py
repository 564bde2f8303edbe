"""``docsworn report``: the reports of ``check``, made later from the history."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from docsworn.cli.choose import load_compiled
from docsworn.cli.duration import parse_duration
from docsworn.cli.failing import FailOn, exit_code
from docsworn.cli.options import AsJson, Contracts, Export, Github, HistoryFile, Html, Junit
from docsworn.cli.output import parse_outputs, put_out, report_info
from docsworn.cli.past import base_url_of
from docsworn.cli.state import known_history
from docsworn.contract.packs import load_provider, pack_roots, provider_names
from docsworn.errors import ConfigError, UnknownNameError
from docsworn.export.background import Background, read_background
from docsworn.observe.history import History
from docsworn.observe.recall import last_scopes, recall
from docsworn.observe.scope import Scope

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def report(
    providers: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PROVIDER]", help="Providers; all that were checked where none is named."),
    ] = None,
    history: HistoryFile = None,
    since: Annotated[
        str, typer.Option("--since", metavar="LENGTH", help="How far back it tells: 90d, 12h, 30m or 2w.")
    ] = "90d",
    host: Annotated[
        str | None, typer.Option("--host", help="Of this host (default: of the one that was checked last).")
    ] = None,
    contracts: Contracts = None,
    as_json: AsJson = False,
    html: Html = None,
    junit: Junit = None,
    github: Github = False,
    export: Export = None,
    fail_on: Annotated[FailOn, typer.Option("--fail-on", help="What makes the exit code 1.")] = FailOn.NEVER,
) -> int:
    """Make reports of the last run of each provider, and of what came before it."""
    outputs = parse_outputs(as_json=as_json, html=html, junit=junit, github=github, export=export)
    start = time.time() - parse_duration(since)
    with known_history(history) as known:
        scopes = _chosen(known, providers or (), host, start)
        runs = [run for scope in scopes if (run := recall(known, scope)) is not None]
        info = report_info(
            {
                (scope.provider, scope.operation, scope.revision): _background(known, scope, contracts, start)
                for scope in scopes
            }
        )
    put_out(runs, info, outputs)
    return exit_code(runs, info, fail_on, live=False)


def _chosen(known: History, providers: Sequence[str], host: str | None, start: float) -> tuple[Scope, ...]:
    checked = known.scopes()
    for name in providers:
        if name not in {scope.provider for scope in checked}:
            raise UnknownNameError("provider of this history", name, {scope.provider for scope in checked})
    if host is not None and host not in {scope.host for scope in checked}:
        raise UnknownNameError("host", host, {scope.host for scope in checked})
    scopes = last_scopes(known, providers, host)
    recent = tuple(scope for scope in scopes if known.runs(scope, since=start, last=1))
    if not recent:
        raise ConfigError("nothing was checked in that time: docsworn check writes the history")
    return recent


def _background(known: History, scope: Scope, contracts: Path | None, start: float) -> Background:
    roots = pack_roots(contracts)
    if scope.provider not in provider_names(roots):
        return read_background(known, scope, since=start)
    provider = load_provider(scope.provider, roots)
    if (
        scope.revision not in provider.settings.revisions
        or scope.operation not in provider.settings.operations
    ):
        return read_background(known, scope, since=start)
    contract = load_compiled(provider, scope.revision)
    base_url = base_url_of(contract.settings, scope.host)
    return read_background(known, scope, contract, base_url=base_url, since=start, packs=contracts)

"""``docsworn coverage``: which promises of a contract live traffic has exercised, and which never."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from docsworn.cli.choose import Wanted, choose_providers, load_compiled
from docsworn.cli.options import AsJson, Contracts
from docsworn.contract.compiled import CompiledContract
from docsworn.errors import ConfigError, ExitCode, UnknownNameError
from docsworn.model import Promise
from docsworn.observe.history import History
from docsworn.observe.ledger import Entry
from docsworn.observe.rounds import scope_of

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def coverage(
    name: Annotated[str, typer.Argument(metavar="PROVIDER[@REVISION]")],
    history: Annotated[
        Path,
        typer.Option("--history", metavar="FILE", help="The history of check or watch.", show_default=False),
    ],
    host: Annotated[
        str | None,
        typer.Option("--host", help="Whose answers (default: the only host there is)."),
    ] = None,
    threshold: Annotated[
        float | None,
        typer.Option("--threshold", min=0, max=1, help="Exit 1 where a smaller share is exercised."),
    ] = None,
    contracts: Contracts = None,
    as_json: AsJson = False,
) -> int:
    """Show which promises live traffic has exercised, and which never."""
    ((provider, revision),) = choose_providers(Wanted((name,), contracts))
    contract = load_compiled(provider, revision)
    if history.is_dir():
        raise ConfigError(f"{history}: is a folder: name the file in it")
    if not history.is_file():
        raise ConfigError(f"{history}: no such history: docsworn check --history {history} writes one")
    with History(history, reading=True) as known:
        chosen = _choose_host(known, history, contract.contract.provider, host)
        reports = [
            _report(contract, operation, known.ledger(scope_of(contract, operation, chosen)))
            for operation in contract.operations
        ]
    if as_json:
        typer.echo(json.dumps({"schema": 1, "host": chosen, "operations": reports}, indent=2))
    else:
        for report in reports:
            _print(report, contract, chosen)
    few = [report for report in reports if threshold is not None and _share(report) < threshold]
    for report in few:
        share = f"{_share(report):.1%} of its promises are exercised"
        typer.echo(f"{report['operation']}: {share}, less than the threshold of {threshold:.1%}", err=True)
    return ExitCode.FINDINGS if few else ExitCode.KEPT


def _share(report: Mapping[str, Any]) -> float:
    return float(report["exercised"] / report["promises"])


def _choose_host(history: History, file: Path, provider: str, wanted: str | None) -> str:
    hosts = history.hosts(provider)
    if not hosts:
        again = f"docsworn check {provider} --history {file} writes some"
        raise ConfigError(f"{file}: nothing of {provider} is in this history yet: {again}")
    if wanted is not None:
        if wanted not in hosts:
            raise UnknownNameError("host", wanted, hosts)
        return wanted
    if len(hosts) != 1:
        raise ConfigError(f"{file}: which host of {provider}? Choose with --host: {', '.join(hosts)}")
    return hosts[0]


def _report(contract: CompiledContract, operation: str, ledger: Mapping[str, Entry]) -> dict[str, Any]:
    promises = contract.operation(operation).promises
    seen: dict[str, list[Promise]] = {state: [] for state in ("kept", "broken", "not_evaluable", "never")}
    for name, promise in promises.items():
        seen[_state(ledger.get(name))].append(promise)
    exercised = len(seen["kept"]) + len(seen["broken"])
    return {
        "operation": operation,
        "promises": len(promises),
        "exercised": exercised,
        "share": round(exercised / len(promises), 4),
        "kept": len(seen["kept"]),
        "broken": [_row(promise) for promise in seen["broken"]],
        "not_evaluable": [_row(promise) for promise in seen["not_evaluable"]],
        "never": [_row(promise) for promise in seen["never"]],
    }


def _state(entry: Entry | None) -> str:
    """What became of a promise in all runs together: broken ever, else kept, else not evaluable."""
    if entry is None:
        return "never"
    return "broken" if entry.broken else "kept" if entry.kept else "not_evaluable"


def _row(promise: Promise) -> dict[str, str]:
    return {"promise": promise.id, "pointer": promise.pointer, "documented": promise.documented}


def _print(report: Mapping[str, Any], contract: CompiledContract, host: str) -> None:
    found = contract.contract
    typer.echo(
        f"{found.provider} {found.revision} {report['operation']} on {host}: {report['exercised']} of"
        f" {report['promises']} promises exercised ({report['share']:.1%}), {len(report['broken'])} of them"
        f" broken; {len(report['not_evaluable'])} not evaluable, {len(report['never'])} never seen"
    )
    for state in ("broken", "not_evaluable", "never"):
        for row in report[state]:
            what = f"{row['promise'].rsplit('#', 1)[-1]}: {row['documented']}"
            typer.echo(f"  {state.replace('_', ' ')}  {row['pointer'] or '/'}  {what}")

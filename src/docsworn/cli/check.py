"""``docsworn check``: hold live APIs, the emulator, or recorded responses to their contracts."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from docsworn.check.loader import load_checks, select_checks
from docsworn.check.subject import Check
from docsworn.cli.choose import Wanted, choose_providers, load_compiled, load_revisions
from docsworn.cli.engage import Engagement, check_once, engaged
from docsworn.cli.options import AsJson, BaseUrl, Ca, Contracts, HistoryFile, Providers, Revision, UseEmulator
from docsworn.cli.output import parse_exports, print_runs, raise_own_faults, write_exports
from docsworn.cli.recorded import HOST, NOTE, recorded_exchanges
from docsworn.errors import ExitCode, NothingReachedError, UsageError
from docsworn.model import Run, Severity
from docsworn.observe.history import History
from docsworn.observe.rounds import hold_and_learn, plan_round
from docsworn.probe.preview import request_line

app = typer.Typer(rich_markup_mode=None, add_completion=False)


class FailOn(StrEnum):
    """From which severity on a finding makes the run fail."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"


_FAILING = {
    FailOn.ERROR: {Severity.ERROR},
    FailOn.WARNING: {Severity.ERROR, Severity.WARNING},
    FailOn.NEVER: set[Severity](),
}


@app.command()
def check(
    providers: Providers = None,
    base_url: BaseUrl = None,
    ca: Ca = None,
    emulator: UseEmulator = False,
    contracts: Contracts = None,
    revision: Revision = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="CHECK", help="Only this check; may stand several times."),
    ] = None,
    list_checks: Annotated[bool, typer.Option("--list", help="List the checks and exit.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the requests and send none.")] = False,
    allow_skip: Annotated[
        bool, typer.Option("--allow-skip", help="Go on without the providers that have no key.")
    ] = False,
    recorded: Annotated[
        str | None,
        typer.Option("--recorded", metavar="FILE|-", help="Check NDJSON of responses or bodies; no network."),
    ] = None,
    error_contract: Annotated[
        bool,
        typer.Option(
            "--error-contract/--no-error-contract",
            help="Also ask without a key, with a wrong one, and for unknown and malformed ids.",
        ),
    ] = True,
    history: HistoryFile = None,
    as_json: AsJson = False,
    junit: Annotated[
        Path | None, typer.Option("--junit", metavar="FILE", help="Also write JUnit XML.")
    ] = None,
    export: Annotated[
        list[str] | None,
        typer.Option(
            "--export", metavar="FORMAT=FILE", help="Also write this format; may stand several times."
        ),
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="The severity from which on a finding makes the exit code 1.")
    ] = FailOn.ERROR,
) -> int:
    """Hold live APIs to their contracts.

    Keys and conversation ids come from the environment variables that provider.yaml names. Exit code 0
    kept, 1 findings, 2 usage or configuration, 3 contract invalid, 4 nothing reached, 5 our own fault.
    """
    checks = select_checks(only) if only else load_checks()
    if list_checks:
        return _print_checks(checks)
    exports = parse_exports(export or (), junit)
    if recorded is not None and (emulator or base_url or dry_run):
        raise UsageError("--recorded sends nothing: leave out --emulator, --base-url and --dry-run")
    wanted = Wanted(
        names=tuple(providers or ()),
        contracts=contracts,
        revision=revision,
        base_url=base_url,
        ca=ca,
        emulator=emulator,
        allow_skip=allow_skip,
        needs_key=not dry_run,
    )
    if recorded is not None:
        with History(history) as known:
            runs = _check_recorded(wanted, recorded, known, checks)
    elif dry_run:
        with engaged(wanted, os.environ) as engagements:
            return _print_requests(engagements, error_contract=error_contract, as_json=as_json)
    else:
        with engaged(wanted, os.environ) as engagements, History(history) as known:
            runs = _check_live(engagements, known, checks, error_contract=error_contract)
    print_runs(runs, as_json=as_json)
    write_exports(runs, exports)
    raise_own_faults(runs)
    return _exit_code(runs, fail_on, live=recorded is None)


def _check_live(
    engagements: Sequence[Engagement], history: History, checks: Sequence[Check], *, error_contract: bool
) -> tuple[Run, ...]:
    def one(engagement: Engagement) -> tuple[Run, ...]:
        return check_once(engagement, history, checks, error_contract=error_contract)

    with ThreadPoolExecutor(max_workers=8) as pool:
        return tuple(run for runs in pool.map(one, engagements) for run in runs)


def _check_recorded(
    wanted: Wanted, recorded: str, history: History, checks: Sequence[Check]
) -> tuple[Run, ...]:
    if len(wanted.names) != 1:
        raise UsageError("--recorded goes with one provider: whose responses are they?")
    ((provider, revision),) = choose_providers(wanted)
    contract = load_compiled(provider, revision)
    operation, exchanges = recorded_exchanges(contract, recorded)
    run = hold_and_learn(
        contract,
        operation,
        exchanges,
        host=HOST,
        history=history,
        checks=checks,
        clock=time.time,
        notes=(NOTE,),
        siblings=load_revisions(provider, contract),
    )
    return (run,)


def _print_checks(checks: Sequence[Check]) -> int:
    width = max(len(found.name) for found in checks)
    for found in checks:
        typer.echo(f"{found.name:<{width}}  {found.summary} ({', '.join(found.kinds)})")
    return ExitCode.KEPT


def _print_requests(engagements: Sequence[Engagement], *, error_contract: bool, as_json: bool) -> int:
    rows = []
    for engagement in engagements:
        plans = plan_round(engagement.contract, engagement.target, error_contract=error_contract)
        for planned in plans:
            rows += [(case.id, request_line(engagement.target, case)) for case in planned.cases]
            for note in planned.notes:
                said = note.replace("was checked", "would be checked")
                typer.echo(f"{engagement.target.provider}: {said}", err=True)
    if as_json:
        typer.echo(json.dumps([{"case": case, "request": request} for case, request in rows], indent=2))
    else:
        for case, request in rows:
            typer.echo(f"{case:<45} {request}")
    return ExitCode.KEPT


def _exit_code(runs: Sequence[Run], fail_on: FailOn, *, live: bool) -> int:
    if live and runs and not any(run.reached for run in runs):
        names = ", ".join(sorted({run.provider for run in runs}))
        raise NothingReachedError(f"nothing could be reached: {names}")
    failing = _FAILING[fail_on]
    found = any(finding.severity in failing for run in runs for finding in run.findings)
    return ExitCode.FINDINGS if found else ExitCode.KEPT

"""``docsworn check``: hold live APIs, the emulator, or recorded responses to their contracts."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from docsworn.check.loader import load_checks, select_checks
from docsworn.check.subject import Check
from docsworn.cli.choose import Wanted, asked_for, choose_providers, load_compiled, load_revisions
from docsworn.cli.engage import Engagement, check_once, engaged
from docsworn.cli.failing import FailOn, exit_code
from docsworn.cli.options import (
    AsJson,
    BaseUrl,
    Ca,
    Contracts,
    Export,
    Github,
    HistoryFile,
    Html,
    Junit,
    Providers,
    Revision,
    UseEmulator,
)
from docsworn.cli.output import Outputs, parse_outputs, put_out, raise_own_faults, report_info
from docsworn.cli.past import Asked, backgrounds
from docsworn.cli.progress import Progress
from docsworn.cli.recorded import HOST, NOTE, recorded_exchanges
from docsworn.cli.state import open_history
from docsworn.contract.compiled import CompiledContract
from docsworn.errors import ExitCode, UsageError
from docsworn.export.report import ReportInfo
from docsworn.model import Run
from docsworn.observe.history import History
from docsworn.observe.rounds import hold_and_learn, plan_round
from docsworn.probe.preview import request_line

app = typer.Typer(rich_markup_mode=None, add_completion=False)


Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="CHECK", help="Only this check; may stand several times."),
]
ListChecks = Annotated[bool, typer.Option("--list", help="List the checks and exit.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print the requests and send none.")]
AllowSkip = Annotated[
    bool, typer.Option("--allow-skip", help="Go on without the providers that have no key.")
]
Recorded = Annotated[
    str | None,
    typer.Option("--recorded", metavar="FILE|-", help="Check NDJSON of responses or bodies; no network."),
]
ErrorContract = Annotated[
    bool,
    typer.Option(
        "--error-contract/--no-error-contract",
        help="Also ask without a key, with a wrong one, and for unknown and malformed ids.",
    ),
]
Failing = Annotated[
    FailOn,
    typer.Option("--fail-on", help="What makes the exit code 1: new errors, all, warnings too, nothing."),
]


@app.command()
def check(
    providers: Providers = None,
    base_url: BaseUrl = None,
    ca: Ca = None,
    emulator: UseEmulator = False,
    contracts: Contracts = None,
    revision: Revision = None,
    only: Only = None,
    list_checks: ListChecks = False,
    dry_run: DryRun = False,
    allow_skip: AllowSkip = False,
    recorded: Recorded = None,
    error_contract: ErrorContract = True,
    history: HistoryFile = None,
    as_json: AsJson = False,
    html: Html = None,
    junit: Junit = None,
    github: Github = False,
    export: Export = None,
    fail_on: Failing = FailOn.ERROR,
) -> int:
    """Hold live APIs to their contracts.

    Keys and conversation ids come from the environment variables that provider.yaml names. Exit code 0
    kept, 1 findings, 2 usage or configuration, 3 contract invalid, 4 nothing reached, 5 our own fault.
    """
    checks = select_checks(only) if only else load_checks()
    if list_checks:
        return _print_checks(checks, as_json=as_json)
    outputs = parse_outputs(as_json=as_json, html=html, junit=junit, github=github, export=export)
    if recorded is not None and (emulator or base_url or dry_run):
        raise UsageError("--recorded sends nothing: leave out --emulator, --base-url and --dry-run")
    wanted = replace(
        asked_for(providers, contracts, revision, base_url, ca, emulator=emulator),
        allow_skip=allow_skip,
        needs_key=not dry_run,
    )
    if dry_run:
        return _print_requests(wanted, error_contract=error_contract, as_json=as_json)
    task = _Task(wanted, checks, history, outputs, error_contract)
    runs, info = _held_live(task) if recorded is None else _held_recorded(task, recorded)
    put_out(runs, info, outputs)
    raise_own_faults(runs)
    return exit_code(runs, info, fail_on, live=recorded is None)


@dataclass(frozen=True, slots=True)
class _Task:
    """What is to be checked, with what, and what is remembered and told of it."""

    wanted: Wanted
    checks: Sequence[Check]
    history: Path | None
    outputs: Outputs
    error_contract: bool

    def info(self, known: History, asked: Sequence[Asked]) -> ReportInfo:
        """What is told beside the runs."""
        return report_info(backgrounds(known, asked, trend=self.outputs.draws, packs=self.wanted.contracts))


def _held_live(task: _Task) -> tuple[tuple[Run, ...], ReportInfo]:
    lasting = not task.wanted.emulator
    with (
        engaged(task.wanted, os.environ) as engagements,
        open_history(task.history, lasting=lasting) as known,
    ):
        runs = _check_live(engagements, known, task.checks, error_contract=task.error_contract)
        asked = [(each.contract, each.target.host, each.target.base_url) for each in engagements]
        return runs, task.info(known, asked)


def _held_recorded(task: _Task, recorded: str) -> tuple[tuple[Run, ...], ReportInfo]:
    with open_history(task.history, lasting=False) as known:
        contract, runs = _check_recorded(task.wanted, recorded, known, task.checks)
        return runs, task.info(known, [(contract, HOST, None)])


def _check_live(
    engagements: Sequence[Engagement], history: History, checks: Sequence[Check], *, error_contract: bool
) -> tuple[Run, ...]:
    totals = {
        engagement.target.provider: sum(
            len(planned.cases)
            for planned in plan_round(engagement.contract, engagement.target, error_contract=error_contract)
        )
        for engagement in engagements
    }
    with Progress(totals, sys.stderr, os.environ) as progress, ThreadPoolExecutor(max_workers=8) as pool:
        rounds = pool.map(
            lambda each: check_once(each, history, checks, progress, error_contract=error_contract),
            engagements,
        )
        return tuple(run for runs in rounds for run in runs)


def _check_recorded(
    wanted: Wanted, recorded: str, history: History, checks: Sequence[Check]
) -> tuple[CompiledContract, tuple[Run, ...]]:
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
    return contract, (run,)


def _print_checks(checks: Sequence[Check], *, as_json: bool) -> int:
    if as_json:
        rows = [{"name": found.name, "summary": found.summary, "kinds": found.kinds} for found in checks]
        typer.echo(json.dumps({"schema": 1, "checks": rows}, indent=2))
        return ExitCode.KEPT
    width = max(len(found.name) for found in checks)
    for found in checks:
        typer.echo(f"{found.name:<{width}}  {found.summary} ({', '.join(found.kinds)})")
    return ExitCode.KEPT


def _print_requests(wanted: Wanted, *, error_contract: bool, as_json: bool) -> int:
    with engaged(wanted, os.environ) as engagements:
        rows = list(_requests(engagements, error_contract=error_contract))
    if as_json:
        typer.echo(json.dumps([{"case": case, "request": request} for case, request in rows], indent=2))
    else:
        for case, request in rows:
            typer.echo(f"{case:<45} {request}")
    return ExitCode.KEPT


def _requests(engagements: Sequence[Engagement], *, error_contract: bool) -> Iterator[tuple[str, str]]:
    """Each case with its request as it would be sent; what would not be checked is said."""
    for engagement in engagements:
        plans = plan_round(engagement.contract, engagement.target, error_contract=error_contract)
        for planned in plans:
            yield from ((case.id, request_line(engagement.target, case)) for case in planned.cases)
            for note in planned.notes:
                said = note.replace("was checked", "would be checked")
                typer.echo(f"{engagement.target.provider}: {said}", err=True)

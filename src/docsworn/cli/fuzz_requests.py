"""``docsworn fuzz requests``: generated requests for an API."""

from __future__ import annotations

import json
import os
import shlex
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from docsworn.check.loader import select_checks
from docsworn.cli.choose import Wanted
from docsworn.cli.engage import Engagement, engaged
from docsworn.cli.fuzz_shared import Provider, Seed, say
from docsworn.cli.options import AsJson, BaseUrl, Ca, Contracts, UseEmulator
from docsworn.errors import ConfigError, ExitCode, NothingReachedError
from docsworn.fuzz.campaign import Campaign
from docsworn.fuzz.curl import curl_line
from docsworn.fuzz.failed import Failed
from docsworn.fuzz.judge import CHECKS, Judge
from docsworn.fuzz.plan import plan_requests
from docsworn.fuzz.request import Subject, subject_of
from docsworn.fuzz.send import CountedBudget, FuzzClient
from docsworn.fuzz.store import default_store, expect_writable, kept_of, save
from docsworn.fuzz.tell import Told, fails, report_data, report_lines

app = typer.Typer(rich_markup_mode=None, add_completion=False)

Store = Annotated[
    Path | None,
    typer.Option(
        "--store", metavar="DIR", help="Where failed requests are kept (default: the state folder)."
    ),
]


@app.command()
def requests(
    provider: Provider,
    base_url: BaseUrl = None,
    ca: Ca = None,
    emulator: UseEmulator = False,
    contracts: Contracts = None,
    max_requests: Annotated[
        int, typer.Option("--max-requests", min=1, max=10_000, help="So many GETs are sent and no more.")
    ] = 25,
    seed: Seed = 0,
    store: Store = None,
    as_json: AsJson = False,
) -> int:
    """Send generated ids, queries and headers: only GET, only this operation, within the budget."""
    wanted = Wanted((provider,), contracts, base_url=base_url, ca=ca, emulator=emulator)
    folder = store or default_store(os.environ)
    expect_writable(folder)
    again = _again(wanted, store)
    with engaged(wanted, os.environ) as (engagement,):
        subject = fuzzed(engagement)
        planned = plan_requests(subject, engagement.target.ids, max_requests, seed)
        with FuzzClient(engagement.target, budget := counted(engagement, max_requests)) as client:
            report = campaign(engagement, subject, client, budget).run(planned)
        problems: list[ConfigError] = []
        told = tuple(_told(each, engagement, subject, folder, again, problems) for each in report.failed)
    name = f"{subject.operation.id} of {provider}"
    if as_json:
        typer.echo(json.dumps(report_data(report, told, seed=seed), indent=2))
    else:
        say(report_lines(report, told, name=name, seed=seed))
    if problems:  # what was found is told all the same
        raise problems[0]
    if report.interrupted:
        return ExitCode.INTERRUPTED
    if not report.answered:
        raise NothingReachedError(f"nothing could be reached: {provider}")
    return ExitCode.FINDINGS if fails(told) else ExitCode.KEPT


def fuzzed(engagement: Engagement) -> Subject:
    """The operation of a provider that is fuzzed: its first."""
    return subject_of(engagement.contract, next(iter(engagement.contract.settings.operations)))


def counted(engagement: Engagement, limit: int) -> CountedBudget:
    """The provider's budget, with so many requests at most."""
    return CountedBudget(engagement.target.budget, time.time, limit=limit)


def campaign(engagement: Engagement, subject: Subject, client: FuzzClient, budget: CountedBudget) -> Campaign:
    """A campaign against an engaged provider; it says on stderr when it waits."""
    target = engagement.target
    secrets = (*((target.key.reveal(),) if target.key else ()), *target.ids)
    judge = Judge(engagement.contract, subject, select_checks(CHECKS), datetime.now(UTC).date(), secrets)
    return Campaign(subject, target.ids, client, budget, judge, pause)


def pause(seconds: float) -> None:
    """Wait for the budget, and say so where anybody would notice."""
    if seconds >= 1:  # after a long wait come short ones, as many as there were requests
        typer.echo(f"the budget of a minute is spent: waiting {seconds:.0f} s", err=True)
    time.sleep(seconds)


def _told(
    failed: Failed,
    engagement: Engagement,
    subject: Subject,
    folder: Path,
    again: tuple[str, ...],
    problems: list[ConfigError],
) -> Told:
    """A failure as it is told; where it cannot be kept that is a problem, and it cannot be replayed."""
    curl = curl_line(subject, failed.request, engagement.target)
    try:
        name = save(folder, kept_of(failed))
    except ConfigError as error:
        problems.append(error)
        return Told(failed, None, curl, None)
    return Told(failed, name, curl, shlex.join(("docsworn", "replay", name, *again)))


def _again(wanted: Wanted, store: Path | None) -> tuple[str, ...]:
    """The options with which a request is sent again where it was sent: a stored file does not say."""
    given = {
        "--base-url": wanted.base_url,
        "--ca": wanted.ca,
        "--contracts": wanted.contracts,
        "--store": store,
    }
    named = [(name, str(value)) for name, value in given.items() if value is not None]
    return (*(("--emulator",) if wanted.emulator else ()), *(word for pair in named for word in pair))

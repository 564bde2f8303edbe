"""``docsworn watch``: check on a schedule and serve the metrics."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Annotated

import typer
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from docsworn.check.loader import load_checks
from docsworn.check.subject import Check
from docsworn.cli.choose import Wanted
from docsworn.cli.engage import Engagement, engaged, prober
from docsworn.cli.options import BaseUrl, Ca, Contracts, HistoryFile, Providers, Revision, UseEmulator
from docsworn.cli.output import raise_own_faults
from docsworn.errors import NothingReachedError
from docsworn.export.metrics import Metrics, render
from docsworn.export.server import MetricsServer
from docsworn.observe.history import History
from docsworn.observe.rounds import plan_round
from docsworn.watch.budget import fits_budget
from docsworn.watch.schedule import Job, run_schedule

DAY_SECONDS = 86_400.0
GRACE_SECONDS = 4.0  # for a round under way when it is time to stop

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def watch(
    providers: Providers = None,
    once: Annotated[bool, typer.Option("--once", help="Probe once, print the metrics and exit.")] = False,
    listen: Annotated[
        str, typer.Option("--listen", metavar="HOST:PORT", help="Where /metrics is served.")
    ] = "127.0.0.1:9808",
    interval: Annotated[
        float | None,
        typer.Option(
            "--interval", metavar="SECONDS", min=0.1, help="Between rounds (default: provider.yaml's)."
        ),
    ] = None,
    base_url: BaseUrl = None,
    ca: Ca = None,
    emulator: UseEmulator = False,
    contracts: Contracts = None,
    revision: Revision = None,
    history: HistoryFile = None,
) -> None:
    """Check on a schedule and serve Prometheus metrics."""
    wanted = Wanted(
        names=tuple(providers or ()),
        contracts=contracts,
        revision=revision,
        base_url=base_url,
        ca=ca,
        emulator=emulator,
    )
    registry = CollectorRegistry()
    for collector in (ProcessCollector, PlatformCollector, GCCollector):
        collector(registry=registry)
    with ExitStack() as stack:
        engagements = stack.enter_context(engaged(wanted, os.environ))
        known = stack.enter_context(History(history))
        metrics = Metrics(registry, [engagement.contract for engagement in engagements])
        rounds = [
            stack.enter_context(_measured(engagement, known, load_checks(), metrics))
            for engagement in engagements
        ]
        if once:
            reached = [probe() for probe in rounds]
            typer.echo(render(registry), nl=False)
            if not any(reached):
                raise NothingReachedError("nothing could be reached")
            return
        _serve(engagements, rounds, interval, listen, registry)


@contextmanager
def _measured(
    engagement: Engagement, history: History, checks: Sequence[Check], metrics: Metrics
) -> Iterator[Callable[[], bool]]:
    """What probes one provider once, feeds the metrics and says whether it was reached.

    The error contract is asked once a day: wrong keys, sent often, lock accounts.
    """
    asked: list[float] = []
    with prober(engagement, history, checks) as probe:

        def measured() -> bool:
            due = not asked or time.monotonic() - asked[-1] >= DAY_SECONDS
            runs = probe(due)
            if due:
                asked[:] = [time.monotonic()]
            for run in runs:
                metrics.record(run, engagement.contract, time.time())
            raise_own_faults(runs)
            return any(run.reached for run in runs)

        yield measured


def _serve(
    engagements: Sequence[Engagement],
    rounds: Sequence[Callable[[], bool]],
    interval: float | None,
    listen: str,
    registry: CollectorRegistry,
) -> None:
    stop = threading.Event()
    done: set[str] = set()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    jobs = []
    for engagement, probe in zip(engagements, rounds, strict=True):
        seconds = interval or engagement.contract.settings.schedule.interval_seconds
        _warn_of_budget(engagement, seconds)
        jobs.append(
            Job(engagement.target.provider, seconds, _noting(probe, engagement.target.provider, done))
        )
    with MetricsServer(registry, listen=listen, ready=lambda: len(done) == len(jobs)) as server:
        typer.echo(f"serving {server.url}/metrics for {', '.join(job.name for job in jobs)}", err=True)
        run_schedule(
            jobs,
            stop,
            rng=random.Random(),  # noqa: S311 - jitter, not a secret
            clock=time.monotonic,
            grace_seconds=GRACE_SECONDS,
            on_error=lambda job, error: typer.echo(f"{job}: the round failed ({error})", err=True),
        )


def _noting(probe: Callable[[], bool], name: str, done: set[str]) -> Callable[[], None]:
    def run() -> None:
        probe()
        done.add(name)

    return run


def _warn_of_budget(engagement: Engagement, seconds: float) -> None:
    plans = plan_round(engagement.contract, engagement.target, error_contract=False)
    requests = sum(len(planned.cases) for planned in plans)
    problem = fits_budget(seconds, requests, engagement.target.budget)
    if problem:
        typer.echo(f"{engagement.target.provider}: {problem}", err=True)

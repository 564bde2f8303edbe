"""``docsworn watch``: check on a schedule and serve the metrics."""

from __future__ import annotations

import gc
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from docsworn.cli.choose import Wanted, asked_for
from docsworn.cli.options import BaseUrl, Ca, Contracts, HistoryFile, Providers, Revision, UseEmulator
from docsworn.cli.output import raise_own_faults
from docsworn.cli.state import history_path
from docsworn.cli.watch_daemon import Daemon, Plan, notice
from docsworn.cli.watch_plan import describe, named_plan, over_budget, read_plan, warn
from docsworn.errors import ConfigError, DocswornError, NothingReachedError, UsageError
from docsworn.export.metrics import render
from docsworn.export.pages import Pages
from docsworn.export.server import DEFAULT_LISTEN, MetricsServer
from docsworn.watch.config import MAX_SERIES, WatchConfig
from docsworn.watch.watched import Watched

CONFIG_FILE = "docsworn.yaml"
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def watch(
    providers: Providers = None,
    once: Annotated[bool, typer.Option("--once", help="Probe once, print the metrics and exit.")] = False,
    config: Annotated[
        Path | None,
        typer.Option(
            "--config",
            metavar="FILE",
            help="What to watch and how: docs/watching.md (default: docsworn.yaml here).",
        ),
    ] = None,
    check_config: Annotated[
        bool, typer.Option("--check-config", help="Print what would be done, and exit: 0 good, 2 not.")
    ] = False,
    listen: Annotated[
        str | None,
        typer.Option("--listen", metavar="HOST:PORT", help=f"Where /metrics is served ({DEFAULT_LISTEN})."),
    ] = None,
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
    wanted = asked_for(providers, contracts, revision, base_url, ca, emulator=emulator)
    named = wanted != Wanted(names=()) or interval is not None
    if config is None and not named and (here := Path(CONFIG_FILE)).is_file():
        config = here
        notice(f"{CONFIG_FILE} of this folder says what is watched")
    if config is None:
        with _signals_held(once), named_plan(wanted, interval) as plan:
            if check_config:
                _print_plan(plan.targets)
                return
            _live(plan, _Life(once, listen or DEFAULT_LISTEN, history_path(history, lasting=not emulator)))
        return
    if named:
        raise UsageError("--config says what is watched: only --listen, --history and --once go with it")
    found, plan = read_plan(config, os.environ, check_only=check_config)
    if check_config:
        _print(describe(plan.targets, found.missing, found.config.max_series))
        return
    path = history or found.file.path(found.config.history) or history_path(None)
    with _signals_held(once):
        _live(plan, _Life(once, listen or found.config.listen, path, config, found.config))


def _print_plan(targets: Sequence[Watched]) -> None:
    """What is watched without a file; ConfigError where it does not fit a budget."""
    notice("these are watched without a configuration file")
    _print(describe(targets, (), MAX_SERIES))
    if problems := list(over_budget(targets)):
        raise ConfigError("\n".join(problems))


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        typer.echo(line)


@dataclass(frozen=True, slots=True)
class _Life:
    """How the watch lives: once or on and on, where it listens, what it remembers, where it is told."""

    once: bool
    listen: str
    history: Path | None
    file: Path | None = None
    config: WatchConfig | None = None


def _live(plan: Plan, life: _Life) -> None:
    with Daemon(plan, life.history) as daemon:
        if life.once:
            for name in daemon.desk.probers:
                daemon.desk.now(name)
            typer.echo(render(daemon.registry), nl=False)
            runs = [
                run for name in daemon.desk.probers if (one := daemon.desk.last(name)) for run in one.runs
            ]
            if not any(run.reached for run in runs):
                raise NothingReachedError("nothing could be reached")
            raise_own_faults(runs)
            return
        warn(plan.targets)
        _serve(daemon, life)


def _serve(daemon: Daemon, life: _Life) -> None:
    _tell_loaded(daemon, good=True)
    reload = None if life.file is None else _reloader(daemon, life)
    pages = Pages(daemon.registry, daemon.desk.all_seen, daemon.desk, reload)
    with MetricsServer(pages, listen=life.listen) as server:
        names = list(daemon.desk.probers)
        who = ", ".join(names) if len(names) <= 12 else f"{len(names)} targets"
        notice(f"serving {server.url}/metrics for {who}")
        _settle()
        daemon.scheduler.start()
        while signal.sigwait(_SIGNALS) == signal.SIGHUP:
            if reload is None:
                notice("SIGHUP: there is no configuration file to read again")
            else:
                reload()
        daemon.stop()
    gc.freeze()  # or the interpreter looks through every contract before it ends, for a second and more


def _settle() -> None:
    """Leave what now lives on out of garbage collection, but free what a reload has replaced.

    Looking through every contract anew cost half of the time of a verdict on 1 MB.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def _reloader(daemon: Daemon, life: _Life) -> Callable[[], str | None]:
    """What reads the configuration again; it says what is wrong, and then nothing has changed."""

    lock = threading.Lock()

    def reload() -> str | None:
        with lock:
            problems = read()
            if problems is None:
                _settle()
        bad = f"{problems}\nthe configuration before is in use"
        notice("the configuration was read again" if problems is None else bad)
        return problems

    def read() -> str | None:
        assert life.file is not None  # noqa: S101 - or there is no reloader
        try:
            found, plan = read_plan(life.file, os.environ)
            daemon.take(plan)
        except DocswornError as error:
            _tell_loaded(daemon, good=False)
            return str(error)
        _tell_loaded(daemon, good=True)
        warn(plan.targets)
        for key in ("listen", "history", "threads"):
            if life.config is not None and getattr(found.config, key) != getattr(life.config, key):
                notice(f"{found.file.at(key)}: {key} takes effect at the next start")
        return None

    return reload


def _tell_loaded(daemon: Daemon, *, good: bool) -> None:
    series = daemon.metrics.series
    series.set("config_last_reload_successful", to=good)
    if good:
        series.set("config_last_reload_success_timestamp_seconds", to=time.time())


@contextmanager
def _signals_held(once: bool) -> Iterator[None]:
    """Signals wait until we ask for them, in this thread and in those it starts."""
    if once:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

"""The watch as a whole: probers, schedule, metrics and pages, for as long as the process lives."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from ssl import SSLContext
from typing import Self

import typer
from prometheus_client import CollectorRegistry, GCCollector, PlatformCollector, ProcessCollector

from docsworn.errors import DocswornError
from docsworn.export.watch_metrics import WatchMetrics
from docsworn.observe.history import History
from docsworn.observe.journal import Journal
from docsworn.probe.budget import DAY
from docsworn.probe.tls import tls_context
from docsworn.watch.connectivity import Address, Connectivity
from docsworn.watch.desk import Desk
from docsworn.watch.news import NETWORK, News, State, states
from docsworn.watch.outcome import Outcome
from docsworn.watch.pool import Pool
from docsworn.watch.prober import Means, Prober
from docsworn.watch.recall import keep_gauges, recall_gauges
from docsworn.watch.schedule import MOST_THREADS, Job, Scheduler
from docsworn.watch.watched import Watched

GRACE_SECONDS = 3.0  # for what is under way when it is time to stop
_CONNECTIVITY_SECONDS = 5.0
_PRUNE_SECONDS = 600.0
_KEPT_IN_MEMORY_SECONDS = 3_600.0
# No target has a blank in its name.
_CONNECTIVITY, _DOCUMENTATION, _HISTORY = " connectivity", " documentation", " history"
_CHANGED, _COMPARED = "documentation_changed", "documentation_compared"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is watched; ``differs`` says whether the page at an address says other facts than a contract.

    ``history_days`` is for how long runs and findings that were fixed are kept in a file.
    """

    targets: tuple[Watched, ...]
    differs: Callable[[Watched, str], bool]
    references: tuple[Address, ...] = ()
    threads: int = MOST_THREADS
    history_days: float = 90.0


class Daemon:
    """A context manager that owns history, journal and threads; ``run`` and ``stop`` frame its life."""

    def __init__(self, plan: Plan, history: Path | None) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._plan = plan
        self._in_memory = history is None
        self._history = History(history)
        self._journal = Journal(history)
        self._connectivity = Connectivity()
        self._contexts = _Contexts()
        self._news = News()
        self._hastened: dict[str, float] = {}  # when the round ended after which a target was hastened
        self.metrics = WatchMetrics(self.registry, plan.targets)
        self._probes = Pool(plan.threads)
        self.desk = Desk({}, tell=self._tell, submit=self._probes.submit)
        self.scheduler = Scheduler(
            [],
            rng=random.Random(),  # noqa: S311 - jitter, not a secret
            clock=time.monotonic,
            on_error=lambda job, error: self._say(
                job.strip(), iter([State("round", trouble="failed", told=error)])
            ),
            threads=plan.threads,
        )
        self.take(plan)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._history.close()
        self._journal.close()

    def take(self, plan: Plan) -> None:
        """Watch this from now on; a target that has not changed keeps its results and its rhythm."""
        self._contexts = _Contexts()
        for target in plan.targets:  # a file that is no certificate is told now
            self._contexts(target)
        known = self.desk.probers
        probers = {}
        for target in plan.targets:
            old = known.get(target.name)
            unchanged = old is not None and old.watched.is_same(target)
            probers[target.name] = old if old and unchanged else Prober(target, self._means())
        self._plan = plan
        watched = [prober.watched for prober in probers.values()]
        self._connectivity.watch(watched, plan.references)
        self.metrics.watch(watched)
        self.metrics.series.set("own_connectivity", to=self._connectivity.own)
        self.desk.replace(probers)
        for name in known:
            if probers.get(name) is not known[name]:
                self._news.forget(name)
        for name, prober in probers.items():
            if prober is not known.get(name) and (last := self.desk.last(name)) is not None:
                gauges = recall_gauges(self._journal, prober.watched, time.time())
                self.metrics.restore(prober.watched, last, gauges)
        self.scheduler.replace(list(self._jobs(watched)))

    def stop(self) -> None:
        """Begin nothing more, let what is under way end within the grace, and forget what does not."""
        began = time.monotonic()
        self.scheduler.stop(grace_seconds=GRACE_SECONDS)
        self.desk.close(grace_seconds=max(0.0, began + GRACE_SECONDS - time.monotonic()))

    def _means(self) -> Means:
        return Means(self._history, self._journal, self._connectivity, lambda one: self._contexts(one))

    def _jobs(self, targets: Sequence[Watched]) -> Iterable[Job]:
        intervals = [one.interval_seconds for one in targets if one.interval_seconds is not None]
        often = min([_CONNECTIVITY_SECONDS, *intervals])
        yield Job(_CONNECTIVITY, often, self._look_for_ourselves)
        yield Job(_HISTORY, _PRUNE_SECONDS, self._prune)
        for target in targets:
            if target.interval_seconds is not None:
                yield Job(target.name, target.interval_seconds, _now(self.desk, target.name), target.jitter)
            if target.page is not None:
                yield from self._page_job(target, *target.page)
            else:
                self._tell_page(target, None, None)

    def _prune(self) -> None:
        kept = _KEPT_IN_MEMORY_SECONDS if self._in_memory else self._plan.history_days * DAY
        self._history.prune(time.time() - kept, shrink=False)
        self._say(_HISTORY.strip(), iter([State("round")]))

    def _page_job(self, target: Watched, address: str, interval: float) -> Iterable[Job]:
        changed = self._journal.marked(target.subject, _CHANGED)
        compared = self._journal.marked(target.subject, _COMPARED)
        self._tell_page(target, changed, compared)

        def compare() -> float | None:
            before = self._journal.marked(target.subject, _COMPARED)
            if before is not None and (left := before + interval - time.time()) > 0:
                return left
            try:
                differs = float(self._plan.differs(target, address))
            except DocswornError as error:
                notice(f"{target.name}: the documentation was not compared: {error}")
                return None
            now = time.time()
            self._journal.mark(target.subject, _CHANGED, differs)
            self._journal.mark(target.subject, _COMPARED, now)
            self._tell_page(target, differs, now)
            self._say(target.name, iter([State("documentation", trouble="changed" if differs else "")]))
            self._say(f"{target.name}{_DOCUMENTATION}", iter([State("round")]))
            return None

        yield Job(f"{target.name}{_DOCUMENTATION}", interval, compare, target.jitter)

    def _tell_page(self, target: Watched, changed: float | None, compared: float | None) -> None:
        self.metrics.series.set("documentation_changed", target.name, to=changed)
        self.metrics.series.set("documentation_last_check_timestamp_seconds", target.name, to=compared)

    def _tell(self, prober: Prober, outcome: Outcome) -> None:
        self.metrics.tell(prober.watched, outcome)
        gauges = self.metrics.series.gauges(prober.watched.name)
        keep_gauges(self._journal, prober.watched, gauges, outcome.ended)
        self._tell_connectivity()
        self._say(prober.watched.name, chain([State("round")], states(prober.watched, outcome)))
        for crash in sorted({crash for run in outcome.runs for crash in run.crashes}):
            notice(f"{outcome.target}: docsworn's own fault, not the provider's: {crash}")

    def _tell_connectivity(self) -> None:
        own = self._connectivity.own
        self.metrics.series.set("own_connectivity", to=own)
        self._say(NETWORK, iter([State("network", trouble="gone" if own is False else "")]))

    def _fail(self, job: str, error: str) -> None:
        self._say(job.strip(), iter([State("round", trouble="failed", told=error)]))

    def _say(self, name: str, found: Iterator[State]) -> None:
        for line in self._news.of(name, found):
            notice(line)

    def _look_for_ourselves(self) -> None:
        """See whether we are still cut off; once we are not, probe again whom we could not reach."""
        if self._connectivity.own is False:
            self._connectivity.again()
        self._tell_connectivity()
        if self._connectivity.own is False:
            return
        for name in self.desk.probers:
            last = self.desk.last(name)
            if last is not None and last.offline and self._hastened.get(name) != last.ended:
                self._hastened[name] = last.ended
                self.scheduler.hasten([name])


class _Contexts:
    """One TLS context for each file of authorities: making one takes 17 ms."""

    def __init__(self) -> None:
        self._made: dict[Path | None, SSLContext] = {}
        self._lock = threading.Lock()

    def __call__(self, watched: Watched) -> SSLContext | None:
        target = watched.target
        if not target.base_url.startswith("https:"):
            return None
        with self._lock:
            if target.ca not in self._made:
                self._made[target.ca] = tls_context(target.ca)
            return self._made[target.ca]


def notice(text: str) -> None:
    """A line for people, on stderr; nobody reading is no reason to end."""
    with contextlib.suppress(OSError):
        typer.echo(text, err=True)


def _now(desk: Desk, name: str) -> Callable[[], float | None]:
    return lambda: desk.now(name)

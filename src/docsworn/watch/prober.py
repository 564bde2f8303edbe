"""Holds the rounds of one target: what is asked, when it must not be, and what came of it."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from ssl import SSLContext

from docsworn.model import Case, Exchange, Purpose, Run, Severity
from docsworn.observe.findings import STANDING
from docsworn.observe.history import History
from docsworn.observe.journal import Journal, JournalBudget
from docsworn.observe.outcome import fixtures, sent
from docsworn.observe.rounds import hold_and_learn, scope_of
from docsworn.probe.client import Client
from docsworn.watch.config import OWN_MODULE
from docsworn.watch.connectivity import Connectivity
from docsworn.watch.outcome import Gone, Outcome
from docsworn.watch.patience import MOST_SECONDS, asks_for_pause, pause_after
from docsworn.watch.pool import map_together
from docsworn.watch.recall import keep, recall
from docsworn.watch.rotation import Menu, menus, turn
from docsworn.watch.watched import Manner, Watched

_HOLD, _REFUSALS, _ERRORS_ASKED, _TURN = "hold_until", "refusals", "errors_asked", "turn"
_GONE_STATUSES = (404, 410)
_ROUND_SECONDS = 3_600.0  # no round takes that long
_SEEN_SECONDS = 60.0  # how exactly it is kept when a conversation was last there


@dataclass(frozen=True, slots=True)
class Means:
    """What every prober shares; ``clock`` gives Unix seconds, ``tls`` a context for each target."""

    history: History
    journal: Journal
    connectivity: Connectivity
    tls: Callable[[Watched], SSLContext | None]
    clock: Callable[[], float] = time.time


class Prober:
    """Probes one target; what must be remembered is in the journal, so a restart changes nothing."""

    def __init__(self, watched: Watched, means: Means) -> None:
        self.watched = watched
        self._means = means
        self._journal = means.journal
        self._lock = threading.Lock()
        self._seen: dict[str, float] = {}
        self._missing: dict[str, tuple[str, ...]] = {}
        self._menus = {
            name: menus(watched.contract, watched.target.ids, manner.scenarios)
            for name, manner in watched.modules.items()
        }

    def held_until(self) -> float:
        """Until when (Unix seconds) the provider asked us to send nothing; 0 where it did not."""
        until, now = self._journal.marked(self.watched.subject, _HOLD) or 0.0, self._means.clock()
        # Nobody is waited for that long: then it was our clock that was wrong.
        return until if now < until < now + MOST_SECONDS + _ROUND_SECONDS else 0.0

    def recall(self, module: str) -> Outcome | None:
        """The last round as a process before this one has kept it, with budget and pause as now."""
        watched, now = self.watched, self._means.clock()
        outcome = recall(self._journal, watched, module, now)
        if outcome is None:
            return None
        if module == OWN_MODULE:
            self._missing = dict(outcome.missing)
        remaining = self._journal.remaining(watched.subject, watched.target.budget, now)
        return replace(outcome, remaining=remaining, hold_until=self.held_until())

    def probe(self, module: str, seconds: float | None = None) -> Outcome:
        """Hold one round; no request is begun after ``seconds``. A ConfigError where a key is missing."""
        manner, clock = self.watched.modules[module], self._means.clock
        started = clock()
        held_until = self.held_until()
        if held_until:
            return self._outcome(module, started, (), held_until)
        ends = None if seconds is None else time.monotonic() + seconds
        with self._lock, self._client() as client:
            runs = tuple(self._rounds(module, manner, client, ends))
        offline = False
        if any(run.reached for run in runs):
            self._means.connectivity.reached()
        elif any(sent(exchange) for run in runs for exchange in run.exchanges):
            offline = self._means.connectivity.not_reached(self.watched) is False
        self._note_pauses(runs)
        if module == OWN_MODULE:
            self._note_missing(runs)
        outcome = self._outcome(module, started, runs, self.held_until(), offline)
        keep(self._journal, self.watched, outcome)
        return outcome

    def _outcome(
        self, module: str, started: float, runs: tuple[Run, ...], held_until: float, offline: bool = False
    ) -> Outcome:
        watched, now = self.watched, self._means.clock()
        return Outcome(
            target=watched.name,
            module=module,
            started=started,
            ended=now,
            runs=tuple(_without_values(run) for run in runs),
            remaining=self._journal.remaining(watched.subject, watched.target.budget, now),
            hold_until=held_until,
            gone=tuple(self._look_for_fixtures(runs)),
            offline=offline,
            open={run.operation: self._open(run.operation) for run in runs},
            missing=dict(self._missing),
        )

    def _open(self, operation: str) -> Mapping[Severity, int]:
        scope = scope_of(self.watched.contract, operation, self.watched.target.host)
        standing = self._means.history.findings(scope, states=STANDING)
        return Counter(known.finding.severity for known in standing)

    def _client(self) -> Client:
        # A new connection each round: that is what a caller who comes by would see, phase by phase.
        target = self.watched.target
        budget = JournalBudget(self._journal, self.watched.subject, target.budget, self._means.clock)
        return Client(target, budget, clock=self._means.clock, tls=self._means.tls(self.watched))

    def _rounds(self, module: str, manner: Manner, client: Client, ends: float | None) -> Iterator[Run]:
        errors = self._error_contract_is_due(manner)
        number = int(self._journal.marked(self.watched.subject, f"{_TURN}/{module}") or 0)
        if manner.at_once is not None:
            self._journal.mark(self.watched.subject, f"{_TURN}/{module}", number + 1)
        paused = threading.Event()
        for menu in self._menus[module]:
            good = turn(menu.good, number, manner.at_once)
            cases = (*good, *(menu.errors if errors else ()))
            yield self._held(menu, self._send(client, cases, manner, ends, paused), manner, errors)

    def _held(self, menu: Menu, exchanges: Sequence[Exchange], manner: Manner, errors: bool) -> Run:
        watched = self.watched
        asked = "only the error contract" if errors else "nothing"
        notes = () if watched.target.ids else (
            f"{watched.target.ids_env} names no conversation: {asked} was checked",
        )  # fmt: skip
        run = hold_and_learn(
            watched.contract,
            menu.operation,
            exchanges,
            host=watched.target.host,
            history=self._means.history,
            checks=manner.checks,
            clock=self._means.clock,
            notes=notes,
            siblings=watched.siblings,
        )
        return replace(run, provider=watched.name)

    def _error_contract_is_due(self, manner: Manner) -> bool:
        if manner.error_seconds is None:
            return False
        now, subject = self._means.clock(), self.watched.subject
        asked = self._journal.marked(subject, _ERRORS_ASKED)
        if asked is not None and now - asked < manner.error_seconds:
            return False
        self._journal.mark(subject, _ERRORS_ASKED, now)
        return True

    def _send(
        self,
        client: Client,
        cases: Sequence[Case],
        manner: Manner,
        ends: float | None,
        paused: threading.Event,
    ) -> tuple[Exchange, ...]:
        """The exchanges in the order of the cases; once ``paused``, nothing more is sent."""

        def send(case: Case) -> Exchange | None:
            left = None if ends is None else ends - time.monotonic()
            if paused.is_set() or (left is not None and left <= 0):
                return None
            limit = manner.deadline_seconds if left is None else min(left, manner.deadline_seconds)
            exchange = client.send(case, seconds=limit)
            if asks_for_pause(exchange):
                paused.set()
            return exchange

        found = map_together(send, cases, self.watched.concurrency)
        return tuple(exchange for exchange in found if exchange is not None)

    def _note_pauses(self, runs: Sequence[Run]) -> None:
        exchanges = [exchange for run in runs for exchange in run.exchanges]
        answered = [exchange for exchange in exchanges if exchange.status is not None]
        refusals = int(self._journal.marked(self.watched.subject, _REFUSALS) or 0)
        usual = self.watched.interval_seconds or self.watched.min_interval_seconds
        pauses = [
            exchange.started + exchange.timings.total + pause
            for exchange in answered
            if (pause := pause_after(exchange, refusals + 1, usual)) is not None
        ]
        if pauses:
            self._journal.mark(self.watched.subject, _HOLD, max(pauses))
            self._journal.mark(self.watched.subject, _REFUSALS, refusals + 1)
        elif answered and refusals:
            self._journal.mark(self.watched.subject, _REFUSALS, 0)

    def _look_for_fixtures(self, runs: Sequence[Run]) -> Iterator[Gone]:
        """The configured conversations that are gone, and a note in the journal of those that are there."""
        for run in runs:
            for exchange in run.exchanges:
                case = exchange.case
                if case.purpose is not Purpose.GOOD or case.subject_id is None:
                    continue
                mark = f"seen/{self._journal.anonymous(case.subject_id)}"
                if exchange.status in _GONE_STATUSES:
                    yield Gone(case.id, self._journal.marked(self.watched.subject, mark))
                elif exchange.status is not None and exchange.status < 300:
                    self._note_seen(mark, exchange.started)

    def _note_missing(self, runs: Sequence[Run]) -> None:
        """Which conversations are gone, of all that were asked for."""
        for run in runs:
            present, gone = fixtures(run, self.watched.contract.operation(run.operation))
            known = {*self._missing.get(run.operation, ()), *gone}
            self._missing[run.operation] = tuple(sorted(known - present))

    def _note_seen(self, mark: str, at: float) -> None:
        if at - self._seen.get(mark, 0.0) >= _SEEN_SECONDS:
            self._journal.mark(self.watched.subject, mark, at)
            self._seen[mark] = at


def _without_values(run: Run) -> Run:
    """The run as it may be kept: bodies, headers, paths and ids are private, and large."""
    exchanges = tuple(
        replace(exchange, case=replace(exchange.case, path="", subject_id=None), headers=(), body=None)
        for exchange in run.exchanges
    )
    return replace(run, exchanges=exchanges)

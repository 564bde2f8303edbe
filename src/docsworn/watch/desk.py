"""The last result of every target, and one call to a provider however many ask for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, wait
from dataclasses import replace

from docsworn.errors import UnknownNameError
from docsworn.watch.config import OWN_MODULE
from docsworn.watch.outcome import Outcome
from docsworn.watch.prober import Prober

_Key = tuple[str, str]


class Desk:
    """Asks probers, once at a time for each target and module, and keeps what they said.

    ``tell`` gets every outcome of a target's own module before anybody else does; ``submit`` runs
    something in the background.
    """

    def __init__(
        self,
        probers: Mapping[str, Prober],
        *,
        tell: Callable[[Prober, Outcome], None],
        submit: Callable[[Callable[[], None]], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._tell, self._submit, self._clock = tell, submit, clock
        self._probers = dict(probers)
        self._last: dict[_Key, Outcome] = {}
        self._recalled: set[_Key] = set()
        self._flights: dict[_Key, Future[Outcome]] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def probers(self) -> Mapping[str, Prober]:
        """Every prober by the name of its target."""
        return self._probers

    def replace(self, probers: Mapping[str, Prober]) -> None:
        """Ask these from now on; results of targets that are new or changed are forgotten."""
        with self._lock:
            same = {name for name, prober in probers.items() if self._probers.get(name) is prober}
            self._last = {key: last for key, last in self._last.items() if key[0] in same}
            self._flights = {key: flight for key, flight in self._flights.items() if key[0] in same}
            self._probers = dict(probers)
            self._recall(name for name in probers if name not in same)

    def _recall(self, names: Iterable[str]) -> None:
        """What processes before this one have kept, until there is something newer."""
        for name in names:
            prober = self._probers[name]
            for module in prober.watched.modules:
                if (outcome := prober.recall(module)) is not None:
                    self._last[name, module] = outcome
                    self._recalled.add((name, module))

    def close(self, *, grace_seconds: float) -> None:
        """Wait for what is under way, and keep and tell nothing of what comes after that."""
        with self._lock:
            flights = list(self._flights.values())
        wait(flights, grace_seconds)
        with self._lock:
            self._closed = True

    def last(self, name: str, module: str = OWN_MODULE) -> Outcome | None:
        """The last outcome of a target, if there is one."""
        return self._last.get((name, module))

    def all_seen(self) -> bool:
        """Whether every target that is scheduled has an outcome of this process."""
        return all(
            (name, OWN_MODULE) in self._last and (name, OWN_MODULE) not in self._recalled
            for name, prober in self._probers.items()
            if prober.watched.interval_seconds is not None
        )

    def now(self, name: str) -> float | None:
        """Hold a round in this thread, unless one is under way; seconds for which to hold still."""
        flight, mine = self._board(name, OWN_MODULE)
        if mine:
            self._fly(name, OWN_MODULE, None, flight)
        outcome = flight.result()
        return max(0.0, outcome.hold_until - self._clock()) or None

    def ask(self, name: str, module: str, seconds: float | None) -> Future[Outcome]:
        """The outcome that is young enough, is under way, or is fetched now within ``seconds``.

        UnknownNameError for a target or a module that is not configured.
        """
        if name not in self._probers:
            raise UnknownNameError("target", name, self._probers)
        watched = self._probers[name].watched
        if module not in watched.modules:
            raise UnknownNameError("module", module, watched.modules)
        last = self.last(name, module)
        # A clock that was set back makes no result young.
        if last is not None and 0 <= self._clock() - last.started < watched.min_interval_seconds:
            done: Future[Outcome] = Future()
            done.set_result(last)
            return done
        flight, mine = self._board(name, module)
        if mine:
            self._submit(lambda: self._fly(name, module, seconds, flight))
        return flight

    def _board(self, name: str, module: str) -> tuple[Future[Outcome], bool]:
        """The flight that is under way, or a new one that is the caller's to fly."""
        with self._lock:
            known = self._flights.get((name, module))
            if known is not None:
                return known, False
            flight = self._flights[name, module] = Future()
            flight.set_running_or_notify_cancel()  # a caller that leaves cancels nobody's result
            return flight, True

    def _fly(self, name: str, module: str, seconds: float | None, flight: Future[Outcome]) -> None:
        try:
            prober = self._probers[name]
            outcome = self._keep(prober, module, prober.probe(module, seconds))
        except BaseException as error:
            self._land(name, module, flight)
            flight.set_exception(error)
        else:
            self._land(name, module, flight)
            flight.set_result(outcome)

    def _land(self, name: str, module: str, flight: Future[Outcome]) -> None:
        with self._lock:
            if self._flights.get((name, module)) is flight:
                del self._flights[name, module]

    def _keep(self, prober: Prober, module: str, outcome: Outcome) -> Outcome:
        """What is to be said from now on: during a pause, what was said before."""
        name = prober.watched.name
        with self._lock:
            if self._closed or self._probers.get(name) is not prober:
                return outcome
            before = self._last.get((name, module))
            if outcome.held and before is not None:
                outcome = replace(before, hold_until=outcome.hold_until, remaining=outcome.remaining)
            self._last[name, module] = outcome
            self._recalled.discard((name, module))
            fresh = outcome.runs if before is None or before.runs is not outcome.runs else ()
        if module == OWN_MODULE:
            self._tell(prober, replace(outcome, runs=fresh))
        return outcome

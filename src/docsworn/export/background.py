"""What a report says of a run beside the run itself: its history, its contract, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docsworn.contract.compiled import CompiledContract
from docsworn.model import Promise, Run
from docsworn.observe.findings import Known, State
from docsworn.observe.history import History
from docsworn.observe.runs import PastRun
from docsworn.observe.scope import Scope
from docsworn.observe.trend import Bucket
from docsworn.probe.curl import curl_lines

DAY = 86_400.0
UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Background:
    """The history of a run's scope as it is after the run; empty where there is none.

    ``at`` is the run's end, ``since`` where the told stretch of time begins (Unix seconds). ``known``
    has every finding by fingerprint and ``states`` how it changed; ``promises`` each promise of the
    contract with what became of it last. ``curl`` has a command by case. ``packs`` is the folder of packs
    that commands must name, empty where it is the usual one, None where there is no contract.
    """

    host: str = ""
    at: float = 0.0
    since: float = 0.0
    known: Mapping[str, Known] = field(default_factory=dict)
    states: Mapping[int, Sequence[tuple[float, State]]] = field(default_factory=dict)
    previous: PastRun | None = None
    trend: tuple[Bucket, ...] = ()
    promises: tuple[tuple[Promise, str], ...] = ()
    curl: Mapping[str, str] = field(default_factory=dict)
    packs: str | None = None

    def promise(self, name: str) -> Promise | None:
        """A promise of the contract by id; None where there is none, or no contract."""
        return next((promise for promise, _ in self.promises if promise.id == name), None)

    def fixed(self) -> tuple[Known, ...]:
        """The findings that were fixed in the told stretch of time, the last first."""
        fixed = (one for one in self.known.values() if one.state is State.FIXED and one.since >= self.since)
        return tuple(sorted(fixed, key=lambda one: -one.since))


NO_BACKGROUND = Background()
Key = tuple[str, str, str]


def key_of(run: Run) -> Key:
    """What a report knows a run by."""
    return (run.provider, run.operation, run.revision)


def read_background(
    history: History,
    scope: Scope,
    contract: CompiledContract | None = None,
    *,
    base_url: str | None = None,
    since: float | None = None,
    trend: bool = True,
    packs: Path | None = None,
) -> Background:
    """The background of the last run of a scope; NO_BACKGROUND where nothing was recorded.

    ``since`` is in Unix seconds (None: since the last run). Without a contract there is no tree and
    nothing to waive; without a base URL nothing to reproduce. ``trend`` false leaves out the pictures, which
    read every run of their time. ``packs`` is the folder of packs that was given, None for the usual one.
    """
    runs = history.runs(scope, last=2)
    if not runs:
        return NO_BACKGROUND
    known = {one.finding.fingerprint: one for one in history.findings(scope)}
    at = runs[0].at
    return Background(
        host=scope.host,
        at=at,
        since=at if since is None else since,
        known=known,
        states=history.states(scope),
        previous=runs[1] if len(runs) > 1 else None,
        trend=history.trend(scope, at - 90 * DAY if since is None else since) if trend else (),
        promises=() if contract is None else _promises(history, scope, contract),
        curl={} if contract is None or base_url is None else _curl(contract, scope, base_url, known),
        packs=None if contract is None else str(packs or ""),
    )


def _promises(history: History, scope: Scope, contract: CompiledContract) -> tuple[tuple[Promise, str], ...]:
    ledger = history.ledger(scope)
    return tuple(
        (promise, ledger[name].state if name in ledger else UNSEEN)
        for name, promise in contract.operation(scope.operation).promises.items()
    )


def _curl(
    contract: CompiledContract, scope: Scope, base_url: str, known: Mapping[str, Known]
) -> Mapping[str, str]:
    cases = [one.finding.case for one in known.values()]
    return curl_lines(contract.settings, contract.operation(scope.operation).operation, base_url, cases)

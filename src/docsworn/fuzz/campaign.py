"""A run of generated requests: sent in their order, judged, and each new failure made small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from docsworn.fuzz.judge import Judge
from docsworn.fuzz.request import Request, Subject, case_of, sort_of
from docsworn.fuzz.send import CountedBudget, FuzzClient
from docsworn.fuzz.shrink import shrink
from docsworn.model import Exchange, FailureReason, Finding
from docsworn.probe.rate_limit import TOO_MANY_REQUESTS

_MAX_SHRINKS = 24  # requests for one failure
_MAX_SILENT = 3  # exchanges in a row without an answer

_Signature = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """A finding and the simplest request found that shows it."""

    request: Request
    finding: Finding


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to: how many requests of each sort were sent, and how many were answered.

    ``interrupted`` says that a person ended it (Ctrl-C); what was found until then stands.
    """

    sent: int
    answered: int
    sorts: Counter[str]
    failed: tuple[Failed, ...]
    notes: tuple[str, ...]
    interrupted: bool = False


@dataclass(slots=True)
class Campaign:
    """One run over one operation; ``pause`` waits for so many seconds where the budget asks for it."""

    subject: Subject
    ids: tuple[str, ...]
    client: FuzzClient
    budget: CountedBudget
    judge: Judge
    pause: Callable[[float], None]
    sent: int = 0
    answered: int = 0
    silent: int = 0
    stopped: bool = False
    sorts: Counter[str] = field(default_factory=Counter)
    failed: dict[_Signature, Failed] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def run(self, requests: Sequence[Request]) -> Report:
        """Send the requests until all are sent, the budget is spent, or the API or a person wants no more."""
        interrupted = False
        try:
            self._send_all(requests)
        except KeyboardInterrupt:
            interrupted = True
            self._stop("interrupted")
        failed, notes = tuple(self.failed.values()), tuple(self.notes)
        return Report(self.sent, self.answered, self.sorts, failed, notes, interrupted)

    def _send_all(self, requests: Sequence[Request]) -> None:
        for request in requests:
            seen = self.send(request)
            if seen is None:
                break
            found = {self._signature(request, finding): finding for finding in seen[1]}
            new = {key: finding for key, finding in found.items() if key not in self.failed}
            if new:
                self.failed |= {key: Failed(request, finding) for key, finding in new.items()}
                self._note(request, new)

    def send(self, request: Request) -> tuple[Exchange, tuple[Finding, ...]] | None:
        """The answer to one request and what it broke; None where no more may be sent."""
        if self.stopped or self.budget.left < 1:
            return None
        seconds = self.budget.wait_seconds()
        if seconds:
            self.pause(seconds)
        before = self.budget.left
        exchange = self.client.send(case_of(self.subject, request, self.ids, self.sent + 1))
        if exchange.failure is not None and exchange.failure.reason is FailureReason.BUDGET:
            self._stop(exchange.failure.detail)
            return None
        self.sent += before - self.budget.left
        self.answered += exchange.status is not None
        self.sorts[sort_of(self.subject, request)] += 1
        findings = self.judge.findings(request, exchange)
        self._heed(exchange, findings)
        return exchange, findings

    def _note(self, request: Request, new: dict[_Signature, Finding]) -> None:
        """Keep new findings with a simple request; those that it does not show keep their own."""
        wanted = next(iter(new))
        shown: dict[Request, dict[_Signature, Finding]] = {request: new}
        left = _MAX_SHRINKS

        def still_fails(simpler: Request) -> bool | None:
            nonlocal left
            seen = self.send(simpler) if left else None
            if seen is None:
                return None
            left -= 1
            shown[simpler] = {self._signature(simpler, found): found for found in seen[1]}
            return wanted in shown[simpler]

        smallest = shrink(self.subject, request, still_fails) if self.answered else request
        for key, found in new.items():
            if key in shown[smallest]:
                self.failed[key] = Failed(smallest, shown[smallest][key])
            else:
                self.failed[key] = Failed(request, found)

    def _signature(self, request: Request, finding: Finding) -> _Signature:
        sort = sort_of(self.subject, request)
        return finding.fingerprint, sort, finding.observed, finding.documented

    def _heed(self, exchange: Exchange, findings: Sequence[Finding]) -> None:
        """Stop where going on would harm: asking on with a refused key could lock an account out."""
        self.silent = self.silent + 1 if exchange.status is None else 0
        if exchange.status == TOO_MANY_REQUESTS:
            self._stop("the API asked for fewer requests (429)")
        elif exchange.status is not None and any(found.reason == "auth" for found in findings):
            self._stop("the key is not accepted")
        elif self.silent >= _MAX_SILENT:
            self._stop(f"no answer {_MAX_SILENT} times in a row")

    def _stop(self, why: str) -> None:
        self.stopped = True
        self.notes.append(f"stopped early: {why}")

"""A run of generated requests: sent in their order, judged, and each new failure made small."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from docsworn.fuzz.failed import Failed, by_kind
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
    failed: dict[frozenset[_Signature], Failed] = field(default_factory=dict)
    told: set[_Signature] = field(default_factory=set)
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
            fresh = {key: found for key, found in self._signed(request, seen[1]) if key not in self.told}
            if fresh:
                self.told.update(fresh)
                new = [Failed(request, findings) for findings in by_kind(fresh.values())]
                self.failed |= {self._signatures(request, each.findings): each for each in new}
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

    def _note(self, request: Request, new: Sequence[Failed]) -> None:
        """Keep new failures with a simple request; those that it does not show keep their own."""
        wanted = self._signatures(request, new[0].findings)
        shown: dict[Request, dict[_Signature, Finding]] = {
            request: {key: finding for each in new for key, finding in self._signed(request, each.findings)}
        }
        left = _MAX_SHRINKS

        def still_fails(simpler: Request) -> bool | None:
            nonlocal left
            seen = self.send(simpler) if left else None
            if seen is None:
                return None
            left -= 1
            shown[simpler] = dict(self._signed(simpler, seen[1]))
            return wanted <= shown[simpler].keys()

        smallest = shrink(self.subject, request, still_fails) if self.answered else request
        for each in new:
            signatures = self._signatures(request, each.findings)
            if signatures <= shown[smallest].keys():
                simple = (shown[smallest][key] for key, _ in self._signed(request, each.findings))
                self.failed[signatures] = Failed(smallest, tuple(simple))

    def _signatures(self, request: Request, findings: Sequence[Finding]) -> frozenset[_Signature]:
        return frozenset(key for key, _ in self._signed(request, findings))

    def _signed(self, request: Request, findings: Sequence[Finding]) -> Iterator[tuple[_Signature, Finding]]:
        """The findings with what tells them from those of other requests; the same of a field is no news."""
        sort = sort_of(self.subject, request)
        for found in findings:
            seen = "" if found.pointer else found.observed
            yield (found.fingerprint, sort, seen, found.documented), found

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

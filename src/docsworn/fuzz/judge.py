"""What an answer to a generated request says: the checks of the house, and what should be refused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from docsworn.check.hold import hold
from docsworn.check.secrets import without_secrets
from docsworn.check.subject import Check
from docsworn.contract.compiled import CompiledContract
from docsworn.errors import DocswornError
from docsworn.fuzz.request import Request, Sort, Subject, is_plain, sort_of, violations
from docsworn.model import Exchange, Finding, Kind, Learned, Purpose, Severity
from docsworn.probe.rate_limit import TOO_MANY_REQUESTS

# Of the checks, those that one answer to any request can be held to.
CHECKS = (
    "reachable", "server_error", "redirect", "status", "error_contract", "content_type", "headers", "parses",
    "body_schema", "undocumented", "invariants", "identity",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Judge:
    """Holds answers to one operation's contract; ``today`` decides which waivers run.

    ``secrets`` are the key and the configured ids: an API may send them back where a short token shows.
    """

    contract: CompiledContract
    subject: Subject
    checks: Sequence[Check]
    today: date
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def findings(self, request: Request, exchange: Exchange) -> tuple[Finding, ...]:
        """What the answer broke; DocswornError where a check crashed."""
        if exchange.status == TOO_MANY_REQUESTS:
            return ()  # our pace is at fault, not the request
        seen = self._lenient(request, exchange)
        held = hold(
            self.contract,
            self.subject.operation.id,
            (seen,),
            learned=Learned(),
            checks=self.checks,
            today=self.today,
        )
        if held.crashes:
            raise DocswornError(f"docsworn's own fault: {'; '.join(held.crashes)}")
        found = (*held.run.findings, *self._accepted(request, exchange))
        return tuple(without_secrets(finding, self.secrets) for finding in found)

    def _lenient(self, request: Request, exchange: Exchange) -> Exchange:
        """A known id with odd parameters may be answered well or refused: both are right."""
        refused = exchange.status is not None and 400 <= exchange.status < 500
        odd = sort_of(self.subject, request) is Sort.KNOWN and not is_plain(self.subject, request)
        if not (odd and refused):
            return exchange
        return replace(exchange, case=replace(exchange.case, purpose=Purpose.MALFORMED_ID))

    def _accepted(self, request: Request, exchange: Exchange) -> Iterator[Finding]:
        """A parameter off its schema that is taken all the same: documentation does not forbid that."""
        if exchange.status is None or not 200 <= exchange.status < 300:
            return
        if sort_of(self.subject, request) is not Sort.KNOWN:
            return  # told by the error contract
        promise = self.contract.operation(self.subject.operation.id).promise("status")
        for parameter in violations(self.subject, request):
            yield Finding(
                provider=self.contract.contract.provider,
                operation=self.subject.operation.id,
                revision=self.contract.contract.revision,
                promise=promise.id,
                kind=Kind.STATUS,
                severity=Severity.WARNING,
                pointer="",
                documented=f"{parameter} as its schema has it",
                observed=f"status {exchange.status}: accepted what it should reject",
                source=promise.source,
                case=exchange.case.id,
                reason="accepted",
            )

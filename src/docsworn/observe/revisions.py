"""Which revision is a provider serving? Every good response is held against all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from docsworn.check.strict_json import parse
from docsworn.contract.compiled import CompiledContract, CompiledResponse
from docsworn.model import Exchange, Purpose


def revision_fits(
    contracts: Sequence[CompiledContract], operation: str, exchanges: Sequence[Exchange]
) -> tuple[tuple[str, float], ...]:
    """Each revision with the share (0 to 1) of its promises that the good responses kept, best first.

    Listed fields that are absent and fields that a revision does not document count against it.
    Empty where no good response with a body came.
    """
    answers = [
        (exchange, parsed.value)
        for exchange in exchanges
        if _is_good(exchange) and (parsed := parse(exchange.body or b"")).problem is None
    ]
    fits = [(contract.contract.revision, _share(contract, operation, answers)) for contract in contracts]
    known = [(revision, share) for revision, share in fits if share is not None]
    return tuple(sorted(known, key=lambda fit: -fit[1]))


def _is_good(exchange: Exchange) -> bool:
    status = exchange.status or 0
    return exchange.case.purpose is Purpose.GOOD and 200 <= status < 300 and bool(exchange.body)


def _share(
    contract: CompiledContract, operation: str, answers: Iterable[tuple[Exchange, object]]
) -> float | None:
    kept = total = 0
    for exchange, body in answers:
        response = contract.operation(operation).response_for(exchange.status or 0)
        if response is not None:
            mine, of = _held(response, body, dict(exchange.case.query))
            kept, total = kept + mine, total + of
    return kept / total if total else None


def _held(response: CompiledResponse, body: object, query: dict[str, str]) -> tuple[int, int]:
    """How many promises a body keeps, and of how many that it puts to the test."""
    seen = response.survey(body, query)
    valid = response.is_valid(body)
    broken = set() if valid else {breach.promise.id for breach in response.breaches(body)}
    missed = sum(promise.keyword == "presence" for promise, _ in seen.absent)
    tested = len(seen.exercised | broken) + len(seen.present) + missed + len(seen.undocumented)
    return len(seen.exercised - broken) + len(seen.present), tested

"""Rounds of the made-up contract, for tests of the history."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from docsworn.check.hold import Held, hold
from docsworn.check.loader import load_checks
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.model import Case, Credential, Exchange, Failure, FailureReason, Purpose, Timings
from docsworn.observe.history import History
from docsworn.observe.outcome import judge
from docsworn.observe.scope import Scope
from tests.contract.sample import BODY, SETTINGS, contract

SCOPE = Scope("host", "acme", "get_call", "v1")
GOOD = {"id": "c1", "type": "a", "note": "n", "face": "f", "steps": []}
CHECKS = load_checks()


def sample() -> CompiledContract:
    """The made-up contract, ready."""
    return compile_contract(contract({**BODY, "x-unnamed": []}), SETTINGS)


def exchange(number: int, body: dict[str, Any] | None) -> Exchange:
    """A good case answered with a body, or not at all."""
    return Exchange(
        case=Case(
            id=f"get_call/good/{number}",
            operation="get_call",
            purpose=Purpose.GOOD,
            credential=Credential.KEY,
            path="/calls/c1",
            subject_id="c1",
        ),
        started=0.0,
        timings=Timings(total=0.01, wait=0.005),
        status=None if body is None else 200,
        headers=(("content-type", "application/json"),),
        body=None if body is None else json.dumps(body).encode(),
        failure=Failure(FailureReason.CONNECT, "no connection") if body is None else None,
    )


def see(
    compiled: CompiledContract,
    history: History,
    *bodies: dict[str, Any] | None,
    at: float,
    scope: Scope = SCOPE,
    today: date = date(2026, 11, 20),
) -> Held:
    """Hold these bodies (None for no answer) to the contract in one round that ends ``at``."""
    exchanges = [exchange(number, body) for number, body in enumerate(bodies, start=1)]
    learned = history.learned(scope)
    held = hold(compiled, "get_call", exchanges, learned=learned, checks=CHECKS, today=today)
    operation = compiled.operation("get_call")
    outcome = judge(held.run, operation)
    history.record(
        scope, held, operation.body_promises, outcome=outcome, at=at, promised=operation.promise_ids
    )
    return held

"""A made-up provider of voyages, whose bodies have every kind of place that a profile can know."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from docsworn.check.hold import Held, hold
from docsworn.check.loader import load_checks
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.model import Case, Credential, Exchange, Learned, Purpose, Timings
from docsworn.observe.history import History
from docsworn.observe.scope import Scope
from tests.contract.sample import SETTINGS, contract

SCOPE = Scope("host", "acme", "get_call", "v1")
CHECKS = load_checks()
_TEXT = {"type": "string"}
_LEG = {
    "type": "object",
    "properties": {
        "role": {"enum": ["sail", "row"]},
        "wind": {"type": "integer"},
        "oars": {"type": "integer"},
        "crew": {"type": "object", "properties": {"cook": _TEXT, "mate": _TEXT}},
    },
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "x-source": {"document": "page.md", "line": 10},
    "properties": {
        "id": _TEXT,
        "type": {"type": "string", "x-open-enum": True, "x-known-values": ["a", "b"]},
        "when": _TEXT,
        "mood": _TEXT,
        "name": _TEXT,
        "note": {},
        "size": {"type": "number"},
        "tide": {"type": ["string", "null"]},
        "legs": {"type": "array", "items": _LEG},
        "tags": {"type": "object", "additionalProperties": _TEXT},
    },
}
BODY: dict[str, Any] = {
    "type": "a",
    "when": "2026-03-02T09:00:00Z",
    "mood": "calm",
    "name": "Ada Boat of the quay",
    "note": "high water",
    "size": 12,
    "tide": "low",
    "legs": [
        {"role": "sail", "wind": 3, "crew": {"cook": "C. Ook"}},
        {"role": "row", "oars": 4, "crew": {"cook": "C. Ook", "mate": "M. Ate"}},
    ],
    "tags": {"Ms Secret": "blue sky"},
}
Body = dict[str, Any]


def voyages() -> CompiledContract:
    """The contract, ready; the state is at /type."""
    return compile_contract(contract(SCHEMA), SETTINGS.model_copy(update={"context": ("/type",)}))


def body(identifier: str, change: Callable[[Body], Any] = len) -> Body:
    """The body of one voyage, changed in place."""
    made = {"id": identifier, **copy.deepcopy(BODY)}
    change(made)
    return made


def answer(
    seen: Any, *, status: int = 200, who: str = "c1", purpose: Purpose = Purpose.GOOD, at: float = 0.0
) -> Exchange:
    """A case answered with a body."""
    return Exchange(
        case=Case(
            id=f"get_call/{purpose}",
            operation="get_call",
            purpose=purpose,
            credential=Credential.KEY,
            path=f"/calls/{who}",
            subject_id=who,
        ),
        started=at,
        timings=Timings(total=0.01),
        status=status,
        headers=(("content-type", "application/json"),),
        body=json.dumps(seen).encode(),
    )


def judge(compiled: CompiledContract, learned: Learned, *exchanges: Exchange) -> Held:
    """Hold exchanges to the contract with what is known, and learn nothing."""
    today = date(2026, 11, 20)
    return hold(compiled, "get_call", exchanges, learned=learned, checks=CHECKS, today=today)


def see(compiled: CompiledContract, history: History, *exchanges: Exchange) -> Held:
    """Hold exchanges to the contract in one round, and learn from it."""
    held = judge(compiled, history.learned(SCOPE), *exchanges)
    history.record(SCOPE, held, compiled.operation("get_call").promises)
    return held


def sail(compiled: CompiledContract, history: History, who: Iterable[str], times: int) -> None:
    """So many ordinary rounds of these voyages."""
    names = tuple(who)
    for _ in range(times):
        see(compiled, history, *(answer(body(name), who=name) for name in names))


def novel(held: Held) -> list[tuple[str, str]]:
    """Kind and place of what the profile told."""
    return [
        (str(found.kind), found.pointer) for found in held.run.findings if found.promise.endswith("novel")
    ]

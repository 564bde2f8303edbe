"""In which situation a body came: only bodies of the same situation are alike."""

from __future__ import annotations

import json
from functools import lru_cache

from docsworn.model import Case, Exchange, Purpose

ANY_STATE = "any state"


def situation(exchange: Exchange, context: tuple[str, ...] | None) -> str | None:
    """The status, the purpose, the query asked, and the state: what bodies are compared within.

    None where the state of a good answer is not known, or what was asked.
    """
    if context is None and exchange.case.purpose is Purpose.GOOD:
        return None
    return _name(exchange, context or ())


def any_state(exchange: Exchange) -> str:
    """The situation with no regard to the state: what states there are is compared within."""
    return _name(exchange, ANY_STATE)


def conversation(case: Case) -> str:
    """What tells a conversation (or a bad request) from others of the same operation."""
    return (case.subject_id or case.path) if case.purpose is Purpose.GOOD else case.id


def _name(exchange: Exchange, state: str | tuple[str, ...]) -> str:
    case = exchange.case
    query = tuple(sorted(case.query)) if case.query_known else "unknown"
    return _written(exchange.status, case.purpose, query, state)


@lru_cache(maxsize=256)
def _written(
    status: int | None, purpose: str, query: str | tuple[tuple[str, str], ...], state: str | tuple[str, ...]
) -> str:
    return json.dumps([status, purpose, query, state])

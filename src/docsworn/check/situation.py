"""In which situation a body came: only bodies of the same situation are alike."""

from __future__ import annotations

import json
from functools import lru_cache

from docsworn.check.subject import Subject

ANY_STATE = "any state"


def situation(subject: Subject) -> str | None:
    """The status, the purpose, the query asked, and the state: what bodies are compared within.

    None where the state of a good answer is not known, or what was asked.
    """
    if subject.is_good and subject.context is None:
        return None
    return _name(subject, subject.context or ())


def any_state(subject: Subject) -> str:
    """The situation with no regard to the state: what states there are is compared within."""
    return _name(subject, ANY_STATE)


def conversation(subject: Subject) -> str:
    """What tells a conversation (or a bad request) from others of the same operation."""
    case = subject.case
    return (case.subject_id or case.path) if subject.is_good else case.id


def _name(subject: Subject, state: str | tuple[str, ...]) -> str:
    case = subject.case
    query = tuple(sorted(case.query)) if case.query_known else "unknown"
    return _written(subject.exchange.status, case.purpose, query, state)


@lru_cache(maxsize=256)
def _written(
    status: int | None, purpose: str, query: str | tuple[tuple[str, str], ...], state: str | tuple[str, ...]
) -> str:
    return json.dumps([status, purpose, query, state])

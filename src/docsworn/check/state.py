"""Which state a body is in: the words at the provider's context places, where these are words of a state.

A state is stored and compared with, so an API that sends a name or an id there must not make one: only
what the page lists, or what came again and again in several conversations, is a state of its own.
"""

from __future__ import annotations

from collections.abc import Sequence

from docsworn.contract.compiled import CompiledResponse
from docsworn.contract.pointer import resolve
from docsworn.contract.shape import token
from docsworn.model import OTHER_STATE, Learned


def state_of(
    body: object, places: Sequence[str], response: CompiledResponse, learned: Learned
) -> tuple[str, ...] | None:
    """The values at the context places, each as it is or as any other; None where one is missing."""
    values = context_at(body, places)
    if values is None or learned.states is None:
        return values
    state = []
    for place, value in zip(places, values, strict=True):
        known = value in response.looker.listed(place) or value in learned.states.get(place, ())
        state.append(value if known else OTHER_STATE)
    return tuple(state)


def context_at(body: object, places: Sequence[str]) -> tuple[str, ...] | None:
    """The values at the context places (``?`` for what is no short token); None where one is missing."""
    values = []
    try:
        for place in places:
            value = resolve(body, place)
            values.append((token(value) if isinstance(value, str) else None) or OTHER_STATE)
    except LookupError:
        return None
    return tuple(values)

"""A conversation lives: from state to state along ``next`` of the scenarios, under one id."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from docsworn.contract.pointer import resolve
from docsworn.emulate.bodies import Variant
from docsworn.emulate.edits import put
from docsworn.emulate.moments import shift
from docsworn.emulate.scenarios import Life
from docsworn.emulate.stage import Conversation
from docsworn.errors import ConfigError

_NOWHERE = object()
_NUMBER = re.compile(r"\+[0-9]{7,15}")  # of a telephone


def later_states(conversations: Mapping[str, Conversation], state: str) -> tuple[str, ...]:
    """The scenarios that may come after a state, near ones first; ``conversations`` by scenario name."""
    found: dict[str, None] = {}
    waiting = [state]
    while waiting:
        for name in conversations[waiting.pop(0)].next:
            if name not in found:
                found[name] = None
                waiting.append(name)
    return tuple(found)


def next_state(conversations: Mapping[str, Conversation], state: str, wanted: str | None) -> str:
    """The state to go to: the usual next one, or the wanted one; ConfigError where it cannot follow."""
    later = later_states(conversations, state)
    if not later:
        raise ConfigError(f'"{state}" is the end of this conversation\'s life')
    if wanted is None:
        return later[0]
    if wanted not in later:
        raise ConfigError(f'after "{state}" comes {" or ".join(later)}')
    return wanted


def answers_as(conversation: Conversation, state: Conversation, life: Life) -> tuple[Variant, ...]:
    """The answers of a conversation that is in a state: those of the state's scenario, as its own.

    Under its id, at its time, and with the values that do not change in a life.
    """
    if conversation.id == state.id:
        return state.variants
    first = conversation.variants[-1].body  # what is answered where nothing is asked for beside
    return tuple(
        Variant(each.query, _continued(_renamed(each.body, state.id, conversation.id), first, life))
        for each in state.variants
    )


def _continued(body: Any, first: Any, life: Life) -> Any:
    """A later state's body with the moments moved to the life's beginning, and its constants carried over."""
    if life.began is not None:
        body = shift(body, _at(body, life.began), _at(first, life.began))
    for pointer in (*filter(None, [life.began]), *life.constant):
        old, kept = _at(body, pointer), _at(first, pointer)
        if kept is _NOWHERE or kept == old:
            continue
        if isinstance(old, str) and isinstance(kept, str) and _NUMBER.fullmatch(old):
            body = _renamed(body, old.lstrip("+"), kept.lstrip("+"))  # stands in other texts too
        put(body, pointer, copy.deepcopy(kept))
    return body


def _at(body: Any, pointer: str) -> Any:
    try:
        return resolve(body, pointer)
    except LookupError:
        return _NOWHERE


def _renamed(value: Any, old: str, new: str) -> Any:
    if isinstance(value, str):
        return value.replace(old, new)
    if isinstance(value, dict):
        return {name: _renamed(item, old, new) for name, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, old, new) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and str(value) == old and new.isdecimal():
        return int(new)
    return value


def by_name(conversations: Iterable[Conversation]) -> dict[str, Conversation]:
    """Conversations by the name of their scenario."""
    return {each.name: each for each in conversations}

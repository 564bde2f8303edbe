"""All invariants of a body asked together: what they see of it, and what they said of the same before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs
import orjson

from docsworn.contract.cel_core import cel
from docsworn.contract.invariants import VARIABLES, CompiledInvariant, State
from docsworn.contract.reach import Reach, project, reach_of, sight
from docsworn.contract.recall import Recall, Test
from docsworn.model import Invariant

_MAX_KNOWN, _MAX_KEY = 64, 4096  # answers that are kept, and bytes of what each is an answer to


@dataclass(frozen=True, slots=True)
class Answer:
    """What all invariants of a body say; ``faults`` are those that failed by our own fault."""

    kept: frozenset[str]
    broken: tuple[CompiledInvariant, ...]
    not_evaluable: frozenset[str]
    faults: tuple[tuple[CompiledInvariant, BaseException], ...]


@dataclass(frozen=True, slots=True)
class Invariants:
    """All invariants of one body, and what of it they look at; safe to share between threads."""

    all: tuple[CompiledInvariant, ...]
    reach: Reach
    variables: frozenset[str] = VARIABLES
    _known: dict[bytes, Answer] = field(default_factory=dict, repr=False, compare=False)
    _said: Recall[Answer] = field(default_factory=lambda: Recall(_MAX_KNOWN), repr=False, compare=False)

    def ask(self, body: Any, request: dict[str, Any], named: dict[str, Any], conversation: str) -> Answer:
        """What each of them says of a body.

        The same few bodies come again and again, and expressions see little of them: what was asked
        before is a look-up, and of a conversation of which they see nothing but the body a quick test.
        """
        if request or named:
            return self._ask(body, request, named)
        said = self._said.find(conversation, body)
        if said is not None:
            return said
        return self._said.keep(conversation, self._ask(body, {}, {}), lambda: self._still(body))

    def _still(self, body: Any) -> Test | None:
        """What says whether another body looks the same to them."""
        schema = sight(self.reach, body)
        return None if schema is None else jsonschema_rs.Draft202012Validator(schema, offline=True).is_valid

    def _ask(self, body: Any, request: dict[str, Any], named: dict[str, Any]) -> Answer:
        seen = self._seen(body, request, named)
        try:
            key = orjson.dumps(seen)
        except orjson.JSONEncodeError:  # a number beyond 64 bits
            return self._evaluate(seen)
        known = self._known.get(key)
        if known is None:
            known = self._evaluate(seen)
            if not known.faults and len(key) <= _MAX_KEY:
                if len(self._known) >= _MAX_KNOWN:
                    self._known.clear()
                self._known[key] = known
        return known

    def _seen(self, body: Any, request: dict[str, Any], named: dict[str, Any]) -> list[tuple[str, Any]]:
        """What they see by its name, without what they do not look at."""
        seen: list[tuple[str, Any]] = []
        if "body" in self.variables:
            seen.append(("body", project(self.reach, body)))
        if "request" in self.variables:
            seen.append(("request", request))
        if "named" in self.variables:
            seen.append(("named", named))
        return seen

    def _evaluate(self, seen: Iterable[tuple[str, Any]]) -> Answer:
        context = cel.Context()
        for name, value in seen:
            context.add_variable(name, value)
        by_state: dict[State, list[CompiledInvariant]] = {state: [] for state in State}
        faults = []
        for invariant in self.all:
            try:
                by_state[invariant.evaluate(context)].append(invariant)
            except BaseException as error:
                faults.append((invariant, error))
        return Answer(
            kept=frozenset(found.promise.id for found in by_state[State.KEPT]),
            broken=tuple(by_state[State.BROKEN]),
            not_evaluable=frozenset(found.promise.id for found in by_state[State.NOT_EVALUABLE]),
            faults=tuple(faults),
        )


def by_status(invariants: Iterable[CompiledInvariant]) -> dict[str, Invariants]:
    """The invariants of an operation by the status of the body that they are about."""
    grouped: dict[str, list[CompiledInvariant]] = {}
    for found in invariants:
        grouped.setdefault(found.invariant.status, []).append(found)
    return {
        status: Invariants(
            tuple(each),
            reach_of(text for one in each for text in _texts(one.invariant)),
            frozenset(name for one in each for name in one.variables),
        )
        for status, each in grouped.items()
    }


def _texts(invariant: Invariant) -> tuple[str, ...]:
    return (invariant.hold,) if invariant.when is None else (invariant.when, invariant.hold)

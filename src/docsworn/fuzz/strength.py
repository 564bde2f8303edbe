"""The strength of a contract: which wrongs its checks would see, promise by promise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from docsworn.contract.compiled import CompiledResponse
from docsworn.contract.places import Listed, Place
from docsworn.contract.pointer import join, split
from docsworn.contract.unions import fits_type
from docsworn.fuzz.mutate import OTHER_FIELD, mutants, value_at, with_value, without_field
from docsworn.fuzz.routes import Via
from docsworn.fuzz.witness import Witness, Witnesses
from docsworn.model import Kind, Promise

SEEN = "seen"
ELSEWHERE = "elsewhere"
UNSEEN = "unseen"

NEEDS_PROFILE = "not required: only a profile of at least 20 responses knows that it is always there"
NAMES_BRANCH = "not required: without it another branch of a union around it is meant"
OTHER_BRANCH = "another branch of a union around it takes what it forbids"
NOT_ASSERTED = "no validator asserts it: it only describes the value"
UNBUILDABLE = "no valid body that reaches its place was found"
NO_WRONG = "what it forbids is allowed by what stands beside it"
UNKNOWN_KEYWORD = "no mutant is known for this keyword"


@dataclass(frozen=True, slots=True)
class Tried:
    """One mutant and what became of it: ``seen`` at its place with its kind, ``elsewhere``, ``unseen``.

    ``others`` counts what was told beside the wrong that was done.
    """

    mutation: str
    outcome: str
    observed: str = ""
    others: int = 0


@dataclass(frozen=True, slots=True)
class Strength:
    """How well one promise is guarded; ``reason`` says why where not every mutant is seen."""

    promise: Promise
    tried: tuple[Tried, ...]
    reason: str | None = None

    @property
    def is_seen(self) -> bool:
        """Whether there are mutants and each is seen at its place with its kind."""
        return bool(self.tried) and all(each.outcome == SEEN for each in self.tried)

    def count(self, outcome: str) -> int:
        """How many mutants came out so."""
        return sum(each.outcome == outcome for each in self.tried)


Note = Callable[[Any], object]

_ABOUT_TYPES = frozenset({"type", "oneOf", "anyOf"})


def strengths(response: CompiledResponse, undocumented: Promise, note: Note) -> Iterator[Strength]:
    """The strength of each promise of a body; ``note`` is given every witness and every mutant."""
    built = Witnesses(response)
    for index, place in enumerate(response.places.all):
        yield from _at_place(built, index, undocumented, note)
        for listed in place.listed:
            yield _listed(response, listed, built, place, note)


_Attempt = Callable[[Witness], Strength]


def _at_place(built: Witnesses, index: int, undocumented: Promise, note: Note) -> Iterator[Strength]:
    """What comes of each promise in the first body in which it can be broken, the smallest tried first."""
    response, place = built.response, built.response.places.all[index]
    waiting: dict[Promise, _Attempt] = {}
    for name in place.own:
        promise = response.promises[name]
        waiting[promise] = partial(_keyword, built, promise, index, note)
    for field, name in place.required.items():
        promise = response.promises[name]
        waiting[promise] = partial(_required, built, promise, index, field, note)
    if place.closed:
        waiting[undocumented] = partial(_closed, response, undocumented, place, note)
    last = {promise: Strength(promise, (), UNBUILDABLE) for promise in waiting}
    for witness in built.witnesses(index) if waiting else ():
        note(witness.body)
        for promise, attempt in waiting.items():
            last[promise] = _better(last[promise], attempt(witness))
        waiting = {promise: attempt for promise, attempt in waiting.items() if not last[promise].is_seen}
        if not waiting:
            break
    yield from last.values()


def _better(before: Strength, now: Strength) -> Strength:
    """Of two attempts the one that saw more; a smaller body may not even show which branch it means."""
    if not now.tried and before.reason == UNBUILDABLE:
        return now
    return now if now.tried and (not before.tried or now.is_seen) else before


def _keyword(built: Witnesses, promise: Promise, index: int, note: Note, witness: Witness) -> Strength:
    response, keyword = built.response, promise.keyword
    old = value_at(witness.body, witness.path)
    if keyword == "format" and not isinstance(old, str):
        return Strength(promise, (), NOT_ASSERTED)
    tried: list[Tried] = []
    made = False
    for words, value in mutants(built.nodes[index], keyword, old):
        made = True
        # A union takes a value of any of its branches' types: only none of them breaks it here.
        if keyword in _ABOUT_TYPES and fits_type(response.places, built.top_of(index), value):
            continue
        body = with_value(witness.body, witness.path, value)
        note(body)
        if not response.is_valid(body):
            tried.append(_try(response, promise, built.nodes[index], words, body))
    if tried:
        return Strength(promise, tuple(tried))
    return Strength(promise, (), _why_not(built, index) if made else UNKNOWN_KEYWORD)


def _why_not(built: Witnesses, index: int) -> str:
    return OTHER_BRANCH if any(step.via is Via.BRANCH for step in built.routes[index]) else NO_WRONG


def _required(
    built: Witnesses, promise: Promise, index: int, name: str, note: Note, witness: Witness
) -> Strength:
    body = without_field(witness.body, witness.path, name)
    note(body)
    if built.response.is_valid(body):
        return Strength(promise, (), _why_not(built, index))
    return Strength(promise, (_try(built.response, promise, {}, "left out", body),))


def _listed(
    response: CompiledResponse, listed: Listed, built: Witnesses, place: Place, note: Note
) -> Strength:
    """A field that is listed and not required: leaving it out is valid, and no single response shows it."""
    there = [place.properties[name] for name in listed.names if name in place.properties]
    reason = UNKNOWN_KEYWORD
    for witness in built.witnesses(there[0]) if there else ():
        reason = NAMES_BRANCH
        body = without_field(witness.body, witness.path[:-1], str(witness.path[-1]))
        note(body)
        absent = (promise.id for promise, _ in response.survey(body, dict(listed.when)).absent)
        if listed.promise.id in absent:
            reason = NEEDS_PROFILE
            break
    return Strength(listed.promise, (Tried("left out", UNSEEN),), reason)


def _closed(
    response: CompiledResponse, promise: Promise, place: Place, note: Note, witness: Witness
) -> Strength:
    """A field that nobody documented, in an object whose fields are listed."""
    holder = value_at(witness.body, witness.path)
    body = with_value(witness.body, witness.path, {**holder, OTHER_FIELD: 1})
    note(body)
    wanted = (*place.pattern, OTHER_FIELD)
    seen = any(split(pointer) == wanted for pointer in response.survey(body, {}).undocumented)
    return Strength(
        promise, (Tried(f"one more field in {join(*place.pattern) or '/'}", SEEN if seen else UNSEEN),)
    )


def _try(
    response: CompiledResponse, promise: Promise, node: Mapping[str, Any], words: str, body: Any
) -> Tried:
    """What the body check says of a mutant that is known to be invalid."""
    breaches = list(response.breaches(body))
    places = {promise.pointer, f"{promise.pointer}/{OTHER_FIELD}"}
    # A value of another type is none of the listed values either: both are right to be told.
    literal = promise.keyword == "type" and ("enum" in node or "const" in node)
    kinds = {promise.kind, Kind.ENUM} if literal else {promise.kind}
    if any(breach.pointer in places and breach.kind in kinds for breach in breaches):
        return Tried(words, SEEN, others=len(breaches) - 1)
    told = ", ".join(sorted({f"{breach.kind} at {breach.pointer or '/'}" for breach in breaches}))
    return Tried(words, ELSEWHERE if breaches else UNSEEN, told)

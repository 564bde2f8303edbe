"""Large documents: every pair of definitions that differs is compared once, wherever it is reached from."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from docsworn.compat.changes import Comparison, Direction, Verdict
from docsworn.compat.cutting import STUB, Cut, Link
from docsworn.compat.document import Document
from docsworn.compat.judging import Judge
from docsworn.compat.lifting import Lift
from docsworn.compat.sameness import Sameness
from docsworn.compat.sampling import NoSample, Sampler
from docsworn.compat.wording import same_words
from docsworn.errors import ContractError

Pair = tuple[str, str]

_PART = "of the part alone, the body found is none of the whole"
_MOST_BODIES = 4  # that are compared as a whole for one change
_MOST_COMPARED = 12  # in all
_MOST_PARTS = 40  # definitions that such a body reaches
_LIFTED = "the part alone breaks; no body of an operation that shows it was found"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a pair of definitions says for itself, and the differing pairs below it.

    The witness of a break is a body of the pair ``start``, where the definition is at ``place``.
    """

    comparison: Comparison
    links: tuple[Link, ...]
    start: Pair | None = None
    place: str = ""


@dataclass(slots=True)
class Network:
    """The differing pairs of definitions of two documents, for one direction."""

    old: Document
    new: Document
    direction: Direction
    names: Sameness
    compare: Callable[[Any, Any, Direction], Comparison]
    is_strict: bool = True
    compared: dict[Pair, Compared] = field(default_factory=dict)
    _lift: Lift | None = None
    _bodies: dict[Pair, bool] = field(default_factory=dict)
    _roots: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))

    def explore(self, starts: Iterable[tuple[Pair, Any, Any]]) -> None:
        """Compare every pair that these are or reach; then let the validators confirm what breaks."""
        waiting = deque(starts)
        begun = frozenset(pair for pair, _old, _new in waiting)
        while waiting:
            pair, old, new = waiting.popleft()
            if pair in self.compared:
                continue
            for side, name, schema in zip(self._roots, pair, (old, new), strict=True):
                side[name] = schema
            cut = Cut(self.names, 0 if self.direction is Direction.RESPONSE else 1, self.is_strict)
            comparison = self._compare(cut, old, new)
            self.compared[pair] = Compared(comparison, tuple(cut.links))
            waiting.extend(
                (link.pair, self.names.definition(link.pair, 0), self.names.definition(link.pair, 1))
                for link in cut.links
                if link.pair not in self.compared
            )
        self._confirm(begun)

    def _compare(self, cut: Cut, old: Any, new: Any) -> Comparison:
        try:
            sides = cut.both(old, new)
            same = same_words(*sides)
            return Comparison(Verdict.SAFE, ()) if same else self.compare(*sides, self.direction)
        except RecursionError:
            return Comparison(Verdict.UNKNOWN, (), reason="the schemas are too deep to be compared")
        except ContractError as error:  # one bad schema of hundreds is no reason to say nothing of the others
            return Comparison(Verdict.UNKNOWN, (), reason=f"a schema that is none: {error.problem}")

    def _confirm(self, starts: frozenset[Pair]) -> None:
        old, new = (
            Judge(document, self.direction, roots, _sampler(document, self.direction))
            for document, roots in zip((self.old, self.new), self._roots, strict=True)
        )
        reads = 0 if self.direction is Direction.RESPONSE else 1
        lift = Lift(starts, reads, (old, new), self._roots, (old, new)[1 - reads].sampler)
        lift.learn({pair: one.links for pair, one in self.compared.items()})
        self._lift = lift
        for pair, one in self.compared.items():
            self.compared[pair] = self.confirmed(pair, one)

    def cut(self, pair: Pair) -> tuple[Any, Any]:
        """Both definitions of a pair without what they refer to."""
        reads = 0 if self.direction is Direction.RESPONSE else 1
        cut = Cut(self.names, reads, self.is_strict)
        return cut.both(*(side[name] for side, name in zip(self._roots, pair, strict=True)))

    def confirmed(self, pair: Pair, one: Compared) -> Compared:
        """A break with a body of an operation that shows it, or what is not known of it."""
        lift = self._lift
        if one.comparison.verdict is not Verdict.BREAKING or lift is None:
            return one
        writes = 1 - lift.reads
        judge, name = lift.judges[writes], pair[writes]
        lifted, reason = None, _PART
        try:
            body = _whole(one.comparison.witness, judge)
            if not judge.takes(name, body):
                body = judge.mended(name, body)
            if judge.takes(name, body) and not lift.judges[lift.reads].takes(pair[lift.reads], body):
                lifted, reason = lift.lifted(pair, body), _LIFTED
        except (NoSample, RecursionError):
            pass
        if lifted is None and self._is_nowhere(lift.tops(pair)):
            return replace(one, comparison=_harmless(one.comparison))
        if lifted is None:
            return replace(one, comparison=_undecided(one.comparison, reason))
        known = replace(one.comparison, witness=lifted.body)
        return replace(one, comparison=known, start=lifted.start, place=lifted.place)

    def _is_nowhere(self, starts: Collection[Pair]) -> bool:
        """Whether the whole bodies that a pair is reached from are all safe, where they are few and small."""
        if not starts or len(starts) > _MOST_BODIES:
            return False
        for start in sorted(starts):
            if start not in self._bodies and len(self._bodies) < _MOST_COMPARED:
                self._bodies[start] = self._is_safe(start)
            if not self._bodies.get(start):
                return False
        return True

    def _is_safe(self, start: Pair) -> bool:
        old, new = (
            bundled(side[name], document, self.direction, _MOST_PARTS)
            for side, name, document in zip(self._roots, start, (self.old, self.new), strict=True)
        )
        try:
            few = old is not None and new is not None
            return few and self.compare(old, new, self.direction).verdict is Verdict.SAFE
        except (RecursionError, ContractError):
            return False

    def places(self, start: Pair) -> dict[Pair, str]:
        """Every pair that one reaches with the first place at which it does, itself too."""
        found = {start: ""}
        waiting = deque([start])
        while waiting:
            pair = waiting.popleft()
            for link in self.compared[pair].links:
                if link.pair not in found:
                    found[link.pair] = found[pair] + link.place
                    waiting.append(link.pair)
        return found

    def reaching(self, starts: Sequence[Pair]) -> dict[Pair, int]:
        """For each pair the starts that reach it, as bits."""
        found = dict.fromkeys(self.compared, 0)
        for at, start in enumerate(starts):
            found[start] |= 1 << at
        waiting = deque(starts)
        while waiting:
            pair = waiting.popleft()
            for link in self.compared[pair].links:
                if found[link.pair] | found[pair] != found[link.pair]:
                    found[link.pair] |= found[pair]
                    waiting.append(link.pair)
        return found


def _undecided(one: Comparison, reason: str) -> Comparison:
    return replace(one, verdict=Verdict.UNKNOWN, witness=None, witnessed=False, reason=reason)


def _harmless(one: Comparison) -> Comparison:
    return replace(one, verdict=Verdict.SAFE, witness=None, witnessed=False)


def bundled(schema: Any, document: Document, direction: Direction, most: int) -> Any:
    """A schema with the definitions that it reaches; None where there are too many."""
    found: dict[str, Any] = {}
    waiting = [schema]
    while waiting:
        for name in document.needed(waiting.pop()):
            if name not in found:
                found[name] = document.definition(name, direction)
                waiting.append(found[name])
        if len(found) > most:
            return None
    return {**schema, "$defs": found} if isinstance(schema, dict) else schema


def _sampler(document: Document, direction: Direction) -> Sampler:
    return Sampler(lambda name: document.definition(name, direction))


def _whole(body: Any, judge: Judge) -> Any:
    """A witness with real values in place of stubs."""
    if isinstance(body, list):
        return [_whole(item, judge) for item in body]
    if not isinstance(body, dict):
        return body
    stub = next((key.removeprefix(STUB) for key in body if key.startswith(STUB)), None)
    if stub is None:
        return {name: _whole(child, judge) for name, child in body.items()}
    if stub not in judge.document.origins:
        raise NoSample
    return judge.sampler.sample(judge.document.definition(stub, judge.direction))

"""A body of a definition put into a body of an operation that reaches it: only there a break is one.

What a definition alone breaks, an operation may not: other parts of the same value may forbid it, another
variant of the reader may take it, or no valid body may have the place at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.compat.cutting import Link
from docsworn.compat.holding import found, holding
from docsworn.compat.judging import Judge
from docsworn.compat.sampling import NoSample, Sampler, is_huge
from docsworn.contract.pointer import split

Pair = tuple[str, str]

_MOST_STEPS = 24


@dataclass(frozen=True, slots=True)
class Lifted:
    """A body of an operation, the pair of definitions that it is of, and the place of the change in it."""

    body: Any = field(repr=False)
    start: Pair
    place: str


@dataclass(slots=True)
class Lift:
    """The ways up from pairs of definitions to those that operations have as bodies.

    ``reads`` is the reader's index in a pair; ``judges`` and ``roots``, the schemas by name, stand as the
    pairs do; ``sampler`` gives values of the writer.
    """

    starts: frozenset[Pair]
    reads: int
    judges: tuple[Judge, Judge]
    roots: tuple[Mapping[str, Any], Mapping[str, Any]]
    sampler: Sampler
    _steps: dict[Pair, list[tuple[Pair, str]]] = field(default_factory=dict)

    def learn(self, links: Mapping[Pair, Iterable[Link]]) -> None:
        """Know the ways up, those to the nearest operation first."""
        far = dict.fromkeys((pair for pair in links if pair in self.starts), 0)
        waiting = deque(far)
        while waiting:
            pair = waiting.popleft()
            for link in links[pair]:
                self._steps.setdefault(link.pair, []).append((pair, link.place))
                if link.pair not in far:
                    far[link.pair] = far[pair] + 1
                    waiting.append(link.pair)

    def lifted(self, pair: Pair, body: Any) -> Lifted | None:
        """A body of an operation with this one in it that breaks its reader; None where none was found."""
        return self._search(Lifted(body, pair, ""), set())

    def tops(self, pair: Pair) -> frozenset[Pair]:
        """The bodies of operations that a pair is reached from."""
        known, waiting = {pair}, [pair]
        while waiting:
            above = {one for one, _place in self._steps.get(waiting.pop(), ())} - known
            known |= above
            waiting.extend(above)
        return self.starts & known

    def _search(self, one: Lifted, tried: set[tuple[Pair, Pair, str]]) -> Lifted | None:
        if one.start in self.starts:
            return one if self._breaks(one) else None
        for above, place in self._steps.get(one.start, ()):
            key = one.start, above, place
            if key in tried or len(tried) >= _MOST_STEPS:
                continue
            tried.add(key)
            higher = self._above(one, above, place)
            reached = None if higher is None else self._search(higher, tried)
            if reached is not None:
                return reached
        return None

    def _above(self, one: Lifted, above: Pair, place: str) -> Lifted | None:
        """One step up: a valid body of the pair above that the reader refuses; None where there is none."""
        writes = 1 - self.reads
        judge, name, parts = self.judges[writes], above[writes], split(place)
        try:
            body = holding(self.roots[writes][name], parts, one.body, self.sampler)
            if is_huge(body):
                return None
            if not judge.takes(name, body):
                body = judge.mended(name, body)
        except (NoSample, RecursionError):
            return None
        held = _is_held(one.body, found(body, parts)) and judge.takes(name, body)
        if not held or self.judges[self.reads].takes(above[self.reads], body):
            return None
        return Lifted(body, above, place + one.place)

    def _breaks(self, one: Lifted) -> bool:
        """Whether both validators say so."""
        writes = 1 - self.reads
        try:
            valid = self.judges[writes].accepts(one.start[writes], one.body) == (True, True)
            return valid and self.judges[self.reads].accepts(one.start[self.reads], one.body) == (
                False,
                False,
            )
        except RecursionError:
            return False


def _is_held(body: Any, now: Any) -> bool:
    """Whether a body is still there; a part of it may have needed more fields."""
    if isinstance(body, dict) and isinstance(now, dict):
        return all(name in now and now[name] == value for name, value in body.items())
    return bool(body == now)

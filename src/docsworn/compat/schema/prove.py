"""The question itself: is there a body that NEW allows and OLD does not?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docsworn.compat.schema.answers import Answer
from docsworn.compat.schema.dialects import Dialect
from docsworn.compat.schema.documents import Document, Spot
from docsworn.compat.schema.forms import Form, Kind, Pool
from docsworn.compat.schema.frozen import CLASSES, Frozen, spellings, thaw
from docsworn.compat.schema.lower import Lowering
from docsworn.compat.schema.solver import Budget, Solver
from docsworn.compat.schema.texts import Texts

STEPS = 20_000
_MOST_CANDIDATES = 5
_MOST_LIKELY = 24
_SEEDS = 10


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two documents, with the schema in question."""

    document: Document
    spot: Spot


class Prover:
    """Asks about two documents; what it learns of one pair of schemas serves the next."""

    def __init__(self, old: Document, new: Document, *, formats: bool, steps: int = STEPS) -> None:
        self.pool = Pool()
        dialects = (old.dialect, new.dialect)
        self._old = Lowering(old, self.pool, formats=formats)
        self._new = Lowering(new, self.pool, formats=formats)
        self._budget = Budget(steps)
        self._steps = steps
        self.solver = Solver(self.pool, Texts(_age(dialects)), _classes(dialects), self._budget)

    def form(self, spot: Spot, *, is_old: bool) -> Form:
        """The form of a schema of OLD, or of NEW."""
        return (self._old if is_old else self._new).lower(spot)

    def within(self, inner: Form, outer: Form) -> bool:
        """Whether it is proven that all of one form is of the other."""
        return self.counterexample(outer, inner).is_none

    def forms(self, old: Spot, new: Spot) -> tuple[Form, Form]:
        """The forms of a schema of OLD and of one of NEW."""
        return self._old.lower(old), self._new.lower(new)

    @property
    def is_endless(self) -> bool:
        """Whether a schema that was asked about leads to itself without a step into the body."""
        return any(_leads_to(form, form, self.pool, set()) for form in self.pool.recursive.values())

    def counterexample(self, old: Form, new: Form, excluded: tuple[Frozen, ...] = ()) -> Answer:
        """A body that NEW allows and OLD does not; or that there is none; or why that is not known."""
        self._budget.left = self._steps
        without = [self.pool.negated(self.pool.values(excluded))] if excluded else []
        return self.solver.solve([new, self.pool.negated(old), *without])

    def bodies(self, form: Form) -> list[Any]:
        """Some bodies that a form allows."""
        self._budget.left = self._steps
        values, _ = self.solver.several([form], _SEEDS)
        return [thaw(value) for value in values]

    def candidates(self, old: Form, new: Form) -> Iterator[tuple[Answer, list[Any]]]:
        """Answers one after the other, each with its body in all spellings, until one has none."""
        excluded: tuple[Frozen, ...] = ()
        sure = 0
        while sure < _MOST_CANDIDATES and len(excluded) < _MOST_LIKELY:
            answer = self.counterexample(old, new, excluded)
            yield answer, [] if answer.value is None else spellings(answer.value)
            if answer.value is None:
                return
            sure += answer.sure
            excluded = (*excluded, answer.value)


def _leads_to(start: Form, goal: Form, pool: Pool, seen: set[Form]) -> bool:
    """Whether a form reaches another one that speaks of the same value."""
    parts: tuple[Form, ...] = ()
    if start.kind in (Kind.ALL, Kind.ANY, Kind.ONE):
        parts = start.args[0]
    elif start.kind is Kind.NOT:
        parts = (start.args[0],)
    elif start.kind is Kind.REF:
        target = pool.recursive.get(start.args[0])
        parts = (target,) if target is not None else ()
    for part in parts:
        if part is goal:
            return True
        if part not in seen:
            seen.add(part)
            if _leads_to(part, goal, pool, seen):
                return True
    return False


def _age(dialects: tuple[Dialect, ...]) -> int:
    return max(dialect.age for dialect in dialects)


def _classes(dialects: tuple[Dialect, ...]) -> tuple[str, ...]:
    pointed = any(dialect.age == 4 for dialect in dialects)
    return tuple(cls for cls in CLASSES if pointed or cls != "pointed")

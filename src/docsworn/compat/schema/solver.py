"""The search for a value that keeps some forms: a tableau that tells a value, that there is none, or neither.

A goal is a set of forms. For each class of values the goal is a tree of literals; the solver for the class
finds a value for those that must hold, and a branch that the value falsifies is opened. A goal that asks for
itself below itself has no smallest value that way, so that way is closed: what is left is a proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from docsworn.compat.schema.answers import NO_VALUE, Answer, best, found
from docsworn.compat.schema.evaluate import Evaluator
from docsworn.compat.schema.fields import hopeful, marked
from docsworn.compat.schema.figures import find_number
from docsworn.compat.schema.forms import Form, Kind, Pool
from docsworn.compat.schema.frozen import NULL, Frozen
from docsworn.compat.schema.lists import find_array
from docsworn.compat.schema.maps import find_object
from docsworn.compat.schema.reduce import FALSE, Literal, Reducer, Tree, joined
from docsworn.compat.schema.texts import Texts

Goal = frozenset[Form]
_NEVER = 1 << 30


@dataclass(slots=True)
class Budget:
    """How many steps are left; a count and not a clock, so that runs do not differ."""

    left: int

    def spend(self, steps: int = 1) -> bool:
        """Whether there was something left."""
        self.left -= steps
        return self.left > 0


class Solver:
    """Solves goals over the forms of one pool."""

    def __init__(self, pool: Pool, texts: Texts, classes: Sequence[str], budget: Budget) -> None:
        self.pool = pool
        self.texts = texts
        self.classes = classes
        self.budget = budget
        self.evaluator = Evaluator(pool, texts)
        self._reducer = Reducer(pool)
        self._done: dict[Goal, Answer] = {}
        self._leaves: dict[tuple[str, frozenset[Literal]], Answer] = {}
        self._open: dict[Goal, int] = {}
        self._waiting: dict[Goal, int] = {}  # without a value if the open goal of that depth has none
        self._lowest = _NEVER  # the outermost open goal that was met again since

    def solve(self, forms: Iterable[Form]) -> Answer:
        """A value that keeps all the forms."""
        goal = self._goal(forms)
        if goal is None:
            return NO_VALUE
        if goal in self._done:
            return self._done[goal]
        if goal in self._waiting:
            self._lowest = min(self._lowest, self._waiting[goal])
            return NO_VALUE
        if goal in self._open:
            self._lowest = min(self._lowest, self._open[goal])
            return NO_VALUE
        if not self.budget.spend():
            return Answer(reason="the budget of steps is spent")
        depth, mark = len(self._open), len(self._waiting)
        self._open[goal] = depth
        outer, self._lowest = self._lowest, _NEVER
        try:
            answer = best(self._of_class(goal, cls) for cls in self.classes)
        finally:
            del self._open[goal]
            lowest, self._lowest = self._lowest, outer
        if lowest < depth:
            self._lowest = min(outer, lowest)
        self._keep(goal, answer, lowest, depth, mark)
        return answer

    def _keep(self, goal: Goal, answer: Answer, lowest: int, depth: int, mark: int) -> None:
        """Remembers an answer for as long as it holds.

        That there is no value may stand on a goal that is still open: then it waits for that one, and falls
        where that one has a value after all.
        """
        since = list(self._waiting)[mark:]
        if answer.is_none and lowest < depth:
            self._waiting[goal] = lowest
            return
        for other in since:
            del self._waiting[other]
            if answer.is_none:
                self._done[other] = NO_VALUE
        if lowest >= depth or (answer.value is not None and answer.sure):
            self._done[goal] = answer

    def several(self, forms: Iterable[Form], wanted: int) -> tuple[list[Frozen], Answer]:
        """Up to so many different values, and the answer that ended the search for more."""
        goal = list(forms)
        values: list[Frozen] = []
        answer = NO_VALUE
        while len(values) < wanted:
            without = [self.pool.negated(self.pool.values(values))] if values else []
            answer = self.solve([*goal, *without])
            if answer.value is None or not answer.sure:
                break
            values.append(answer.value)
        return values, answer

    def _goal(self, forms: Iterable[Form]) -> Goal | None:
        goal: dict[Form, None] = {}
        waiting = list(forms)
        while waiting:
            form = waiting.pop()
            if form.kind is Kind.ALL:
                waiting.extend(form.args[0])
            elif form is self.pool.nothing:
                return None
            else:
                goal[form] = None
        if any(form.kind is Kind.NOT and form.args[0] in goal for form in goal):
            return None
        return frozenset(goal)

    def _of_class(self, goal: Goal, cls: str) -> Answer:
        trees = []
        for form in sorted(goal, key=lambda form: form.id):
            tree = self._reducer.reduce(form, True, cls)
            if tree == FALSE:
                return NO_VALUE
            trees.append(tree)
        return self._branch(cls, {}, joined(True, trees))

    def _branch(
        self, cls: str, units: dict[Literal, None], tree: Tree, clauses: Sequence[Tree] = ()
    ) -> Answer:
        """A value that keeps the units, the tree and the clauses."""
        units, waiting = dict(units), [*clauses]
        if not _settle(units, waiting, tree):
            return NO_VALUE
        if cls == "object":
            open_still = marked(units, waiting)
            if open_still is None:
                return NO_VALUE
            waiting = open_still
        answer = self._leaf(cls, frozenset(units))
        if answer.is_none or not waiting:
            return answer
        chosen = self._falsified(waiting, answer)
        if chosen is None:
            return answer
        if not self.budget.spend():
            return Answer(reason="the budget of steps is spent")
        rest = [clause for clause in waiting if clause is not chosen]
        parts = hopeful(self, units, chosen.parts) if cls == "object" else chosen.parts
        return best(self._branch(cls, units, part, rest) for part in parts)

    def _falsified(self, clauses: Sequence[Tree], answer: Answer) -> Tree | None:
        """The clause to branch on: the shortest that the value falsifies; None where it keeps all surely."""
        if answer.value is None:
            return min(clauses, key=lambda clause: len(clause.parts))
        value = answer.value
        broken = [clause for clause in clauses if self.evaluator.keeps(clause, value) is False]
        if broken:
            return min(broken, key=lambda clause: len(clause.parts))
        unknown = [clause for clause in clauses if self.evaluator.keeps(clause, value) is None]
        return min(unknown, key=lambda clause: len(clause.parts), default=None)

    def _leaf(self, cls: str, units: frozenset[Literal]) -> Answer:
        key = (cls, units)
        if key in self._leaves:
            return self._leaves[key]
        outer, self._lowest = self._lowest, _NEVER
        answer = self._solved(cls, units)
        if self._lowest == _NEVER or (answer.value is not None and answer.sure):
            self._leaves[key] = answer
        self._lowest = min(self._lowest, outer)
        return answer

    def _solved(self, cls: str, units: frozenset[Literal]) -> Answer:
        # Sets have no order of their own, and the same question must get the same answer.
        literals = sorted(units, key=lambda literal: (literal[1].id, literal[0]))
        opaque = [form for _, form in literals if form.kind in (Kind.OPAQUE, Kind.REF)]
        literals = [literal for literal in literals if literal[1] not in opaque]
        finite = [form for holds, form in literals if holds and form.kind is Kind.VALUES]
        if finite:
            answer = best(self._tried(value, literals) for value in finite[0].args[0])
        elif cls in ("null", "boolean"):
            given = [NULL] if cls == "null" else [("boolean", True), ("boolean", False)]
            answer = best(self._tried(value, literals) for value in given)
        elif cls == "string":
            answer = self.texts.find(literals)
        elif cls == "array":
            answer = find_array(self, literals)
        elif cls == "object":
            answer = find_object(self, literals)
        else:
            answer = find_number(cls, literals)
        if opaque and answer.value is not None:
            return found(answer.value, sure=False, reason=str(opaque[0].args[0]))
        return answer

    def _tried(self, value: Frozen, literals: Sequence[Literal]) -> Answer:
        known = True
        for holds, form in literals:
            truth = self.evaluator.holds(form, value)
            if truth is None:
                known = False
            elif truth is not holds:
                return NO_VALUE
        return found(
            value, sure=known, reason="" if known else "a pattern or a format that is not understood"
        )


def _settle(units: dict[Literal, None], clauses: list[Tree], tree: Tree) -> bool:
    """Adds a tree to units and clauses and draws what follows at once; False where they contradict."""
    waiting = [tree]
    while waiting:
        part = waiting.pop()
        if part.literal is not None:
            holds, form = part.literal
            if (not holds, form) in units:
                return False
            units[part.literal] = None
        elif part.conjunctive:
            waiting.extend(part.parts)
        elif not part.parts:
            return False
        else:
            clauses.append(part)
        if not waiting:
            waiting.extend(_forced(units, clauses))
    return True


def _forced(units: dict[Literal, None], clauses: list[Tree]) -> list[Tree]:
    """Drops the clauses that hold already; gives the parts of those that have but one way left."""
    forced = []
    kept = []
    known = units.keys()
    for clause in clauses:
        if not known.isdisjoint(clause.literals):
            continue
        parts = tuple(part for part in clause.parts if known.isdisjoint(part.refuting))
        if len(parts) <= 1:
            forced.append(parts[0] if parts else FALSE)
        else:
            kept.append(clause if len(parts) == len(clause.parts) else Tree(None, False, parts))
    clauses[:] = kept
    return forced

"""Arrays that keep some literals: what each place keeps, what must be somewhere, how often, how different."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from docsworn.compat.schema.answers import NO_VALUE, Answer, best, found
from docsworn.compat.schema.forms import Form, Kind
from docsworn.compat.schema.frozen import Frozen, freeze
from docsworn.compat.schema.reduce import Literal

if TYPE_CHECKING:
    from docsworn.compat.schema.solver import Solver

_MOST_ITEMS = 10_000
_MOST_DIFFERENT = 40
_MOST_COUNTED = 300
_MOST_PLACED = 40
_MOST_CHOICES = 2_000

Range = tuple[int, int | None, Form]
Extra = Mapping[int, tuple[Form, ...]]
_ANYWHERE = -1  # of what is asked for once, other wishes may have the same place


@dataclass(frozen=True, slots=True)
class _Rules:
    """``each``: what the items of a range keep; ``some``: an item of the range that must be, with the number
    of the rule that asks for several such items; ``most_of``: how many items fit a form at most;
    ``distinct``: all items differ, two are equal, or neither."""

    each: tuple[Range, ...]
    some: tuple[tuple[Range, int], ...]
    most_of: tuple[tuple[Form, int], ...]
    least: int
    most: int | None
    distinct: bool | None

    @property
    def told(self) -> int:
        """The number of first places that are told apart; all later ones are alike."""
        ranges = [*self.each, *(wish for wish, _ in self.some)]
        edges = [start for start, _, _ in ranges]
        return max([*edges, *(stop for _, stop, _ in ranges if stop is not None)], default=0)


def find_array(solver: Solver, literals: Collection[Literal]) -> Answer:
    """An array that keeps all the literals."""
    kinds = {holds for holds, form in literals if form.kind is Kind.UNIQUE}
    if len(kinds) > 1:
        return NO_VALUE
    return _Arrays(solver, _rules(solver, literals, next(iter(kinds), None))).find()


def _rules(solver: Solver, literals: Collection[Literal], distinct: bool | None) -> _Rules:
    negated = solver.pool.negated
    each = tuple(form.args for holds, form in literals if form.kind is Kind.ITEMS and holds)
    some: list[tuple[Range, int]] = []
    for holds, form in literals:
        if form.kind is Kind.ITEMS and not holds:
            start, stop, inner = form.args
            some.append(((start, stop, negated(inner)), _ANYWHERE))
    counts = [form.args for _, form in literals if form.kind is Kind.COUNT]
    contains = [form.args for _, form in literals if form.kind is Kind.CONTAINS]
    for at, (form, low, _) in enumerate(contains):
        some += [((0, None, form), at)] * min(low, _MOST_PLACED + 1)
    most_of = tuple((form, most) for form, _, most in contains if most is not None)
    mosts = [most for _, most in counts if most is not None]
    least = max([0, *(low for low, _ in counts), *(low for _, low, _ in contains)])
    return _Rules(each, tuple(some), most_of, least, min(mosts, default=None), distinct)


class _Arrays:
    def __init__(self, solver: Solver, rules: _Rules) -> None:
        self.solver = solver
        self.rules = rules

    def find(self) -> Answer:
        rules = self.rules
        if rules.most is not None and rules.least > rules.most:
            return NO_VALUE
        if rules.least > _MOST_ITEMS or len(rules.some) > _MOST_PLACED:
            return Answer(reason="a very long array")
        # Longer than this, an item can be left out: nothing asks for it.
        spare = len(rules.some) + (2 if rules.distinct is False else 0)
        longest = max(rules.least, rules.told) + spare
        longest = longest if rules.most is None else min(longest, rules.most)
        return best(self._of_length(length) for length in self._lengths(longest))

    def _lengths(self, longest: int) -> Iterator[int]:
        """The lengths to try, up to the first place at which no item can stand."""
        for length in range(self.rules.least, longest + 1):
            yield length
            if self.solver.solve(self._kept(length)).is_none:
                return

    def _kept(self, at: int) -> list[Form]:
        return [form for start, stop, form in self.rules.each if start <= at and (stop is None or at < stop)]

    def _of_length(self, length: int) -> Answer:
        told = min(self.rules.told, length)
        for at in range(min(told + 1, length)):
            if self.solver.solve(self._kept(at)).is_none:
                return NO_VALUE
        return best(self._placed(length, {}, frozenset(), self.rules.some))

    def _placed(
        self,
        length: int,
        extra: Extra,
        taken: frozenset[tuple[int, int]],
        some: Sequence[tuple[Range, int]],
    ) -> Iterator[Answer]:
        """Answers with what must be somewhere put at each place that may have it.

        ``taken`` are the places of each rule that asks for several items.
        """
        if not self.solver.budget.spend():
            yield Answer(reason="the budget of steps is spent")
            return
        if not some:
            yield best(self._limited(length, extra))
            return
        ((start, stop, form), rule), *rest = some
        for at in self._places(start, stop, length, extra):
            if (rule, at) in taken:
                continue
            forms = (*extra.get(at, ()), form)
            if not self.solver.solve([*self._kept(at), *forms]).is_none:
                now = taken if rule == _ANYWHERE else taken | {(rule, at)}
                yield from self._placed(length, {**extra, at: forms}, now, rest)

    def _places(
        self, start: int, stop: int | None, length: int, extra: Mapping[int, object]
    ) -> Iterator[int]:
        """The places of a range: each that is told apart, of the others those taken and one more."""
        end = length if stop is None else min(stop, length)
        fresh = False
        for at in range(start, end):
            if at < self.rules.told or at in extra:
                yield at
            elif not fresh:
                fresh = True
                yield at

    def _limited(self, length: int, extra: Extra) -> Iterator[Answer]:
        """Answers with, for each form that at most some items fit, every choice of which may fit it."""
        choices: list[dict[int, tuple[Form, ...]]] = [dict(extra)]
        for form, most in self.rules.most_of:
            if most >= length:
                continue
            if length > _MOST_PLACED:
                yield self._long(length, extra)
                return
            against = self.solver.pool.negated(form)
            choices = [
                {
                    at: (*choice.get(at, ()), against) if at not in free else choice.get(at, ())
                    for at in range(length)
                }
                for choice in choices
                for free in self._free(form, most, length, choice)
            ]
            if len(choices) > _MOST_CHOICES:
                yield self._long(length, extra)
                return
        for choice in choices:
            if not self.solver.budget.spend():
                yield Answer(reason="the budget of steps is spent")
                return
            yield self._made(length, choice)

    def _free(self, form: Form, most: int, length: int, choice: Extra) -> Iterator[frozenset[int]]:
        """The sets of places where the form may fit, those that ask for it always among them."""
        forced = {at for at, forms in choice.items() if form in forms}
        if len(forced) <= most:
            others = [at for at in range(length) if at not in forced]
            for more in combinations(others, min(most - len(forced), len(others))):
                yield frozenset(forced.union(more))

    def _long(self, length: int, extra: Extra) -> Answer:
        """A long array with none of what is limited beyond what must be there."""
        limited = [self.solver.pool.negated(form) for form, _ in self.rules.most_of]
        spread = {at: extra.get(at, ()) or tuple(limited) for at in range(length)}
        answer = self._made(length, spread)
        return answer if answer.value is not None else Answer(reason="how many items fit in a long array")

    def _made(self, length: int, extra: Extra) -> Answer:
        goals = [[*self._kept(at), *extra.get(at, ())] for at in range(length)]
        if self.rules.distinct is True:
            return self._different(goals)
        if self.rules.distinct is False:
            return best(self._paired(goals))
        return self._filled(goals)

    def _filled(self, goals: Sequence[Sequence[Form]], fixed: Mapping[int, Answer] | None = None) -> Answer:
        items: list[Frozen] = []
        unsure = ""
        for at, goal in enumerate(goals):
            answer = (fixed or {}).get(at) or self.solver.solve(goal)
            if answer.value is None:
                return answer
            unsure = unsure or ("" if answer.sure else answer.reason)
            items.append(answer.value)
        return found(("array", tuple(items)), sure=not unsure, reason=unsure)

    def _paired(self, goals: Sequence[Sequence[Form]]) -> Iterator[Answer]:
        """Answers with two equal items, at each pair of places that are told apart."""
        edge = self.rules.told + len(self.rules.some) + 2
        for one, other in combinations(range(min(len(goals), edge)), 2):
            answer = self.solver.solve([*goals[one], *goals[other]])
            if answer.value is not None:
                yield self._filled(goals, {one: answer, other: answer})
            else:
                yield answer

    def _simple(self, goals: Sequence[Sequence[Form]]) -> Answer:
        """Many different items, of simple values: each place takes the first that is left and fits."""
        left = dict.fromkeys(_simple_values(2 * len(goals)))
        items: list[Frozen] = []
        for goal in goals:
            form = self.solver.pool.all(goal)
            item = next((value for value in left if self.solver.evaluator.holds(form, value)), None)
            if item is None:
                return Answer(reason="many items that differ")
            del left[item]
            items.append(item)
        return found(("array", tuple(items)))

    def _different(self, goals: Sequence[Sequence[Form]]) -> Answer:
        """Different items at all places: as many values as there are places suffice for each."""
        if len(goals) > _MOST_DIFFERENT:
            answer = self._simple(goals)
            if answer.value is not None or len(goals) > _MOST_COUNTED:
                return answer
        values: dict[frozenset[Form], list[Frozen]] = {}
        lost = ""
        for goal in goals:
            key = frozenset(goal)
            if key not in values:
                values[key], last = self.solver.several(goal, len(goals))
                if len(values[key]) < len(goals) and not last.is_none:
                    lost = lost or last.reason
        items = _matched([values[frozenset(goal)] for goal in goals])
        if items is None:
            return Answer(reason=lost)
        return found(("array", tuple(items)))


def _simple_values(count: int) -> Iterator[Frozen]:
    for number in range(count):
        yield freeze(number)
    for number in range(count):
        yield freeze(f"a{number}")
    for number in range(count):
        yield freeze({"a": number})


def _matched(choices: Sequence[Sequence[Frozen]]) -> list[Frozen] | None:
    """One value for each place, all different, by augmenting paths; None where there is no such choice."""
    owner: dict[Frozen, int] = {}

    def place(at: int, tried: set[Frozen]) -> bool:
        for value in choices[at]:
            if value not in tried:
                tried.add(value)
                if value not in owner or place(owner[value], tried):
                    owner[value] = at
                    return True
        return False

    if not all(place(at, set()) for at in range(len(choices))):
        return None
    held = {at: value for value, at in owner.items()}
    return [held[at] for at in range(len(choices))]

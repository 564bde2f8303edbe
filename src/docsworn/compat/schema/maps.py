"""Objects that keep some literals: which fields must be there, and what all of a kind must keep."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from string import ascii_lowercase
from typing import TYPE_CHECKING

from docsworn.compat.schema.answers import NO_VALUE, Answer, best, found
from docsworn.compat.schema.fields import Each, kept
from docsworn.compat.schema.forms import Form, Kind
from docsworn.compat.schema.frozen import Frozen
from docsworn.compat.schema.reduce import Literal

if TYPE_CHECKING:
    from docsworn.compat.schema.solver import Solver

_MOST_KINDS = 64
_MOST_FIELDS = 10_000
_FEW = 30


@dataclass(frozen=True, slots=True)
class _Rules:
    """``each``: what all fields of such a name keep. ``some``: fields that must be there, by name and value.
    ``names``: all names that the rules speak of."""

    each: Each
    some: tuple[tuple[Form, Form], ...]
    least: int
    most: int | None
    names: tuple[str, ...]


def find_object(solver: Solver, literals: Collection[Literal]) -> Answer:
    """An object that keeps all the literals."""
    return _Objects(solver, _rules(solver, literals)).find()


def _rules(solver: Solver, literals: Collection[Literal]) -> _Rules:
    negated = solver.pool.negated
    each = Each(kept(literals))
    some = tuple(
        (f.args[0], negated(f.args[1])) for holds, f in literals if f.kind is Kind.EACH and not holds
    )
    sizes = [form.args for _, form in literals if form.kind is Kind.SIZE]
    mosts = [most for _, most in sizes if most is not None]
    names: dict[str, None] = {}
    for selector, _ in (*some, *each.rules):
        names.update(dict.fromkeys(_spoken(solver, selector, set())))
    least = max((low for low, _ in sizes), default=0)
    return _Rules(each, some, least, min(mosts, default=None), tuple(names))


def _spoken(solver: Solver, form: Form, seen: set[Form]) -> Iterator[str]:
    """The names that a form of names lists."""
    if form in seen:
        return
    seen.add(form)
    if form.kind is Kind.VALUES:
        yield from (value[1] for value in form.args[0] if value[0] == "string")
    elif form.kind is Kind.REF:
        yield from _spoken(solver, solver.pool.recursive.get(form.args[0], solver.pool.nothing), seen)
    elif form.kind is Kind.NOT:
        yield from _spoken(solver, form.args[0], seen)
    elif form.kind in (Kind.ALL, Kind.ANY, Kind.ONE):
        for part in form.args[0]:
            yield from _spoken(solver, part, seen)


class _Objects:
    def __init__(self, solver: Solver, rules: _Rules) -> None:
        self.solver = solver
        self.rules = rules
        self.lost = ""
        self._listed = solver.pool.names(rules.names)

    def find(self) -> Answer:
        rules = self.rules
        if rules.most is not None and rules.least > rules.most:
            return NO_VALUE
        fixed: dict[str, tuple[Form, ...]] = {}
        floating: list[tuple[Form, Form]] = []
        for selector, form in rules.some:
            names = self._only(selector)
            if names is not None and len(names) == 1:
                fixed[names[0]] = (*fixed.get(names[0], ()), form)
            elif names is None or names:
                floating.append((selector, form))
            else:
                return NO_VALUE
        if any(self._value(name, forms).is_none for name, forms in fixed.items()):
            return Answer(reason=self.lost)
        answer = best(self._placed(fixed, floating))
        return Answer(reason=self.lost) if answer.is_none and self.lost else answer

    def _only(self, selector: Form) -> tuple[str, ...] | None:
        """The names of a selector that lists them; None for one that has others too."""
        parts = selector.args[0] if selector.kind is Kind.ALL else (selector,)
        lists = [part for part in parts if part.kind is Kind.VALUES]
        if not lists:
            return None
        names = (value[1] for value in lists[0].args[0] if value[0] == "string")
        return tuple(name for name in names if self._fits(selector, name))

    def _fits(self, selector: Form, name: str) -> bool:
        truth = self.solver.evaluator.holds(selector, ("string", name))
        if truth is None:
            self.lost = self.lost or "a pattern of names that is not understood"
        return truth is not False

    def _value(self, name: str, forms: Sequence[Form]) -> Answer:
        """A value for a field, as the rules and these forms want it."""
        return self.solver.solve([*forms, *self.rules.each.of(name, self._fits)])

    def _placed(
        self, fields: Mapping[str, tuple[Form, ...]], floating: Sequence[tuple[Form, Form]]
    ) -> Iterator[Answer]:
        """Answers with the floating fields put under each name that may be theirs."""
        if not self.solver.budget.spend():
            yield Answer(reason="the budget of steps is spent")
            return
        if not floating:
            yield self._filled(fields)
            return
        (selector, form), *rest = floating
        for name in self._names(selector, fields):
            forms = (*fields.get(name, ()), form)
            answer = self._value(name, forms)
            if answer.is_none:
                continue
            yield from self._placed({**fields, name: forms}, rest)

    def _names(self, selector: Form, taken: Collection[str]) -> Iterator[str]:
        """Names that fit a selector, one of each kind: new ones, ones that rules speak of, ones taken."""
        listed = self._only(selector)
        if listed is None:
            yield from self._fresh([selector], taken)
            listed = tuple(name for name in self.rules.names if self._fits(selector, name))
        yield from (name for name in listed if name not in taken)
        yield from (name for name in taken if self._fits(selector, name))

    def _fresh(self, selectors: Sequence[Form], taken: Collection[str]) -> Iterator[str]:
        """A name that no rule lists, for each way in which the selectors of the rules may fit it."""
        negated = self.solver.pool.negated
        unlisted = (
            [negated(self.solver.pool.names([*self.rules.names, *taken]))]
            if self.rules.names or taken
            else []
        )
        rules = (*self.rules.each.telling, *self.rules.some)
        telling = list(dict.fromkeys(each for each, _ in rules if self._only(each) is None))
        kinds: list[list[Form]] = [[*selectors, *unlisted, self.solver.pool.types(["string"])]]
        for selector in telling:
            split = [[*kind, form] for kind in kinds for form in (negated(selector), selector)]
            kinds = []
            for kind in split:
                answer = self.solver.solve(kind)
                if answer.value is not None:
                    kinds.append(kind)
                elif not answer.is_none:
                    self.lost = self.lost or answer.reason
            if len(kinds) > _MOST_KINDS:
                self.lost = "too many kinds of names"
                return
        for kind in kinds:
            answer = self.solver.solve(kind)
            if answer.value is not None:
                if not answer.sure:
                    self.lost = self.lost or answer.reason
                yield str(answer.value[1])
            elif not answer.is_none:
                self.lost = self.lost or answer.reason

    def _filled(self, fields: Mapping[str, tuple[Form, ...]]) -> Answer:
        """The object with these fields and as many more as the least number asks for."""
        rules = self.rules
        if rules.most is not None and len(fields) > rules.most:
            return NO_VALUE
        made: dict[str, Frozen] = {}
        unsure = ""
        for name, forms in fields.items():
            answer = self._value(name, forms)
            if answer.value is None:
                return answer
            made[name] = answer.value
            unsure = unsure or ("" if answer.sure else answer.reason)
        if len(made) < rules.least and not self._fill(made):
            return Answer(reason=self.lost) if self.lost else NO_VALUE
        return found(("object", tuple(sorted(made.items()))), sure=not unsure, reason=unsure)

    def _fill(self, made: dict[str, Frozen]) -> bool:
        if self.rules.least > _MOST_FIELDS:
            self.lost = "a very large object"
            return False
        for name in self.rules.names:
            if len(made) >= self.rules.least:
                return True
            if name not in made:
                self._add(made, name)
        while len(made) < self.rules.least:
            before = len(made)
            for name in list(self._fresh([], made)):
                self._add(made, name)
            if len(made) == before:
                return False
            if self.rules.least - len(made) > _FEW:
                self._add_alike(made, list(made)[before:])
        return True

    def _add_alike(self, made: dict[str, Frozen], names: Sequence[str]) -> None:
        """Adds fields named like these, with a number or letters behind, that fit the same rules."""
        selectors = [selector for selector, _ in self.rules.each.telling]
        for name in names:
            fit = [self.solver.evaluator.holds(selector, ("string", name)) for selector in selectors]
            for more in _endings(4 * self.rules.least):
                other = ("string", name + more)
                if len(made) >= self.rules.least or None in fit:
                    return
                if name + more in self.rules.names:
                    continue
                if fit == [self.solver.evaluator.holds(selector, other) for selector in selectors]:
                    made.setdefault(name + more, made[name])

    def _add(self, made: dict[str, Frozen], name: str) -> bool:
        if len(made) >= self.rules.least:
            return True
        answer = self._value(name, ())
        if answer.value is None or not answer.sure:
            self.lost = self.lost or answer.reason
            return False
        made[name] = answer.value
        return True


def _endings(count: int) -> Iterator[str]:
    """Numbers, then words of letters, so many of each."""
    yield from map(str, range(count))
    words = ("".join(letters) for size in range(1, 9) for letters in product(ascii_lowercase, repeat=size))
    yield from islice(words, count)

"""Whether a value keeps a form: a small validator over forms, which says where it does not know."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from docsworn.compat.schema.forms import Form, Kind, Pool
from docsworn.compat.schema.frozen import Frozen, class_of
from docsworn.compat.schema.reduce import Tree
from docsworn.compat.schema.texts import Texts

Truth = bool | None


def every(truths: Iterable[Truth]) -> Truth:
    """Whether all hold; None where one is not known and none fails."""
    known: Truth = True
    for truth in truths:
        if truth is False:
            return False
        if truth is None:
            known = None
    return known


def some(truths: Iterable[Truth]) -> Truth:
    """Whether one holds; None where one is not known and none does."""
    return opposite(every(opposite(truth) for truth in truths))


def opposite(truth: Truth) -> Truth:
    """The opposite; what is not known stays so."""
    return None if truth is None else not truth


class Evaluator:
    """Evaluates the forms of one pool."""

    def __init__(self, pool: Pool, texts: Texts) -> None:
        self._pool = pool
        self._texts = texts
        self._done: dict[tuple[int, Frozen], Truth] = {}
        self._values: dict[int, frozenset[Frozen]] = {}

    def holds(self, form: Form, value: Frozen) -> Truth:
        """Whether a value keeps a form."""
        if form.kind is Kind.TYPES:  # 1.0 equals 1 and is of another class
            return class_of(value) in form.args[0]
        if class_of(value) == "pointed" or value[0] in ("array", "object"):
            return self._holds(form, value)
        key = (form.id, value)
        if key not in self._done:
            self._done[key] = self._holds(form, value)
        return self._done[key]

    def keeps(self, tree: Tree, value: Frozen) -> Truth:
        """Whether a value keeps a tree of literals."""
        if tree.literal is not None:
            holds, form = tree.literal
            truth = self.holds(form, value)
            return truth if holds else opposite(truth)
        parts = (self.keeps(part, value) for part in tree.parts)
        return every(parts) if tree.conjunctive else some(parts)

    def _holds(self, form: Form, value: Frozen) -> Truth:
        kind, args = form.kind, form.args
        if kind is Kind.NOT:
            return opposite(self.holds(args[0], value))
        if kind is Kind.ALL:
            return every(self.holds(part, value) for part in args[0])
        if kind is Kind.ANY:
            return some(self.holds(part, value) for part in args[0])
        if kind is Kind.ONE:
            return _exactly_one([self.holds(part, value) for part in args[0]])
        if kind is Kind.REF:
            return self._recursive(form, value)
        if kind is Kind.VALUES:
            if form.id not in self._values:
                self._values[form.id] = frozenset(args[0])
            return value in self._values[form.id]
        if kind is Kind.OPAQUE:
            return None
        types, check = _CHECKS[kind]
        return True if value[0] not in types else check(self, value[1], args)

    def _recursive(self, form: Form, value: Frozen) -> Truth:
        target = self._pool.recursive.get(form.args[0])
        return None if target is None else self.holds(target, value)

    def matches(self, text: str, args: tuple[Any, ...]) -> Truth:
        """Whether a text matches a pattern."""
        return self._texts.matches(args[0], text)

    def formatted(self, text: str, args: tuple[Any, ...]) -> Truth:
        """Whether a text keeps a format."""
        return self._texts.keeps(args[0], text)

    def items(self, items: tuple[Frozen, ...], args: tuple[Any, ...]) -> Truth:
        """Whether the items of a range fit."""
        start, stop, form = args
        return every(self.holds(form, item) for item in items[start:stop])

    def contains(self, items: tuple[Frozen, ...], args: tuple[Any, ...]) -> Truth:
        """Whether as many items fit as should."""
        form, least, most = args
        truths = [self.holds(form, item) for item in items]
        low = sum(truth is True for truth in truths)
        high = low + sum(truth is None for truth in truths)
        if high < least or (most is not None and low > most):
            return False
        return True if low >= least and (most is None or high <= most) else None

    def fields(self, fields: tuple[tuple[str, Frozen], ...], args: tuple[Any, ...]) -> Truth:
        """Whether each field of such a name has such a value."""
        names, form = args
        return every(
            some([opposite(self.holds(names, ("string", name))), self.holds(form, item)])
            for name, item in fields
        )


def _exactly_one(truths: list[Truth]) -> Truth:
    sure = sum(truth is True for truth in truths)
    if sure > 1:
        return False
    return None if None in truths else sure == 1


def _in_range(_: Evaluator, content: Any, args: tuple[Any, ...]) -> Truth:
    least, most = args
    return least <= len(content) and (most is None or len(content) <= most)


def _over(_: Evaluator, number: Any, args: tuple[Any, ...]) -> Truth:
    return bool(number > args[0] if args[1] else number >= args[0])


def _under(_: Evaluator, number: Any, args: tuple[Any, ...]) -> Truth:
    return bool(number < args[0] if args[1] else number <= args[0])


def _multiple(_: Evaluator, number: Any, args: tuple[Any, ...]) -> Truth:
    return bool((number / args[0]).denominator == 1)


def _unique(_: Evaluator, items: tuple[Frozen, ...], __: tuple[Any, ...]) -> Truth:
    return len(set(items)) == len(items)


_NUMBER = frozenset({"number"})
_CHECKS: Mapping[Kind, tuple[frozenset[str], Callable[[Evaluator, Any, tuple[Any, ...]], Truth]]] = {
    Kind.MIN: (_NUMBER, _over),
    Kind.MAX: (_NUMBER, _under),
    Kind.MULTIPLE: (_NUMBER, _multiple),
    Kind.LENGTH: (frozenset({"string"}), _in_range),
    Kind.MATCHES: (frozenset({"string"}), Evaluator.matches),
    Kind.FORMAT: (frozenset({"string"}), Evaluator.formatted),
    Kind.ITEMS: (frozenset({"array"}), Evaluator.items),
    Kind.COUNT: (frozenset({"array"}), _in_range),
    Kind.CONTAINS: (frozenset({"array"}), Evaluator.contains),
    Kind.UNIQUE: (frozenset({"array"}), _unique),
    Kind.EACH: (frozenset({"object"}), Evaluator.fields),
    Kind.SIZE: (frozenset({"object"}), _in_range),
}

"""A form as a tree of literals over one class of values: the rest is decided by the class alone."""

from __future__ import annotations

from collections.abc import Iterable

from docsworn.compat.schema.apart import marks
from docsworn.compat.schema.forms import Form, Kind, Pool
from docsworn.compat.schema.frozen import NUMBERS, class_of

Literal = tuple[bool, Form]  # whether it holds, and what


class Tree:
    """A literal, or all or any of some trees; true and false are the empty *all* and *any*.

    Equal by content; the hash is kept, for trees are deep and asked often. Where one of ``literals`` holds,
    *any* of some trees does; where one of ``refuting`` holds, a literal or *all* of some trees does not.
    """

    __slots__ = ("_hash", "conjunctive", "literal", "literals", "parts", "refuting")

    def __init__(
        self, literal: Literal | None = None, conjunctive: bool = True, parts: tuple[Tree, ...] = ()
    ) -> None:
        self.literal = literal
        self.conjunctive = conjunctive
        self.parts = parts
        self._hash = hash((literal, conjunctive, parts))
        own = [part.literal for part in parts if part.literal is not None]
        self.literals: tuple[Literal, ...] = () if conjunctive else tuple(own)
        needed = [literal] if literal is not None else own if conjunctive else []
        self.refuting: tuple[Literal, ...] = tuple((not holds, form) for holds, form in needed)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return (
            isinstance(other, Tree)
            and self._hash == other._hash
            and (self.literal, self.conjunctive, self.parts)
            == (other.literal, other.conjunctive, other.parts)
        )


TRUE = Tree()
FALSE = Tree(conjunctive=False)

_OF: dict[Kind, frozenset[str]] = {
    **dict.fromkeys((Kind.MIN, Kind.MAX, Kind.MULTIPLE), NUMBERS),
    **dict.fromkeys((Kind.LENGTH, Kind.MATCHES, Kind.FORMAT), frozenset({"string"})),
    **dict.fromkeys((Kind.ITEMS, Kind.COUNT, Kind.CONTAINS, Kind.UNIQUE), frozenset({"array"})),
    **dict.fromkeys((Kind.EACH, Kind.SIZE), frozenset({"object"})),
}
_RANGES = frozenset({Kind.LENGTH, Kind.COUNT, Kind.SIZE})


class Reducer:
    """Reduces forms of one pool."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._done: dict[tuple[int, bool, str], Tree] = {}
        self._open: set[tuple[int, bool, str]] = set()
        self._meetings: dict[tuple[Form, ...], list[list[int]]] = {}

    def reduce(self, form: Form, holds: bool, cls: str) -> Tree:
        """The tree of a form, or of its negation, over one class of values."""
        key = (form.id, holds, cls)
        found = self._done.get(key)
        if found is not None:
            return found
        if key in self._open:
            return _literal(True, self.pool.make(Kind.OPAQUE, "a reference that leads to itself"))
        self._open.add(key)
        tree = self._made(form, holds, cls)
        self._open.remove(key)
        self._done[key] = tree
        return tree

    def _made(self, form: Form, holds: bool, cls: str) -> Tree:
        kind, args = form.kind, form.args
        if kind is Kind.NOT:
            return self.reduce(args[0], not holds, cls)
        if kind in (Kind.ALL, Kind.ANY):
            return joined((kind is Kind.ALL) == holds, (self.reduce(part, holds, cls) for part in args[0]))
        if kind is Kind.ONE:
            return self._one(args[0], holds, cls)
        if kind is Kind.REF:
            target = self.pool.recursive.get(args[0])
            return _literal(True, form) if target is None else self.reduce(target, holds, cls)
        if kind is Kind.TYPES:
            return TRUE if (cls in args[0]) == holds else FALSE
        if kind is Kind.VALUES:
            return self._values(form, holds, cls)
        if kind is Kind.OPAQUE:
            return _literal(True, form)
        if cls not in _OF[kind]:
            return TRUE if holds else FALSE
        return self._typed(form, holds)

    def _one(self, parts: tuple[Form, ...], holds: bool, cls: str) -> Tree:
        yes = [self.reduce(part, True, cls) for part in parts]
        no = [self.reduce(part, False, cls) for part in parts]
        live = [at for at, tree in enumerate(yes) if tree != FALSE]
        meetings = self._meeting(tuple(parts[at] for at in live))
        meeting = {at: [live[other] for other in met] for at, met in zip(live, meetings, strict=True)}
        if holds:
            return joined(False, (joined(True, [yes[at], *(no[b] for b in meeting[at])]) for at in live))
        pairs = [joined(True, [yes[at], yes[b]]) for at in live for b in meeting[at] if at < b]
        return joined(False, [joined(True, [no[at] for at in live]), *pairs])

    def _meeting(self, parts: tuple[Form, ...]) -> list[list[int]]:
        """Of each part the others that must be told apart from it by search, because sight does not."""
        if parts not in self._meetings:
            seen = [marks(self.pool, part) for part in parts]
            self._meetings[parts] = [
                [at for at, other in enumerate(seen) if other is not one and not one.apart(other)]
                for one in seen
            ]
        return self._meetings[parts]

    def _values(self, form: Form, holds: bool, cls: str) -> Tree:
        kept = [value for value in form.args[0] if _is_of(value, cls, holds)]
        if not kept:
            return FALSE if holds else TRUE
        if cls == "null":
            return TRUE if holds else FALSE
        if cls in ("array", "object") and not holds:
            exact = (self.reduce(self.pool.exactly(value), False, cls) for value in kept)
            return joined(True, exact)
        return _literal(holds, self.pool.values(kept))

    def _typed(self, form: Form, holds: bool) -> Tree:
        if holds:
            return self._contained(form) if form.kind is Kind.CONTAINS else _literal(True, form)
        make = self.pool.make
        if form.kind in _RANGES:
            least, most = form.args
            under = [_literal(True, make(form.kind, 0, least - 1))] if least else []
            over = [_literal(True, make(form.kind, most + 1, None))] if most is not None else []
            return joined(False, [*under, *over])
        if form.kind is Kind.CONTAINS:
            inner, least, most = form.args
            few = [self._contained(make(form.kind, inner, 0, least - 1))] if least else []
            many = [self._contained(make(form.kind, inner, most + 1, None))] if most is not None else []
            return joined(False, [*few, *many])
        return _literal(False, form)

    def _contained(self, form: Form) -> Tree:
        inner, least, most = form.args
        if most is not None and least > most:
            return FALSE
        if least == 0 and most is None:
            return TRUE
        if most == 0:
            return _all_items(self.pool, self.pool.negated(inner))
        return _literal(True, form)


def joined(conjunctive: bool, parts: Iterable[Tree]) -> Tree:
    """All or any of some trees, flat and without the trivial."""
    absorbing, neutral = (FALSE, TRUE) if conjunctive else (TRUE, FALSE)
    kept: dict[Tree, None] = {}
    for part in parts:
        if part == absorbing:
            return absorbing
        if part == neutral:
            continue
        flat = part.parts if part.literal is None and part.conjunctive == conjunctive else (part,)
        kept.update(dict.fromkeys(flat))
    if not kept:
        return neutral
    return next(iter(kept)) if len(kept) == 1 else Tree(None, conjunctive, tuple(kept))


def _literal(holds: bool, form: Form) -> Tree:
    return Tree((holds, form))


def _all_items(pool: Pool, form: Form) -> Tree:
    items = pool.items(0, None, form)
    return TRUE if items is pool.anything else _literal(True, items)


def _is_of(value: tuple[str, object], cls: str, holds: bool) -> bool:
    own = class_of(value)
    return own == cls or (cls == "pointed" and own == "int" and not holds)

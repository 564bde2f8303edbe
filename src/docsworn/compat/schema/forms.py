"""The internal form of a schema: few kinds of statement, each made once and then shared.

Every form is a statement about one value. Statements about numbers, strings, arrays and objects hold
for every value of another type, as JSON Schema has it. Two schemas that say the same in the same words
are the same object, whatever their components are called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import Any

from docsworn.compat.schema.frozen import Frozen, ordered


class Kind(Enum):
    """What a form says, with its arguments."""

    ALL = auto()  # forms
    ANY = auto()  # forms
    ONE = auto()  # forms: exactly one of them
    NOT = auto()  # form
    REF = auto()  # key: a recursive form
    TYPES = auto()  # classes of values
    VALUES = auto()  # frozen values
    MIN = auto()  # bound, whether exclusive
    MAX = auto()  # bound, whether exclusive
    MULTIPLE = auto()  # step
    LENGTH = auto()  # least, most (None: no end): strings
    MATCHES = auto()  # pattern, searched
    FORMAT = auto()  # name
    ITEMS = auto()  # from, to (None: to the end), form: each item there
    COUNT = auto()  # least, most: items
    CONTAINS = auto()  # form, least, most: items that fit it
    UNIQUE = auto()
    EACH = auto()  # form of names, form of values: each field of such a name has such a value
    SIZE = auto()  # least, most: fields
    OPAQUE = auto()  # reason: nothing is known of it


class Form:
    """One statement; forms of one pool are equal where they are the same object."""

    __slots__ = ("args", "id", "kind")

    def __init__(self, kind: Kind, args: tuple[Any, ...], identity: int) -> None:
        self.kind = kind
        self.args = args
        self.id = identity

    def __repr__(self) -> str:
        return f"{self.kind.name}{self.args!r}"


class Pool:
    """Makes forms and holds the recursive ones by key."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], Form] = {}
        self.recursive: dict[Any, Form] = {}
        self.anything = self.make(Kind.ALL, ())
        self.nothing = self.make(Kind.ANY, ())

    def make(self, kind: Kind, *args: Any) -> Form:
        """The form of this kind with these arguments."""
        key = (kind, *args)
        form = self._made.get(key)
        if form is None:
            form = self._made[key] = Form(kind, args, len(self._made))
        return form

    def all(self, parts: Iterable[Form]) -> Form:
        """All of these."""
        return self._joined(Kind.ALL, parts, neutral=self.anything, absorbing=self.nothing)

    def any(self, parts: Iterable[Form]) -> Form:
        """At least one of these."""
        return self._joined(Kind.ANY, parts, neutral=self.nothing, absorbing=self.anything)

    def one(self, parts: Iterable[Form]) -> Form:
        """Exactly one of these."""
        kept = sorted((part for part in parts if part is not self.nothing), key=lambda part: part.id)
        if len(kept) < 2:
            return kept[0] if kept else self.nothing
        return self.make(Kind.ONE, tuple(kept))

    def negated(self, form: Form) -> Form:
        """Not this."""
        if form.kind is Kind.NOT:
            inner: Form = form.args[0]
            return inner
        if form is self.anything:
            return self.nothing
        if form is self.nothing:
            return self.anything
        return self.make(Kind.NOT, form)

    def values(self, values: Iterable[Frozen]) -> Form:
        """One of these values."""
        kept = ordered(values)
        return self.make(Kind.VALUES, kept) if kept else self.nothing

    def names(self, names: Iterable[str]) -> Form:
        """One of these strings."""
        return self.values(("string", name) for name in names)

    def types(self, classes: Iterable[str]) -> Form:
        """A value of one of these classes."""
        return self.make(Kind.TYPES, frozenset(classes))

    def each(self, selector: Form, form: Form) -> Form:
        """Each field whose name fits the selector has a value that fits the form."""
        if form is self.anything or selector is self.nothing:
            return self.anything
        return self.make(Kind.EACH, selector, form)

    def has(self, name: str) -> Form:
        """Where it is an object, it has this field."""
        lacks = self.each(self.names([name]), self.nothing)
        # `not lacks` alone would also ask for an object.
        return self.any([self.not_of("object"), self.negated(lacks)])

    def not_of(self, kind: str) -> Form:
        """A value of another class."""
        return self.negated(self.types([kind]))

    def items(self, start: int, stop: int | None, form: Form) -> Form:
        """Each item from ``start`` up to ``stop`` fits the form."""
        if form is self.anything or start == stop:
            return self.anything
        return self.make(Kind.ITEMS, start, stop, form)

    def exactly(self, value: Frozen) -> Form:
        """This array or object, item by item and field by field."""
        kind, content = value
        if kind == "array":
            parts = [self.items(at, at + 1, self.values([item])) for at, item in enumerate(content)]
            return self.all(
                [self.types(["array"]), self.make(Kind.COUNT, len(content), len(content)), *parts]
            )
        held = [self.has(name) for name, _ in content]
        fields = [self.each(self.names([name]), self.values([item])) for name, item in content]
        size = self.make(Kind.SIZE, len(content), len(content))
        return self.all([self.types(["object"]), size, *held, *fields])

    def _joined(self, kind: Kind, parts: Iterable[Form], *, neutral: Form, absorbing: Form) -> Form:
        kept: dict[Form, None] = {}
        for part in _flat(kind, parts):
            if part is absorbing:
                return absorbing
            if part is not neutral:
                kept[part] = None
        if len(kept) == 1:
            return next(iter(kept))
        return self.make(kind, tuple(sorted(kept, key=lambda part: part.id))) if kept else neutral


def _flat(kind: Kind, parts: Iterable[Form]) -> Iterator[Form]:
    for part in parts:
        if part.kind is kind:
            yield from part.args[0]
        else:
            yield part

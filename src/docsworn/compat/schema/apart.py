"""Whether two forms are apart at sight: by their types, or by a required field with other fixed values."""

from __future__ import annotations

from dataclasses import dataclass, field

from docsworn.compat.schema.forms import Form, Kind, Pool
from docsworn.compat.schema.frozen import CLASSES, Frozen

_DEPTH = 6


@dataclass(slots=True)
class Marks:
    """The classes of values that a form allows at most, its required fields, and the values of fields."""

    classes: frozenset[str] = frozenset(CLASSES)
    required: set[str] = field(default_factory=set)
    fixed: dict[str, frozenset[Frozen]] = field(default_factory=dict)

    def apart(self, other: Marks) -> bool:
        """Whether no value bears both marks."""
        common = self.classes & other.classes
        if not common:
            return True
        if common != {"object"}:
            return False
        tags = (self.required | other.required) & set(self.fixed) & set(other.fixed)
        return any(self.fixed[name].isdisjoint(other.fixed[name]) for name in tags)


def marks(pool: Pool, form: Form) -> Marks:
    """The marks of a form."""
    found = Marks()
    _note(pool, form, found, _DEPTH)
    return found


def _note(pool: Pool, form: Form, found: Marks, depth: int) -> None:
    if depth == 0:
        return
    if form.kind is Kind.ALL:
        for part in form.args[0]:
            _note(pool, part, found, depth - 1)
    elif form.kind is Kind.REF:
        _note(pool, pool.recursive.get(form.args[0], pool.anything), found, depth - 1)
    elif form.kind is Kind.TYPES:
        found.classes &= form.args[0]
    elif form.kind is Kind.EACH:
        _note_field(form, found)
    elif form.kind is Kind.ANY:
        name = _required(pool, form)
        if name is not None:
            found.required.add(name)


def _note_field(form: Form, found: Marks) -> None:
    names, value = form.args
    parts = value.args[0] if value.kind is Kind.ALL else (value,)
    values = next((part.args[0] for part in parts if part.kind is Kind.VALUES), None)
    if values is not None and names.kind is Kind.VALUES and len(names.args[0]) == 1:
        found.fixed.setdefault(str(names.args[0][0][1]), frozenset(values))


def _required(pool: Pool, form: Form) -> str | None:
    """The field that a form asks for, where it is ``Pool.has``."""
    for part in form.args[0]:
        inner = part.args[0] if part.kind is Kind.NOT else None
        if inner is not None and inner.kind is Kind.EACH and inner.args[0].kind is Kind.VALUES:
            name = str(inner.args[0].args[0][0][1])
            return name if form is pool.has(name) else None
    return None

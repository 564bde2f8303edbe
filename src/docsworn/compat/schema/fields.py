"""Single fields of objects: what they keep, and what can be told from them before an object is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from docsworn.compat.schema.forms import Form, Kind
from docsworn.compat.schema.frozen import Frozen
from docsworn.compat.schema.reduce import Literal, Tree

if TYPE_CHECKING:
    from docsworn.compat.schema.solver import Solver

Fits = Callable[[Form, str], bool]
Tags = Mapping[str, frozenset[Frozen]]  # of fields that must be there, the values that they may have


class Each:
    """What all fields of such a name keep: rules that list their names by name, and the others."""

    def __init__(self, rules: Iterable[tuple[Form, Form]]) -> None:
        self.rules = tuple(rules)
        self.telling: list[tuple[Form, Form]] = []
        self.listed: dict[str, list[Form]] = {}
        for selector, form in self.rules:
            if selector.kind is Kind.VALUES:
                for _, name in selector.args[0]:
                    self.listed.setdefault(name, []).append(form)
            else:
                self.telling.append((selector, form))

    def of(self, name: str, fits: Fits) -> list[Form]:
        """What a field of this name keeps."""
        telling = (form for selector, form in self.telling if fits(selector, name))
        return [*self.listed.get(name, ()), *telling]


def kept(literals: Iterable[Literal]) -> Iterator[tuple[Form, Form]]:
    """The rules that hold: a form of names, and what such fields keep."""
    return (form.args for holds, form in literals if form.kind is Kind.EACH and holds)


def hopeful(solver: Solver, units: Iterable[Literal], parts: Iterable[Tree]) -> Iterator[Tree]:
    """The parts that may hold beside what holds: those out that want a field that cannot be as it must."""
    units = list(units)
    each, must = Each(kept(units)), dict(_musts(solver, units))

    def fits(selector: Form, name: str) -> bool:
        return solver.evaluator.holds(selector, ("string", name)) is True

    def fails(part: Tree) -> bool:
        literals = [(not holds, form) for holds, form in part.refuting]
        own, asked = Each(kept(literals)), _musts(solver, literals)
        return any(
            solver.solve(
                [*must.get(name, ()), *asked.get(name, ()), *each.of(name, fits), *own.of(name, fits)]
            ).is_none
            for name in dict.fromkeys([*asked, *own.listed])
            if name in must or name in asked
        )

    return (part for part in parts if not fails(part))


def marked(units: Iterable[Literal], clauses: Sequence[Tree]) -> list[Tree] | None:
    """The clauses that stay open where some fields must be there with one of a few values; None where one
    cannot hold."""
    tags = _tags(list(units))
    if not tags:
        return list(clauses)
    left = []
    for clause in clauses:
        if any(_against(tags, not holds, form) for holds, form in clause.literals):
            continue
        parts = tuple(
            part for part in clause.parts if not any(_against(tags, not h, form) for h, form in part.refuting)
        )
        if not parts:
            return None
        left.append(clause if len(parts) == len(clause.parts) else Tree(None, False, parts))
    return left


def _against(tags: Tags, holds: bool, form: Form) -> bool:
    """Whether the marked fields tell that a literal does not hold."""
    if form.kind is not Kind.EACH:
        return False
    name = _only_name(form)
    values = tags.get(name) if name is not None else None
    if values is None:
        return False
    allowed = _values(form.args[1])
    if allowed is None:
        return False
    return values.isdisjoint(allowed) if holds else form.args[1].kind is Kind.VALUES and values <= allowed


def _tags(units: Sequence[Literal]) -> Tags:
    must = {
        _only_name(form) for holds, form in units if form.kind is Kind.EACH and not holds
    }  # what is not kept by all such fields is broken by one
    tags: dict[str, frozenset[Frozen]] = {}
    for holds, form in units:
        name = _only_name(form) if form.kind is Kind.EACH and holds else None
        values = _values(form.args[1]) if name in must and name is not None else None
        if values is not None and name is not None:
            tags[name] = tags.get(name, values) & values
    return tags


def _only_name(form: Form) -> str | None:
    """The name of a rule about one field."""
    names: Form = form.args[0]
    if names.kind is Kind.VALUES and len(names.args[0]) == 1 and names.args[0][0][0] == "string":
        return str(names.args[0][0][1])
    return None


def _values(form: Form) -> frozenset[Frozen] | None:
    """Values outside of which a form does not hold; None where it does not list them."""
    parts = form.args[0] if form.kind is Kind.ALL else (form,)
    return next((frozenset(part.args[0]) for part in parts if part.kind is Kind.VALUES), None)


def _musts(solver: Solver, literals: Iterable[Literal]) -> dict[str, list[Form]]:
    """What the fields keep that must be there, by their names."""
    found: dict[str, list[Form]] = {}
    for holds, form in literals:
        name = _only_name(form) if form.kind is Kind.EACH and not holds else None
        if name is not None:
            found.setdefault(name, []).append(solver.pool.negated(form.args[1]))
    return found

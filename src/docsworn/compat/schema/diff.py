"""The changes between two schemas: one row where it happened, however many places reach it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from docsworn.compat.changes import Area, Change, Direction, Verdict
from docsworn.compat.rules import RULES, rule_id, severity_of
from docsworn.compat.schema.documents import Document, Spot
from docsworn.compat.schema.facts import Fact, facts
from docsworn.compat.schema.forms import Form
from docsworn.compat.schema.prove import Prover
from docsworn.compat.schema.variants import Side, name_of, pair
from docsworn.compat.schema.view import Node, View, view
from docsworn.contract.pointer import join

Nodes = tuple[Node | None, Node | None]

_PARTS_BELOW: Mapping[str, str] = {"items": "*", "contains": "*", "additionalProperties": "*",
                                   "unevaluatedProperties": "*", "unevaluatedItems": "*"}  # fmt: skip
# What is told by whether it is there; what changed inside is told by a row of its own.
_WHOLE: Mapping[str, str] = {"not": "not", "propertyNames": "property-names"}
_PRESENCE: Mapping[str, tuple[str, str]] = {
    "items": ("items-added", "items-removed"),
    "contains": ("contains-added", "contains-removed"),
    "additionalProperties": ("additional-properties-typed", "additional-properties-untyped"),
}


class Differ:
    """Tells the changes of one pair of documents; a pair of nodes is looked at once.

    Nodes that provably mean the same have no changes, however they are written.
    """

    def __init__(self, old: Document, new: Document, prover: Prover, direction: Direction) -> None:
        self.old, self.new = old, new
        self.prover = prover
        self.direction = direction
        self._seen: set[tuple[tuple[tuple[str, str], ...], ...]] = set()

    def changes(self, old: Spot, new: Spot, place: str = "") -> Iterator[Change]:
        """The changes between a schema of OLD and one of NEW that were not told yet."""
        told = False
        for change in self._nodes((old,), (new,), place):
            told = True
            yield change
        if not told and self.prover.counterexample(*self._asked(old, new)).value is not None:
            views = view(self.old, (old,)), view(self.new, (new,))
            yield self._change(Fact("schema-changed", "schema"), views, place, kept=False)

    def _asked(self, old: Spot, new: Spot) -> tuple[Form, Form]:
        forms = self.prover.form(old, is_old=True), self.prover.form(new, is_old=False)
        return forms if self.direction is Direction.RESPONSE else forms[::-1]

    def _nodes(self, old: Node, new: Node, place: str) -> Iterator[Change]:
        key = (tuple(spot.key for spot in old), tuple(spot.key for spot in new))
        if key in self._seen:
            return
        self._seen.add(key)
        forms = self._form(old, is_old=True), self._form(new, is_old=False)
        if forms[0] is forms[1]:
            return
        wider, narrower = self.prover.within(forms[1], forms[0]), self.prover.within(forms[0], forms[1])
        if wider and narrower:
            return
        kept = wider if self.direction is Direction.RESPONSE else narrower
        one, other = view(self.old, old), view(self.new, new)
        if self.prover.pool.nothing in forms:
            opened = forms[0] is self.prover.pool.nothing
            name = "schema-opened" if opened else "schema-closed"
            yield self._change(Fact(name, "schema"), (one, other), place, kept)
            return
        meet = one.types is None or other.types is None or _meet(one.types, other.types)
        for fact in facts(one, other):
            if meet or fact.keyword == "type":  # of another type all else is another thing
                yield self._change(fact, (one, other), place, kept)
        if meet:
            yield from self._below(one, other, place, kept)
            yield from self._unions((one, old), (other, new), place, kept)

    def _form(self, node: Node, *, is_old: bool) -> Form:
        return self.prover.pool.all(self.prover.form(spot, is_old=is_old) for spot in node)

    def _below(self, old: View, new: View, place: str, kept: bool) -> Iterator[Change]:
        """What lies below a node on both sides, and what schema came or went."""
        for name in old.properties:
            if name in new.properties:
                yield from self._nodes(old.properties[name], new.properties[name], place + join(name))
        for at, (one, other) in enumerate(zip(old.prefix, new.prefix, strict=False)):
            yield from self._nodes(one, other, place + join(at))
        for at in range(min(len(old.prefix), len(new.prefix)), max(len(old.prefix), len(new.prefix))):
            nodes = _either(dict(enumerate(old.prefix)), dict(enumerate(new.prefix)), at)
            fact = Fact(f"prefix-item-{_kind(nodes)}", "prefixItems", {"name": str(at)})
            yield self._change(fact, (old, new), place, kept, nodes)
        for keyword, below in _PARTS_BELOW.items():
            yield from self._part(old, new, keyword, place, below, kept)
        yield from self._named_schemas(old, new, place, kept)
        yield from self._wholes(old, new, place, kept)

    def _part(
        self, old: View, new: View, keyword: str, place: str, below: str, kept: bool
    ) -> Iterator[Change]:
        one, other = _schema(old, keyword), _schema(new, keyword)
        if one and other:
            yield from self._nodes(one, other, place + join(below))
        elif (one or other) and keyword in _PRESENCE:
            # Forbidden before or after is told as such.
            missing = new if one else old
            if keyword not in missing.parts:
                came, went = _PRESENCE[keyword]
                yield self._change(
                    Fact(went if one else came, keyword), (old, new), place, kept, (one, other)
                )

    def _named_schemas(self, old: View, new: View, place: str, kept: bool) -> Iterator[Change]:
        for keyword, name, below in (
            ("patternProperties", "pattern-properties", "*"),
            ("dependentSchemas", "dependent-schema", ""),
        ):
            one = old.patterns if below else old.dependent_schemas
            other = new.patterns if below else new.dependent_schemas
            for each in dict.fromkeys([*one, *other]):
                if each in one and each in other:
                    yield from self._nodes(one[each], other[each], place + (join(below) if below else ""))
                else:
                    nodes = _either(one, other, each)
                    fact = Fact(f"{name}-{_kind(nodes)}", keyword, {"name": each})
                    yield self._change(fact, (old, new), place, kept, nodes)

    def _wholes(self, old: View, new: View, place: str, kept: bool) -> Iterator[Change]:
        for keyword, name in _WHOLE.items():
            one, other = old.parts.get(keyword), new.parts.get(keyword)
            if one and other:
                if self._form(one, is_old=True) is not self._form(other, is_old=False):
                    yield self._change(
                        Fact(f"{name}-changed", keyword), (old, new), place, kept, (one, other)
                    )
            elif one or other:
                fact = Fact(f"{name}-{_kind((one, other))}", keyword)
                yield self._change(fact, (old, new), place, kept, (one, other))
        conditions = [self._condition(old, is_old=True), self._condition(new, is_old=False)]
        if conditions[0] != conditions[1]:
            kind = "changed" if all(conditions) else "removed" if conditions[0] else "added"
            yield self._change(Fact(f"condition-{kind}", "if"), (old, new), place, kept)

    def _condition(self, side: View, *, is_old: bool) -> tuple[Form, ...]:
        if "if" not in side.parts:
            return ()
        words = (side.parts[word] for word in ("if", "then", "else") if word in side.parts)
        return tuple(self._form(node, is_old=is_old) for node in words)

    def _unions(
        self, old: tuple[View, Node], new: tuple[View, Node], place: str, kept: bool
    ) -> Iterator[Change]:
        views = (old[0], new[0])
        if not views[0].unions and not views[1].unions:
            return
        # What is no union is a union of itself.
        keyword, right = views[1].unions[0] if views[1].unions else ("", new[1])
        before, left = views[0].unions[0] if views[0].unions else (keyword, old[1])
        keyword = keyword or before
        pairing = pair(
            Side(self.old, lambda spot: self.prover.form(spot, is_old=True), left),
            Side(self.new, lambda spot: self.prover.form(spot, is_old=False), right),
        )
        name = "one-of" if keyword == "oneOf" else "any-of"
        for one, other in pairing.pairs:
            yield from self._nodes((one,), (other,), place)
        for spot in pairing.gone:
            fact = Fact(f"{name}-removed", keyword, {"name": name_of(spot)})
            yield self._change(fact, views, place, kept, ((spot,), None))
        for spot in pairing.come:
            fact = Fact(f"{name}-added", keyword, {"name": name_of(spot)})
            yield self._change(fact, views, place, kept, (None, (spot,)))
        if {before, keyword} == {"oneOf", "anyOf"}:
            became = "one-of-became-any-of" if keyword == "anyOf" else "any-of-became-one-of"
            yield self._change(Fact(became, keyword), views, place, kept)

    def _change(
        self, fact: Fact, views: tuple[View, View], place: str, kept: bool, nodes: Nodes | None = None
    ) -> Change:
        """The row of a fact; where the node provably keeps its readers, the row does.

        ``nodes`` are the schemas that it is about, where these are not the node itself.
        """
        if fact.below is not None and fact.keyword == "properties":
            nodes = _either(views[0].properties, views[1].properties, fact.below)
        where = place if fact.below is None else place + join(fact.below)
        rule = RULES[rule_id(self.direction, Area.PROPERTY if where else Area.BODY, fact.name)]
        verdicts = dict(rule.verdicts)
        if fact.widens is not None:
            breaks = fact.widens == (self.direction is Direction.RESPONSE)
            verdicts = {"strict": Verdict.BREAKING, "tolerant": Verdict.SAFE} if breaks else _safe(verdicts)
        if kept:
            verdicts = _safe(verdicts)
        pointers: list[str | None] = [side.at(fact.keyword) for side in views]
        if nodes is not None:
            pointers = [node[0].pointer if node else None for node in nodes]
        details = dict(fact.details)
        return Change(
            rule=rule.id,
            place=where,
            old_pointer=pointers[0],
            new_pointer=pointers[1],
            verdicts=verdicts,
            severity=severity_of(verdicts),
            message=rule.message.format_map({"keyword": fact.keyword, **details}),
            details=details,
        )


def _either(old: Mapping[Any, Node], new: Mapping[Any, Node], name: Any) -> Nodes:
    return old.get(name), new.get(name)


def _kind(nodes: Nodes) -> str:
    return "removed" if nodes[1] is None else "added"


def _safe(readers: Iterable[str]) -> dict[str, Verdict]:
    return dict.fromkeys(readers, Verdict.SAFE)


def _schema(side: View, keyword: str) -> Node | None:
    """The schema of a keyword that says more than yes or no."""
    node = side.parts.get(keyword)
    return None if node is None or any(isinstance(spot.schema, bool) for spot in node) else node


def _meet(one: frozenset[str], other: frozenset[str]) -> bool:
    wide = {"integer": "number"}
    return bool({wide.get(name, name) for name in one} & {wide.get(name, name) for name in other})

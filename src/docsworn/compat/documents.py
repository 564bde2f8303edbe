"""Two OpenAPI documents against each other: every operation that both have, each changed schema once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from docsworn.compat.call_changes import Pair, call_changes, change, schema_pairs
from docsworn.compat.calls import Call
from docsworn.compat.changes import Area, Change, Comparison, Direction, Verdict
from docsworn.compat.document import Document
from docsworn.compat.judgement import alone, findings, judged
from docsworn.compat.large import Compared, Network
from docsworn.compat.places import concerns
from docsworn.compat.projection import project
from docsworn.compat.readers import STRICT
from docsworn.compat.report import Found, Reach, ranked, worst
from docsworn.compat.routes import Routes, root_names
from docsworn.compat.rules import RULES
from docsworn.compat.sameness import Sameness
from docsworn.compat.sending import as_sent, as_text
from docsworn.compat.uses import Uses
from docsworn.compat.using import Places, decided, read_below
from docsworn.errors import ContractError

Compare = Callable[[Any, Any, Direction], Comparison]

_DEEP = "the schemas are too deep to be compared"


@dataclass(slots=True)
class Matcher:
    """Compares the operations of two documents with one engine, for a reader and perhaps for what it uses."""

    old: Document
    new: Document
    compare: Compare
    reader: str
    uses: Uses | None = None
    _same: dict[Direction, Sameness] = field(init=False)
    _known: dict[tuple[str, ...], Comparison] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.compare = as_sent(self.compare)
        self._same = {direction: Sameness(self.old, self.new, direction) for direction in Direction}

    def found(
        self, calls: Iterable[tuple[Call | None, Call | None]], direction: Direction
    ) -> Iterator[Found]:
        """Every finding of these pairs of operations, once for each place that reaches it."""
        large = self.old.is_large or self.new.is_large
        later: list[tuple[Pair, Call]] = []
        for old, new in calls:
            if old is None or new is None:
                yield from _lonely(old, new, direction)
                continue
            for part, one in call_changes(old, new, direction):
                yield self._plain(one, direction, Reach(new.title, part, ""))
            for pair in schema_pairs(old, new, direction):
                if large:
                    later.append((pair, new))
                else:
                    yield from self._pair(pair, new)
        found = list(self._network(later, direction))
        if any(one.verdict is Verdict.UNKNOWN for one in found) and not (
            self.old.is_huge or self.new.is_huge
        ):
            found = [one for pair, new in later for one in self._pair(pair, new)]
        yield from found

    def _network(self, pairs: Sequence[tuple[Pair, Call]], direction: Direction) -> Iterator[Found]:
        """The findings of large documents: by pairs of definitions, each with the bodies that reach it."""
        is_strict = self.reader == STRICT.name or direction is Direction.REQUEST
        network = Network(self.old, self.new, direction, self._same[direction], self.compare, is_strict)
        starts: dict[tuple[str, str], list[tuple[Pair, Call]]] = {}
        schemas: dict[tuple[str, str], tuple[Any, Any]] = {}
        for pair, call in pairs:
            sides = self._converted(pair)
            if not self._same[direction].same(*sides):
                name = root_names(*sides)
                starts.setdefault(name, []).append((pair, call))
                schemas.setdefault(name, self._followed(name, sides, direction))
        network.explore((name, *sides) for name, sides in schemas.items())
        reaching = network.reaching(list(starts))
        routes = Routes(network, starts)
        bodies = [name for name, pairs in starts.items() if any(pair.area is Area.BODY for pair, _ in pairs)]
        ways = {} if self.uses is None else read_below(network, bodies, self.uses)
        for name, one in network.compared.items():
            bits = reaching[name]
            body = starts[name][0][0] if name in starts else None
            for found in self._read(one, name, network, ways.get(name, set())):
                reached, more = routes.reached(name, bits, found.change.place)
                located = self._placed(found.change, name, body)
                yield replace(found, change=located, reached=reached, more=more)

    def _read(
        self, one: Compared, name: tuple[str, str], network: Network, ways: set[Places]
    ) -> Iterator[Found]:
        """The findings of a pair of definitions, apart those that the consumer does not read."""
        nowhere = Reach("", "", "")
        if self.uses is None or network.direction is Direction.REQUEST:
            yield from findings(one.comparison, self.reader, network.direction, nowhere)
            return
        of_uses = [Uses(tuple(places)) for places in ways]
        read = [each for each in one.comparison.changes if any(concerns(uses, each) for uses in of_uses)]
        if ways:
            known = decided(network, name, ways).comparison
            yield from findings(replace(known, changes=tuple(read)), self.reader, network.direction, nowhere)
        for each in one.comparison.changes:
            if each not in read:
                found = judged(each, one.comparison, self.reader, network.direction, nowhere)
                yield replace(found, used=False)

    def _followed(
        self, name: tuple[str, str], sides: tuple[Any, Any], direction: Direction
    ) -> tuple[Any, Any]:
        """The definitions that two bodies are, or their schemas where they are none."""
        if name[0] in self.old.origins and name[1] in self.new.origins:
            return self.old.definition(name[0], direction), self.new.definition(name[1], direction)
        return sides

    def _converted(self, pair: Pair) -> tuple[Any, Any]:
        old, new = (
            True if node is None else document.converted(node, pair.direction)
            for document, node in ((self.old, pair.old), (self.new, pair.new))
        )
        return old, new

    def _placed(self, one: Change, name: tuple[str, str], body: Pair | None) -> Change:
        """The change with pointers of the documents."""
        if body is not None and not (name[0] in self.old.origins and name[1] in self.new.origins):
            return self._located(one, body)
        old, new = (
            None if pointer is None else document.nearest(document.origins[own], pointer)
            for document, own, pointer in (
                (self.old, name[0], one.old_pointer),
                (self.new, name[1], one.new_pointer),
            )
        )
        return replace(one, old_pointer=old, new_pointer=new)

    def _plain(self, one: Change, direction: Direction, reach: Reach) -> Found:
        used = self.uses is None or RULES[one.rule].area is not Area.HEADER
        return Found(one, direction, alone(one, self.reader), (reach,), used=used)

    def _pair(self, pair: Pair, call: Call) -> Iterator[Found]:
        old, new = (
            True if node is None else document.schema(node, pair.direction)
            for document, node in ((self.old, pair.old), (self.new, pair.new))
        )
        if self._same[pair.direction].same(*(_without_definitions(side) for side in (old, new))):
            return
        try:
            comparison = self._comparison(old, new, pair.direction)
        except ContractError as error:  # the engine knows the side, we know the place
            document, node = (self.new, pair.new) if error.file == "NEW" else (self.old, pair.old)
            root = node.pointer if node else ""
            raise document.raw.located(error, lambda place: document.place_of(place, root)) from None
        uses = self.uses if pair.direction is Direction.RESPONSE else None
        known = comparison
        if uses is not None and pair.area is Area.BODY:
            known = self._comparison(project(old, uses.whole), new, pair.direction)
        if pair.is_text:
            is_read = pair.direction is Direction.RESPONSE
            reading, written = (as_text(old), new) if is_read else (old, as_text(new))
            known = self._comparison(reading, written, pair.direction)
        read: list[Change] = []
        unread: list[Change] = []
        for one in comparison.changes:
            used = uses is None or (pair.area is Area.BODY and concerns(uses, one))
            (read if used else unread).append(one)
        reach = Reach(call.title, pair.where, "")
        if uses is None or pair.area is Area.BODY:
            of_use = replace(known, changes=tuple(read))
            for found in findings(of_use, self.reader, pair.direction, reach):
                yield replace(found, change=self._located(found.change, pair))
        for one in unread:
            found = judged(one, comparison, self.reader, pair.direction, reach)
            yield replace(found, change=self._located(one, pair), used=False)

    def _comparison(self, old: Any, new: Any, direction: Direction) -> Comparison:
        key = (direction.value, *(json.dumps(_without_definitions(side)) for side in (old, new)))
        if key not in self._known:
            try:
                self._known[key] = self.compare(old, new, direction)
            except RecursionError:
                self._known[key] = Comparison(Verdict.UNKNOWN, (), reason=_DEEP)
        return self._known[key]

    def _located(self, one: Change, pair: Pair) -> Change:
        """The change with pointers of the documents, and the rule of the area that it is about."""
        rule = one.rule
        if pair.area is not Area.BODY:
            own = rule.replace("-body-", f"-{pair.area}-", 1)
            rule = own if own in RULES else rule
        old, new = (
            None if pointer is None else document.place_of(pointer, node.pointer if node else "")
            for document, node, pointer in (
                (self.old, pair.old, one.old_pointer),
                (self.new, pair.new, one.new_pointer),
            )
        )
        return replace(one, rule=rule, old_pointer=old, new_pointer=new)


def _lonely(old: Call | None, new: Call | None, direction: Direction) -> Iterator[Found]:
    """An operation that only one document has."""
    call, what = (old, "removed") if old is not None else (new, "added")
    if call is None:
        return
    nodes = (call.node, None) if what == "removed" else (None, call.node)
    one = change(f"operation-{what}", *nodes)
    yield Found(one, direction, one.verdicts["strict"], (Reach(call.title, "", ""),))


def _without_definitions(schema: Any) -> Any:
    if not isinstance(schema, Mapping):
        return schema
    return {key: value for key, value in schema.items() if key not in ("$defs", "$schema")}


def matched(
    old: Mapping[str, Call], new: Mapping[str, Call], chosen: str | None
) -> Sequence[tuple[Call | None, Call | None]]:
    """The operations of two documents side by side; only the one with the chosen key where there is one."""
    keys = [chosen] if chosen is not None else [*old, *(key for key in new if key not in old)]
    return [(old.get(key), new.get(key)) for key in keys]


def merged(found: Iterable[Found]) -> tuple[Found, ...]:
    """Findings in order, with those of one node as one that says where it is reached."""
    groups: dict[tuple[Any, ...], list[Found]] = {}
    for one in found:
        at = one.change
        key = (one.direction, at.rule, at.old_pointer, at.new_pointer, at.message, one.used)
        groups.setdefault(key, []).append(one)
    return ranked(_as_one(group) for group in groups.values())


def _as_one(group: list[Found]) -> Found:
    verdict = worst(one.verdict for one in group)
    first = next(one for one in group if one.verdict is verdict)
    reached = tuple(dict.fromkeys(reach for one in group for reach in one.reached))
    witness = next((one.witness for one in group if one.witness is not None), None)
    return replace(first, reached=reached, witness=witness)

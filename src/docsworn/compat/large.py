"""Large documents: every pair of definitions that differs is compared once, wherever it is reached from."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from docsworn.compat.changes import Comparison, Direction, Verdict
from docsworn.compat.cutting import STUB, Cut, Link
from docsworn.compat.document import Document
from docsworn.compat.judging import Judge
from docsworn.compat.sameness import Sameness
from docsworn.compat.sampling import NoSample, sample
from docsworn.compat.wording import same_words
from docsworn.errors import ContractError

Pair = tuple[str, str]

_PART = "of the part alone, the body found is none of the whole"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a pair of definitions says for itself, and the differing pairs below it."""

    comparison: Comparison
    links: tuple[Link, ...]


@dataclass(slots=True)
class Network:
    """The differing pairs of definitions of two documents, for one direction."""

    old: Document
    new: Document
    direction: Direction
    names: Sameness
    compare: Callable[[Any, Any, Direction], Comparison]
    compared: dict[Pair, Compared] = field(default_factory=dict)
    _roots: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))

    def explore(self, starts: Iterable[tuple[Pair, Any, Any]]) -> None:
        """Compare every pair that these are or reach; then let the validators confirm what breaks."""
        waiting = deque(starts)
        while waiting:
            pair, old, new = waiting.popleft()
            if pair in self.compared:
                continue
            for side, name, schema in zip(self._roots, pair, (old, new), strict=True):
                side[name] = schema
            cut = Cut(self.names, 0 if self.direction is Direction.RESPONSE else 1)
            comparison = self._compare(cut, old, new)
            self.compared[pair] = Compared(comparison, tuple(cut.links))
            waiting.extend(
                (link.pair, self.names.definition(link.pair, 0), self.names.definition(link.pair, 1))
                for link in cut.links
                if link.pair not in self.compared
            )
        self._confirm()

    def _compare(self, cut: Cut, old: Any, new: Any) -> Comparison:
        try:
            sides = cut.both(old, new)
            same = same_words(*sides)
            return Comparison(Verdict.SAFE, ()) if same else self.compare(*sides, self.direction)
        except RecursionError:
            return Comparison(Verdict.UNKNOWN, (), reason="the schemas are too deep to be compared")
        except ContractError as error:  # one bad schema of hundreds is no reason to say nothing of the others
            return Comparison(Verdict.UNKNOWN, (), reason=f"a schema that is none: {error.problem}")

    def _confirm(self) -> None:
        judges = [
            Judge(document, self.direction, roots)
            for document, roots in zip((self.old, self.new), self._roots, strict=True)
        ]
        for pair, one in self.compared.items():
            if one.comparison.verdict is Verdict.BREAKING:
                self.compared[pair] = replace(one, comparison=self._confirmed(pair, one.comparison, judges))

    def _confirmed(self, pair: Pair, one: Comparison, judges: list[Judge]) -> Comparison:
        reads, writes = (0, 1) if self.direction is Direction.RESPONSE else (1, 0)
        document = (self.old, self.new)[writes]
        try:
            body = self._whole(one.witness, document)
            if judges[writes].accepts(pair[writes], body) != (True, True):
                body = judges[writes].mended(pair[writes], body)
            refused = judges[reads].accepts(pair[reads], body) == (False, False)
            valid = judges[writes].accepts(pair[writes], body) == (True, True)
        except (NoSample, RecursionError):
            return replace(one, verdict=Verdict.UNKNOWN, witness=None, witnessed=False, reason=_PART)
        if valid and refused:
            return replace(one, witness=body)
        return replace(one, verdict=Verdict.UNKNOWN, witness=None, witnessed=False, reason=_PART)

    def _whole(self, body: Any, document: Document) -> Any:
        """A witness with real values in place of stubs."""
        if isinstance(body, list):
            return [self._whole(item, document) for item in body]
        if not isinstance(body, dict):
            return body
        stub = next((key.removeprefix(STUB) for key in body if key.startswith(STUB)), None)
        if stub is None:
            return {name: self._whole(child, document) for name, child in body.items()}
        if stub not in document.origins:
            raise NoSample
        return sample(
            document.definition(stub, self.direction), lambda name: document.definition(name, self.direction)
        )

    def places(self, start: Pair) -> dict[Pair, str]:
        """Every pair that one reaches with the first place at which it does, itself too."""
        found = {start: ""}
        waiting = deque([start])
        while waiting:
            pair = waiting.popleft()
            for link in self.compared[pair].links:
                if link.pair not in found:
                    found[link.pair] = found[pair] + link.place
                    waiting.append(link.pair)
        return found

    def reaching(self, starts: Sequence[Pair]) -> dict[Pair, int]:
        """For each pair the starts that reach it, as bits."""
        found = dict.fromkeys(self.compared, 0)
        for at, start in enumerate(starts):
            found[start] |= 1 << at
        waiting = deque(starts)
        while waiting:
            pair = waiting.popleft()
            for link in self.compared[pair].links:
                if found[link.pair] | found[pair] != found[link.pair]:
                    found[link.pair] |= found[pair]
                    waiting.append(link.pair)
        return found

"""Large documents: every pair of definitions that differs is compared once, wherever it is reached from."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import jsonschema
import jsonschema_rs

from docsworn.compat.changes import Comparison, Direction, Verdict
from docsworn.compat.cutting import STUB, Cut, Link, same_words
from docsworn.compat.document import Document
from docsworn.compat.sameness import Sameness
from docsworn.compat.sampling import NoSample, sample
from docsworn.contract.bundle import DIALECT, quote_part
from docsworn.errors import ContractError

Pair = tuple[str, str]

_MOST_MENDED = 12
_PART = "of the part alone, the body found is none of the whole"


@dataclass(frozen=True, slots=True)
class Compared:
    """What a pair of definitions says for itself, and the differing pairs below it."""

    comparison: Comparison
    links: tuple[Link, ...]


@dataclass(slots=True)
class Judge:
    """Both validators over all definitions of a document, made once."""

    document: Document
    direction: Direction
    roots: Mapping[str, Any]
    _fast: Any = None
    _careful: Any = None

    def _definitions(self) -> dict[str, Any]:
        waiting, found = list(self.roots), dict(self.roots)
        while waiting:
            for name in self.document.needed(found[waiting.pop()]):
                if name not in found:
                    found[name] = self.document.definition(name, self.direction)
                    waiting.append(name)
        return found

    def _ready(self) -> None:
        if self._fast is None:
            known = self._definitions()
            fields = {name: {"$ref": f"#/$defs/{quote_part(name)}"} for name in self.roots}
            schema = {"$schema": DIALECT, "$defs": known, "properties": fields}
            self._fast = jsonschema_rs.validator_for(schema, validate_formats=True, offline=True)
            kind = jsonschema.Draft202012Validator
            self._careful = kind(schema, format_checker=kind.FORMAT_CHECKER)

    def mended(self, name: str, body: Any) -> Any:
        """A body with plain values where it is no value of a definition; NoSample where that does not help."""
        whole = {name: copy.deepcopy(body)}
        self._ready()
        for _ in range(_MOST_MENDED):
            error = next(self._careful.iter_errors(whole), None)
            if error is None:
                return whole[name]
            _mend(whole, error, lambda part: self.document.definition(part, self.direction))
        raise NoSample

    def accepts(self, name: str, body: Any) -> tuple[bool, bool]:
        """What both say of a body as a value of a definition."""
        self._ready()
        whole = {name: body}
        return self._fast.is_valid(whole), bool(self._careful.is_valid(whole))


def _mend(whole: Any, error: jsonschema.ValidationError, define: Callable[[str], Any]) -> None:
    """Put a plain value where a body is wrong, or the field that it lacks."""
    *above, last = error.absolute_path
    holder = whole
    for part in above:
        holder = holder[part]
    schema = error.schema
    if error.validator == "required" and isinstance(holder[last], dict):
        lacking = next(name for name in error.validator_value if name not in holder[last])
        holder[last][lacking] = sample(schema.get("properties", {}).get(lacking, True), define)
    else:
        holder[last] = sample(schema, define)


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
            sides = cut.both(old, new)
            comparison = Comparison(Verdict.SAFE, ())
            if not same_words(*sides):
                comparison = self._compare(*sides)
            self.compared[pair] = Compared(comparison, tuple(cut.links))
            waiting.extend(
                (link.pair, self.names.definition(link.pair, 0), self.names.definition(link.pair, 1))
                for link in cut.links
                if link.pair not in self.compared
            )
        self._confirm()

    def _compare(self, old: Any, new: Any) -> Comparison:
        try:
            return self.compare(old, new, self.direction)
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
        except NoSample:
            return replace(one, verdict=Verdict.UNKNOWN, witness=None, witnessed=False, reason=_PART)
        valid = judges[writes].accepts(pair[writes], body) == (True, True)
        if valid and judges[reads].accepts(pair[reads], body) == (False, False):
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

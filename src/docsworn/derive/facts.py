"""A derived document as rows: one a place of a response or request, with what is said of it there.

``*`` stands for array items and for map values. A component that repeats on the way down is told once
and not entered again. The branches of a union share the row of their place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from docsworn.contract.pointer import join
from docsworn.derive.document import choose_operation
from docsworn.derive.inside import (
    Seen,
    added_confidence,
    held,
    is_added,
    media_schemas,
    opened_at,
    requiredness,
)
from docsworn.derive.nature import Answer, Natures, either, weakest
from docsworn.errors import DocumentError
from docsworn.model import Confidence

REQUEST = "request"
MAX_FACTS = 50_000
MAX_DEPTH = 100

# The later in this list, the less it is the page that says so.
_LESS_SURE = tuple(
    map(str, (Confidence.DOCUMENTED, Confidence.CORROBORATED, Confidence.INFERRED, Confidence.CURATED))
)

_Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a page says of one place.

    ``pointer`` is None where the page does not name the field: ``names`` then holds the names it may
    have (for what is below it, the way from there). ``line`` is of the page, 0 where no line says it.
    Only a field can be required; items, values and whole bodies are told as not required.
    """

    status: str
    pointer: str | None
    names: tuple[str, ...]
    types: tuple[str, ...]
    nullable: Answer
    required: Answer
    enum: tuple[Any, ...]
    format: str | None
    confidence: str
    line: int

    def as_row(self) -> dict[str, Any]:
        """The fact as JSON data."""
        row = asdict(self)
        return {key: list(value) if isinstance(value, tuple) else value for key, value in row.items()}


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a row stands; ``names`` is None where the page names the place."""

    status: str
    path: _Path
    names: tuple[str, ...] | None = None

    def below(self, part: str) -> _Spot:
        return _Spot(self.status, (*self.path, part), self.names)


def facts_of(
    openapi: Mapping[str, Any], operation: str | None = None, *, additions: bool = True
) -> tuple[Fact, ...]:
    """The facts of a derived document's one operation, or of the one with this id or ``METHOD /path``.

    Without ``additions`` what a recipe says to be required counts as unknown: the page does not say it.
    UsageError where there is no such operation or several to choose from, DocumentError where there is
    no end of facts.
    """
    chosen = choose_operation(openapi, operation)
    return tuple(_Reader(openapi, Natures(openapi), additions).facts(chosen))


@dataclass(slots=True)
class _Reader:
    openapi: Mapping[str, Any]
    natures: Natures
    additions: bool
    count: int = field(default=0)

    def facts(self, operation: Mapping[str, Any]) -> Iterator[Fact]:
        listed = (*operation.get("parameters", ()), *operation.get("x-key-parameters", ()))
        request = [self._followed(item) for item in listed]
        for parameter in request:
            yield from self._parameter(parameter)
        for entry in self.openapi.get("x-unnamed", ()):
            yield from self._unnamed(_Spot(REQUEST, ()), entry, frozenset())
        if "requestBody" in operation:
            yield from self._body(REQUEST, self._followed(operation["requestBody"]))
        for status, response in operation.get("responses", {}).items():
            yield from self._body(status, response)

    def _followed(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        target = self.natures.target(item)
        return target if isinstance(target, Mapping) else item

    def _parameter(self, parameter: Mapping[str, Any]) -> Iterator[Fact]:
        required: Answer = parameter.get("x-required") or ("yes" if parameter.get("required") else "no")
        schemas = [parameter["schema"]] if "schema" in parameter else media_schemas(parameter)
        seen = [Seen(schema, required, frozenset(), {}) for schema in schemas or [{}]]
        yield from self._place(_Spot(REQUEST, (parameter["name"],)), seen, marked=parameter)

    def _body(self, status: str, response: Mapping[str, Any]) -> Iterator[Fact]:
        body = self._followed(response)
        seen = [Seen(schema, "no", frozenset(), {}) for schema in media_schemas(body)]
        yield from self._place(_Spot(status, ()), seen, marked={**body, **response})

    def _place(
        self, spot: _Spot, seen: list[Seen], marked: Mapping[str, Any] | None = None
    ) -> Iterator[Fact]:
        """The row of a place and of all below it; ``marked`` is the node that tells line and confidence."""
        self._count(spot, seen)
        natures = [self.natures.of(one.schema) for one in seen]
        node = marked or next((one.schema for one in seen if isinstance(one.schema, Mapping)), {})
        line, confidence = _origin(node if "x-source" in node else seen[0].holder if seen else node)
        confidence = _weakest_confidence([confidence, *(one.said for one in seen if one.required == "yes")])
        nature = natures[0] if len(natures) == 1 else either(natures)
        names = spot.names if spot.names is not None else _aliases(node)
        yield Fact(
            status=spot.status,
            pointer=join(*spot.path) if spot.names is None else None,
            names=names if spot.names is None else _ways(names, spot.path),
            types=nature.ordered_types,
            nullable=nature.nullable or "unknown",
            required=_merged(one.required for one in seen),
            enum=nature.enum or (),
            format=nature.formats[0] if len(nature.formats) == 1 else None,
            confidence=confidence,
            line=line,
        )
        yield from self._below(spot, seen)

    def _count(self, spot: _Spot, seen: list[Seen]) -> None:
        self.count += 1
        problem = f"more than {MAX_FACTS} facts" if self.count > MAX_FACTS else ""
        if len(spot.path) > MAX_DEPTH:
            problem = f"fields more than {MAX_DEPTH} levels deep"
        if problem:
            node = seen[0].schema if seen and isinstance(seen[0].schema, Mapping) else {}
            source = node.get("x-source") or (seen[0].holder.get("x-source", {}) if seen else {})
            raise DocumentError(source.get("document", "the document"), problem, source.get("line") or None)

    def _below(self, spot: _Spot, seen: list[Seen]) -> Iterator[Fact]:
        """The rows of the fields, items and values of a place, whatever branch they stand in."""
        opened = {id(node.schema): node for one in seen for node in opened_at(one, self.natures)}
        fields: dict[str, list[Seen]] = {}
        elements: list[Seen] = []
        for schema, required, trail in ((o.schema, o.names, o.trail) for o in opened.values()):
            for name, child in schema.get("properties", {}).items():
                sure = self.additions or not is_added(schema, name)
                answer = requiredness(name, child, required) if sure else "unknown"
                said = added_confidence(schema, name) if name in schema.get("required", ()) else None
                fields.setdefault(name, []).append(Seen(child, answer, trail, schema, said))
            elements += [Seen(child, "no", trail, schema) for child in held(schema)]
        for name, children in fields.items():
            yield from self._place(spot.below(name), children)
        if elements:
            yield from self._place(spot.below("*"), elements)
        for node in opened.values():
            for entry in node.schema.get("x-unnamed", ()):
                yield from self._unnamed(spot, entry, node.trail)

    def _unnamed(self, spot: _Spot, entry: Mapping[str, Any], trail: frozenset[str]) -> Iterator[Fact]:
        names = tuple(entry.get("candidates", ()))
        seen = [Seen(entry.get("schema", {}), "unknown", trail, entry)]
        yield from self._place(_Spot(spot.status, (), names), seen)


def _merged(answers: Iterable[Answer]) -> Answer:
    """Required where every branch that has the field requires it."""
    return weakest(set(answers)) or "no"


def _origin(node: Mapping[str, Any]) -> tuple[int, str]:
    confidence: str = node.get("x-confidence", Confidence.DOCUMENTED.value)
    line: int = node.get("x-source", {}).get("line", 0)
    return line, confidence


def _weakest_confidence(said: Iterable[str | None]) -> str:
    """The least sure of what a row rests on; what is not told apart is as sure as the page."""
    return max((one for one in said if one is not None), key=_LESS_SURE.index)


def _aliases(node: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(node.get("x-aliases", ()))


def _ways(names: tuple[str, ...], path: _Path) -> tuple[str, ...]:
    """The candidate names of an unnamed field, or of what is below it with the way from there."""
    return tuple("/".join((name, *path)) for name in names) if names else tuple(["/".join(path)] * bool(path))

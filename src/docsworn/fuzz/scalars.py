"""Strings and numbers that keep a schema: from a table, and where that does not do, drawn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import jsonschema_rs

from docsworn.fuzz.draw import draw
from docsworn.fuzz.strategies import bodies

_DRAWS = 20
_NONE = object()

_FORMATS: Mapping[str, str] = {
    "date-time": "2026-01-02T03:04:05Z",
    "date": "2026-01-02",
    "time": "03:04:05Z",
    "duration": "P1D",
    "email": "a@example.com",
    "idn-email": "a@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "/a",
    "iri": "https://example.com/",
    "iri-reference": "/a",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "uri-template": "/a/{b}",
    "json-pointer": "/a",
    "relative-json-pointer": "0",
    "regex": "a",
}
_SCALAR_KEYWORDS = frozenset({
    "type", "enum", "const", "format", "pattern", "minLength", "maxLength", "minimum", "maximum",
    "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "not",
})  # fmt: skip


class Scalars:
    """Finds scalars for schemas and remembers them."""

    def __init__(self) -> None:
        self._found: dict[str, Any] = {}

    def find(self, nodes: Sequence[Mapping[str, Any]], kind: str) -> Any:
        """A value of a JSON type that keeps all nodes; LookupError where none was found."""
        parts = [{key: node[key] for key in node if key in _SCALAR_KEYWORDS} for node in nodes]
        schema = {"allOf": [{"type": kind}, *(part for part in parts if part)]}
        key = repr(schema)
        if key not in self._found:
            self._found[key] = self._search(schema, parts, kind)
        return self._found[key]

    def literal(self, nodes: Sequence[Mapping[str, Any]]) -> tuple[Any] | None:
        """A listed value that keeps all nodes, null only where there is no other; None for nodes that
        list none."""
        parts = [{key: node[key] for key in node if key in _SCALAR_KEYWORDS} for node in nodes]
        listed = [value for part in parts for value in _listed(part)]
        if not listed:
            return None
        validator = jsonschema_rs.Draft202012Validator({"allOf": parts}, validate_formats=True, offline=True)
        fitting = (value for value in listed if validator.is_valid(value))
        found = min(fitting, key=lambda value: value is None, default=_NONE)
        if found is _NONE:
            raise LookupError("enum")
        return (found,)

    def _search(self, schema: dict[str, Any], parts: Sequence[Mapping[str, Any]], kind: str) -> Any:
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True, offline=True)
        for value in _candidates(parts, kind):
            if validator.is_valid(value):
                return value
        for value in draw(bodies(schema), _DRAWS, 0):
            if validator.is_valid(value):
                return value
        raise LookupError(kind)


def _listed(part: Mapping[str, Any]) -> tuple[Any, ...]:
    return (*part.get("enum", ()), *((part["const"],) if "const" in part else ()))


def _candidates(parts: Sequence[Mapping[str, Any]], kind: str) -> Iterator[Any]:
    if kind in ("null", "boolean"):
        yield from (None, True, False)
    elif kind == "string":
        yield from (_FORMATS[part["format"]] for part in parts if part.get("format") in _FORMATS)
        yield "text"
        yield "t" * max((part.get("minLength", 1) for part in parts), default=1)
    else:
        yield from (1, 0)
        bounds = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
        for bound in (part[name] for part in parts for name in bounds if name in part):
            yield from (bound, bound + 1, bound - 1, bound + 0.5, bound - 0.5)

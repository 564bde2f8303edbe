"""One plain value that a schema takes, where a simple one does; validators confirm what is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.compat.sameness import reference_name

_DEPTH = 25
_MOST_NODES = 1_000
_TEXTS = {
    "date-time": "2026-01-01T00:00:00Z", "date": "2026-01-01", "time": "00:00:00Z", "uri-reference": "/",
    "uuid": "00000000-0000-4000-8000-000000000000", "uri": "https://kites.example/", "ipv4": "192.0.2.1",
    "hostname": "kites.example", "ipv6": "2001:db8::1", "email": "a@kites.example", "duration": "P1D",
}  # fmt: skip


class NoSample(Exception):  # noqa: N818 - it says what there is none of
    """No simple value was found."""


def sample(schema: Any, define: Callable[[str], Any]) -> Any:
    """A value that is probably valid; NoSample where none is found simply."""
    return Sampler(define).sample(schema)


@dataclass(slots=True)
class Sampler:
    """Gives small values of the schemas of one document; of a definition always the same one."""

    define: Callable[[str], Any]
    _known: dict[str, Any] = field(default_factory=dict)

    def sample(self, schema: Any, open_names: tuple[str, ...] = ()) -> Any:
        """A value that is probably valid, not to be changed; NoSample where none is found simply."""
        if len(open_names) > _DEPTH or schema is False:
            raise NoSample
        name = reference_name(schema)
        if name is not None:
            return self._named(name, open_names)
        if not isinstance(schema, Mapping):
            return {}
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                return self._first(schema[keyword], open_names)
        if "allOf" in schema:
            return self._merged(schema, open_names)
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return schema["enum"][0]
        return self._typed(schema, open_names)

    def _named(self, name: str, open_names: tuple[str, ...]) -> Any:
        if name in open_names:
            raise NoSample
        if name not in self._known:
            made = self.sample(self.define(name), (*open_names, name))
            if is_huge(made):
                raise NoSample
            self._known[name] = made
        return self._known[name]

    def _first(self, variants: Any, open_names: tuple[str, ...]) -> Any:
        for variant in sorted(variants, key=lambda one: reference_name(one) is not None):
            try:
                return self.sample(variant, open_names)
            except NoSample:
                continue
        raise NoSample

    def _merged(self, schema: Mapping[str, Any], open_names: tuple[str, ...]) -> Any:
        rest = {key: value for key, value in schema.items() if key != "allOf"}
        parts = [*schema["allOf"], *([rest] if rest else [])]
        values = [self.sample(part, open_names) for part in parts]
        if all(isinstance(value, dict) for value in values):
            return {name: child for value in values for name, child in value.items()}
        return values[0]

    def _typed(self, schema: Mapping[str, Any], open_names: tuple[str, ...]) -> Any:
        said = schema.get("type")
        kinds = said if isinstance(said, list) else [said] if said else []
        kind = next((one for one in kinds if one != "null"), kinds[0] if kinds else None)
        if kind == "object" or (kind is None and ("properties" in schema or "required" in schema)):
            if "null" in kinds:
                return None
            fields = schema.get("properties", {})
            return {
                name: self.sample(fields.get(name, True), open_names) for name in schema.get("required", ())
            }
        if kind == "array":
            least = schema.get("minItems", 0)
            return [self.sample(schema.get("items", True), open_names) for _ in range(least)]
        if kind in ("integer", "number"):
            return _number(schema)
        if kind == "string":
            return _TEXTS.get(schema.get("format", ""), "x" * max(1, schema.get("minLength", 1)))
        return {"boolean": True, "null": None}.get(kind or "", {})


def is_huge(value: Any) -> bool:
    """Whether a value holds more than can be told or checked in no time."""
    waiting, seen = [value], 0
    while waiting and seen < _MOST_NODES:
        node = waiting.pop()
        seen += 1
        waiting.extend(node.values() if isinstance(node, dict) else node if isinstance(node, list) else ())
    return bool(waiting)


def _number(schema: Mapping[str, Any]) -> Any:
    low, above = schema.get("minimum"), schema.get("exclusiveMinimum")
    if low is not None or above is not None:
        return low if above is None else above + 1
    high = schema.get("maximum", schema.get("exclusiveMaximum"))
    return 0 if high is None else min(0, high - 1)

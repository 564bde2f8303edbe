"""The inside of a place: which schemas speak of it, what they hold, and what they require."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from docsworn.derive.document import is_json
from docsworn.derive.nature import Answer, Natures
from docsworn.model import Confidence

# Longer chains of references lead nowhere that a page means.
_LONGEST_TRAIL = 200


@dataclass(frozen=True, slots=True)
class Seen:
    """A schema at a place: whether it is required there, and the components that led to it.

    ``said`` is the confidence of one who added that it is required; None where the page says it.
    """

    schema: Any
    required: Answer
    trail: frozenset[str]
    holder: Mapping[str, Any]
    said: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A schema whose fields and items stand below a place, and the names that are required there."""

    schema: Mapping[str, Any]
    names: frozenset[str]
    trail: frozenset[str]


def opened_at(one: Seen, natures: Natures) -> Iterator[Open]:
    """Every schema that speaks of the inside of a place: through references, parts and branches."""
    yield from _opened(one, natures, frozenset(), set())


def _opened(one: Seen, natures: Natures, required: frozenset[str], open_here: set[int]) -> Iterator[Open]:
    schema = one.schema
    if not isinstance(schema, Mapping) or id(schema) in open_here:
        return
    open_here.add(id(schema))
    reference = schema.get("$ref")
    target = natures.target(schema)
    parts = [*schema.get("allOf", ()), *([target] if isinstance(target, Mapping) else ())]
    names = required.union(schema.get("required", ()), *(_required_names(part) for part in parts))
    yield Open(schema, names, one.trail)
    if isinstance(target, Mapping) and reference not in one.trail and len(one.trail) < _LONGEST_TRAIL:
        inner = Seen(target, one.required, one.trail | {str(reference)}, one.holder)
        yield from _opened(inner, natures, names, open_here)
    for keyword in ("allOf", "oneOf", "anyOf"):
        for part in schema.get(keyword, ()):
            yield from _opened(Seen(part, one.required, one.trail, one.holder), natures, names, open_here)


def media_schemas(holder: Mapping[str, Any]) -> list[Any]:
    """The schemas of a body: those of its JSON, or of all media types where none of them is JSON."""
    media = holder.get("content", {})
    content = {name: media[name]["schema"] for name in media if "schema" in media[name]}
    return [schema for name, schema in content.items() if is_json(name)] or list(content.values())


def _required_names(part: Any) -> tuple[str, ...]:
    return tuple(part.get("required", ())) if isinstance(part, Mapping) else ()


def held(schema: Mapping[str, Any]) -> list[Any]:
    """The schemas of items and of map values; an object of anything is a map of anything."""
    found = [schema[key] for key in ("items", "additionalProperties") if isinstance(schema.get(key), Mapping)]
    if schema.get("additionalProperties") is True and not schema.get("properties"):
        found.append({})
    return [*found, *schema.get("prefixItems", ()), *schema.get("patternProperties", {}).values()]


def requiredness(name: str, schema: Any, required: frozenset[str]) -> Answer:
    """What is not listed as required is optional, but where the page tells nothing of requiredness."""
    if name in required:
        return "yes"
    node = schema if isinstance(schema, Mapping) else {}
    said: Answer | None = node.get("x-required")
    if said is not None:
        return said
    curated = node.get("x-confidence") == Confidence.CURATED
    return "unknown" if curated or "x-presence" in node or "x-alias-of" in node else "no"


def is_added(holder: Mapping[str, Any], name: str) -> bool:
    """Whether a recipe and not the page says that a field is required."""
    return added_confidence(holder, name) is not None


def added_confidence(holder: Mapping[str, Any], name: str) -> str | None:
    """How sure the one is who says that a field is required; None where the page itself says it."""
    said: str | None = holder.get("x-keywords", {}).get(f"required/{name}", {}).get("confidence")
    return said

"""A derived document as rows, so that tests compare it with tables line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from docsworn.derive import Derivation, derive

PAGES = Path(__file__).parent / "pages"


class Row(NamedTuple):
    """One schema node; ``required`` is the line that says so, 0 where none does."""

    place: str
    type: str
    null: bool
    required: int
    enum: tuple[Any, ...]
    line: int
    confidence: str = "documented"


def page(name: str) -> Derivation:
    """The derivation of a fixture page, without a recipe."""
    return derive((PAGES / name).read_text(encoding="utf-8"), document=name)


def body(openapi: Mapping[str, Any], status: str = "200") -> dict[str, Any]:
    """The schema of a status of the document's one operation, at home or not."""
    items = [item for path in openapi.get("paths", {}).values() for item in path.values()]
    responses = items[0]["responses"] if items else openapi["components"]["responses"]
    schema: dict[str, Any] = responses[status]["content"]["application/json"]["schema"]
    return schema


def notation(schema: Any) -> str:
    """A schema's type in one word: ``string``, ``array<Kite>``, ``map<any>``, ``A|B``, ``any``."""
    if not isinstance(schema, Mapping):
        return str(schema)
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix("#/components/schemas/")
    branches = [item for item in schema.get("oneOf", schema.get("anyOf", ())) if item.get("type") != "null"]
    if branches:
        return "|".join(notation(item) for item in branches)
    types = schema.get("type", "any")
    word = types if isinstance(types, str) else "|".join(name for name in types if name != "null")
    if word == "array" and "items" in schema:
        word = f"array<{notation(schema['items'])}>"
    if word == "object" and "additionalProperties" in schema:
        values = schema["additionalProperties"]
        word = f"map<{notation(values)}{'?' if nullable(values) else ''}>"
    return f"{word}:{schema['format']}" if "format" in schema else word


def nullable(schema: Any) -> bool:
    """Whether the node itself says that it may be null: in its types, or as a branch of its own."""
    types = schema.get("type", ())
    listed = isinstance(types, list) and "null" in types
    branches = [*schema.get("oneOf", ()), *schema.get("anyOf", ())]
    return listed or any(branch.get("type") == "null" for branch in branches)


def row(place: str, schema: Mapping[str, Any], required: int = 0) -> Row:
    """The row of one node."""
    enum = tuple(value for value in schema.get("enum", ()) if value is not None)
    line = schema["x-source"]["line"]
    return Row(place, notation(schema), nullable(schema), required, enum, line, schema["x-confidence"])


def rows(schema: Mapping[str, Any], place: str = "") -> Iterator[Row]:
    """The rows of the properties of an object, with what is below them (``*``: items and map values)."""
    for name, child in schema.get("properties", {}).items():
        required = required_line(schema, name) if name in schema.get("required", ()) else 0
        yield row(f"{place}/{name}", child, required)
        yield from rows(child, f"{place}/{name}")
    for keyword in ("items", "additionalProperties"):
        if isinstance(schema.get(keyword), Mapping):
            yield row(f"{place}/*", schema[keyword])
            yield from rows(schema[keyword], f"{place}/*")


def required_line(schema: Mapping[str, Any], name: str) -> int:
    """The line that says that a property is required."""
    line: int = schema["x-keywords"][f"required/{name}"]["line"]
    return line

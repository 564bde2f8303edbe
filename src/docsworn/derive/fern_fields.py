"""The fields under a heading of Fern's page text: declaration, prose and bullets as one schema."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from docsworn.derive.fern_types import Declaration, nullable, parse_declaration
from docsworn.derive.prose import identifier, says_always, says_null
from docsworn.derive.provenance import digest_words, mark_tree
from docsworn.derive.sections import Line

_BULLET = re.compile(r"[•*\-\u2013] +(\S+) +[-\u2013\u2014] .*")


@dataclass(frozen=True, slots=True)
class Field:
    """A declared field with its line, its prose and the values that its bullets list."""

    declaration: Declaration
    line: int
    prose: list[Line] = field(default_factory=list)
    bullets: list[Line] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The field's name."""
        return self.declaration.name

    @property
    def required_line(self) -> int | None:
        """The line that says that the field is there always."""
        return self.line if self.declaration.required else says_always(self.prose)


def read_fields(body: Iterable[Line]) -> Iterator[Field]:
    """The fields that the lines under a heading declare, in order."""
    current: Field | None = None
    for number, text in body:
        declaration = parse_declaration(text)
        if declaration is not None:
            if current is not None:
                yield current
            current = Field(declaration, number)
        elif current is not None:
            bullet = _BULLET.fullmatch(text)
            if bullet:
                current.bullets.append((number, bullet[1]))
            else:
                current.prose.append((number, text))
    if current is not None:
        yield current


def field_schema(found: Field, document: str) -> dict[str, Any]:
    """The schema of a field, each fact with its line."""
    schema = found.declaration.type.schema
    lines: dict[str, int] = {}
    if found.declaration.type.enum:
        schema, lines = _enum(found, schema)
    null_line = says_null(found.prose)
    if null_line is not None and nullable(schema) != schema:
        schema = nullable(schema)
        lines["nullable"] = null_line
    shape = identifier(found.prose) if "string" in schema.get("type", ()) else None
    if shape is not None:
        schema = {**schema, "pattern": shape[0]}
        lines["pattern"] = shape[1]
    marked: dict[str, Any] = mark_tree(schema, document, found.line)
    notes: dict[str, Any] = {}
    if found.prose:
        notes["x-words"] = digest_words(" ".join(text for _number, text in found.prose))
    if lines:
        notes["x-keywords"] = {keyword: {"line": line} for keyword, line in lines.items()}
    ends = {key: marked.pop(key) for key in ("x-source", "x-confidence")}
    return {**marked, **notes, **ends}


def _enum(found: Field, schema: dict[str, Any]) -> tuple[dict[str, Any], dict[str, int]]:
    """The values that the bullets list; without bullets it is an enum whose values nobody said."""
    values = [value for _number, value in found.bullets if value != "null"]
    if not values:
        return {**schema, "x-open-enum": True}, {}
    listed = {**schema, "enum": list(dict.fromkeys(values))}
    lines = {"enum": found.bullets[0][0]}
    null_line = next((number for number, value in found.bullets if value == "null"), None)
    if null_line is None:
        return listed, lines
    return nullable(listed), {**lines, "nullable": null_line}

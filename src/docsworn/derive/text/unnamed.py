"""Fields that a page describes and does not name: unnamed promises until a base or a person names them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from docsworn.derive.document import JSON, frame, ordered, reason_phrase
from docsworn.derive.page import Page
from docsworn.derive.provenance import mark
from docsworn.derive.text.cutoff import check_end
from docsworn.derive.text.declare import Layout
from docsworn.derive.text.fields import Field, read_fields
from docsworn.derive.text.lines import Line
from docsworn.derive.text.notation import Schema
from docsworn.derive.text.samples import Sample, bodies, is_placeholder
from docsworn.derive.text.schema import UNKNOWN, Presence, field_schema
from docsworn.derive.text.sections import PLACES, RESPONSE, Section, answers, first_words, of_kind
from docsworn.model import Confidence

_ASSIGNED = re.compile(r"(?<![\w=&?])([A-Za-z_]\w*)=(\w+)")
_WHEN = re.compile(r"When ([A-Za-z_]\w*)=(\w+)\b")


def unnamed_document(page: Page, found: Sequence[Section]) -> tuple[dict[str, Any], int]:
    """The document of a page without names, and how many response fields it describes."""
    response = of_kind(found, RESPONSE)
    if response is None:
        raise page.error('no "Response" section: is the page cut off?')
    check_end(page)
    parts = answers(response) or answers(response, "200")
    described = [(part, read_fields(part.body, Layout.DESCRIBED)) for part in parts]
    count = sum(len(fields) for _part, fields in described)
    page.check_fields(count, response.line)
    document = frame(first_words(found), None)
    responses: dict[str, Any] = {}
    for part, fields in sorted(described, key=lambda item: not item[1]):
        status = part.status or "200"
        sure = Confidence.DOCUMENTED if part.status else Confidence.INFERRED
        node: dict[str, Any] = {"description": reason_phrase(status)}
        if fields:
            node["content"] = {JSON: {"schema": _body(page, response.line, fields)}}
        responses.setdefault(status, mark(node, page.document, part.line, sure))
    named, unnamed = _parameters(page, found)
    document["components"] = {
        "responses": dict(sorted(responses.items())),
        "parameters": {item["name"]: item for item in named},
    }
    if unnamed:
        document["x-unnamed"] = unnamed
    document["x-missing"] = ["server", "path", "method", "security"]
    return ordered(document), count


def _body(page: Page, line: int, fields: Sequence[Field]) -> Schema:
    samples = list(bodies(page))
    unnamed = [_entry(page, "field", at, found, samples) for at, found in enumerate(fields, start=1)]
    return mark({"type": "object", "x-unnamed": unnamed}, page.document, line, Confidence.INFERRED)


def _entry(
    page: Page, kind: str, position: int, found: Field, samples: Sequence[Sample] = ()
) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": f"{kind}_{position}", "position": position}
    if kind != "field":
        entry["in"] = kind
    if match := _WHEN.match(found.prose[0].text):
        entry["when"] = {"query": {match[1]: match[2]}}
    entry["candidates"] = _candidates(samples, found)
    schema = field_schema(found, page.document, Presence("no"))
    entry["schema"] = {**schema, "x-confidence": Confidence.INFERRED.value}
    return mark(entry, page.document, found.line)


def _candidates(samples: Sequence[Sample], found: Field) -> list[str]:
    """The names that have this field's example as their value in a body that the page prints."""
    if found.example is None or is_placeholder(found.example[1]):
        return []
    names = {
        name: None
        for sample in samples
        for name, value in sample.fields.items()
        if value not in ("", None) and json.dumps(value, ensure_ascii=False) == found.example[1]
    }
    return list(names)


def _parameters(page: Page, found: Sequence[Section]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Parameters that the prose names by an assignment, and those that it leaves unnamed."""
    named: dict[str, dict[str, Any]] = {}
    unnamed: list[dict[str, Any]] = []
    for section in found:
        if section.kind not in PLACES:
            continue
        assigned = [(line, match) for line in section.body for match in _ASSIGNED.finditer(line.text)]
        if section.kind == "query" and assigned:
            for line, match in assigned:
                named.setdefault(match[1], _parameter(page, match, line))
            continue
        fields = read_fields(section.body, Layout.DESCRIBED)
        unnamed += [_entry(page, section.kind, at, item) for at, item in enumerate(fields, start=1)]
    return list(named.values()), unnamed


def _parameter(page: Page, match: re.Match[str], line: Line) -> dict[str, Any]:
    value = match[2]
    kind = "boolean" if value in ("true", "false") else "integer" if value.isdigit() else "string"
    schema = mark({"type": kind, "x-nullable": UNKNOWN}, page.document, line.number, Confidence.INFERRED)
    parameter = {"name": match[1], "in": "query", "required": False, "schema": schema}
    return mark(parameter, page.document, line.number)

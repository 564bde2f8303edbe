"""Text of a Mintlify page that kept only descriptions and examples: no names, no types.

A field is a description and, on the next line, perhaps an example. What it is called is not on the
page, so it is an unnamed promise until an earlier revision (``align``) or a person names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from docsworn.derive.document import JSON, frame, ordered, reason_phrase
from docsworn.derive.fern_types import parse_declaration
from docsworn.derive.format import Format, Reading
from docsworn.derive.page import Page
from docsworn.derive.provenance import digest_words, mark
from docsworn.derive.sections import Line, Section, by_name, is_text, sections
from docsworn.model import Confidence

_PLACES = {"Path Parameters": "path", "Query Parameters": "query", "Headers": "header"}
_HEADINGS = ("Authorizations", *_PLACES, "Body", "Response")
_OWN_MARKS = ("Authorizations", "Path Parameters", "Query Parameters")

_EXAMPLE = re.compile(r'"[^"]*"|-?\d+(?:\.\d+)?|true|false')
_ASSIGNED = re.compile(r"(?<![\w=&?])([A-Za-z_]\w*)=(\w+)")
_WHEN = re.compile(r"When ([A-Za-z_]\w*)=(\w+)\b")
_STATUS = re.compile(r"[1-5]\d\d")
_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9.+\-]+")
# A page with lines like these has names and types, and is not this format.
_TYPE_LINE = re.compile(r"(?:string|integer|number|boolean|object|null|enum<\w+>)(?:\[\])?(?: \| null)?")


@dataclass(frozen=True, slots=True)
class _Described:
    """A description with its line and the JSON text of its example, if it has one."""

    line: int
    words: str
    example: str | None = None


def _marks(page: Page) -> bool:
    if not is_text(page):
        return False
    found = by_name(sections(page, _HEADINGS))
    named = any(
        _TYPE_LINE.fullmatch(text) or parse_declaration(text.removesuffix("required"))
        for name, section in found.items()
        for _number, text in section.body
        if name
    )
    return not named and any(name in found for name in _OWN_MARKS)


def _read(page: Page) -> Reading:
    found = by_name(sections(page, _HEADINGS))
    response = found.get("Response")
    if response is None:
        raise page.error('no "Response" section: is the page cut off?')
    fields = list(_described(response.body))
    page.check_fields(len(fields), response.line)
    head = found[""].body
    document = frame(head[0][1] if head else "untitled", None)
    named, unnamed = _parameters(page, found)
    document["components"] = {
        "responses": _responses(page, response, fields),
        "parameters": {item["name"]: item for item in named},
    }
    if unnamed:
        document["x-unnamed"] = unnamed
    document["x-missing"] = ["server", "path", "method", "security"]
    count = f"{len(fields)} response field{'' if len(fields) == 1 else 's'}"
    return Reading(ordered(document), (f"{count} without a name on the page",))


def _described(body: Iterable[Line]) -> Iterator[_Described]:
    """The descriptions of a section, each with the example on the line after it."""
    current: _Described | None = None
    for number, text in body:
        if _STATUS.fullmatch(text) or _MEDIA_TYPE.fullmatch(text):
            continue
        if _EXAMPLE.fullmatch(text):
            if current is not None:
                yield _Described(current.line, current.words, text)
            current = None
            continue
        if current is not None:
            yield current
        current = _Described(number, text)
    if current is not None:
        yield current


def _schema(page: Page, found: _Described) -> dict[str, Any]:
    """What the example tells of the type: evidence, so inferred."""
    schema: dict[str, Any] = {"x-words": digest_words(found.words)}
    if found.example is not None:
        schema = {"type": _type_of(found.example), **schema}
    return mark(schema, page.document, found.line, Confidence.INFERRED)


def _type_of(example: str) -> str:
    if example.startswith('"'):
        return "string"
    if example in ("true", "false"):
        return "boolean"
    return "number" if "." in example else "integer"


def _unnamed(page: Page, kind: str, position: int, found: _Described) -> dict[str, Any]:
    entry: dict[str, Any] = {"id": f"{kind}_{position}", "position": position}
    if kind != "field":
        entry["in"] = kind
    if match := _WHEN.match(found.words):
        entry["when"] = {"query": {match[1]: match[2]}}
    entry["candidates"] = []
    entry["schema"] = _schema(page, found)
    return mark(entry, page.document, found.line)


def _responses(page: Page, section: Section, fields: list[_Described]) -> dict[str, Any]:
    """The response; without a number on the page it is the successful one, 200 by convention."""
    numbers = [(line, text) for line, text in section.body if _STATUS.fullmatch(text)]
    line, status = numbers[0] if numbers else (section.line, "200")
    unnamed = [_unnamed(page, "field", at, found) for at, found in enumerate(fields, start=1)]
    body = mark({"type": "object", "x-unnamed": unnamed}, page.document, section.line, Confidence.INFERRED)
    sure = Confidence.DOCUMENTED if numbers else Confidence.INFERRED
    described = {"description": reason_phrase(status), "content": {JSON: {"schema": body}}}
    responses = {status: mark(described, page.document, line, sure)}
    for number, other in numbers[1:]:
        responses.setdefault(other, mark({"description": reason_phrase(other)}, page.document, number))
    return responses


def _parameters(page: Page, found: dict[str, Section]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Parameters that the prose names by an assignment, and those that it leaves unnamed."""
    named: dict[tuple[str, str], dict[str, Any]] = {}
    unnamed: list[dict[str, Any]] = []
    for heading, place in _PLACES.items():
        body = found[heading].body if heading in found else ()
        assigned = [(line, match) for line, text in body for match in _ASSIGNED.finditer(text)]
        for line, match in assigned:
            if place == "query":
                named.setdefault((place, match[1]), _parameter(page, place, match, line))
        if place != "query" or not assigned:
            described = enumerate(_described(body), start=1)
            unnamed += [_unnamed(page, place, position, item) for position, item in described]
    return list(named.values()), unnamed


def _parameter(page: Page, place: str, match: re.Match[str], line: int) -> dict[str, Any]:
    schema = mark({"type": _type_of_word(match[2])}, page.document, line, Confidence.INFERRED)
    parameter = {"name": match[1], "in": place, "required": False, "schema": schema}
    return mark(parameter, page.document, line)


def _type_of_word(word: str) -> str:
    return "boolean" if word in ("true", "false") else "integer" if word.isdigit() else "string"


FORMAT = Format("mintlify-text", _marks, _read)

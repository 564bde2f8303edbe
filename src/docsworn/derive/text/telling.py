"""What a text page tells of its operation: fields by section, statuses, keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from docsworn.derive.page import Page
from docsworn.derive.provenance import mark
from docsworn.derive.security import HTTP, http_scheme, is_key_header
from docsworn.derive.text.assemble import Said, Told, call_in, key_scheme
from docsworn.derive.text.cutoff import check_end
from docsworn.derive.text.declare import Layout
from docsworn.derive.text.fields import Field, layout_of, read_fields
from docsworn.derive.text.lines import Line
from docsworn.derive.text.nesting import nest
from docsworn.derive.text.notation import Schema, parse_type
from docsworn.derive.text.samples import bodies
from docsworn.derive.text.sections import (
    AUTH,
    BODY,
    ERRORS,
    OTHER,
    PLACES,
    RESPONSE,
    Answered,
    Section,
    answers,
    first_words,
    of_kind,
)  # fmt: skip

_HTTP_AUTH = re.compile(rf"Authorization({'|'.join(name.capitalize() for name in HTTP)})(?:[ .<].*)?")
_BODY_TYPE = re.compile(
    r"(?:(?:This endpoint )?[Rr]eturns an? |The (?:response|body|request body) is of type `?)(.+?)`?\.?"
)
_MOST_TOLD = 8

FieldReader = Callable[[Sequence[Line]], list[Field]]


def in_layout(layout: Layout) -> FieldReader:
    """Reads fields that are laid out in a certain way."""
    return partial(read_fields, layout=layout)


def layout_in(found: Sequence[Section]) -> Layout | None:
    """How a page lays out its fields, by all of its sections."""
    return layout_of([line for section in found if section.kind not in ("", OTHER) for line in section.body])


def tell(page: Page, found: Sequence[Section], read: FieldReader) -> Told:
    """Everything that sections in one layout tell; DocumentError where the response says nothing."""
    response = of_kind(found, RESPONSE)
    if response is None:
        raise page.error('no "Response" section: is the page cut off?')
    check_end(page)
    told = Told(first_words(found), call_in(found[0].body))
    told.schemes.update(_schemes(page, of_kind(found, AUTH), read))
    for section in found:
        if section.kind in PLACES:
            told.parameters += [
                (section.kind, item) for item in fields_in(page, section.body, read, dotted=True)
            ]
    body = of_kind(found, BODY)
    if body is not None:
        told.body = _said(page, Answered(None, body.line, body.body), read)
    told.responses = list(_answered(page, found, read))
    if not any(said.fields or said.schema for said in told.responses if (said.status or "2")[0] == "2"):
        page.check_fields(0, response.line)
    return told


def with_samples(page: Page, told: Told) -> Told:
    """What is told, with examples from the page's bodies for fields that no line gives a type."""
    found = list(bodies(page))
    for field in (field for said in told.responses for field in said.fields):
        sample = next((sample for sample in found if sample.fields.get(field.name) is not None), None)
        if field.schema is None and field.example is None and sample is not None:
            field.example = (
                sample.lines[field.name],
                json.dumps(sample.fields[field.name], ensure_ascii=False),
            )
    return told


def unread_notes(told: Told) -> tuple[str, ...]:
    """What people should look at: fields whose type or name the page gives in a way that is not known."""
    said = [*told.responses, *([told.body] if told.body else [])]
    fields = [*(item for _at, item in told.parameters), *(item for one in said for item in one.fields)]
    found = [item for item in _all(fields) if item.unread]
    named = [f'"{item.name}" (line {item.line})' for item in found if item.name]
    lost = [str(item.line) for item in found if not item.name]
    notes = [
        ("the page gives no type that can be read for", named),
        ("names that cannot be read: line", lost),
    ]
    return tuple(f"{words} {', '.join(items[:_MOST_TOLD])}{' and others' if len(items) > _MOST_TOLD else ''}"
                 for words, items in notes if items)  # fmt: skip


def _all(fields: Iterable[Field]) -> Iterator[Field]:
    for item in fields:
        yield item
        yield from _all([*item.held, *item.variants, *([item.each] if item.each else [])])


def fields_in(page: Page, body: Sequence[Line], read: FieldReader, *, dotted: bool = False) -> list[Field]:
    """The nested fields that lines declare; DocumentError where they are more than any page has."""
    fields = read(body)
    if fields:
        page.check_fields(len(fields), body[0].number)
    return nest(fields, dotted=dotted)


def _answered(page: Page, found: Iterable[Section], read: FieldReader) -> Iterator[Said]:
    for section in found:
        if section.kind == RESPONSE:
            for item in answers(section):
                yield _said(page, item, read)
        elif section.kind == ERRORS:
            for item in answers(section):
                if item.status is not None:
                    yield _said(page, item, read)


def _said(page: Page, item: Answered, read: FieldReader) -> Said:
    schema = next(_body_types(item.body, read), None)
    return Said(item.status, item.line, fields_in(page, item.body, read), schema)


def _body_types(body: Sequence[Line], read: FieldReader) -> Iterator[Schema]:
    """The type of the whole body, where a sentence before the fields says it."""
    for at, line in enumerate(body):
        if any(found.line == line.number for found in read(body[at : at + 2])):
            return
        match = _BODY_TYPE.fullmatch(line.text)
        schema = parse_type(match[1]) if match else None
        if schema:
            yield schema


def _schemes(page: Page, section: Section | None, read: FieldReader) -> Iterator[tuple[str, dict[str, Any]]]:
    """How the key is sent: ``AuthorizationBearer``, or a key header as a field."""
    body = section.body if section else ()
    for at, line in enumerate(body):
        following = body[at + 1].text if at + 1 < len(body) else ""
        match = _HTTP_AUTH.fullmatch(line.text) or _HTTP_AUTH.fullmatch(line.text + following)
        if match:
            name, scheme = http_scheme(match[1])
            yield name, mark(scheme, page.document, line.number)
            return
    for item in read(body):
        words = " ".join(line.text for line in item.prose)
        if is_key_header(item.name) or item.flags.place in ("query", "cookie", "header"):
            name, scheme = key_scheme(item.name, words, item.flags.place)
            yield name, mark(scheme, page.document, item.line)

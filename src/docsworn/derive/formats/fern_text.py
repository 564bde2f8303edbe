"""Text of a Fern page: fields with name and type glued together, bullets for enum values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from docsworn.derive.document import JSON, frame, ordered, reason_phrase
from docsworn.derive.fern_fields import Field, field_schema, read_fields
from docsworn.derive.fern_types import parse_declaration
from docsworn.derive.format import Format, Reading
from docsworn.derive.page import Page
from docsworn.derive.prose import identifier, says_path_form
from docsworn.derive.provenance import mark, source
from docsworn.derive.sections import Section, by_name, is_text, sections
from docsworn.derive.security import HTTP, api_key, http_scheme, is_key_header
from docsworn.model import Confidence

_PLACES = {"Path parameters": "path", "Query parameters": "query", "Headers": "header"}
_HEADINGS = ("Authentication", *_PLACES, "Request", "Response", "Errors")
_HTTP_AUTH = re.compile(rf"Authorization({'|'.join(name.capitalize() for name in HTTP)})")
_STATUS = re.compile(r"([1-5]\d\d)(?: ?[A-Z].*)?")


def _marks(page: Page) -> bool:
    if not is_text(page):
        return False
    found = [section for section in sections(page, _HEADINGS) if section.name]
    return len({section.name for section in found}) >= 2 and any(
        parse_declaration(text) for section in found for _number, text in section.body
    )


def _read(page: Page) -> Reading:
    found = by_name(sections(page, _HEADINGS))
    response = found.get("Response")
    if response is None:
        raise page.error('no "Response" section: is the page cut off?')
    fields = list(read_fields(response.body))
    page.check_fields(len(fields), response.line)
    head = found[""].body
    document = frame(head[0][1] if head else "untitled", None)
    schemes = dict(_schemes(page, found.get("Authentication")))
    if schemes:
        document["security"] = [{name: []} for name in schemes]
    components: dict[str, Any] = {
        "responses": {"200": _success(page, response, fields), **_errors(page, found.get("Errors"))},
        "parameters": {item["name"]: item for item in _parameters(page, found, fields, schemes)},
    }
    if schemes:
        components["securitySchemes"] = schemes
    document["components"] = components
    document["x-missing"] = ["server", "path", "method", *([] if schemes else ["security"])]
    return Reading(ordered(document))


def _schemes(page: Page, section: Section | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """How the key is sent: ``AuthorizationBearer``, or a key header as a glued field."""
    for number, text in section.body if section else ():
        match = _HTTP_AUTH.fullmatch(text)
        declaration = parse_declaration(text)
        if match:
            name, scheme = http_scheme(match[1])
        elif declaration is not None and is_key_header(declaration.name):
            name, scheme = api_key(declaration.name)
        else:
            continue
        yield name, mark(scheme, page.document, number)


def _parameters(
    page: Page, found: dict[str, Section], response: list[Field], schemes: dict[str, Any]
) -> Iterator[dict[str, Any]]:
    keys = {scheme.get("name") for scheme in schemes.values()}
    for heading, place in _PLACES.items():
        for item in read_fields(found[heading].body) if heading in found else ():
            if place == "header" and item.name in keys:
                continue
            schema = field_schema(item, page.document)
            if place == "path":
                schema = _path_form(schema, item, response)
            parameter = {
                "name": item.name, "in": place,
                "required": place == "path" or bool(item.declaration.required), "schema": schema,
            }  # fmt: skip
            yield mark(parameter, page.document, item.line)


def _path_form(schema: dict[str, Any], item: Field, response: list[Field]) -> dict[str, Any]:
    """The path's parameter in the form that the response's field of its name says the path takes."""
    namesake = next((other for other in response if other.name == item.name), None)
    shape = identifier(namesake.prose) if namesake and says_path_form(namesake.prose) else None
    if shape is None or "pattern" in schema:
        return schema
    pattern, line = shape
    ends = {key: schema[key] for key in ("x-source", "x-confidence")}
    keywords = {**schema.get("x-keywords", {}), "pattern": {"line": line}}
    rest = {key: value for key, value in schema.items() if key not in (*ends, "x-keywords")}
    return {**rest, "pattern": pattern, "x-keywords": keywords, **ends}


def _success(page: Page, section: Section, fields: list[Field]) -> dict[str, Any]:
    """A response without a number is the successful one: 200 by convention, so inferred."""
    body: dict[str, Any] = {
        "type": "object",
        "properties": {item.name: field_schema(item, page.document) for item in fields},
    }
    always = {item.name: item.required_line for item in fields if item.required_line is not None}
    if always:
        body["required"] = list(always)
        body["x-keywords"] = {f"required/{name}": {"line": line} for name, line in always.items()}
    schema = mark(body, page.document, section.line)
    response = {"description": reason_phrase("200"), "content": {JSON: {"schema": schema}}}
    return mark(response, page.document, section.line, Confidence.INFERRED)


def _errors(page: Page, section: Section | None) -> dict[str, Any]:
    """The error statuses; the page does not describe their bodies."""
    return {
        match[1]: {
            "description": reason_phrase(match[1]),
            "x-source": source(page.document, number),
            "x-confidence": Confidence.DOCUMENTED.value,
        }
        for number, text in (section.body if section else ())
        if (match := _STATUS.fullmatch(text))
    }


FORMAT = Format("fern-text", _marks, _read)

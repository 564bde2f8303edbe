"""Parameters, responses and keys of a text page as an OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from docsworn.derive.document import JSON, METHODS, frame, ordered, reason_phrase
from docsworn.derive.page import Page
from docsworn.derive.prose import identifier, says_path_form
from docsworn.derive.provenance import mark
from docsworn.derive.security import HTTP, api_key, http_scheme, is_key_header
from docsworn.derive.text.fields import Field
from docsworn.derive.text.lines import Line
from docsworn.derive.text.notation import Schema, innermost
from docsworn.derive.text.schema import UNKNOWN, Presence, field_schema, object_parts
from docsworn.model import Confidence

_CALL = re.compile(
    rf"[`*]*({'|'.join(METHODS)})[`*]*\s*[`*]*(https?://[^/\s`*]+)?(/[^\s`*?]*)[`*]*", re.IGNORECASE
)
_HOST = re.compile(r"https?://[^/\s]+")
_PART = re.compile(r"[\w{}:.\-]+")
_BRACED = re.compile(r"\{([^{}/]+)\}")
_COLON = re.compile(r":(\w+)")


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of one status: its line, its fields, the type of its body where that is said."""

    status: str | None
    line: int
    fields: Sequence[Field] = ()
    schema: Schema | None = None
    listed: bool = True


@dataclass(slots=True)
class Told:
    """Everything that a text page tells of one operation."""

    title: str
    call: tuple[str, str | None, str, int] | None = None  # method, server, path, line
    parameters: list[tuple[str, Field]] = field(default_factory=list)
    body: Said | None = None
    responses: list[Said] = field(default_factory=list)
    schemes: dict[str, dict[str, Any]] = field(default_factory=dict)
    alike: bool = False  # requests and responses are marked as required in the same way


def call_in(lines: Sequence[Line]) -> tuple[str, str | None, str, int] | None:
    """The method, server, path and line of ``GET https://host/path``, or of its parts on several lines."""
    for at, line in enumerate(lines):
        text = line.text.lstrip("#> -").strip()
        if text.lower().strip("`*") in METHODS:
            text = f"{text.strip('`*')} {_joined(lines[at + 1 : at + 40])}"
        match = _CALL.fullmatch(text)
        if match and (match[2] or match[3] != "/"):
            path = _COLON.sub(r"{\1}", match[3]).rstrip("/") or "/"
            return match[1].lower(), match[2], path, line.number
    return None


def _joined(lines: Sequence[Line]) -> str:
    parts: list[str] = []
    for line in lines:
        text = line.text.strip("`*")
        begun = not parts or _HOST.fullmatch(parts[-1])
        follows = begun and re.fullmatch(r"(?:https?://\S+|/\S*)", text)
        if not follows and text != "/" and not (parts and parts[-1] == "/" and _PART.fullmatch(text)):
            break
        parts.append(text)
        if text != "/" and "/" in text and not _HOST.fullmatch(text):
            break
    return "".join(parts)


def key_scheme(name: str, words: str, place: str | None = None) -> tuple[str, dict[str, Any]]:
    """The scheme of a key: ``Authorization`` after a scheme's word, or a header of its own."""
    if name.lower() == "authorization":
        word = next((word for word in HTTP if word in words.lower()), None)
        if word:
            return http_scheme(word)
    title, scheme = api_key(name)
    return title, {**scheme, "in": place} if place in ("query", "cookie") else scheme


def document_of(page: Page, told: Told) -> dict[str, Any]:
    """The OpenAPI document; what an operation needs and the page does not say is in ``x-missing``."""
    document = frame(told.title, None)
    if told.call and not all(
        _in_path(found.name, told.call[2]) for at, found in told.parameters if at == "path"
    ):
        told.call = None  # the call is another one's
    parameters = _parameters(page, told)
    responses = _responses(page, told)
    request = _request(page, told.body)
    components: dict[str, Any] = {}
    missing = [] if told.schemes else ["security"]
    security: list[dict[str, list[str]]] = [{name: []} for name in told.schemes]
    if told.call is None:
        components = {"responses": responses, "parameters": {item["name"]: item for item in parameters}}
        if request:
            components["requestBodies"] = {"request": request}
        if security:
            document["security"] = security
        missing = ["server", "path", "method", *missing]
    else:
        method, server, path, line = told.call
        operation: dict[str, Any] = {"security": security} if security else {}
        operation["parameters"] = [*_left_out(page, parameters, path, line), *parameters]
        operation |= {"requestBody": request} if request else {}
        operation["responses"] = responses
        document["paths"] = {path: {method: mark(operation, page.document, line)}}
        if server:
            document["servers"] = [mark({"url": server}, page.document, line)]
        else:
            missing = ["server", *missing]
    if told.schemes:
        components["securitySchemes"] = told.schemes
    if components:
        document["components"] = components
    if missing:
        document["x-missing"] = missing
    return ordered(document)


def _in_path(name: str, path: str) -> bool:
    return f"{{{name}}}" in path


def _left_out(page: Page, parameters: Sequence[dict[str, Any]], path: str, line: int) -> list[dict[str, Any]]:
    """The parameters that the path names and no list of the page does."""
    known = {item["name"] for item in parameters if item["in"] == "path"}
    names = [name for name in dict.fromkeys(_BRACED.findall(path)) if name not in known]
    schema = mark({"x-nullable": UNKNOWN}, page.document, line, Confidence.INFERRED)
    return [
        mark({"name": name, "in": "path", "required": True, "schema": schema}, page.document, line)
        for name in names
    ]


def _parameters(page: Page, told: Told) -> list[dict[str, Any]]:
    fields = [found for _place, found in told.parameters]
    presence = Presence.among(fields)
    keys = {scheme.get("name", "").lower() for scheme in told.schemes.values()}
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for place, found in told.parameters:
        if not found.name:
            continue
        if place == "header" and is_key_header(found.name):
            if not told.schemes:
                name, scheme = key_scheme(found.name, " ".join(line.text for line in found.prose))
                told.schemes[name] = mark(scheme, page.document, found.line)
                keys.add(found.name.lower())
            if found.name.lower() in keys or "bearer" in told.schemes or "basic" in told.schemes:
                continue
        kept.setdefault((place, found.name), _parameter(page, place, found, presence, told.responses))
    return list(kept.values())


def _parameter(
    page: Page, place: str, found: Field, presence: Presence, responses: Sequence[Said]
) -> dict[str, Any]:
    schema = field_schema(found, page.document, presence)
    if place == "path":
        schema = _path_form(schema, found, [item for said in responses for item in said.fields])
    parameter: dict[str, Any] = {"name": found.name, "in": place}
    parameter["required"] = place == "path" or bool(found.flags.required)
    parameter["schema"] = schema
    if place != "path" and found.flags.required is None and presence.silent == UNKNOWN:
        parameter["x-required"] = UNKNOWN
    return mark(parameter, page.document, found.line)


def _path_form(schema: dict[str, Any], item: Field, response: Sequence[Field]) -> dict[str, Any]:
    """The path's parameter in the form that the response's field of its name says the path takes."""
    namesake = next((other for other in response if other.name == item.name), None)
    prose = namesake.prose if namesake else []
    shape = identifier(prose) if namesake and says_path_form(prose) else None
    if shape is None or "pattern" in schema:
        return schema
    pattern, line = shape
    ends = {key: schema[key] for key in ("x-source", "x-confidence")}
    keywords = {**schema.get("x-keywords", {}), "pattern": {"line": line}}
    rest = {key: value for key, value in schema.items() if key not in (*ends, "x-keywords")}
    return {**rest, "pattern": pattern, "x-keywords": keywords, **ends}


def _request(page: Page, said: Said | None) -> dict[str, Any] | None:
    if said is None or not said.fields:
        return None
    schema = _body(page, said, Presence.among(said.fields))
    return mark({"content": {JSON: {"schema": schema}}}, page.document, said.line)


def _responses(page: Page, told: Told) -> dict[str, Any]:
    """The responses; one without a number is the successful one: 200 by convention, so inferred."""
    fields = [found for said in told.responses for found in said.fields]
    if told.alike:
        fields += [found for _place, found in told.parameters]
    presence = Presence.among(fields)
    result: dict[str, Any] = {}
    for said in sorted(told.responses, key=lambda item: not item.fields):
        status = said.status or "200"
        if status in result:
            continue
        response: dict[str, Any] = {"description": reason_phrase(status)}
        if said.fields or said.schema:
            response["content"] = {JSON: {"schema": _body(page, said, presence)}}
        sure = Confidence.DOCUMENTED if said.status else Confidence.INFERRED
        result[status] = mark(response, page.document, said.line, sure)
    return dict(sorted(result.items()))


def _body(page: Page, said: Said, presence: Presence) -> dict[str, Any]:
    parts = object_parts(said.fields, page.document, presence) if said.fields else {}
    body = said.schema or {"type": "object"}

    def fill(node: Schema) -> Schema:
        return {**node, **parts}

    def opened(node: Schema) -> bool:
        return node.get("type") == "object" and "additionalProperties" not in node

    return mark_outside(innermost(body, opened, fill), page.document, said.line)


def mark_outside(schema: Schema, document: str, line: int) -> Schema:
    """The schema with a source on every node down its items and values that has none."""
    result = dict(schema)
    for keyword in ("items", "additionalProperties"):
        if isinstance(result.get(keyword), dict):
            result[keyword] = mark_outside(result[keyword], document, line)
    return result if "x-source" in result else mark(result, document, line)

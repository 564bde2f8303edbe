"""The response headers that a page documents, ready to hold what came to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs

from docsworn.contract.promises import first_severity
from docsworn.contract.shape import field_name
from docsworn.errors import ContractError
from docsworn.model import Header, Kind, Operation, Promise, Response

_MOST_DIGITS = 300


@dataclass(frozen=True, slots=True)
class CompiledHeader:
    """A documented header with the promise that it makes."""

    name: str
    required: bool
    types: frozenset[str]
    promise: Promise
    validator: jsonschema_rs.Draft202012Validator = field(repr=False)

    def accepts(self, text: str) -> bool:
        """Whether some reading of a header's text (number, truth, list or the text) keeps the schema."""
        return any(self.validator.is_valid(value) for value in _readings(text, self.types))


def compile_headers(operation: Operation, response: Response, *, file: str) -> tuple[CompiledHeader, ...]:
    """The headers of a response; ContractError where a schema is none. Content-Type is told by its own check
    (OpenAPI 3.1: a header of this name is ignored)."""
    wanted = (header for header in response.headers if header.name.lower() != "content-type")
    return tuple(_compile(operation, response, header, file) for header in wanted)


def _compile(operation: Operation, response: Response, header: Header, file: str) -> CompiledHeader:
    try:
        validator = jsonschema_rs.Draft202012Validator(
            dict(header.schema), validate_formats=True, offline=True
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError):
        where = f"the schema of the header {field_name(header.name)} of status {response.status}"
        raise ContractError(file, f"{where} is not JSON Schema 2020-12") from None
    shown = field_name(header.name)
    promise = Promise(
        id=f"{operation.id}.{response.status}:header/{shown.lower()}",
        pointer="",
        keyword="header",
        kind=Kind.HEADER,
        severity=first_severity(header.confidence),
        confidence=header.confidence,
        source=header.source,
        documented=f"the header {shown}"
        + ("" if header.required else ", where it is there,")
        + " as described",
    )
    return CompiledHeader(header.name, header.required, _types(header.schema), promise, validator)


def _types(schema: Mapping[str, Any]) -> frozenset[str]:
    named = schema.get("type", ())
    return frozenset([named] if isinstance(named, str) else named)


def _readings(text: str, types: frozenset[str]) -> list[object]:
    """A header as the values that its schema may mean (OpenAPI's style ``simple``)."""
    text = text.strip(" \t")
    read: list[object] = [text]
    if types & {"integer", "number"} or not types:
        read += _number(text)
    if "boolean" in types and text in ("true", "false"):
        read.append(text == "true")
    if "array" in types:
        parts = [part.strip(" \t") for part in text.split(",")] if text else []
        read += [parts, [next(iter(_number(part)), part) for part in parts]]
    return read


def _number(text: str) -> list[object]:
    if len(text) > _MOST_DIGITS:
        return []
    for form in (int, float):
        try:
            return [form(text)]
        except ValueError:
            continue
    return []

"""Contracts printed in words: Fern's bullets and page text, Mintlify's components and page text, HTML."""

from __future__ import annotations

import html
from collections.abc import Iterator

from tests.derive.renderers.drawn import Field, Kite, Shape

_FERN_FORMATS = {"date-time": "datetime", "date": "date", "uuid": "uuid", "int64": "long", "double": "double"}
_FERN = {
    "string": "string",
    "integer": "integer",
    "number": "double",
    "boolean": "boolean",
    "object": "object",
}


def fern_type(shape: Shape, *, plural: bool = False) -> str:
    """A type in Fern's words; null is said beside it."""
    ending = "s" if plural else ""
    if shape.type == "array" and shape.inner:
        return f"list{ending} of {fern_type(shape.inner, plural=True)}"
    if shape.type == "map" and shape.inner:
        return f"map{ending} from strings to {fern_type(shape.inner, plural=True)}"
    return ("enum" if shape.enum else _FERN_FORMATS.get(shape.format or "", _FERN[shape.type])) + ending


def _below(shape: Shape) -> tuple[Field, ...]:
    """The fields of an object, or of the objects that a list holds."""
    return _below(shape.inner) if shape.inner is not None else shape.fields


def fern_bullets(kite: Kite) -> str:
    """Fern Markdown without a block."""
    lines = ["# Get Kite", "", f"GET https://api.kites.example/kites/{{{kite.parameters[0].name}}}", ""]
    lines += ["One kite.", "", "## Path Parameters", "", *_bullets(kite.parameters[:1], 0), ""]
    if kite.parameters[1:]:
        lines += ["## Query Parameters", "", *_bullets(kite.parameters[1:], 0), ""]
    lines += ["## Response", "", "### 200", "", *_bullets(kite.fields, 0), ""]
    if kite.errors:
        lines += ["## Errors", "", *(f"- `{status}` — No kite." for status in kite.errors)]
    return "\n".join(lines) + "\n"


def _bullets(fields: tuple[Field, ...], depth: int) -> Iterator[str]:
    for field in fields:
        flags = ["required" if field.required else "optional", *["nullable"] * field.shape.nullable]
        said = ", ".join([fern_type(field.shape), *flags])
        yield f"{'  ' * depth}- `{field.name}` ({said}) — What is told of it."
        if field.shape.enum:
            yield f"{'  ' * depth}  Allowed values: {', '.join(f'`{value}`' for value in field.shape.enum)}"
        yield from _bullets(_below(field.shape), depth + 1)


def fern_text(kite: Kite) -> str:
    """The text of Fern's page: name, type and presence glued."""
    lines = ["Get Kite", "", "One kite.", "", "Path parameters", "", *_glued(kite.parameters[:1]), ""]
    if kite.parameters[1:]:
        lines += ["Query parameters", "", *_glued(kite.parameters[1:]), ""]
    lines += ["Response", "", "The kite.", "", *_glued(kite.fields)]
    if kite.errors:
        lines += ["Errors", "", *(line for status in kite.errors for line in (status, "No Kite Error"))]
    return "\n".join(lines) + "\n"


def _glued(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        shape = field.shape
        null = " or null" if shape.nullable else ""
        form = shape.format if shape.format in ("uri", "email") else None
        last = f'format: "{form}"' if form else ""
        yield f"{field.name}{fern_type(shape)}{null}{'Required' if field.required else 'Optional'}{last}"
        yield ""
        yield "What is told of it."
        yield ""
        if shape.enum:
            yield "Allowed values:"
            yield from shape.enum
            yield ""


def fern_lines(kite: Kite) -> str:
    """The text of Fern's page as it also arrives: name, type and presence on lines of their own."""
    headings = ("Path parameters", "Query parameters", "Response")
    lines = ["Get Kite", "One kite."]
    parts = (kite.parameters[:1], kite.parameters[1:], kite.fields)
    for heading, found in zip(headings, parts, strict=True):
        if found:
            lines += [heading, *(line for field in found for line in _apart(field))]
    return "\n".join([*lines, ""])


def _apart(field: Field) -> Iterator[str]:
    yield field.name
    yield fern_type(field.shape) + (" or null" if field.shape.nullable else "")
    yield "Required" if field.required else "Optional"
    yield "What is told of it."
    if field.shape.enum:
        yield "Allowed values:"
        yield from field.shape.enum
    yield ""


_MINTLIFY = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "object": "object",
}


def mintlify_type(shape: Shape) -> str:
    """A type in Mintlify's words."""
    if shape.type == "array" and shape.inner:
        return f"{mintlify_type(shape.inner)}[]"
    if shape.enum:
        return "enum<string>"
    kind = _MINTLIFY.get(shape.type, "object")
    return f"{kind}<{shape.format}>" if shape.format and shape.type == "string" else kind


def mintlify_components(kite: Kite) -> str:
    """Mintlify's MDX."""
    lines = ["---", "title: Get Kite", f"api: GET /kites/{{{kite.parameters[0].name}}}", "---", ""]
    for at, field in enumerate(kite.parameters):
        required = " required" if field.required else ""
        place = "query" if at else "path"
        lines += [f'<ParamField {place}="{field.name}" type="{mintlify_type(field.shape)}"{required}>']
        lines += ["  What is told of it.", "</ParamField>", ""]
    lines += ["### Response", "", *_components(kite.fields, 0)]
    return "\n".join(lines) + "\n"


def _components(fields: tuple[Field, ...], depth: int) -> Iterator[str]:
    space = "  " * depth
    for field in fields:
        null = " | null" if field.shape.nullable else ""
        required = " required" if field.required else ""
        kind = mintlify_type(field.shape) + null
        yield f'{space}<ResponseField name="{field.name}" type="{kind}"{required}>'
        yield f"{space}  What is told of it."
        if field.shape.enum:
            yield f"{space}  Available options: {', '.join(f'`{value}`' for value in field.shape.enum)}"
        below = _below(field.shape)
        if below and field.shape.type != "map":
            yield f'{space}  <Expandable title="properties">'
            yield from _components(below, depth + 2)
            yield f"{space}  </Expandable>"
        yield f"{space}</ResponseField>"


def mintlify_text(kite: Kite) -> str:
    """The text of Mintlify's page: name, type and presence on lines of their own."""
    lines = [
        "Get Kite",
        "One kite.",
        "GET",
        "/",
        "kites",
        "/",
        f"{{{kite.parameters[0].name}}}",
        "Path Parameters",
    ]
    lines += [*_lines(kite.parameters[:1])]
    if kite.parameters[1:]:
        lines += ["Query Parameters", *_lines(kite.parameters[1:])]
    lines += ["Response", "200 - application/json", "A kite", *_lines(kite.fields)]
    return "\n".join(lines) + "\n"


def _lines(fields: tuple[Field, ...]) -> Iterator[str]:
    for field in fields:
        yield field.name
        yield mintlify_type(field.shape) + (" | null" if field.shape.nullable else "")
        if field.required:
            yield "required"
        yield "What is told of it."
        if field.shape.enum:
            yield "Available options: "
            yield from (f"{value}," for value in field.shape.enum[:-1])
            yield f"{field.shape.enum[-1]} "
        yield ""


def in_html(text: str) -> str:
    """A page's text as a page of HTML, each line a paragraph."""
    lines = "\n".join(f"<p>{html.escape(line)}</p>" for line in text.splitlines() if line)
    head = "<!doctype html>\n<html><head><title>Get Kite</title></head><body>"
    return f"{head}\n<main>\n{lines}\n</main></body></html>\n"


def fern_html(kite: Kite) -> str:
    """Fern's page as HTML."""
    return in_html(fern_text(kite))

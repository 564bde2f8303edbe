"""The operations of an OpenAPI document as a caller sees them: what is sent, what comes back, who may."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.compat.document import Document, Node, children, entries, mappings
from docsworn.compat.styles import written
from docsworn.contract.openapi import METHODS

JSON = "application/json"
_OPEN: frozenset[frozenset[str]] = frozenset({frozenset()})
_FORM = "application/x-www-form-urlencoded"
_PARAMETER = re.compile(r"\{[^}]*\}")
_NOT_SCHEMA = frozenset({"name", "in", "required", "description", "allowEmptyValue", "collectionFormat"})


@dataclass(frozen=True, slots=True)
class Sent:
    """One parameter, or one header of a response; ``schema`` is None where nothing is said of it.

    ``style`` is how its value is written, with what holds where nothing is said; None where a media type
    says it. ``default`` is the JSON of what holds where it is left out.
    """

    name: str
    location: str
    required: bool
    schema: Node | None
    node: Node
    style: str | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Payload:
    """A body by media type; ``required`` is for requests."""

    node: Node
    content: Mapping[str, Node | None]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What is documented for one status."""

    node: Node
    content: Mapping[str, Node | None]
    headers: Mapping[str, Sent] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One operation: ``key`` is the same for every way to name its path parameters."""

    key: str
    title: str
    id: str
    node: Node
    parameters: Mapping[tuple[str, str], Sent]
    body: Payload | None
    answers: Mapping[str, Answer]
    security: frozenset[frozenset[str]] | None


def read_calls(document: Document) -> dict[str, Call]:
    """The operations of a document by key; of two with one key the first."""
    found: dict[str, Call] = {}
    for path, item in mappings(children(Node(document.raw.data, "").get("paths"))):
        if path.startswith("x-"):
            continue
        item = document.follow(item)
        for method, node in mappings(children(item)):
            if method.lower() in METHODS:
                call = _call(document, path, method.upper(), item, node)
                found.setdefault(call.key, call)
    return found


def _call(document: Document, path: str, method: str, item: Node, node: Node) -> Call:
    names: list[str] = _PARAMETER.findall(path)
    listed = [document.follow(one) for source in (item, node) for one in entries(source.get("parameters"))]
    listed = [
        one for one in listed if isinstance(one.data, Mapping) and isinstance(one.data.get("name"), str)
    ]
    old = document.raw.version == "2.0"
    sent = [_sent(document, one, one.data["name"], str(one.data.get("in"))) for one in listed]
    parameters = {_sent_key(one, names): one for one in sent if one.location not in ("body", "formData")}
    title = f"{method} {path}"
    return Call(
        key=f"{method} {_PARAMETER.sub('{}', path).rstrip('/') or '/'}",
        title=title,
        id=str(node.data.get("operationId") or title),
        node=node,
        parameters=parameters,
        body=_swagger_body(document, node, listed) if old else _body(document, node),
        answers=dict(_answers(document, node, old=old)),
        security=_security(document, node),
    )


def _sent_key(one: Sent, names: list[str]) -> tuple[str, str]:
    """What identifies a parameter: path parameters go by position, headers whatever their case."""
    if one.location == "path":
        braced = f"{{{one.name}}}"
        return "path", str(names.index(braced) + 1) if braced in names else one.name
    return one.location, one.name.lower() if one.location == "header" else one.name


def _sent(document: Document, node: Node, name: str, location: str) -> Sent:
    schema = node.get("schema")
    if schema is None and document.raw.version == "2.0":
        schema = Node({key: node.data[key] for key in node.data if key not in _NOT_SCHEMA}, node.pointer)
    coded = schema is None
    if schema is None:
        schema = next((found for _, media in children(node.get("content"))
                       if (found := media.get("schema"))), None)  # fmt: skip
    required = location == "path" or node.data.get("required") is True
    said = document.follow(schema).data if schema is not None else None
    style = None if coded else written(node.data, said, location)
    default = (
        json.dumps(said["default"], sort_keys=True)
        if isinstance(said, Mapping) and "default" in said
        else None
    )
    return Sent(name, location, required, schema, node, style, default)


def _content(node: Node) -> dict[str, Node | None]:
    return {_media(name): media.get("schema") for name, media in children(node.get("content"))}


def _media(name: str) -> str:
    """A media type without its parameters: a charset is no other type."""
    return name.partition(";")[0].strip().lower()


def _body(document: Document, node: Node) -> Payload | None:
    found = node.get("requestBody")
    if found is None:
        return None
    found = document.follow(found)
    required = isinstance(found.data, Mapping) and found.data.get("required") is True
    return Payload(found, _content(found), required)


def _swagger_body(document: Document, node: Node, listed: list[Node]) -> Payload | None:
    consumed = [_media(str(name)) for name in _listed(document, node, "consumes")] or [JSON]
    for one in listed:
        if one.data.get("in") == "body":
            schema = one.get("schema")
            return Payload(one, dict.fromkeys(consumed, schema), one.data.get("required") is True)
    fields = [one for one in listed if one.data.get("in") == "formData"]
    if not fields:
        return None
    required = [one.data["name"] for one in fields if one.data.get("required") is True]
    form = {
        "type": "object",
        "properties": {
            one.data["name"]: {key: one.data[key] for key in one.data if key not in _NOT_SCHEMA}
            for one in fields
        },
        **({"required": required} if required else {}),
    }
    schema = Node(form, node.pointer + "/parameters")
    media = [name for name in consumed if name != JSON] or [_FORM]
    return Payload(schema, dict.fromkeys(media, schema), bool(required))


def _listed(document: Document, node: Node, key: str) -> list[Any]:
    found = node.data.get(key, document.raw.data.get(key))
    return found if isinstance(found, list) else []


def _answers(document: Document, node: Node, *, old: bool) -> Iterator[tuple[str, Answer]]:
    for status, found in children(node.get("responses")):
        if status.startswith("x-"):
            continue
        answer = document.follow(found)
        if old:
            schema = answer.get("schema")
            media = [_media(str(name)) for name in _listed(document, node, "produces")] or [JSON]
            content: dict[str, Node | None] = dict.fromkeys(media, schema) if schema is not None else {}
        else:
            content = _content(answer)
        headers = {
            name.lower(): _sent(document, document.follow(header), name, "header")
            for name, header in mappings(children(answer.get("headers")))
        }
        yield status.upper() if status != "default" else status, Answer(answer, content, headers)


def _security(document: Document, node: Node) -> frozenset[frozenset[str]] | None:
    """The ways to be let in, each the set of what it demands; None where a page says nothing of it."""
    stated = node.get("security") or Node(document.raw.data, "").get("security")
    if stated is None or not isinstance(stated.data, list):
        return None if "x-source" in node.data else _OPEN
    ways = [
        frozenset(demand for name, scopes in way.items() for demand in _demands(document, str(name), scopes))
        for way in stated.data
        if isinstance(way, Mapping)
    ]
    return frozenset(ways) or _OPEN


def _demands(document: Document, name: str, scopes: Any) -> Iterator[str]:
    """A scheme by what it asks for, so that another name for it is no change, and each scope of it."""
    root = Node(document.raw.data, "")
    found = root.get("components", "securitySchemes", name) or root.get("securityDefinitions", name)
    said = document.follow(found).data if found is not None else None
    scheme = _scheme(said) if isinstance(said, Mapping) else name
    yield scheme
    for scope in scopes if isinstance(scopes, list) else ():
        yield f"{scheme} scope {scope}"


def _scheme(said: Mapping[str, Any]) -> str:
    kind = str(said.get("type"))
    if kind == "apiKey":
        return f"key in {said.get('in')} {said.get('name')}"
    if kind == "basic" or (kind == "http" and said.get("scheme")):
        return f"http {str(said.get('scheme', kind)).lower()}"
    return kind

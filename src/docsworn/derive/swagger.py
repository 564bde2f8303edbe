"""OpenAPI 2.0 in the shape of 3: what is moved takes its lines along, schemas stay where they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from docsworn.derive.block import Block, Place
from docsworn.derive.document import JSON, METHODS
from docsworn.derive.lines import Lines
from docsworn.derive.references import References

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_NOT_SCHEMA = frozenset({
    "name", "in", "required", "description", "schema", "collectionFormat", "allowEmptyValue", "$ref",
    "x-example", "x-examples",
})  # fmt: skip
_STYLES = {"csv": ("form", False), "multi": ("form", True), "ssv": ("spaceDelimited", False),
           "pipes": ("pipeDelimited", False)}  # fmt: skip
_FLOWS = {"accessCode": "authorizationCode", "application": "clientCredentials"}


class Part(NamedTuple):
    """A value with its lines."""

    data: Any
    lines: Lines

    def get(self, key: str) -> Part | None:
        """What stands under a key; None where nothing does."""
        child = self.lines.child(key)
        if not isinstance(self.data, dict) or key not in self.data:
            return None
        return Part(self.data[key], child or self.lines)

    def items(self) -> Iterable[tuple[str, Part]]:
        """The parts of a mapping; of anything else none."""
        names = self.data if isinstance(self.data, dict) else ()
        return [(name, part) for name in names if (part := self.get(name)) is not None]

    def entries(self) -> list[Part]:
        """The parts of a list; of anything else none."""
        found = self.data if isinstance(self.data, list) else []
        return [Part(item, self.lines.child(str(at)) or self.lines) for at, item in enumerate(found)]


def upgrade_swagger(block: Block) -> Block:
    """The block of an OpenAPI 2.0 document in the shape of OpenAPI 3, with the lines of the page."""
    root = Part(block.data, block.lines)
    upgrade = _Upgrade(block, root, References(block))
    paths = root.get("paths") or Part({}, root.lines)
    upgraded = {path: upgrade.path(item) for path, item in paths.items()}
    schemes = [(name, _scheme(item)) for name, item in (root.get("securityDefinitions") or root).items()]
    parts = {
        **dict(root.items()),
        "paths": _mapping(paths.lines.line, upgraded),
        **({"servers": servers} if (servers := _servers(root)) else {}),
    }
    if "securityDefinitions" in block.data:
        line = root.lines.line
        parts["components"] = _mapping(line, {"securitySchemes": _mapping(line, dict(schemes))})
    whole = _mapping(root.lines.line, parts)
    return replace(block, data=whole.data, lines=whole.lines)


def _mapping(line: int, parts: Mapping[str, Part]) -> Part:
    data = {name: part.data for name, part in parts.items()}
    return Part(data, Lines(line, {name: part.lines for name, part in parts.items()}))


def _list(line: int, parts: list[Part]) -> Part:
    return Part([part.data for part in parts], Lines(line, [part.lines for part in parts]))


def _at(data: Any, line: int) -> Part:
    return Part(data, Lines(line))


def _without(part: Part, *names: str) -> dict[str, Part]:
    return {name: item for name, item in part.items() if name not in names}


@dataclass(frozen=True, slots=True)
class _Upgrade:
    block: Block
    root: Part
    references: References

    def path(self, item: Part) -> Part:
        """A path; a body among its common parameters belongs to each of its operations."""
        common = item.get("parameters")
        bodies, others = self._split(common)
        parts = _without(item, "parameters")
        for method in METHODS:
            if method in parts and isinstance(parts[method].data, dict):
                parts[method] = self._operation(parts[method], bodies)
        if common is not None:
            parts["parameters"] = _list(common.lines.line, [self._parameter(one) for one in others])
        return _mapping(item.lines.line, parts)

    def _operation(self, operation: Part, common: list[Part]) -> Part:
        parts = _without(operation, "parameters", "consumes", "produces", "schemes")
        listed = operation.get("parameters")
        bodies, others = self._split(listed)
        if listed is not None:
            parts["parameters"] = _list(listed.lines.line, [self._parameter(one) for one in others])
        own = [(one.data.get("in"), one.data.get("name")) for one in bodies]
        bodies += [one for one in common if (one.data.get("in"), one.data.get("name")) not in own]
        if bodies:
            parts["requestBody"] = self._body(bodies, self._media(operation, "consumes"))
        responses = operation.get("responses")
        if responses is not None:
            produced = self._media(operation, "produces")
            found = {status: self._response(item, produced) for status, item in responses.items()}
            parts["responses"] = _mapping(responses.lines.line, found)
        return _mapping(operation.lines.line, parts)

    def _media(self, operation: Part, key: str) -> list[str]:
        listed = (operation.get(key) or self.root.get(key) or operation).data
        names = [name for name in listed if isinstance(name, str)] if isinstance(listed, list) else []
        return names or [JSON]

    def _followed(self, part: Part) -> Part:
        """What a reference to a parameter or response leads to."""
        if not (isinstance(part.data, dict) and "$ref" in part.data):
            return part
        reference = part.data["$ref"]
        place = self.references.seek(reference, ()) if str(reference).startswith("#") else None
        return part if place is None else self._part(place)

    def _part(self, place: Place) -> Part:
        part = self.root
        for name in place:
            child = part.get(name) if isinstance(part.data, dict) else part.entries()[int(name)]
            part = child or part
        return part

    def _split(self, listed: Part | None) -> tuple[list[Part], list[Part]]:
        """The parameters that make up the body, and the others."""
        found = [self._followed(one) for one in (listed.entries() if listed else ())]
        bodies = [
            one for one in found if isinstance(one.data, dict) and one.data.get("in") in ("body", "formData")
        ]
        return bodies, [one for one in found if not any(one is body for body in bodies)]

    def _parameter(self, parameter: Part) -> Part:
        if not isinstance(parameter.data, dict) or "schema" in parameter.data or "$ref" in parameter.data:
            return parameter
        line = parameter.lines.line
        kept = {name: part for name, part in parameter.items() if name in _NOT_SCHEMA}
        style = _STYLES.get(str(parameter.data.get("collectionFormat")))
        if style and parameter.data.get("in") == "query":
            kept.update({"style": _at(style[0], line), "explode": _at(style[1], line)})
        return _mapping(line, {**kept, "schema": _inline(parameter)})

    def _body(self, bodies: list[Part], consumed: list[str]) -> Part:
        first = bodies[0]
        line = first.lines.line
        whole = next((one for one in bodies if one.data.get("in") == "body"), None)
        if whole is not None:
            schema = whole.get("schema") or _at({}, line)
            media = _mapping(line, {name: _mapping(line, {"schema": schema}) for name in consumed})
            required = whole.data.get("required") is True
            return _mapping(line, {"content": media, "required": _at(required, line)})
        forms = [name for name in consumed if name in (_FORM, _MULTIPART)]
        files = any(one.data.get("type") == "file" for one in bodies)
        names = forms or [_MULTIPART if files else _FORM]
        schema = _form(bodies, line)
        media = _mapping(line, {name: _mapping(line, {"schema": schema}) for name in names})
        return _mapping(line, {"content": media})

    def _response(self, item: Part, produced: list[str]) -> Part:
        response = self._followed(item)
        if not isinstance(response.data, dict):
            return item
        parts = _without(response, "schema", "examples", "headers")
        line = item.lines.line
        schema = response.get("schema")
        if schema is not None:
            content = {name: _mapping(schema.lines.line, {"schema": schema}) for name in produced}
            parts["content"] = _mapping(schema.lines.line, content)
        headers = response.get("headers")
        if headers is not None:
            found = {name: self._parameter(header) for name, header in headers.items()}
            parts["headers"] = _mapping(headers.lines.line, found)
        return _mapping(line, parts)


def _inline(parameter: Part) -> Part:
    """The schema that a parameter or header of OpenAPI 2.0 is itself."""
    parts = {name: part for name, part in parameter.items() if name not in _NOT_SCHEMA}
    return _mapping(parameter.lines.line, parts)


def _form(fields: list[Part], line: int) -> Part:
    """The fields of a form as one object."""
    named = [field for field in fields if isinstance(field.data.get("name"), str)]
    properties = _mapping(line, {str(field.data["name"]): _described(field) for field in named})
    required = [
        _at(field.data["name"], field.lines.line) for field in named if field.data.get("required") is True
    ]
    parts = {"type": _at("object", line), "properties": properties}
    return _mapping(line, {**parts, "required": _list(line, required)} if required else parts)


def _described(field: Part) -> Part:
    words = field.get("description")
    schema = _inline(field)
    return (
        schema
        if words is None
        else _mapping(field.lines.line, {**dict(schema.items()), "description": words})
    )


def _servers(root: Part) -> Part | None:
    """The servers of scheme, host and base path; without a host they are relative."""
    host, base = root.get("host"), root.get("basePath")
    if host is None and base is None:
        return None
    path = str(base.data).rstrip("/") if base else ""
    line = (host or base or root).lines.line
    if host is None:
        return _list(line, [_mapping(line, {"url": _at(path or "/", line)})])
    listed = (root.get("schemes") or root).data
    schemes = [str(scheme) for scheme in listed] if isinstance(listed, list) and listed else ["https"]
    first = sorted(schemes, key=lambda scheme: scheme != "https")
    return _list(
        line, [_mapping(line, {"url": _at(f"{scheme}://{host.data}{path}", line)}) for scheme in first]
    )


def _scheme(item: Part) -> Part:
    """A security definition as a scheme of OpenAPI 3."""
    node = item.data if isinstance(item.data, dict) else {}
    line = item.lines.line
    if node.get("type") == "basic":
        return _mapping(line, {"type": _at("http", line), "scheme": _at("basic", line)})
    if node.get("type") != "oauth2":
        return item
    flow = str(node.get("flow"))
    kept = _without(item, "type", "flow", "description")
    return _mapping(line, {
        "type": _at("oauth2", line),
        "flows": _mapping(line, {_FLOWS.get(flow, flow): _mapping(line, kept)}),
    })  # fmt: skip

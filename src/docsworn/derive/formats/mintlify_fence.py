"""Mintlify Markdown, old: a fence ``yaml METHOD /path`` around Mintlify's own description of a call."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from docsworn.contract.bundle import map_subschemas
from docsworn.derive.block import Block, Place, load_block
from docsworn.derive.document import METHODS, frame, ordered, reason_phrase
from docsworn.derive.fences import Fence, fences
from docsworn.derive.format import Format, Reading
from docsworn.derive.page import Page
from docsworn.derive.provenance import digest_words, mark, rewrite
from docsworn.derive.rewrites import MINTLIFY, Node, Rewritten
from docsworn.derive.schemas import TYPES, SchemaReader
from docsworn.derive.security import HTTP, api_key, http_scheme
from docsworn.derive.servers import read_servers
from docsworn.derive.text.notation import OPEN_ENUM, parse_type

_INFO = re.compile(r"ya?ml (?:\S+ )?(get|put|post|delete|options|head|patch|trace) (/\S*)", re.IGNORECASE)
_TITLE = re.compile(r"# (.+)")
_LOCATIONS = ("path", "query", "header", "cookie")
_PLACEHOLDER = "_mintlify/placeholder"  # stands where a status has no body


def _fence(page: Page) -> Fence | None:
    return next((f for f in fences(page) if _INFO.fullmatch(f.info) and f.first_words == "paths:"), None)


def _marks(page: Page) -> bool:
    return _fence(page) is not None


def _read(page: Page) -> Reading:
    fence = _fence(page)
    if fence is None:
        raise page.error("no block that describes a call")
    block = load_block(page, fence)
    call = block.mapping(block.data.get("paths"), ("paths",), '"paths"')
    return Reading(
        _CallReader(block, SchemaReader(block, (*MINTLIFY, type_words)), call).document(_title(page))
    )


def _title(page: Page) -> str:
    titles = (match[1].strip() for line in page.lines if (match := _TITLE.fullmatch(line)))
    return next((title for title in titles if not title.startswith("Source:")), "untitled")


@dataclass(frozen=True, slots=True)
class _CallReader:
    """Reads the one call of a block."""

    block: Block
    schemas: SchemaReader
    call: dict[str, Any]

    def document(self, title: str) -> dict[str, Any]:
        """The call as an OpenAPI document."""
        path, method = self.call.get("path"), str(self.call.get("method", "")).lower()
        if not isinstance(path, str) or not path.startswith("/") or method not in METHODS:
            raise self.block.error("the call has no path or no method: is the page cut off?", ("paths",))
        document = frame(title, None)
        servers = read_servers(self.block, self.call.get("servers"), ("paths", "servers"))
        document.update({"servers": servers} if servers else {"x-missing": ["server"]})
        schemes = self._schemes()
        operation = {
            **({"security": [{name: []} for name in schemes]} if schemes else {}),
            "parameters": self._parameters(),
            **self._body(),
            "responses": self._responses(),
        }
        document["paths"] = {path: {method: self._mark(operation, ("paths", "method"))}}
        read = self.schemas.components()
        if self._silent():
            read = {name: _expected(schema) for name, schema in read.items()}
        components = {"schemas": read, "securitySchemes": schemes}
        document["components"] = {name: part for name, part in components.items() if part}
        return ordered(document)

    def _mark(self, node: dict[str, Any], place: Place) -> dict[str, Any]:
        return mark(node, self.block.document, self.block.line(place))

    def _map(self, node: Any, place: Place) -> dict[str, Any]:
        return self.block.mapping(node, place, f'"{place[-1]}"')

    def _request(self, part: str) -> tuple[Any, Place]:
        place = ("paths", "request")
        return self._map(self.call.get("request"), place).get(part), (*place, part)

    def _schemes(self) -> dict[str, Any]:
        """The keys that the call is sent with."""
        security, place = self._request("security")
        schemes: dict[str, Any] = {}
        for at, item in enumerate(self.block.list_of(security, place, '"security"')):
            where = (*place, str(at), "parameters")
            parameters = self._map(self._map(item, where[:-1]).get("parameters"), where)
            for location in ("header", "query", "cookie"):
                keys = self._map(parameters.get(location), (*where, location))
                for key, value in keys.items():
                    here = (*where, location, key)
                    kind = str(self._map(value, here).get("scheme", "")).lower()
                    name, scheme = http_scheme(kind) if kind in HTTP else api_key(key)
                    placed = {**scheme, "in": location} if "in" in scheme else scheme
                    schemes[name] = self._mark(placed, here)
        return schemes

    def _body(self) -> dict[str, Any]:
        """The request's body, where the call has one."""
        body, place = self._request("body")
        content = self._content(self._map(body, place), place, silent=False)
        return {"requestBody": self._mark({"content": content}, place)} if content else {}

    def _parameters(self) -> list[dict[str, Any]]:
        parameters, place = self._request("parameters")
        locations = self._map(parameters, place)
        return [
            self._parameter(name, location, value, (*place, location, name))
            for location in _LOCATIONS
            for name, value in self._map(locations.get(location), (*place, location)).items()
        ]

    def _parameter(self, name: str, location: str, value: Any, place: Place) -> dict[str, Any]:
        schemas = self.block.list_of(self._map(value, place).get("schema"), place, '"schema"')
        required = [item.get("required") for item in schemas if isinstance(item, dict)]
        parameter: dict[str, Any] = {"name": name, "in": location}
        parameter["required"] = location == "path" or (bool(required) and all(r is True for r in required))
        parameter["schema"] = self._one_of_many(schemas, (*place, "schema"), "schema")
        words = " ".join(str(item.get("description", "")) for item in schemas if isinstance(item, dict))
        if words.strip():
            parameter["x-words"] = digest_words(words)
        return self._mark(parameter, place)

    def _one_of_many(self, schemas: list[Any], place: Place, keyword: str) -> dict[str, Any]:
        """A list of one schema is that schema; several are alternatives."""
        read = [self.schemas.read(item, (*place, str(at))) for at, item in enumerate(schemas)]
        if len(read) == 1 and isinstance(read[0], dict):
            return read[0]
        if not read:
            return self._mark({}, place)
        note = rewrite(keyword, "a list of alternatives", self.block.line(place))
        return self._mark({"anyOf": read, "x-normalised": [note]}, place)

    def _responses(self) -> dict[str, Any]:
        place = ("paths", "response")
        responses = self._map(self.call.get("response"), place)
        if not responses:
            raise self.block.error("the call has no responses: is the page cut off?", ("paths",))
        silent = self._silent()
        return {
            status: self._response(self._map(item, (*place, status)), (*place, status), status, silent)
            for status, item in responses.items()
        }

    def _silent(self) -> bool:
        """Whether nothing on the page says which fields of the responses are required."""
        components = self.block.data.get("components")
        return not _says_required(self.call.get("response")) and not _says_required(components)

    def _response(self, item: dict[str, Any], place: Place, status: str, silent: bool) -> dict[str, Any]:
        content = self._content(item, place, silent)
        response: dict[str, Any] = {"description": reason_phrase(status)}
        return self._mark({**response, "content": content} if content else response, place)

    def _content(self, item: dict[str, Any], place: Place, silent: bool) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for media_type, value in item.items():
            if "/" not in media_type or media_type == _PLACEHOLDER:
                continue
            where = (*place, media_type, "schemaArray")
            bodies = self._map(value, where[:-1]).get("schemaArray")
            schemas = self.block.list_of(bodies, where, '"schemaArray"')
            if schemas:
                schema = self._one_of_many(schemas, where, "schemaArray")
                content[media_type] = {"schema": _expected(schema) if silent else schema}
        return content


def type_words(node: Node, _block: Block) -> Rewritten | None:
    """Types in Mintlify's words, such as ``any``, ``file`` and ``enum<string>``."""
    words = node.keywords.get("type")
    if not isinstance(words, str) or words in TYPES:
        return None
    schema = parse_type(words)
    if schema is None:
        return None
    keywords = {key: value for key, value in node.keywords.items() if key != "type"}
    told = {key: value for key, value in schema.items() if key != OPEN_ENUM and key not in keywords}
    places = {**dict.fromkeys(told, node.places["type"]), **node.places}
    return Rewritten(replace(node, keywords={**told, **keywords}, places=places), "type", "a type in words")


def _says_required(node: Any) -> bool:
    """Whether anything in the responses says which fields are required."""
    if isinstance(node, list):
        return any(_says_required(item) for item in node)
    if not isinstance(node, dict):
        return False
    listed = isinstance(node.get("requiredProperties"), list) or isinstance(node.get("required"), list)
    return listed or any(_says_required(value) for value in node.values())


def _expected(schema: Any) -> Any:
    """The schema with its properties expected: the page lists them and says nothing about required."""
    if not isinstance(schema, dict):
        return schema

    def child(node: Any, path: Place) -> Any:
        below = _expected(node)
        if path[0] != "properties" or not isinstance(below, dict):
            return below
        notes = {key: below[key] for key in below if key.startswith("x-")}
        return {**{k: below[k] for k in below if k not in notes}, "x-presence": "expected", **notes}

    return map_subschemas(schema, child)


FORMAT = Format("mintlify-fence", _marks, _read)

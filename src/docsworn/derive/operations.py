"""Paths, operations, parameters and responses of an OpenAPI document, each with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docsworn.derive.block import Block, Place
from docsworn.derive.document import METHODS, reason_phrase
from docsworn.derive.provenance import digest_words, mark, rewrite
from docsworn.derive.schemas import SchemaReader
from docsworn.derive.security import api_key, is_key_header
from docsworn.derive.servers import read_servers
from docsworn.errors import UnknownNameError

_LOCATIONS = ("path", "query", "header", "cookie")
_STATUS = re.compile(r"[1-5](?:\d\d|XX)|default")
_OF_PARAMETERS = ("style", "explode", "allowReserved", "allowEmptyValue", "deprecated")
_CUT = "is the page cut off?"


@dataclass(frozen=True, slots=True)
class _Found:
    """An operation as it stands in the document: its path, method and place, and the path's node."""

    path: str
    method: str
    place: Place
    item: dict[str, Any]
    item_place: Place

    @property
    def title(self) -> str:
        return f"{self.method.upper()} {self.path}"


@dataclass(slots=True)
class OperationReader:
    """Reads the operations of one block; ``schemas`` reads the schemas in it.

    ``key_headers`` says that header parameters which carry the key are meant as security, where the
    operation names none. ``declared`` are the security schemes of the document, ``schemes`` those that
    such parameters turned out to be.
    """

    block: Block
    schemas: SchemaReader
    key_headers: bool
    declared: dict[str, Any] = field(default_factory=dict)
    schemes: dict[str, Any] = field(default_factory=dict)

    def read_paths(self, wanted: str | None = None) -> dict[str, Any]:
        """The paths with all operations, or only the one of an id or ``METHOD /path``.

        UnknownNameError where the wanted one is not there, DocumentError where there is none at all.
        """
        found = list(self._found(wanted))
        if not found and not (wanted and self.block.data.get("paths")):
            raise self.block.error(f"the block describes no operation: {_CUT}")
        paths: dict[str, Any] = {}
        for one in found if wanted is None else [self._wanted(found, wanted)]:
            raw = self.block.mapping(one.item[one.method], one.place, "an operation")
            paths.setdefault(one.path, {})[one.method] = self._operation(raw, one, sole=len(found) == 1)
        return paths

    def _found(self, wanted: str | None) -> Iterator[_Found]:
        """Every operation; what another path refers to does not matter to the one that is wanted."""
        paths = self.block.mapping(self.block.data.get("paths"), ("paths",), '"paths"')
        title = wanted if wanted and wanted.partition(" ")[2] in paths else None
        for path, node in paths.items():
            if path.startswith("x-") or (title and title.partition(" ")[2] != path):
                continue
            item, place = self.schemas.references.follow(node, ("paths", path), "a path")
            for method in METHODS:
                if method in item:
                    yield _Found(path, method, (*place, method), item, place)

    def _wanted(self, found: list[_Found], wanted: str) -> _Found:
        method, _, path = wanted.strip().partition(" ")
        title = f"{method.upper()} {path.strip()}"
        named = {str(one.item[one.method].get("operationId")): one for one in reversed(found)
                 if isinstance(one.item[one.method], dict)}  # fmt: skip
        titled = {one.title: one for one in found}
        chosen = titled.get(title) or named.get(wanted)
        if chosen is None:
            raise UnknownNameError("operation", wanted, {*titled, *(named.keys() - {"None"})})
        return chosen

    def _operation(self, raw: dict[str, Any], found: _Found, *, sole: bool) -> dict[str, Any]:
        place = found.place
        result = {"operationId": raw["operationId"]} if isinstance(raw.get("operationId"), str) else {}
        notes: list[dict[str, Any]] = []
        tags, nested = _flat(raw.get("tags", []))
        if tags:
            result["tags"] = tags
        if nested:
            notes.append(rewrite("tags", "nested lists of tags", self.block.line((*place, "tags"))))
        if raw.get("deprecated") is True:
            result["deprecated"] = True
        servers = self._servers(raw, found)
        if servers:
            result["servers"] = servers
        parameters, keys = self._parameters(raw, found, notes)
        asked: list[dict[str, list[str]]] = [{name: []} for name in keys]
        security = asked or self._security(raw, place)
        if security is not None:
            result["security"] = security
        result["parameters"] = parameters
        if keys:
            result["x-key-parameters"] = list(keys.values())
        if raw.get("requestBody") is not None:
            result["requestBody"] = self._request_body(raw["requestBody"], (*place, "requestBody"))
        result["responses"] = self._responses(raw, place, sole=sole)
        if notes:
            result["x-normalised"] = notes
        return mark(result, self.block.document, self.block.line(place))

    def _servers(self, raw: dict[str, Any], found: _Found) -> list[dict[str, Any]]:
        own = read_servers(self.block, raw.get("servers"), (*found.place, "servers"))
        return own or read_servers(self.block, found.item.get("servers"), (*found.item_place, "servers"))

    def _security(self, raw: dict[str, Any], place: Place) -> list[dict[str, list[str]]] | None:
        """The requirements of the operation, or of the whole document; an empty list asks for no key."""
        node, where = raw.get("security"), (*place, "security")
        if node is None:
            node, where = self.block.data.get("security"), ("security",)
        if node is None:
            return None
        return [
            {
                name: _texts(scopes)
                for name, scopes in self.block.mapping(item, place, "a requirement").items()
            }
            for item in self.block.list_of(node, where, '"security"')
        ]

    def _parameters(
        self, raw: dict[str, Any], found: _Found, notes: list[dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        kept: dict[tuple[str, str], dict[str, Any]] = {}
        keys: dict[str, Any] = {}
        secured = "security" in raw or "security" in self.block.data
        for item, where in self._placed(raw, found):
            parameter = self._parameter(item, where)
            header = parameter["name"]
            if self.key_headers and parameter["in"] == "header" and is_key_header(header) and not secured:
                keys[self._scheme(header, where)] = parameter
                line = self.block.line(where)
                notes.append(rewrite("parameters", "a header that is the key is security", line))
            else:
                kept[parameter["in"], header] = parameter
        return list(kept.values()), keys

    def _scheme(self, header: str, place: Place) -> str:
        """The security scheme of a header that carries the key: one that is declared, or its own."""
        for name, scheme in self.declared.items():
            bearer = scheme.get("type") in ("http", "oauth2") and header.lower() == "authorization"
            if bearer or (scheme.get("in") == "header" and str(scheme.get("name")).lower() == header.lower()):
                return name
        name, scheme = api_key(header)
        self.schemes[name] = mark(scheme, self.block.document, self.block.line(place))
        return name

    def _placed(self, raw: dict[str, Any], found: _Found) -> Iterator[tuple[Any, Place]]:
        """The parameters of the path and then the operation's own, each with its place."""
        for node, place in ((found.item, found.item_place), (raw, found.place)):
            where = (*place, "parameters")
            for at, item in enumerate(self.block.list_of(node.get("parameters"), where, '"parameters"')):
                yield item, (*where, str(at))

    def _parameter(self, item: Any, place: Place) -> dict[str, Any]:
        raw, where = self.schemas.references.follow(item, place, "a parameter")
        name, location = raw.get("name"), raw.get("in")
        if not isinstance(name, str) or location not in _LOCATIONS:
            raise self.block.error("a parameter needs a name and a place", where)
        result: dict[str, Any] = {"name": name, "in": location}
        if location == "path" or isinstance(raw.get("required"), bool):
            result["required"] = location == "path" or raw["required"]
        result.update({key: raw[key] for key in _OF_PARAMETERS if isinstance(raw.get(key), bool | str)})
        result.update(self._carried(raw, where))
        if isinstance(raw.get("description"), str):
            result["x-words"] = digest_words(raw["description"])
        return mark(result, self.block.document, self.block.line(where))

    def _carried(self, raw: dict[str, Any], where: Place) -> dict[str, Any]:
        """The schema of a parameter or header, or the content that it carries."""
        if "schema" not in raw and raw.get("content"):
            return {"content": self._content(raw, where)}
        return {"schema": self.schemas.read(raw.get("schema"), (*where, "schema"))}

    def _request_body(self, item: Any, place: Place) -> dict[str, Any]:
        raw, where = self.schemas.references.follow(item, place, "a request body")
        result: dict[str, Any] = {"content": self._content(raw, where)}
        if isinstance(raw.get("required"), bool):
            result["required"] = raw["required"]
        return mark(result, self.block.document, self.block.line(where))

    def _responses(self, raw: dict[str, Any], place: Place, *, sole: bool) -> dict[str, Any]:
        where = (*place, "responses")
        responses = self.block.mapping(raw.get("responses"), where, '"responses"')
        if not responses and sole:
            raise self.block.error(f"the operation has no responses: {_CUT}", place)
        found = {}
        for status, item in responses.items():
            known = status.upper() if status.lower().endswith("xx") else status
            if _STATUS.fullmatch(known):
                found[known] = self.read_response(known, item, (*where, status))
        return found

    def read_response(self, status: str, item: Any, place: Place) -> dict[str, Any]:
        """What is documented for one status; an empty ``content`` says nothing about the body."""
        raw, where = self.schemas.references.follow(item, place, "a response")
        line = self.block.line(place)
        result: dict[str, Any] = {"description": reason_phrase(status)}
        headers = self._headers(raw, where)
        if headers:
            result["headers"] = headers
        content = self._content(raw, where)
        if content:
            result["content"] = content
        elif "content" in raw:
            at = self.block.line((*where, "content"))
            result["x-normalised"] = [rewrite("content", "empty: it says nothing about the body", at)]
        return mark(result, self.block.document, line)

    def _headers(self, raw: dict[str, Any], place: Place) -> dict[str, Any]:
        where = (*place, "headers")
        headers = {}
        for name, item in self.block.mapping(raw.get("headers"), where, '"headers"').items():
            node, at = self.schemas.references.follow(item, (*where, name), "a header")
            kept = {key: node[key] for key in ("required", "deprecated") if isinstance(node.get(key), bool)}
            header = {**kept, **self._carried(node, at)}
            headers[name] = mark(header, self.block.document, self.block.line((*where, name)))
        return headers

    def _content(self, raw: dict[str, Any], place: Place) -> dict[str, Any]:
        where = (*place, "content")
        content: dict[str, Any] = {}
        for media_type, value in self.block.mapping(raw.get("content"), where, '"content"').items():
            media = self.block.mapping(value, (*where, media_type), "a media type")
            at = (*where, media_type, "schema")
            content[media_type] = (
                {"schema": self.schemas.read(media["schema"], at)} if "schema" in media else {}
            )
        return content


def _texts(scopes: Any) -> list[str]:
    return [scope for scope in scopes if isinstance(scope, str)] if isinstance(scopes, list) else []


def _flat(tags: Any) -> tuple[list[str], bool]:
    """Tags in one list, and whether they were nested."""
    if not isinstance(tags, list):
        return [], False
    nested = [item for item in tags if isinstance(item, list)]
    flat = [tag for item in tags for tag in (item if isinstance(item, list) else [item])]
    return [tag for tag in flat if isinstance(tag, str)], bool(nested)

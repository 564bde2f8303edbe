"""Paths, operations, parameters and responses of an OpenAPI block, each with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from docsworn.derive.block import Block, Place
from docsworn.derive.document import METHODS, reason_phrase
from docsworn.derive.provenance import digest_words, mark, rewrite
from docsworn.derive.schemas import WORDS, SchemaReader
from docsworn.derive.security import api_key, is_key_header


@dataclass(frozen=True, slots=True)
class OperationReader:
    """Reads the operations of one block; ``schemas`` reads the schemas in it."""

    block: Block
    schemas: SchemaReader

    def read_paths(self) -> tuple[dict[str, Any], dict[str, Any]]:
        """The paths and the security schemes that their parameters turned out to be."""
        paths: dict[str, Any] = {}
        schemes: dict[str, Any] = {}
        for path, item in self.block.mapping(self.block.data.get("paths"), ("paths",), '"paths"').items():
            place = ("paths", path)
            methods = self.block.mapping(item, place, "a path")
            common = self.block.list_of(methods.get("parameters"), place, '"parameters"')
            for method in METHODS:
                if method in methods:
                    operation, found = self._operation(methods[method], (*place, method), common)
                    paths.setdefault(path, {})[method] = operation
                    schemes.update(found)
        if not paths:
            raise self.block.error("the block describes no operation: is the page cut off?")
        return paths, schemes

    def _operation(self, node: Any, place: Place, common: list[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        raw = self.block.mapping(node, place, "an operation")
        result = {"operationId": raw["operationId"]} if isinstance(raw.get("operationId"), str) else {}
        notes: list[dict[str, Any]] = []
        tags, nested = _flat(raw.get("tags", []))
        if tags:
            result["tags"] = tags
        if nested:
            notes.append(rewrite("tags", "nested lists of tags", self.block.line((*place, "tags"))))
        parameters, schemes = self._parameters(raw, place, common, notes)
        if schemes:
            result["security"] = [{name: []} for name in schemes]
        elif isinstance(raw.get("security"), list):
            result["security"] = raw["security"]
        result["parameters"] = parameters
        if "requestBody" in raw:
            result["requestBody"] = self._request_body(raw["requestBody"], (*place, "requestBody"))
        result["responses"] = self._responses(raw, place)
        if notes:
            result["x-normalised"] = notes
        return mark(result, self.block.document, self.block.line(place)), schemes

    def _parameters(
        self, raw: dict[str, Any], place: Place, common: list[Any], notes: list[dict[str, Any]]
    ) -> tuple[list[dict[str, Any]], dict[str, Any]]:
        own = self.block.list_of(raw.get("parameters"), (*place, "parameters"), '"parameters"')
        placed = [(item, (*place[:-1], "parameters", str(at))) for at, item in enumerate(common)]
        placed += [(item, (*place, "parameters", str(at))) for at, item in enumerate(own)]
        kept: dict[tuple[str, str], dict[str, Any]] = {}
        schemes: dict[str, Any] = {}
        for item, where in placed:
            parameter = self._parameter(item, where)
            header = parameter["name"]
            if parameter["in"] == "header" and is_key_header(header) and "security" not in raw:
                name, scheme = api_key(header)
                line = self.block.line(where)
                schemes[name] = mark(scheme, self.block.document, line)
                notes.append(rewrite("parameters", "a header that is the key is security", line))
            else:
                kept[parameter["in"], header] = parameter
        return list(kept.values()), schemes

    def _parameter(self, item: Any, place: Place) -> dict[str, Any]:
        raw, where = self._followed(item, place, "a parameter")
        name, location = raw.get("name"), raw.get("in")
        if not isinstance(name, str) or location not in ("path", "query", "header", "cookie"):
            raise self.block.error("a parameter needs a name and a place", where)
        result: dict[str, Any] = {"name": name, "in": location}
        if location == "path" or isinstance(raw.get("required"), bool):
            result["required"] = location == "path" or raw["required"]
        result.update({key: raw[key] for key in ("style", "explode", "deprecated") if key in raw})
        result["schema"] = self.schemas.read(raw.get("schema", {}), (*where, "schema"))
        if isinstance(raw.get("description"), str):
            result["x-words"] = digest_words(raw["description"])
        return mark(result, self.block.document, self.block.line(where))

    def _request_body(self, item: Any, place: Place) -> dict[str, Any]:
        raw, where = self._followed(item, place, "a request body")
        result: dict[str, Any] = {"content": self._content(raw, where)}
        if isinstance(raw.get("required"), bool):
            result["required"] = raw["required"]
        return mark(result, self.block.document, self.block.line(where))

    def _responses(self, raw: dict[str, Any], place: Place) -> dict[str, Any]:
        where = (*place, "responses")
        responses = self.block.mapping(raw.get("responses"), where, '"responses"')
        if not responses:
            raise self.block.error("the operation has no responses: is the page cut off?", place)
        return {
            status: self.read_response(status, item, (*where, status)) for status, item in responses.items()
        }

    def read_response(self, status: str, item: Any, place: Place) -> dict[str, Any]:
        """What is documented for one status; an empty ``content`` says nothing about the body."""
        raw, where = self._followed(item, place, "a response")
        line = self.block.line(place)
        result: dict[str, Any] = {"description": reason_phrase(status)}
        content = self._content(raw, where)
        if content:
            result["content"] = content
        elif "content" in raw:
            at = self.block.line((*where, "content"))
            result["x-normalised"] = [rewrite("content", "empty: it says nothing about the body", at)]
        return mark(result, self.block.document, line)

    def _content(self, raw: dict[str, Any], place: Place) -> dict[str, Any]:
        where = (*place, "content")
        content: dict[str, Any] = {}
        for media_type, value in self.block.mapping(raw.get("content"), where, '"content"').items():
            media = self.block.mapping(value, (*where, media_type), "a media type")
            content[media_type] = {
                key: self.schemas.read(media[key], (*where, media_type, key))
                for key in media
                if key == "schema" and key not in WORDS
            }
        return content

    def _followed(self, item: Any, place: Place, what: str) -> tuple[dict[str, Any], Place]:
        """The node itself, or the component that it refers to, with its place."""
        raw = self.block.mapping(item, place, what)
        reference = raw.get("$ref")
        if reference is None:
            return raw, place
        parts = str(reference).split("/")
        components = self.block.mapping(self.block.data.get("components"), ("components",), '"components"')
        kinds = components.get(parts[2], {}) if len(parts) == 4 and parts[:2] == ["#", "components"] else {}
        if not isinstance(kinds, dict) or not isinstance(kinds.get(parts[-1]), dict):
            raise self.block.error("a reference leads nowhere: is the page cut off?", (*place, "$ref"))
        return kinds[parts[3]], ("components", *parts[2:])


def _flat(tags: Any) -> tuple[list[str], bool]:
    """Tags in one list, and whether they were nested."""
    if not isinstance(tags, list):
        return [], False
    nested = [item for item in tags if isinstance(item, list)]
    flat = [tag for item in tags for tag in (item if isinstance(item, list) else [item])]
    return [tag for tag in flat if isinstance(tag, str)], bool(nested)

"""A schema of a page's block as a schema of a pack: rewritten, checked, each node with its source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from docsworn.contract.bundle import COMPONENTS, LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS
from docsworn.contract.shape import token
from docsworn.derive.block import Block, Place
from docsworn.derive.provenance import digest_words, mark, rewrite
from docsworn.derive.rewrites import Node, Rewrite, node_at

TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})

# The page's own words and examples stay on the page; only facts go into a pack.
WORDS = frozenset({"description", "example", "examples", "externalDocs", "summary", "title", "$comment"})

# These hold schemas or point to one, which have lines of their own, or they are no promise.
_WITHOUT_LINE = SCHEMA_KEYWORDS | MAP_KEYWORDS | {"$ref", "allOf", "default", "prefixItems"}


@dataclass(frozen=True, slots=True)
class SchemaReader:
    """Reads the schemas of one block with the rewrites of its dialect."""

    block: Block
    rewrites: tuple[Rewrite, ...]

    def read(self, schema: Any, place: Place) -> Any:
        """The schema at a place, with everything below it; booleans are schemas too."""
        if isinstance(schema, bool):
            return schema
        if schema is None or not isinstance(schema, dict):
            raise self.block.error("a schema must be a mapping", place)
        node, notes = self._rewritten(node_at(schema, place))
        self._check(node)
        result = {
            keyword: self._value(node, keyword, value)
            for keyword, value in node.keywords.items()
            if keyword not in WORDS and not keyword.startswith("x-")
        }
        description = node.keywords.get("description")
        if isinstance(description, str) and description.strip():
            result["x-words"] = digest_words(description)
        lines = self._keyword_lines(node)
        if lines:
            result["x-keywords"] = lines
        if notes:
            result["x-normalised"] = notes
        return mark(result, self.block.document, self.block.line(place))

    def components(self) -> dict[str, Any]:
        """The block's component schemas by name."""
        components = self.block.mapping(self.block.data.get("components"), ("components",), '"components"')
        place = ("components", "schemas")
        found = self.block.mapping(components.get("schemas"), place, '"schemas"')
        return {name: self.read(schema, (*place, name)) for name, schema in found.items()}

    def _rewritten(self, node: Node) -> tuple[Node, list[dict[str, Any]]]:
        notes: list[dict[str, Any]] = []
        for change in self.rewrites:
            rewritten = change(node, self.block)
            if rewritten is not None:
                place = node.places.get(rewritten.keyword, rewritten.node.places.get(rewritten.keyword))
                notes.append(rewrite(rewritten.keyword, rewritten.reason, self.block.line(place or node.at)))
                node = rewritten.node
        return node, notes

    def _value(self, node: Node, keyword: str, value: Any) -> Any:
        place = node.places[keyword]
        if keyword in SCHEMA_KEYWORDS:
            return self.read(value, place)
        if keyword in LIST_KEYWORDS:
            return [self.read(item, (*place, str(at))) for at, item in enumerate(value)]
        if keyword in MAP_KEYWORDS:
            return {name: self.read(item, (*place, name)) for name, item in value.items()}
        return value

    def _keyword_lines(self, node: Node) -> dict[str, Any]:
        """The lines of the keywords that do not stand on the node's own line."""
        own, lines = self.block.line(node.at), {}
        for keyword in node.keywords:
            if keyword in WORDS or keyword in _WITHOUT_LINE or keyword.startswith("x-"):
                continue
            place = node.places[keyword]
            names = node.keywords["required"] if keyword == "required" else [None]
            for at, name in enumerate(names):
                line = self.block.line(place if name is None else (*place, str(at)))
                if line != own:
                    lines[keyword if name is None else f"required/{name}"] = {"line": line}
        return lines

    def _check(self, node: Node) -> None:
        for keyword, value in node.keywords.items():
            place = node.places[keyword]
            if keyword in MAP_KEYWORDS and not isinstance(value, dict):
                raise self.block.error(f'"{keyword}" must be a mapping of schemas', place)
            if keyword in LIST_KEYWORDS and not (isinstance(value, list) and value):
                raise self.block.error(f'"{keyword}" must be a list of schemas', place)
            if keyword == "enum" and not (isinstance(value, list) and value):
                raise self.block.error('"enum" must be a list of values', place)
            if keyword == "required" and not _names(value):
                raise self.block.error('"required" must be a list of names', place)
            if keyword == "$ref":
                self._check_reference(value, place)
        self._check_type(node)

    def _check_type(self, node: Node) -> None:
        if "type" not in node.keywords:
            return
        value = node.keywords["type"]
        for name in value if isinstance(value, list) and value else [value]:
            if name not in TYPES if isinstance(name, str) else True:
                shown = token(name) if isinstance(name, str) else None
                raise self.block.error(
                    f'unknown type "{shown}"' if shown else "a type must be a name", node.places["type"]
                )

    def _check_reference(self, value: Any, place: Place) -> None:
        if not isinstance(value, str) or not value.startswith(COMPONENTS):
            raise self.block.error("a reference does not lead to a component schema of this page", place)
        name = unquote(value.removeprefix(COMPONENTS).split("/")[0]).replace("~1", "/").replace("~0", "~")
        components = self.block.data.get("components")
        schemas = components.get("schemas") if isinstance(components, dict) else None
        if not isinstance(schemas, dict) or name not in schemas:
            raise self.block.error("a reference leads nowhere: is the page cut off?", place)


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)

"""A schema of a page's block as a schema of a pack: rewritten, checked, each node with its source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docsworn.contract.bundle import COMPONENTS, LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS
from docsworn.contract.shape import token
from docsworn.derive.block import Block, Place
from docsworn.derive.families import BARE, Families
from docsworn.derive.keywords import WORDS, settle
from docsworn.derive.provenance import digest_words, mark, rewrite
from docsworn.derive.references import HOMES, References
from docsworn.derive.rewrites import Node, Rewrite, node_at
from docsworn.model import Confidence

TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})

MAX_BRANCHES = 500
MAX_SCHEMAS = 200_000

# These hold schemas or point to one, which have lines of their own, or they are no promise.
_WITHOUT_LINE = SCHEMA_KEYWORDS | MAP_KEYWORDS | {"$ref", "allOf", "default", "prefixItems", "discriminator"}

# What a description says of its own field.
_SPEAKS_OF_NULL = re.compile(
    r"\bor [`'\"*]*null\b|(?<!not )(?<!never )\bnull\b[`'\"*]* (?:when|for|if|until|unless|while)\b"
    r"|\b(?:is|can be|may be|will be) [`'\"*]*null\b",
    re.IGNORECASE,
)

# Fields, items and values are where a page tells null, or where its exporter dropped it.
_TELL_NULL = frozenset({"properties", "items", "additionalProperties"})


@dataclass(slots=True)
class SchemaReader:
    """Reads the schemas of one block with the rewrites of its dialect.

    ``silent_null`` says that the block's format or its exporter never tells null: then it is unknown.
    ``prose_null`` says that it may drop null: then it is unknown where a description speaks of null.
    """

    block: Block
    rewrites: tuple[Rewrite, ...]
    silent_null: bool = False
    prose_null: bool = False
    references: References = field(init=False)
    _families: Families = field(init=False)
    _reached: dict[Place, None] = field(init=False, default_factory=dict)
    _count: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.references = References(self.block)
        self._families = Families(self.references)

    def read(self, schema: Any, place: Place) -> Any:
        """The schema at a place, with everything below it; booleans are schemas too."""
        if isinstance(schema, bool):
            return schema
        if not isinstance(schema, dict | Node | None):
            raise self.block.error("a schema must be a mapping", place)
        self._count += 1
        if self._count > MAX_SCHEMAS:
            raise self.block.error(f"more than {MAX_SCHEMAS} schemas: choose one with --operation", place)
        node = schema if isinstance(schema, Node) else node_at(schema or {}, place)
        node, notes = self._rewritten(node)
        self._check(node)
        result = {
            keyword: self._value(node, keyword, value)
            for keyword, value in node.keywords.items()
            if keyword not in WORDS and not keyword.startswith("x-")
        }
        return self._marked(self._widened(result, node, notes), node, notes)

    def components(self, *, everything: bool = True) -> dict[str, Any]:
        """The component schemas by name: those of the block, or only those that were referred to so far."""
        own = [(*home, name) for home in HOMES for name in self._home(home)]
        for place in own if everything else ():
            self._reach(place)
        read: dict[Place, Any] = {}
        waiting = list(self._reached)
        while waiting:
            for place in waiting:
                read[place] = self._component(place)
            waiting = [place for place in self._reached if place not in read]
        order = dict.fromkeys((*(place for place in own if place in read), *read))
        return {self.references.name(place): read[place] for place in order}

    def _home(self, home: Place) -> Iterator[str]:
        yield from (place[-1] for place in self.references.names if place[:-1] == home)

    def _component(self, place: Place) -> Any:
        if place[-1] != BARE:
            return self.read(self.references.node(place), place)
        return self.read(self._families.bare(place[:-1]), place[:-1])

    def _reach(self, place: Place) -> str:
        """The reference to the schema at a place, which will be a component."""
        self._reached.setdefault(place)
        return COMPONENTS + self.references.name(place)

    def _rewritten(self, node: Node) -> tuple[Node, list[dict[str, Any]]]:
        notes: list[dict[str, Any]] = []
        for change in self.rewrites:
            rewritten = change(node, self.block)
            if rewritten is not None:
                place = node.places.get(rewritten.keyword, rewritten.node.places.get(rewritten.keyword))
                notes.append(rewrite(rewritten.keyword, rewritten.reason, self.block.line(place or node.at)))
                node = rewritten.node
        return self._settled(node, notes), notes

    def _settled(self, node: Node, notes: list[dict[str, Any]]) -> Node:
        """The node without what is no keyword, or has a value that it cannot have."""
        kept: dict[str, Any] = {}
        for keyword, value in node.keywords.items():
            try:
                kept[keyword], why = settle(keyword, value)
            except LookupError as error:
                why = f"{error.args[0]}: left out" if error.args[0] else None
            if why is not None:
                name = token(keyword) or "a keyword"
                notes.append(rewrite(name, why, self.block.line(node.places[keyword])))
        return Node(kept, node.places, node.at, node.says)

    def _value(self, node: Node, keyword: str, value: Any) -> Any:
        place = node.places[keyword]
        if keyword == "$ref":
            target = self.references.find(value, place)
            bare = self._families.wants_bare(target, place)
            return self._reach((*target, BARE) if bare else target)
        if keyword in SCHEMA_KEYWORDS:
            return self._told(keyword, self.read(value, place), place, value)
        if keyword in LIST_KEYWORDS:
            return [self.read(item, (*place, str(at))) for at, item in enumerate(value)]
        if keyword in MAP_KEYWORDS:
            return {
                name: self._told(keyword, self.read(item, (*place, name)), place, item)
                for name, item in value.items()
            }
        if keyword == "discriminator":
            return self._discriminator(value, place)
        return value

    def _discriminator(self, value: Any, place: Place) -> dict[str, Any]:
        raw = self.block.mapping(value, place, '"discriminator"')
        name = raw.get("propertyName")
        if not isinstance(name, str):
            raise self.block.error("a discriminator needs the name of a property", place)
        where = (*place, "mapping")
        mapping = {}
        for key, target in self.block.mapping(raw.get("mapping"), where, '"mapping"').items():
            found = self._families.mapped(target, where)
            if found is not None:
                mapping[key] = self._reach(found)
        return {"propertyName": name, **({"mapping": mapping} if mapping else {})}

    def _told(self, keyword: str, schema: Any, place: Place, written: Any) -> Any:
        """The schema with null unknown, where the block never tells null and this is no literal.

        The same where only the description of what is written speaks of null.
        """
        if keyword not in _TELL_NULL or not isinstance(schema, dict) or "x-nullable" in schema:
            return schema
        if "parameters" in (*place[:2], *place[3:4]):  # in an address nothing is null
            return schema
        literal = "const" in schema or len(schema.get("enum", ())) == 1
        if not (self.silent_null and not literal) and not (self.prose_null and _prose_alone(written, schema)):
            return schema
        ends = [key for key in schema if key.startswith("x-")]
        keywords = {key: value for key, value in schema.items() if key not in ends}
        return {**keywords, "x-nullable": "unknown", **{key: schema[key] for key in ends}}

    def _widened(self, result: dict[str, Any], node: Node, notes: list[dict[str, Any]]) -> dict[str, Any]:
        """A use of a base with a discriminator as a choice between it and its children."""
        children = self._families.children(result.get("$ref"), node.at)
        if not children or "anyOf" in result or "oneOf" in result:
            return result
        line = self.block.line(node.places["$ref"])
        notes.append(rewrite("$ref", "a base with a discriminator, or any of its children", line))
        targets = [result["$ref"], *(self._reach(child) for child in children)]
        rest = {key: value for key, value in result.items() if key != "$ref"}
        return {"anyOf": [mark({"$ref": one}, self.block.document, line) for one in targets], **rest}

    def _marked(self, result: dict[str, Any], node: Node, notes: list[dict[str, Any]]) -> dict[str, Any]:
        result.update({key: value for key, value in node.says.items() if key != "x-confidence"})
        description = node.keywords.get("description")
        if isinstance(description, str) and description.strip():
            result["x-words"] = digest_words(description)
        lines = self._keyword_lines(node, result)
        if lines:
            result["x-keywords"] = lines
        if notes:
            result["x-normalised"] = notes
        confidence = Confidence(node.says.get("x-confidence", Confidence.DOCUMENTED))
        return mark(result, self.block.document, self.block.line(node.at), confidence)

    def _keyword_lines(self, node: Node, result: dict[str, Any]) -> dict[str, Any]:
        """The lines of the keywords that do not stand on the node's own line."""
        own, lines = self.block.line(node.at), {}
        for keyword in node.keywords:
            if keyword in _WITHOUT_LINE or keyword not in result:
                continue
            place = node.places[keyword]
            names = node.keywords["required"] if keyword == "required" else [None]
            written = self.references.node(place) if keyword == "required" else ()
            entries = {name: str(at) for at, name in enumerate(written)}
            for name in names:
                line = self.block.line((*place, entries[name]) if name in entries else place)
                if line != own:
                    lines[keyword if name is None else f"required/{name}"] = {"line": line}
        return lines

    def _check(self, node: Node) -> None:
        for keyword, value in node.keywords.items():
            place = node.places[keyword]
            if keyword in MAP_KEYWORDS and not isinstance(value, dict):
                raise self.block.error(f'"{keyword}" must be a mapping of schemas', place)
            if keyword in LIST_KEYWORDS:
                self._check_branches(keyword, value, place)
            if keyword == "enum" and not isinstance(value, list):
                raise self.block.error('"enum" must be a list of values', place)
            if keyword == "required" and not _names(value):
                raise self.block.error('"required" must be a list of names', place)
        self._check_type(node)

    def _check_branches(self, keyword: str, value: Any, place: Place) -> None:
        if not (isinstance(value, list) and value):
            raise self.block.error(f'"{keyword}" must be a list of schemas', place)
        if len(value) > MAX_BRANCHES:
            raise self.block.error(
                f'"{keyword}" has {len(value)} branches: more than {MAX_BRANCHES} are not read', place
            )

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


def _prose_alone(written: Any, schema: dict[str, Any]) -> bool:
    """Whether a description speaks of null and the schema itself does not allow it."""
    description = written.get("description") if isinstance(written, dict) else None
    if not isinstance(description, str) or not _SPEAKS_OF_NULL.search(description):
        return False
    return not any(_allows_null(one) for one in (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ())))


def _allows_null(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False
    types = schema.get("type", ())
    return "null" in ([types] if isinstance(types, str) else types) or None in schema.get("enum", ())


def _names(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) for name in value)

"""Lays out the places of a self-contained schema: a finite graph, also where schemas are recursive."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from docsworn.contract.bundle import map_subschemas
from docsworn.contract.places import Listed, Location, Pattern, Place, Places
from docsworn.contract.pointer import join
from docsworn.contract.promises import (
    field_promise,
    keyword_promise,
    promised_keywords,
    whole_body_promise,
)
from docsworn.errors import ContractError
from docsworn.model import Promise, Source

MAX_PLACES = 20_000


def lay_out(schema: Mapping[str, Any], *, prefix: str, source: Source) -> Places:
    """The places of a self-contained schema; ``prefix`` (``get_conversation.200``) begins each id."""
    layout = _Layout(schema, prefix, source)
    layout.place(schema, (), (), "")
    return Places(
        all=tuple(place for place in layout.places if place is not None),
        promises=layout.promises,
        by_location={location: tuple(found) for location, found in layout.by_location.items()},
        unnamed=layout.unnamed,
        fallback=whole_body_promise(prefix, source),
        maybe_null=frozenset(layout.maybe_null),
    )


def name_candidates(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with a property for each candidate name of a field that the page leaves unnamed."""
    copied = map_subschemas(
        schema, lambda child, _: name_candidates(child) if isinstance(child, Mapping) else child
    )
    named = {
        candidate: unnamed.get("schema", {})
        for unnamed in copied.get("x-unnamed", ())
        for candidate in unnamed.get("candidates", ())
    }
    return {**copied, "properties": {**named, **copied.get("properties", {})}} if named else copied


class _Layout:
    """The graph while it is being built."""

    def __init__(self, root: Mapping[str, Any], prefix: str, source: Source) -> None:
        self.root, self.prefix, self.source = root, prefix, source
        self.places: list[Place | None] = []
        self.promises: dict[str, Promise] = {}
        self.by_location: dict[Location, list[Promise]] = {}
        self.unnamed: dict[str, tuple[str, ...]] = {}
        self.maybe_null: set[Location] = set()
        self.open_refs: dict[Location, int] = {}
        self.first_of: dict[Location, int] = {}

    def place(self, schema: Any, location: Location, pattern: Pattern, label: str) -> int:
        """Lay out one schema node at a place; returns its index."""
        if len(self.places) >= MAX_PLACES and location in self.first_of:
            return self.first_of[location]
        index = len(self.places)
        self.first_of.setdefault(location, index)
        self.places.append(None)
        node = schema if isinstance(schema, Mapping) else {}
        types = node.get("type", ())
        if node.get("x-nullable") == "unknown":
            self.maybe_null.add(location)
        own = tuple(self._own(node, location, pattern, label))
        required = dict(self._required(node, location, pattern, label))
        properties, listed = self._properties(node, location, pattern, label)
        self.places[index] = Place(
            pattern=pattern,
            location=location,
            types=tuple(types) if isinstance(types, list) else (types,) if types else (),
            own=own,
            required=required,
            listed=listed,
            properties=properties,
            literals=_literals(node),
            items=self._child(node, "items", location, pattern, label),
            prefix=self._list(node, "prefixItems", location, (*pattern, "*"), label),
            values=self._values(node, location, pattern, label),
            parts=self._parts(node, location, pattern, label),
            branches=self._branches(node, location, pattern, label),
            closed=bool(node.get("properties")) and "additionalProperties" not in node,
            words=_words(node),
        )
        return index

    def _own(
        self, node: Mapping[str, Any], location: Location, pattern: Pattern, label: str
    ) -> Iterator[str]:
        for keyword in promised_keywords(node):
            promise = keyword_promise(
                node,
                keyword,
                id=self._id(pattern, keyword, label),
                pointer=join(*pattern),
                fallback=self.source,
            )
            yield self._keep(promise, (*location, keyword))

    def _required(
        self, node: Mapping[str, Any], location: Location, pattern: Pattern, label: str
    ) -> Iterator[tuple[str, str]]:
        for name in node.get("required", ()):
            place = (*pattern, name)
            promise = field_promise(
                node,
                name,
                "required",
                id=self._id(place, "required", label),
                pointer=join(*place),
                fallback=self.source,
            )
            yield name, self._keep(promise, (*location, "required", name))

    def _properties(
        self, node: Mapping[str, Any], location: Location, pattern: Pattern, label: str
    ) -> tuple[dict[str, int], tuple[Listed, ...]]:
        properties: dict[str, int] = {}
        listed: list[Listed] = []
        for name, schema in node.get("properties", {}).items():
            place = (*pattern, name)
            properties[name] = self.place(schema, (*location, "properties", name), place, label)
            keyword = _presence(node, name)
            if keyword:
                promise = field_promise(
                    node,
                    name,
                    keyword,
                    id=self._id(place, keyword, label),
                    pointer=join(*place),
                    fallback=self.source,
                )
                self._keep(promise, (*location, keyword, name))
                listed.append(Listed(promise, (name, *schema.get("x-aliases", ()))))
        for at, unnamed in enumerate(node.get("x-unnamed", ())):
            listed.append(self._unnamed(unnamed, (*location, "x-unnamed", at), pattern, label))
        return properties, tuple(listed)

    def _unnamed(
        self, unnamed: Mapping[str, Any], location: Location, pattern: Pattern, label: str
    ) -> Listed:
        """A field without a name on the page is there when one of its candidates is."""
        name = f"{{{unnamed['id']}}}"
        place = (*pattern, name)
        promise = field_promise(
            {"properties": {name: unnamed}},
            name,
            "presence",
            id=self._id(place, "presence", label),
            pointer=join(*place),
            fallback=self.source,
        )
        self._keep(promise, location)
        names = tuple(unnamed.get("candidates", ()))
        self.unnamed[unnamed["id"]] = names
        return Listed(promise, names, tuple(sorted(unnamed.get("when", {}).get("query", {}).items())))

    def _child(
        self, node: Mapping[str, Any], keyword: str, location: Location, pattern: Pattern, label: str
    ) -> int | None:
        if not isinstance(node.get(keyword), Mapping):
            return None
        return self.place(node[keyword], (*location, keyword), (*pattern, "*"), label)

    def _values(
        self, node: Mapping[str, Any], location: Location, pattern: Pattern, label: str
    ) -> int | None:
        for regex, schema in node.get("patternProperties", {}).items():
            return self.place(schema, (*location, "patternProperties", regex), (*pattern, "*"), label)
        return self._child(node, "additionalProperties", location, pattern, label)

    def _list(
        self, node: Mapping[str, Any], keyword: str, location: Location, pattern: Pattern, label: str
    ) -> tuple[int, ...]:
        return tuple(
            self.place(schema, (*location, keyword, at), pattern, label)
            for at, schema in enumerate(node.get(keyword, ()))
        )

    def _parts(
        self, node: Mapping[str, Any], location: Location, pattern: Pattern, label: str
    ) -> tuple[int, ...]:
        parts = self._list(node, "allOf", location, pattern, label)
        return (self._reference(node["$ref"], pattern, label), *parts) if "$ref" in node else parts

    def _branches(
        self, node: Mapping[str, Any], location: Location, pattern: Pattern, label: str
    ) -> tuple[int, ...]:
        found: list[int] = []
        for keyword in ("oneOf", "anyOf"):
            branches = node.get(keyword, ())
            choices = sum(not _is_null(branch) for branch in branches)
            for at, branch in enumerate(branches):
                own = "@null" if _is_null(branch) else _label(branch, at) if choices > 1 else label
                found.append(self.place(branch, (*location, keyword, at), pattern, own))
        return tuple(found)

    def _reference(self, reference: str, pattern: Pattern, label: str) -> int:
        if reference == "#":
            return 0
        if not reference.startswith("#/$defs/"):
            raise ContractError(
                "openapi.json", f'reference "{reference}" does not lead to a component schema'
            )
        parts = [unquote(part).replace("~1", "/").replace("~0", "~") for part in reference[2:].split("/")]
        location: Location = tuple(parts)
        if location in self.open_refs:
            return self.open_refs[location]
        target: Any = self.root
        for part in parts:
            target = target[int(part)] if isinstance(target, list) else target[part]
        self.open_refs[location] = len(self.places)
        try:
            return self.place(target, location, pattern, label)
        finally:
            del self.open_refs[location]

    def _id(self, pattern: Pattern, keyword: str, label: str) -> str:
        name = f"{self.prefix}:{join(*pattern)}#{keyword}{label}"
        at, unique = 1, name
        while unique in self.promises:
            at += 1
            unique = f"{name}~{at}"
        return unique

    def _keep(self, promise: Promise, location: Location) -> str:
        self.promises[promise.id] = promise
        self.by_location.setdefault(location, []).append(promise)
        return promise.id


def _presence(node: Mapping[str, Any], name: str) -> str | None:
    """Which promise of its presence a field makes beside ``required``; an old name makes none."""
    schema = node["properties"][name]
    if name in node.get("required", ()) or not isinstance(schema, Mapping) or "x-alias-of" in schema:
        return None
    if name in (each for one in node.get("x-unnamed", ()) for each in one.get("candidates", ())):
        return None
    only_listed = schema.get("x-presence") == "expected" or schema.get("x-required") == "unknown"
    return "presence" if only_listed else "optional"


def _is_null(branch: Any) -> bool:
    return isinstance(branch, Mapping) and branch.get("type") == "null"


def _label(branch: Any, at: int) -> str:
    """What tells the promises of a union's branches apart."""
    if isinstance(branch, Mapping) and "$ref" in branch:
        return "@" + str(branch["$ref"]).rsplit("/", 1)[-1]
    return f"@{at}"


def _literals(node: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """The properties that allow one value only: they name the branch of a union."""
    found: dict[str, tuple[Any, ...]] = {}
    for name, schema in node.get("properties", {}).items():
        words = _words(schema) if isinstance(schema, Mapping) else None
        if words is not None and len(words) == 1:
            found[name] = words
    return found


def _words(node: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """All values that a schema allows, where it lists them."""
    if "const" in node:
        return (node["const"],)
    return tuple(node["enum"]) if "enum" in node else None

"""One schema document: its resources, and where its references lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import jsonschema_specifications

from docsworn.compat.schema.dialects import MANY, NAMED, ONE, Dialect
from docsworn.contract.pointer import join, split
from docsworn.errors import ContractError

_ROOT = "document:/"


@dataclass(frozen=True, slots=True)
class Spot:
    """A schema in a document: the schema, its base address, and its address as a key and a pointer."""

    schema: Any
    base: str
    pointer: str
    resource: str = ""

    def below(self, schema: Any, *path: str | int) -> Spot:
        """A schema below this one."""
        return Spot(schema, self.base, self.pointer + join(*path), self.resource)

    @property
    def key(self) -> tuple[str, str]:
        """What tells it from every other schema that the document reaches."""
        return (self.resource, self.pointer)


class Document:
    """A schema document with its references resolved on demand; nothing is fetched."""

    def __init__(self, root: Any, dialect: Dialect, name: str) -> None:
        self.root = root
        self.dialect = dialect
        self.name = name
        self._resources: dict[str, Spot] = {}
        self._anchors: dict[str, Spot] = {}
        base = self._identifier(root) or _ROOT
        self.start = Spot(root, urljoin(_ROOT, base), "")
        self._index(self.start)
        self._resources.setdefault(_ROOT, self.start)

    def dynamic(self, reference: str, spot: Spot) -> Spot | None:
        """Where a dynamic reference leads; None where that depends on how its schema was reached."""
        if spot.resource:  # a meta-schema's vocabulary, which its schema extends
            return self._known(self.dialect.uri)
        if len({id(found.schema) for found in self._resources.values() if not found.resource}) > 1:
            return None
        return self.resolve(reference, spot)

    def child(self, spot: Spot, *path: str | int) -> Spot:
        """The schema below a spot, with the base address that holds there."""
        schema = spot.schema
        for part in path:
            schema = schema[part]
        return self._based(spot.below(schema, *path))

    def resolve(self, reference: str, spot: Spot) -> Spot:
        """Where a reference leads; ContractError where it leads nowhere or out of the document."""
        address, fragment = urldefrag(_joined(spot.base, reference))
        resource = self._resources.get(address) or self._known(address)
        if resource is None:
            kind = "leads nowhere" if address.startswith(_ROOT) else "is remote and is not fetched"
            raise ContractError(
                self.name, f'reference "{reference}" {kind} (at {spot.pointer or "its root"})'
            )
        found = self._inside(resource, unquote(fragment))
        if found is None:
            at = spot.pointer or "its root"
            raise ContractError(self.name, f'reference "{reference}" leads nowhere (at {at})')
        return found

    def check_references(self) -> None:
        """Raises ContractError for the first reference that leads nowhere or out of the document."""
        waiting = [self.start]
        while waiting:
            spot = waiting.pop()
            if isinstance(spot.schema, Mapping):
                if isinstance(spot.schema.get("$ref"), str):
                    self.resolve(spot.schema["$ref"], spot)
                waiting.extend(self._based(child) for child in _children(spot))

    def _inside(self, resource: Spot, fragment: str) -> Spot | None:
        if not fragment:
            return resource
        if not fragment.startswith("/"):
            return self._anchors.get(f"{resource.base}#{fragment}")
        spot = resource
        for part in split(fragment):
            schema = spot.schema
            if isinstance(schema, Mapping) and part in schema:
                spot = self._based(spot.below(schema[part], part))
            elif isinstance(schema, list) and part.isdigit() and int(part) < len(schema):
                spot = self._based(spot.below(schema[int(part)], part))
            else:
                return None
        return spot

    def _known(self, address: str) -> Spot | None:
        """A meta-schema, which every validator knows."""
        for uri in (address, address + "#"):
            found = jsonschema_specifications.REGISTRY.get(uri)
            if found is not None:
                start = Spot(found.contents, address, "", resource=address)
                self._index(start)
                return start
        return None

    def _based(self, spot: Spot) -> Spot:
        own = self._identifier(spot.schema)
        if not own:
            return spot
        return Spot(spot.schema, _joined(spot.base, own), spot.pointer, spot.resource)

    def _identifier(self, schema: Any) -> str | None:
        if not isinstance(schema, Mapping):
            return None
        if "$ref" in schema and not self.dialect.siblings:
            return None
        own = schema.get(self.dialect.identifier)
        return own if isinstance(own, str) else None

    def _index(self, start: Spot) -> None:
        waiting = [start]
        while waiting:
            spot = waiting.pop()
            if not isinstance(spot.schema, Mapping):
                continue
            self._note(spot, start)
            waiting.extend(self._based(child) for child in _children(spot))

    def _note(self, spot: Spot, start: Spot) -> None:
        own = self._identifier(spot.schema)
        address, fragment = urldefrag(spot.base)
        if fragment and own and own.startswith("#"):
            self._anchors[f"{address}#{fragment}"] = spot
        elif own or spot is start:
            self._resources.setdefault(address, spot)
        for word in ("$anchor", "$dynamicAnchor"):
            if isinstance(spot.schema.get(word), str):
                self._anchors[f"{address}#{spot.schema[word]}"] = spot


def _joined(base: str, reference: str) -> str:
    """A reference as an address; urljoin joins no bare fragment to a scheme that it does not know."""
    if not reference or reference.startswith("#"):
        return urldefrag(base)[0] + reference
    return urljoin(base, reference)


def _children(spot: Spot) -> Iterator[Spot]:
    for keyword, value in spot.schema.items():
        if keyword in NAMED and isinstance(value, Mapping):
            yield from (spot.below(item, keyword, name) for name, item in value.items())
        elif keyword in MANY and isinstance(value, list):
            yield from (spot.below(item, keyword, at) for at, item in enumerate(value))
        elif keyword in ONE:
            yield spot.below(value, keyword)

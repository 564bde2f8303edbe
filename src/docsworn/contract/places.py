"""The places of a body: where each schema node applies, and which promises it makes there.

The places form a finite graph, also where schemas are recursive: a reference to a component that is
being laid out already leads back to its first place.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.model import Promise

Location = tuple[str | int, ...]
Pattern = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A field that is expected without being required; any of the names satisfies the promise.

    ``when`` holds the query parameters under which it is promised.
    """

    promise: Promise
    names: tuple[str, ...]
    when: tuple[tuple[str, str], ...] = ()

    def asked(self, query: Mapping[str, str]) -> bool:
        """Whether it is promised under a request's query parameters."""
        return all(query.get(name) == wanted for name, wanted in self.when)

    def there(self, fields: Container[str]) -> bool:
        """Whether fields of these names satisfy it."""
        return any(name in fields for name in self.names)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One schema node at one place; the other places are named by their index in ``Places.all``.

    ``parts`` apply together with this one (a reference, ``allOf``), of ``branches`` one does.
    ``words`` are all values that it allows, where they are listed.
    ``closed`` says that the page lists the fields of an object here, and does not say that there are others.
    """

    pattern: Pattern
    location: Location
    types: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    required: Mapping[str, str] = field(default_factory=dict)
    listed: tuple[Listed, ...] = ()
    properties: Mapping[str, int] = field(default_factory=dict)
    literals: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    items: int | None = None
    prefix: tuple[int, ...] = ()
    values: int | None = None
    parts: tuple[int, ...] = ()
    branches: tuple[int, ...] = ()
    closed: bool = False
    words: tuple[Any, ...] | None = None


@dataclass(frozen=True, slots=True)
class Places:
    """All places of one body (the first is the root) and all promises that its schema makes.

    ``by_location`` finds the promises of a keyword at a schema location: ``(*location, keyword)``, and
    ``(*location, "required", name)`` for a required field. ``maybe_null`` are the locations of schemas
    whose page cannot say whether they may be null.
    """

    all: tuple[Place, ...]
    promises: Mapping[str, Promise]
    by_location: Mapping[Location, tuple[Promise, ...]]
    unnamed: Mapping[str, tuple[str, ...]]
    fallback: Promise
    maybe_null: frozenset[Location] = frozenset()

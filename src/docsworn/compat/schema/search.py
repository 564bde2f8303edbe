"""A search for a witness where the proof is stuck: bodies of NEW, and what a small change makes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any

from docsworn.compat.schema.dialects import nodes
from docsworn.compat.schema.documents import Document
from docsworn.compat.schema.frozen import freeze, ordered, thaw
from docsworn.fuzz.mutate import Key, with_value

_MOST_BODIES = 3_000
_MOST_SEEDS = 60
_SCALARS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    0.5,
    10**6,
    "",
    "a",
    "A",
    "0",
    "a b",
    "docsworn",
    "-",
    "é",
    [],
    {},
)


def search(old: Document, new: Document, seeds: Iterable[Any], breaks: Callable[[Any], bool]) -> Any:
    """A body that breaks, in a list of one; None where none of so many tried does. The same each time."""
    words = _words(old, new)
    starts = [thaw(each) for each in ordered(freeze(body) for body in (*seeds, *words))][:_MOST_SEEDS]
    changed = (body for start in starts for body in _changed(start, words))
    tried = islice(chain(starts, changed), _MOST_BODIES)
    return next(([body] for body in tried if breaks(body)), None)


def _words(old: Document, new: Document) -> list[Any]:
    """Values that the schemas name, then common ones."""
    found: list[Any] = []
    for document in (new, old):
        for node in nodes(document.root):
            for keyword in ("enum", "examples"):
                found += node[keyword] if isinstance(node.get(keyword), list) else []
            found += [node[word] for word in ("const", "default", "example") if word in node]
            if isinstance(node.get("pattern"), str):
                found.append("".join(char for char in node["pattern"] if char.isalnum() or char in " -_@./:"))
    return [thaw(each) for each in ordered(freeze(value) for value in (*found, *_SCALARS))]


def _changed(body: Any, words: list[Any]) -> Iterator[Any]:
    for path, value in _places(body, ()):
        for word in words:
            if word != value:
                yield with_value(body, path, word)
        if isinstance(value, str):
            yield from (
                with_value(body, path, text) for text in (value[1:], value[:-1], f"{value}a", f" {value}")
            )


def _places(value: Any, path: tuple[Key, ...]) -> Iterator[tuple[tuple[Key, ...], Any]]:
    yield path, value
    if isinstance(value, dict):
        for key in sorted(value):
            yield from _places(value[key], (*path, key))
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _places(item, (*path, at))

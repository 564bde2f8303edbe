"""Whether two documents' schemas say the same, whatever their components are called: most do.

Two schemas are the same where they are alike keyword by keyword and what they refer to is the same; recursive
ones are the same until a difference is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from docsworn.compat.changes import Direction
from docsworn.compat.document import Document
from docsworn.contract.bundle import LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS

_Pair = tuple[str, str]


@dataclass(slots=True)
class Sameness:
    """Knows which definitions of two documents are the same, for one direction."""

    old: Document
    new: Document
    direction: Direction
    _known: dict[_Pair, bool] = field(default_factory=dict)

    def same(self, old: Any, new: Any) -> bool:
        """Whether two converted schemas are the same; False only says that they are written otherwise."""
        needed = alike(old, new, self)
        return needed is not None and all(self.same_definitions(pair) for pair in needed)

    def same_definitions(self, pair: _Pair) -> bool:
        """Whether a definition of OLD and one of NEW are the same."""
        if pair not in self._known:
            self._explore(pair)
        return self._known[pair]

    def _explore(self, start: _Pair) -> None:
        """Look at all pairs that are reached, then carry what differs to those that need it."""
        needs: dict[_Pair, list[_Pair]] = {}
        differing: list[_Pair] = []
        waiting = [start]
        while waiting:
            pair = waiting.pop()
            if pair in needs or pair in self._known:
                continue
            found = alike(self.definition(pair, 0), self.definition(pair, 1), self)
            needs[pair] = found or []
            waiting.extend(needs[pair])
            if found is None:
                differing.append(pair)
        needed_by: dict[_Pair, list[_Pair]] = {}
        for pair, below in needs.items():
            for other in below:
                needed_by.setdefault(other, []).append(pair)
                if self._known.get(other) is False:
                    differing.append(other)
        self._known.update(dict.fromkeys(needs, True))
        while differing:
            pair = differing.pop()
            self._known[pair] = False
            differing.extend(above for above in needed_by.get(pair, ()) if self._known.get(above))

    def definition(self, pair: _Pair, side: int) -> Any:
        """The definition of one side of a pair."""
        return (self.old, self.new)[side].definition(pair[side], self.direction)


def alike(old: Any, new: Any, names: Sameness) -> list[_Pair] | None:
    """The pairs of definitions that must be the same for two schemas to be; None where they cannot be."""
    found: list[_Pair] = []
    for pair in _compare(old, new, names):
        if pair is None:
            return None
        found.append(pair)
    return found


def _compare(old: Any, new: Any, names: Sameness) -> Iterator[_Pair | None]:
    first, second = reference_name(old), reference_name(new)
    if first is not None and second is not None:
        yield first, second
        return
    if first is not None:
        old = names.old.definition(first, names.direction)
    elif second is not None:
        new = names.new.definition(second, names.direction)
    if reference_name(old) is not None or reference_name(new) is not None:
        yield None  # a chain of references: rare enough to be looked at closely
        return
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        yield from () if old is new else (None,)
        return
    if old.keys() != new.keys():
        yield None
        return
    for keyword, value in old.items():
        yield from _keyword(keyword, value, new[keyword], names)


def _keyword(keyword: str, old: Any, new: Any, names: Sameness) -> Iterator[_Pair | None]:
    if keyword in SCHEMA_KEYWORDS and not isinstance(old, list):
        yield from _compare(old, new, names)
    elif keyword in LIST_KEYWORDS and isinstance(old, list) and isinstance(new, list):
        if len(old) != len(new):
            yield None
            return
        for one, other in zip(old, new, strict=True):
            yield from _compare(one, other, names)
    elif keyword in MAP_KEYWORDS and isinstance(old, Mapping) and isinstance(new, Mapping):
        if old.keys() != new.keys():
            yield None
            return
        for name, schema in old.items():
            yield from _compare(schema, new[name], names)
    elif keyword == "$ref" and reference_name({keyword: old}) and reference_name({keyword: new}):
        yield str(reference_name({keyword: old})), str(reference_name({keyword: new}))
    elif not _equal(keyword, old, new):
        yield None


def _equal(keyword: str, old: Any, new: Any) -> bool:
    if keyword == "enum" and isinstance(old, list) and isinstance(new, list):
        return sorted(map(_text, old)) == sorted(map(_text, new))
    return _text(old) == _text(new)


def _text(value: Any) -> str:
    """A value as text, so that 1 and true stay apart."""
    return json.dumps(value, sort_keys=True)


def reference_name(schema: Any) -> str | None:
    """The definition that a schema is, where it is nothing but a reference."""
    if isinstance(schema, Mapping) and len(schema) == 1:
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            return unquote(reference.removeprefix("#/$defs/")).replace("~1", "/").replace("~0", "~")
    return None

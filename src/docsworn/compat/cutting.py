"""Two schemas of large documents taken apart at their references, so that each definition is compared once.

What is compared of a pair of definitions is what they say themselves. A reference that both sides have at
one place is the same stub in both: what it leads to is a pair of its own. That is sound where the whole only
gets wider as its part does, and where nothing else is said of the same value: so no cut is made inside
``not`` and its like, a ``oneOf`` is cut only where the reader's variants are apart, and what stands beside a
reference is compared without it. A reference of one side is replaced by what can only make it less safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.compat.apart import are_apart
from docsworn.compat.marks import shared_marks, stub_of
from docsworn.compat.matching import conjuncts, matched_parts
from docsworn.compat.sameness import Sameness, alike, reference_name
from docsworn.compat.slimming import slimmed
from docsworn.compat.wording import has, is_lone_union, is_union, refers, same_words, together
from docsworn.contract.bundle import quote_part
from docsworn.contract.pointer import join

STUB = "$stub "

_TWISTED = frozenset({
    "not", "if", "then", "else", "contains", "dependentSchemas", "unevaluatedProperties", "unevaluatedItems",
    "propertyNames", "$dynamicRef", "dependencies", "prefixItems", "patternProperties", "enum", "const",
})  # fmt: skip
_WIDENING = frozenset(
    {"prefixItems", "propertyNames", "patternProperties", "enum", "const"}
)  # though entangled
_UNIONS = ("anyOf", "oneOf")
_NOTHING, _ANYTHING = False, True
_CHAIN = 10

Sides = tuple[Any, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A place at which a pair of definitions is reached."""

    place: str
    pair: tuple[str, str]


@dataclass(slots=True)
class Cut:
    """Two schemas without what they refer to, and the differing pairs of definitions that they reach.

    ``is_strict``: the reader tolerates nothing, and knows no variant by its marks.
    """

    names: Sameness
    reads: int = 0
    is_strict: bool = True
    links: list[Link] = field(default_factory=list)
    stubs: dict[str, Any] = field(default_factory=dict)

    def both(self, old: Any, new: Any) -> Sides:
        """Both sides as schemas of their own."""
        cut = slimmed(self._walk(old, new, ""), self.reads, self.stubs.__getitem__)
        if not self.stubs:
            return cut
        return tuple({**side, "$defs": self.stubs} if isinstance(side, dict) else side for side in cut)  # type: ignore[return-value]

    def _walk(self, old: Any, new: Any, place: str) -> Sides:
        pair = reference_name(old), reference_name(new)
        if pair[0] is not None and pair[1] is not None:
            return self._referred((pair[0], pair[1]), place)
        if pair != (None, None) and any(is_lone_union(side) for side in (old, new)):
            sides = [{"anyOf": [side]} if reference_name(side) else side for side in (old, new)]
            return self._walk(sides[0], sides[1], place)
        if pair != (None, None):
            return self._inlined(old, new, place)
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            return self._alone(old, 0), self._alone(new, 1)
        if not refers(old) and not refers(new):
            return dict(old), dict(new)
        if _TWISTED & (old.keys() | new.keys()) or self._is_knotted((old, new)[self.reads]):
            if self.is_strict and self._alike(old, new, place):
                return (self._stub("part " + place),) * 2
            return self._alone(old, 0), self._alone(new, 1)
        parts = conjuncts(old), conjuncts(new)
        if len(parts[0]) > 1 or len(parts[1]) > 1:
            found = self._conjunction(*parts, place)
            return found or (self._alone(old, 0), self._alone(new, 1))
        if parts[0][0] != old or parts[1][0] != new:
            return self._walk(parts[0][0], parts[1][0], place)
        if is_union(old) is not is_union(new):
            old, new = (side if is_union(side) else {"anyOf": [side]} for side in (old, new))
        return self._keywords(old, new, place)

    def _inlined(self, old: Any, new: Any, place: str) -> Sides:
        """One side refers to what the other says in place."""
        sides = [old, new]
        for at in (0, 1):
            for _ in range(_CHAIN):
                name = reference_name(sides[at])
                if name is not None:
                    sides[at] = self.names.definition((name, name), at)
        if any(reference_name(side) is not None for side in sides):
            return self._alone(old, 0), self._alone(new, 1)
        return self._walk(sides[0], sides[1], place)

    def _is_knotted(self, schema: Mapping[str, Any]) -> bool:
        """Whether a schema of the reader has a ``oneOf`` whose variants may overlap."""
        variants = schema.get("oneOf")
        define = lambda name: self.names.definition((name, name), self.reads)  # noqa: E731
        return isinstance(variants, list) and not are_apart(variants, define)

    def _alike(self, old: Any, new: Any, place: str) -> bool:
        """Whether two schemas differ at most in what they refer to, and get wider as that does."""
        pairs = alike(old, new, self.names)
        if pairs is None:
            return False
        differing = [pair for pair in dict.fromkeys(pairs) if not self.names.same_definitions(pair)]
        if differing and has(old, _TWISTED - _WIDENING | {"oneOf"}):
            return False
        self.links += [Link(place, pair) for pair in differing]
        return True

    def _referred(self, pair: tuple[str, str], place: str) -> Sides:
        if self.is_strict:
            marks: dict[str, Any] | None = {}
        else:
            marks = shared_marks(pair, self.names)
            if marks is None:
                return self._unmarked(pair, place)
        if not self.names.same_definitions(pair):
            self.links.append(Link(place, pair))
        return (self._stub(pair[1], marks),) * 2

    def _unmarked(self, pair: tuple[str, str], place: str) -> Sides:
        """Definitions that a stub cannot stand for: compared in place where small, else as strangers."""
        old, new = (self.names.definition(pair, at) for at in (0, 1))
        if not refers(old) and not refers(new):
            return self._walk(old, new, place)
        return self._alone(old, 0), self._alone(new, 1)

    def _stub(self, name: str, marks: Mapping[str, Any] | None = None) -> dict[str, Any]:
        self.stubs[name] = stub_of(STUB + name, marks or {}, is_strict=self.is_strict)
        return {"$ref": f"#/$defs/{quote_part(name)}"}

    def _conjunction(self, old: list[Any], new: list[Any], place: str) -> Sides | None:
        """Schemas that a value keeps all: where each part is within its like, so is the whole.

        What holds a stub is left out of both sides where it is the same: nothing is known of what it
        has in common with the other parts.
        """
        kept: tuple[list[Any], list[Any]] = [], []
        differing = stubbed = 0
        equal: list[Any] = []
        for one, other in matched_parts(old, new, self.names):
            if one is None or other is None:
                kept[one is None].append(
                    self._alone(new[other], 1) if other is not None else self._alone(old[one or 0], 0)
                )
                continue
            found = self._walk(old[one], new[other], place)
            if same_words(*found):
                equal += [] if refers(found[0]) else [found[0]]
                continue
            differing += 1
            stubbed += any(refers(side) for side in found)
            for side, schema in zip(kept, found, strict=True):
                side.append(schema)
        if stubbed and (differing > 1 or any(len(side) > differing for side in kept)):
            return None
        if stubbed:
            equal = []
        return tuple(together([*equal, *side]) for side in kept)

    def _keywords(self, old: Mapping[str, Any], new: Mapping[str, Any], place: str) -> Sides:
        sides: tuple[dict[str, Any], dict[str, Any]] = dict(old), dict(new)
        fields = [side.get("properties", {}).keys() for side in sides]
        self._members(sides, place)
        for keyword in ("items", "additionalProperties"):
            # A field that only the reader names is one of the others to the writer.
            whole = keyword == "items" or not fields[self.reads] - fields[1 - self.reads]
            if whole and keyword in old and keyword in new:
                found = self._walk(old[keyword], new[keyword], f"{place}/*")
                for side, schema in zip(sides, found, strict=True):
                    side[keyword] = schema
            else:
                for at, side in enumerate(sides):
                    if isinstance(side.get(keyword), Mapping):
                        side[keyword] = self._alone(side[keyword], at)
        if any(word in side for word in _UNIONS for side in sides):
            self._variants(sides, place)
        return sides

    def _members(self, sides: tuple[dict[str, Any], dict[str, Any]], place: str) -> None:
        fields = [dict(side.get("properties", {})) for side in sides]
        for name in list(dict.fromkeys((*fields[0], *fields[1]))):
            if name in fields[0] and name in fields[1]:
                below = place + join(name)
                fields[0][name], fields[1][name] = self._walk(fields[0][name], fields[1][name], below)
                continue
            for at, known in enumerate(fields):
                if name in known:
                    known[name] = self._alone(known[name], at)
        for side, known in zip(sides, fields, strict=True):
            if known:
                side["properties"] = known

    def _variants(self, sides: tuple[dict[str, Any], dict[str, Any]], place: str) -> None:
        """Variants that are alike meet; the others stand alone."""
        lists = [
            self._flat([one for word in _UNIONS for one in side.pop(word, ())], at)
            for at, side in enumerate(sides)
        ]
        for one, other in matched_parts(lists[0], lists[1], self.names):
            if one is None or other is None:
                at, index = (0, one) if other is None else (1, other)
                if index is not None:
                    lists[at][index] = self._alone(lists[at][index], at)
            else:
                lists[0][one], lists[1][other] = self._walk(lists[0][one], lists[1][other], place)
        for side, variants in zip(sides, lists, strict=True):
            side["anyOf"] = variants

    def _flat(self, variants: list[Any], side: int) -> list[Any]:
        """Variants without unions among them."""
        found: list[Any] = []
        for one in variants:
            while isinstance(one, Mapping) and [*one] == ["allOf"] and len(one["allOf"]) == 1:
                one = one["allOf"][0]
            within = is_lone_union(one) and (one.get("anyOf") or one.get("oneOf"))
            if within and ("anyOf" in one or side != self.reads or not self._is_knotted(one)):
                found += self._flat(within, side)
            else:
                found.append(one)
        return found

    def _alone(self, schema: Any, side: int, depth: int = 1) -> Any:
        """A schema that the other side does not have: too little of the reader, too much of the writer."""
        filler = (_NOTHING, _ANYTHING)[side != self.reads]
        name = reference_name(schema)
        if name is not None:
            if not depth:
                return filler
            return self._alone(self.names.definition((name, name), side), side, depth - 1)
        if not isinstance(schema, Mapping) or not refers(schema):
            return schema
        if (_TWISTED - {"enum", "const"}) & schema.keys() or "$ref" in schema:
            return filler
        if "oneOf" in schema and side == self.reads and self._is_knotted(schema):
            return filler
        kept = dict(schema)
        if "properties" in kept:
            kept["properties"] = {
                name: self._alone(one, side, depth) for name, one in kept["properties"].items()
            }
        for keyword in ("items", "additionalProperties"):
            if isinstance(kept.get(keyword), Mapping):
                kept[keyword] = self._alone(kept[keyword], side, depth)
        if "oneOf" in kept:  # of the reader they are apart, of the writer this is more
            ways = kept.pop("oneOf")
            if "anyOf" in kept:
                kept["allOf"] = [*kept.get("allOf", ()), {"anyOf": ways}]
            else:
                kept["anyOf"] = ways
        for keyword in ("anyOf", "allOf"):
            if keyword in kept:
                kept[keyword] = [self._alone(one, side, depth) for one in kept[keyword]]
        return kept

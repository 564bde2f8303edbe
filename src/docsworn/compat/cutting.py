"""Two schemas of large documents taken apart at their references, so that each definition is compared once.

What is compared of a pair of definitions is what they say themselves. A reference that both sides have at
one place is the same stub in both: what it leads to is a pair of its own. That is sound where the whole only
gets wider as its part does, so no cut is made inside ``oneOf``, ``not`` and their like, and in ``allOf`` only
where nothing else differs. A reference of one side is replaced by what can only make the answer less safe.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docsworn.compat.sameness import Sameness, alike, reference_name
from docsworn.contract.bundle import quote_part
from docsworn.contract.pointer import join

STUB = "$stub "

_ENTANGLED = frozenset({
    "allOf", "oneOf", "not", "if", "then", "else", "contains", "dependentSchemas", "unevaluatedProperties",
    "unevaluatedItems", "propertyNames", "$dynamicRef", "dependencies", "prefixItems",
})  # fmt: skip
_TWISTED = _ENTANGLED - {"allOf", "prefixItems", "propertyNames"}
_NOTHING, _ANYTHING = False, True


@dataclass(frozen=True, slots=True)
class Link:
    """A place at which a pair of definitions is reached."""

    place: str
    pair: tuple[str, str]


@dataclass(slots=True)
class Cut:
    """Two schemas without what they refer to, and the differing pairs of definitions that they reach."""

    names: Sameness
    reads: int = 0
    links: list[Link] = field(default_factory=list)
    stubs: dict[str, Any] = field(default_factory=dict)

    def both(self, old: Any, new: Any) -> tuple[Any, Any]:
        """Both sides as schemas of their own."""
        cut = self._walk(old, new, "")
        if not self.stubs:
            return cut
        return tuple({**side, "$defs": self.stubs} if isinstance(side, dict) else side for side in cut)  # type: ignore[return-value]

    def _walk(self, old: Any, new: Any, place: str) -> tuple[Any, Any]:
        pair = reference_name(old), reference_name(new)
        if pair[0] is not None and pair[1] is not None:
            return self._referred((pair[0], pair[1]), place)
        if not isinstance(old, Mapping) or not isinstance(new, Mapping):
            return self._alone(old, 0), self._alone(new, 1)
        if _refers(old) or _refers(new):
            if (
                pair != (None, None)
                or _ENTANGLED & (old.keys() | new.keys())
                or "$ref" in old
                or "$ref" in new
            ):
                if self._alike(old, new, place):
                    return (self._stub("part " + place),) * 2
                return self._alone(old, 0), self._alone(new, 1)
            return self._keywords(old, new, place)
        return dict(old), dict(new)

    def _alike(self, old: Any, new: Any, place: str) -> bool:
        """Whether two schemas differ at most in what they refer to, and get wider as that does."""
        pairs = alike(old, new, self.names)
        if pairs is None:
            return False
        differing = [pair for pair in dict.fromkeys(pairs) if not self.names.same_definitions(pair)]
        if differing and _has(old, _TWISTED):
            return False
        self.links += [Link(place, pair) for pair in differing]
        return True

    def _referred(self, pair: tuple[str, str], place: str) -> tuple[Any, Any]:
        if not self.names.same_definitions(pair):
            self.links.append(Link(place, pair))
        return (self._stub(pair[1]),) * 2

    def _stub(self, name: str) -> dict[str, Any]:
        self.stubs[name] = {"type": "object", "required": [STUB + name]}
        return {"$ref": f"#/$defs/{quote_part(name)}"}

    def _keywords(self, old: Mapping[str, Any], new: Mapping[str, Any], place: str) -> tuple[Any, Any]:
        sides: tuple[dict[str, Any], dict[str, Any]] = dict(old), dict(new)
        for keyword in ("properties", "patternProperties"):
            self._members(sides, keyword, place)
        for keyword in ("items", "additionalProperties"):
            if keyword in old and keyword in new:
                found = self._walk(old[keyword], new[keyword], f"{place}/*")
                for side, schema in zip(sides, found, strict=True):
                    side[keyword] = schema
            else:
                for at, side in enumerate(sides):
                    if isinstance(side.get(keyword), Mapping):
                        side[keyword] = self._alone(side[keyword], at)
        if "anyOf" in old or "anyOf" in new:
            self._variants(sides, place)
        return sides

    def _members(self, sides: tuple[dict[str, Any], dict[str, Any]], keyword: str, place: str) -> None:
        fields = [dict(side.get(keyword, {})) for side in sides]
        for name in list(dict.fromkeys((*fields[0], *fields[1]))):
            if name in fields[0] and name in fields[1]:
                below = place + (join(name) if keyword == "properties" else "/*")
                fields[0][name], fields[1][name] = self._walk(fields[0][name], fields[1][name], below)
                continue
            for at, known in enumerate(fields):
                if name in known:
                    known[name] = self._alone(known[name], at)
        for side, known in zip(sides, fields, strict=True):
            if known:
                side[keyword] = known

    def _variants(self, sides: tuple[dict[str, Any], dict[str, Any]], place: str) -> None:
        """Variants meet by the name of what they refer to; the others stand alone."""
        lists = [list(side.get("anyOf", ())) for side in sides]
        named = [{reference_name(one): at for at, one in enumerate(variants)} for variants in lists]
        for name, at in named[0].items():
            if name is not None and name in named[1]:
                found = self._referred((name, name), place)
                lists[0][at], lists[1][named[1][name]] = found
        for at, (side, variants) in enumerate(zip(sides, lists, strict=True)):
            if variants:
                side["anyOf"] = [
                    one if reference_name(one) in self.stubs else self._alone(one, at) for one in variants
                ]

    def _alone(self, schema: Any, side: int, depth: int = 1) -> Any:
        """A schema that the other side does not have: too little of the reader, too much of the writer."""
        filler = (_NOTHING, _ANYTHING)[side != self.reads]
        name = reference_name(schema)
        if name is not None:
            return (
                filler
                if not depth
                else self._alone(self.names.definition((name, name), side), side, depth - 1)
            )
        if not isinstance(schema, Mapping) or not _refers(schema):
            return schema
        if _ENTANGLED & schema.keys() or "$ref" in schema:
            return filler
        kept = dict(schema)
        for keyword in ("properties", "patternProperties"):
            if keyword in kept:
                kept[keyword] = {name: self._alone(one, side, depth) for name, one in kept[keyword].items()}
        for keyword in ("items", "additionalProperties"):
            if isinstance(kept.get(keyword), Mapping):
                kept[keyword] = self._alone(kept[keyword], side, depth)
        if "anyOf" in kept:
            kept["anyOf"] = [self._alone(one, side, depth) for one in kept["anyOf"]]
        return kept


def _has(schema: Any, keywords: frozenset[str]) -> bool:
    """Whether one of these stands anywhere in a schema; a field of that name counts too."""
    if isinstance(schema, Mapping):
        return bool(keywords & schema.keys()) or any(_has(child, keywords) for child in schema.values())
    return isinstance(schema, list) and any(_has(child, keywords) for child in schema)


def _refers(schema: Any) -> bool:
    """Whether a schema refers to anything, however deep; names of fields are no keywords, and do no harm."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            if isinstance(node.get("$ref"), str):
                return True
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return False

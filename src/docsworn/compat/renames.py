"""Fields that have another name now: one that is gone and one that has come, alike in all that can be told.

Each likeness is a row of ``_SIGNS`` with a weight; what neither document tells counts for nothing either way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docsworn.derive.provenance import digest_words

_ENOUGH = 0.55
_HIGH = 0.75
_APART = 0.08  # by how much the best must be better than the next
_MANY = 64  # pairs of fields
_MARKS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an object as a document describes it; ``at`` is its share of the way through the fields.

    ``values`` are digests of what bodies have shown there, where bodies are at hand; ``words`` of those
    that describe it.
    """

    name: str
    schema: Any
    at: int
    of: int
    required: bool
    values: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rename:
    """A field that is taken for renamed: why, and how sure that is (``high`` or ``medium``)."""

    old: str
    new: str
    evidence: tuple[str, ...]
    sureness: str
    score: float = field(compare=False, default=0.0)


_Sign = Callable[[Field, Field], "tuple[float, str] | None"]


def find_renames(gone: Sequence[Field], come: Sequence[Field]) -> tuple[Rename, ...]:
    """The renames among fields that are gone and fields that have come in one object, surest first."""
    if len(gone) * len(come) > _MANY:  # another object: only the same names in another style are told
        styled = {tuple(_marks(new)): new for new in come}
        pairs = [(old, styled[marks]) for old in gone if (marks := tuple(_marks(old))) in styled]
    else:
        pairs = [(old, new) for old in gone for new in come]
    candidates = [found for old, new in pairs if (found := _compare(old, new)) and found.score >= _ENOUGH]
    taken: list[Rename] = []
    for one in sorted(candidates, key=lambda found: (-found.score, found.old, found.new)):
        if any(one.old == other.old or one.new == other.new for other in taken):
            continue
        rivals = [other for other in candidates if other is not one and _meet(one, other)]
        if all(one.score - other.score >= _APART for other in rivals if not _taken(other, taken)):
            taken.append(one)
    return tuple(taken)


def fields_of(schema: Any, values: Mapping[str, frozenset[str]] | None = None) -> dict[str, Field]:
    """The fields of an object's own schema in the document's order."""
    properties = schema.get("properties", {}) if isinstance(schema, Mapping) else {}
    required = schema.get("required", ()) if isinstance(schema, Mapping) else ()
    own = [name for name in properties if not _alias(properties[name])]
    listed = own + [name for name in properties if name not in own]
    ranked = sorted(listed, key=lambda name: (_line(properties[name]) or 0, listed.index(name)))
    return {
        name: Field(
            name=name,
            schema=properties[name],
            at=ranked.index(name),
            of=len(ranked),
            required=name in (required if isinstance(required, list) else ()) or _expected(properties[name]),
            values=(values or {}).get(name, frozenset()),
            words=_words(properties[name]),
        )
        for name in properties
    }


def _meet(one: Rename, other: Rename) -> bool:
    return one.old == other.old or one.new == other.new


def _taken(one: Rename, taken: Iterable[Rename]) -> bool:
    return any(_meet(one, other) for other in taken)


def _compare(old: Field, new: Field) -> Rename | None:
    """How alike two fields are; None where they cannot be one."""
    if _types(old) and _types(new) and not _types(old) & _types(new):
        return None
    if _aliased(old, new):
        words = f'the new document calls "{old.name}" an alias of "{new.name}"'
        return Rename(old.name, new.name, (words, *_told(old, new)), "high", 1.0)
    weighed = [(weight, sign(old, new)) for weight, sign in _SIGNS]
    told = [(weight, found) for weight, found in weighed if found is not None]
    total = sum(weight for weight, _found in told)
    score = sum(weight * found[0] for weight, found in told) / total if total else 0.0
    if total < _LEAST:
        return None
    sureness = "high" if score >= _HIGH and total >= _MUCH else "medium"
    sentences = tuple(found[1] for _weight, found in told if found[0] >= _SPEAKS)
    return Rename(old.name, new.name, sentences, sureness, round(score, 4))


def _told(old: Field, new: Field) -> Iterator[str]:
    """The sentences of the signs that speak for it."""
    found = (sign(old, new) for _weight, sign in _SIGNS)
    return (each[1] for each in found if each is not None and each[0] >= _SPEAKS)


def _type_sign(old: Field, new: Field) -> tuple[float, str] | None:
    ours, theirs = _types(old), _types(new)
    if not ours or not theirs:
        return None
    return float(ours == theirs), f"same type: {', '.join(sorted(ours))}"


def _place_sign(old: Field, new: Field) -> tuple[float, str] | None:
    if old.of < 2 or new.of < 2:
        return None
    apart = abs(old.at - new.at)
    return max(
        0.0, 1 - apart / 3
    ), f"same position: field {old.at + 1} of {old.of} and {new.at + 1} of {new.of}"


def _words_sign(old: Field, new: Field) -> tuple[float, str] | None:
    ours, theirs = old.words, new.words
    if not ours or not theirs:
        return None
    share = len(ours & theirs) / len(ours | theirs)
    return share, f"described alike: {len(ours & theirs)} of {len(ours | theirs)} words"


def _format_sign(old: Field, new: Field) -> tuple[float, str] | None:
    said = [one.schema.get("format") if isinstance(one.schema, Mapping) else None for one in (old, new)]
    if said == [None, None]:
        return None
    return float(said[0] == said[1]), f"same format: {said[0]}"


def _values_sign(old: Field, new: Field) -> tuple[float, str] | None:
    ours, theirs = _documented_values(old.schema), _documented_values(new.schema)
    if not ours and not theirs:
        return None
    share = len(ours & theirs) / len(ours | theirs)
    return share, f"same values documented: {len(ours & theirs)} of {len(ours | theirs)}"


def _seen_sign(old: Field, new: Field) -> tuple[float, str] | None:
    if not old.values or not new.values:
        return None
    share = len(old.values & new.values) / min(len(old.values), len(new.values))
    return share, f"same values seen in bodies: {len(old.values & new.values)}"


def _required_sign(old: Field, new: Field) -> tuple[float, str] | None:
    return float(old.required is new.required), "both required" if old.required else "both optional"


def _name_sign(old: Field, new: Field) -> tuple[float, str] | None:
    ours, theirs = frozenset(_marks(old)), frozenset(_marks(new))
    if not ours or not theirs:
        return None
    share = len(ours & theirs) / max(len(ours), len(theirs))
    return share, f"names share: {', '.join(sorted(ours & theirs))}"


def _marks(one: Field) -> list[str]:
    return [part.lower() for part in _MARKS.findall(one.name)]


def _shape_sign(old: Field, new: Field) -> tuple[float, str] | None:
    ours, theirs = _members(old.schema), _members(new.schema)
    if not ours and not theirs:
        return None
    share = len(ours & theirs) / len(ours | theirs)
    return share, f"same fields inside: {len(ours & theirs)} of {len(ours | theirs)}"


_SIGNS: tuple[tuple[float, _Sign], ...] = (
    (1.0, _type_sign),
    (1.5, _words_sign),
    (1.0, _place_sign),
    (0.5, _format_sign),
    (1.0, _values_sign),
    (2.5, _seen_sign),
    (0.5, _required_sign),
    (1.0, _name_sign),
    (1.5, _shape_sign),
)
_SPEAKS = 0.5  # from here on a sign speaks for it
_LEAST = 2.0  # less evidence than that is none
_MUCH = 3.5


def _types(one: Field) -> frozenset[str]:
    schema = one.schema if isinstance(one.schema, Mapping) else {}
    said = schema.get("type")
    if said is None:
        implied = next((kind for key, kind in _IMPLIED.items() if key in schema), None)
        return frozenset(
            [implied] if implied else [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
        )
    return frozenset(kind for kind in (said if isinstance(said, list) else [said]) if kind != "null")


_IMPLIED = {"properties": "object", "items": "array", "pattern": "string", "minLength": "string"}


def _words(schema: Any) -> frozenset[str]:
    if not isinstance(schema, Mapping):
        return frozenset()
    said = schema.get("x-words")
    if not isinstance(said, str):
        said = digest_words(str(schema.get("description", "")))
    return frozenset(said.split())


def _documented_values(schema: Any) -> frozenset[str]:
    said = schema.get("enum") if isinstance(schema, Mapping) else None
    return frozenset(map(repr, said)) if isinstance(said, list) else frozenset()


def _members(schema: Any) -> frozenset[str]:
    said = schema.get("properties") if isinstance(schema, Mapping) else None
    return frozenset(map(str, said)) if isinstance(said, Mapping) else frozenset()


def _aliased(old: Field, new: Field) -> bool:
    aliases = new.schema.get("x-aliases", ()) if isinstance(new.schema, Mapping) else ()
    return old.name in aliases


def _alias(schema: Any) -> bool:
    return isinstance(schema, Mapping) and "x-alias-of" in schema


def _expected(schema: Any) -> bool:
    return isinstance(schema, Mapping) and schema.get("x-presence") == "expected"


def _line(schema: Any) -> int | None:
    source = schema.get("x-source") if isinstance(schema, Mapping) else None
    return source.get("line") if isinstance(source, Mapping) else None

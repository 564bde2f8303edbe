"""Which branch of a union a value means: a literal that it bears first, then its type, then its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from docsworn.contract.places import Place, Places

_TYPES: dict[type, frozenset[str]] = {
    type(None): frozenset({"null"}),
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    str: frozenset({"string"}),
    list: frozenset({"array"}),
    dict: frozenset({"object"}),
}
_ANY = frozenset({"null", "boolean", "integer", "number", "string", "array", "object"})
_MAX_DEPTH = 8


def facets(places: Places, index: int, seen: frozenset[int] = frozenset()) -> Iterator[Place]:
    """A place and the places that apply together with it (through references and ``allOf``)."""
    if index in seen:
        return
    place = places.all[index]
    yield place
    for part in place.parts:
        yield from facets(places, part, seen | {index})


def fits_type(places: Places, index: int, value: Any) -> bool:
    """Whether a place (and what applies together with it) can hold a value of this JSON type."""
    return not _types_at(places, index, 0).isdisjoint(_TYPES.get(type(value), frozenset()))


def _types_at(places: Places, index: int, depth: int) -> frozenset[str]:
    """The JSON types that a place can hold."""
    types = _ANY
    for place in facets(places, index):
        if place.types:
            wider = {"integer"} if "number" in place.types else set()
            types &= frozenset(place.types) | wider
        if place.branches and depth < _MAX_DEPTH:
            types &= frozenset().union(*(_types_at(places, branch, depth + 1) for branch in place.branches))
    return types


def _may_hold(places: Places, index: int, word: str, depth: int) -> bool:
    """Whether a place can hold a word, by its types, the words that it lists and its branches."""
    if depth >= _MAX_DEPTH:
        return True
    return fits_type(places, index, word) and all(
        (place.words is None or word in place.words)
        and (
            not place.branches or any(_may_hold(places, branch, word, depth + 1) for branch in place.branches)
        )
        for place in facets(places, index)
    )


@dataclass(frozen=True, slots=True)
class _Branch:
    """What tells a branch from the others; ``nested`` are the branches of a union that it is itself."""

    types: frozenset[str]
    literals: tuple[tuple[str, tuple[Any, ...]], ...]
    required: frozenset[str]
    known: frozenset[str]
    nested: tuple[int, ...]


class Chooser:
    """Chooses branches for values; what tells branches apart is worked out once and kept."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._branches: dict[int, _Branch] = {}
        self._by_type: dict[tuple[tuple[int, ...], type], tuple[int, ...]] = {}
        self._literal_names: dict[tuple[tuple[int, ...], ...], tuple[str, ...]] = {}

    def choose(self, branches: tuple[int, ...], value: Any) -> int:
        """The index (in ``Places.all``) of the branch that the value most likely means."""
        fitting = self._fitting(branches, type(value))
        if len(fitting) == 1 or not isinstance(value, dict):
            return fitting[0]
        return max(fitting, key=lambda branch: self._likeness(branch, value))

    def only_type_matters(self, branches: tuple[int, ...], value: Any) -> bool:
        """Whether every value of this one's type would mean the same branch."""
        return not isinstance(value, dict) or len(self._fitting(branches, dict)) == 1

    def _fitting(self, branches: tuple[int, ...], kind: type) -> tuple[int, ...]:
        """The branches that can hold a value of a type; all of them where none can."""
        fitting = self._by_type.get((branches, kind))
        if fitting is None:
            types = _TYPES.get(kind, frozenset())
            fitting = tuple(each for each in branches if not self._branch(each).types.isdisjoint(types))
            self._by_type[branches, kind] = fitting = fitting or branches
        return fitting

    def foreign_literal(
        self, branches: tuple[int, ...], value: dict[str, Any]
    ) -> tuple[str, list[Any]] | None:
        """A field that should name the branch and names none of them, with what it may hold."""
        objects = [each for each in branches if "object" in self._branch(each).types]
        for name in self.literal_names((branches,)):
            allowed = [found for branch in objects if (found := self._literals_of(branch, name))]
            values = [value for each in allowed for value in each]
            if name in value and len(allowed) == len(objects) and value[name] not in values:
                return name, values
        return None

    def resembles(self, branch: int, value: dict[str, Any]) -> bool:
        """Whether an object has any field that a branch knows, or is as empty as the branch allows."""
        literals, absent, known = self._likeness(branch, value)
        return bool(literals > 0 or known or not absent)

    def words_that_tell(self, branches: tuple[int, ...], value: Any) -> tuple[str, ...] | None:
        """The fewest fields whose words leave a value one branch: all others refuse one of them.

        Whatever else an object holds that keeps one of the branches, ``choose`` then takes that one. None
        where there are no such fields.
        """
        fitting = self._fitting(branches, type(value))
        if len(fitting) == 1:
            return ()
        if not isinstance(value, dict) or any(self._branch(each).nested for each in fitting):
            return None
        meant = self.choose(branches, value)
        others = [each for each in fitting if each != meant]
        named = [name for name in self.literal_names((branches,)) if isinstance(value.get(name), str)]
        for size in range(1, len(named) + 1):
            for names in combinations(named, size):
                words = {name: value[name] for name in names}
                sure = self._likeness(meant, words)[0]
                if all(self._refuses(each, words) and self._at_most(each, words) < sure for each in others):
                    return names
        return None

    def _refuses(self, branch: int, words: Mapping[str, str]) -> bool:
        """Whether an object that holds one of these words cannot keep a branch."""
        return any(
            not _may_hold(self._places, together.properties[name], word, 0)
            for together in facets(self._places, branch)
            for name, word in words.items()
            if name in together.properties
        )

    def _at_most(self, branch: int, words: Mapping[str, str]) -> int:
        """How many literals of a branch an object keeps at most that holds these words."""
        others = sum(name not in words for name, _ in self._branch(branch).literals)
        return self._likeness(branch, dict(words))[0] + others

    def _literals_of(self, branch: int, name: str, depth: int = 0) -> list[Any]:
        found = self._branch(branch)
        values = [value for literal, allowed in found.literals if literal == name for value in allowed]
        if depth < _MAX_DEPTH:
            values += [each for child in found.nested for each in self._literals_of(child, name, depth + 1)]
        return values

    def literal_names(self, unions: tuple[tuple[int, ...], ...]) -> tuple[str, ...]:
        """The fields whose values tell the branches of these unions apart, sorted."""
        names = self._literal_names.get(unions)
        if names is None:
            found = {name for union in unions for branch in union for name in self._names_below(branch, 0)}
            names = self._literal_names.setdefault(unions, tuple(sorted(found)))
        return names

    def _names_below(self, branch: int, depth: int) -> Iterator[str]:
        found = self._branch(branch)
        yield from (name for name, _ in found.literals)
        if depth < _MAX_DEPTH:
            for child in found.nested:
                yield from self._names_below(child, depth + 1)

    def _likeness(self, branch: int, value: dict[str, Any], depth: int = 0) -> tuple[int, int, int]:
        """How like an object is to a branch: literals kept, required fields there, known fields."""
        found = self._branch(branch)
        if found.nested and depth < _MAX_DEPTH:
            return max(self._likeness(child, value, depth + 1) for child in found.nested)
        literals = 0
        for name, allowed in found.literals:
            if name in value:
                literals += 1 if value[name] in allowed else -1
        keys = value.keys()
        return literals, -len(found.required - keys), len(found.known & keys)

    def _branch(self, index: int) -> _Branch:
        found = self._branches.get(index)
        return found or self._branches.setdefault(index, _describe(self._places, index))


def _describe(places: Places, index: int) -> _Branch:
    together = tuple(facets(places, index))
    return _Branch(
        types=_types_at(places, index, 0),
        literals=tuple(item for place in together for item in place.literals.items()),
        required=frozenset(name for place in together for name in place.required),
        known=frozenset(name for place in together for name in place.properties),
        nested=tuple(child for place in together for child in place.branches),
    )

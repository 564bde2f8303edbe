"""What stands beside a field's type: Required, a default, a range, a format, where a parameter goes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NUMBER = r"-?\d+(?:\.\d+)?"
_UNIT = r"(?: ?(characters?|chars?|items?|elements?|entries))?"
_PRESENCE = {"required": True, "optional": False}
_PLACES = frozenset({"path", "query", "header", "cookie", "body"})
_IDLE = frozenset({"deprecated", "read-only", "write-only", "readonly", "writeonly", "beta", "unique"})

_DEFAULT = re.compile(r"[Dd]efaults?(?: to |: ?|=| is )(?:“([^”]*)”|`([^`]*)`|(.+))")
_FORMAT = re.compile(r"[Ff]ormat: ?[\"“`']?([\w.\-]+)[\"”`']?")
_BETWEEN = re.compile(rf"({_NUMBER}) ?(?:-|–|\.\.|to) ?({_NUMBER}){_UNIT}")
_BEYOND = re.compile(rf"(>=|≥|<=|≤|>|<|=) ?({_NUMBER}){_UNIT}")
_RANGE = re.compile(rf"(?:({_NUMBER}) ?(<=|<|≤) ?)?x(?: ?(<=|<|≤|>=|>|≥) ?({_NUMBER}))?")
_LENGTH = re.compile(
    r"(Required|Minimum|Maximum|Min|Max) ?(?:(string|array) )?(?:length|items): ?"
    rf"({_NUMBER})(?: ?- ?({_NUMBER}))?{_UNIT}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    rf"(min|max|minimum|maximum|minLength|maxLength|minItems|maxItems|multipleOf):? ?({_NUMBER})"
)
_PATTERN = re.compile(r"[Pp]attern: ?[\"“`]?(.+?)[\"”`]?")

_KEYWORDS = {  # unit -> the keywords for at least, at most, more than, less than
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    "string": ("minLength", "maxLength"),
    "array": ("minItems", "maxItems"),
}
_NAMES = {"min": "minimum", "max": "maximum"}


@dataclass(frozen=True, slots=True)
class Flags:
    """What flags say; None and empty where they are silent. ``bounds`` are keywords by kind of value.

    Bounds without a unit are of kind "any": the type decides what they bound.
    """

    required: bool | None = None
    nullable: bool | None = None
    place: str | None = None
    default: str | None = None
    format: str | None = None
    pattern: str | None = None
    bounds: tuple[tuple[str, int, float], ...] = ()

    def and_also(self, other: Flags) -> Flags:
        """Both together; what was said first stands."""
        return Flags(
            required=self.required if self.required is not None else other.required,
            nullable=self.nullable if self.nullable is not None else other.nullable,
            place=self.place or other.place,
            default=self.default if self.default is not None else other.default,
            format=self.format or other.format,
            pattern=self.pattern or other.pattern,
            bounds=(*self.bounds, *other.bounds),
        )


NONE = Flags()


def parse_flag(piece: str) -> Flags | None:
    """One flag; None where the piece is none."""
    text = piece.strip()
    word = text.lower().strip("`*_[]()")
    if word in _PRESENCE:
        return Flags(required=_PRESENCE[word])
    if word in ("nullable", "or null"):
        return Flags(nullable=True)
    if word in ("not nullable", "non-nullable", "not null"):
        return Flags(nullable=False)
    if word in _IDLE:
        return NONE
    if word in _PLACES:
        return Flags(place=word)
    if match := _DEFAULT.fullmatch(text):
        value = next(group for group in match.groups() if group is not None)
        return Flags(default=value.strip())
    if match := _FORMAT.fullmatch(text):
        return Flags(format=match[1])
    if match := _PATTERN.fullmatch(text):
        return Flags(pattern=match[1])
    bounds = parse_bounds(text)
    return Flags(bounds=bounds) if bounds else None


def parse_flags(pieces: Iterable[str]) -> Flags | None:
    """Several flags together; None where a piece is none."""
    found = NONE
    for piece in pieces:
        flags = parse_flag(piece)
        if flags is None:
            return None
        found = found.and_also(flags)
    return found


def parse_bounds(text: str) -> tuple[tuple[str, int, float], ...]:
    """Bounds as (kind of value, index into its keywords, number); empty where the text is none."""
    if match := _BETWEEN.fullmatch(text):
        kind = _kind(match[3])
        return (kind, 0, _number(match[1])), (kind, 1, _number(match[2]))
    if match := _BEYOND.fullmatch(text):
        return _beyond(match[1], _number(match[2]), _kind(match[3]))
    if text.startswith("Required range:"):
        match = _RANGE.fullmatch(text.removeprefix("Required range:").strip())
        low = _beyond(_mirrored(match[2]), _number(match[1]), "number") if match and match[2] else ()
        high = _beyond(match[3], _number(match[4]), "number") if match and match[3] else ()
        return (*low, *high)
    if match := _NAMED.fullmatch(text):
        name = _NAMES.get(match[1], match[1])
        for kind, keywords in _KEYWORDS.items():
            if name in keywords:
                return ((kind, keywords.index(name), _number(match[2])),)
    if match := _LENGTH.fullmatch(text):
        return _length(match)
    return ()


def keywords_for(bounds: Iterable[tuple[str, int, float]], types: Iterable[str]) -> dict[str, float]:
    """The bounds that bear on values of these types, as keywords of JSON Schema."""
    kinds = {"number" if name in ("integer", "number") else name for name in types}
    only = next(iter(kinds)) if len(kinds) == 1 else None
    found: dict[str, float] = {}
    for said, index, number in bounds:
        kind = only if said == "any" else said
        keywords = _KEYWORDS.get(kind or "", ())
        if kind in kinds and index < len(keywords):
            found[keywords[index]] = number
    return found


def _beyond(sign: str, number: float, kind: str) -> tuple[tuple[str, int, float], ...]:
    if sign == "=":
        return (kind, 0, number), (kind, 1, number)
    index = {">=": 0, "≥": 0, "<=": 1, "≤": 1, ">": 2, "<": 3}[sign]
    return ((kind, index, number),)


def _length(match: re.Match[str]) -> tuple[tuple[str, int, float], ...]:
    word, kind = match[1].lower(), (match[2] or "any").lower()
    kind = _kind(match[5]) if match[5] else kind
    low = _number(match[3])
    if word in ("minimum", "min"):
        return ((kind, 0, low),)
    if word in ("maximum", "max"):
        return ((kind, 1, low),)
    return (kind, 0, low), (kind, 1, _number(match[4]) if match[4] else low)


def _mirrored(sign: str) -> str:
    return sign.replace("<", ">").replace("≤", "≥")


def _kind(unit: str | None) -> str:
    if unit is None:
        return "any"
    return "string" if unit.startswith("char") else "array"


def _number(text: str) -> float:
    return float(text) if "." in text else int(text)

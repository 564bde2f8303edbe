"""JSON values as hashable ones, equal where JSON Schema calls them equal (1 is 1.0, true is not 1)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any

Frozen = tuple[str, Any]  # the JSON type and the content

NULL: Frozen = ("null", None)

# The classes of values that are solved apart. An integer written with a point is one of its own,
# because draft-04 does not call it an integer.
CLASSES = ("object", "array", "string", "int", "frac", "boolean", "null", "pointed")
NUMBERS = frozenset({"int", "frac", "pointed"})


_LARGEST = 10**308  # from here on no floating-point number is sure to be one
_SAFE = 2**53


class Pointed(Fraction):
    """An integral number that is written with a point, as ``1.0``."""


def freeze(value: Any) -> Frozen:
    """The hashable form of a JSON value."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, int):
        return ("number", Fraction(value))
    if isinstance(value, (float, Decimal)):
        return ("number", fraction(value))
    if isinstance(value, str):
        return ("string", value)
    if isinstance(value, (list, tuple)):
        return ("array", tuple(freeze(item) for item in value))
    return ("object", tuple(sorted((str(key), freeze(item)) for key, item in value.items())))


def fraction(number: float | Decimal) -> Fraction:
    """The number as it is written, not as binary floating point has it."""
    return Fraction(number) if isinstance(number, int) else Fraction(Decimal(repr(float(number))))


def thaw(frozen: Frozen, *, whole: int = _LARGEST) -> Any:
    """The JSON value of a frozen one, with integers from ``whole`` on written as floating-point numbers."""
    kind, content = frozen
    if kind == "number":
        if isinstance(content, Pointed) or content.denominator != 1 or whole <= abs(content) < _LARGEST:
            return float(content)
        return int(content)
    if kind == "array":
        return [thaw(item, whole=whole) for item in content]
    if kind == "object":
        return {key: thaw(item, whole=whole) for key, item in content}
    return content


def spellings(frozen: Frozen) -> list[Any]:
    """The JSON values of a frozen one: as it is, and with integers that JavaScript has no place for as
    floating-point numbers, where that is another value."""
    plain, pointed = thaw(frozen), thaw(frozen, whole=_SAFE)
    return [plain] if repr(plain) == repr(pointed) else [plain, pointed]


def class_of(frozen: Frozen) -> str:
    """The class of values that this one is of."""
    kind, content = frozen
    if kind != "number":
        return kind
    if isinstance(content, Pointed):
        return "pointed"
    return "int" if content.denominator == 1 else "frac"


def ordered(values: Iterable[Frozen]) -> tuple[Frozen, ...]:
    """The values once each, in an order that does not depend on where they stood."""
    return tuple(sorted(dict.fromkeys(values), key=repr))

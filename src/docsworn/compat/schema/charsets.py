"""Sets of characters as sorted intervals of code points, and the classes of ECMA-262 escapes."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

Charset = tuple[tuple[int, int], ...]  # inclusive intervals, sorted, apart

_LAST = sys.maxunicode
_SURROGATES = (0xD800, 0xDFFF)

EVERY: Charset = ((0, 0xD7FF), (0xE000, _LAST))
NO_CHARACTER: Charset = ()


def charset(intervals: Iterable[tuple[int, int]]) -> Charset:
    """The set of these intervals."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(intervals):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def inverted(chars: Charset) -> Charset:
    """Every character that is not in the set."""
    left: list[tuple[int, int]] = []
    after = 0
    for low, high in charset((*chars, _SURROGATES)):
        if after < low:
            left.append((after, low - 1))
        after = high + 1
    if after <= _LAST:
        left.append((after, _LAST))
    return tuple(left)


def of(text: str) -> Charset:
    """The set of these characters."""
    return charset((ord(char), ord(char)) for char in text)


DIGITS = charset([(48, 57)])
WORD = charset([(48, 57), (65, 90), (95, 95), (97, 122)])
SPACE = charset([
    *((ord(char), ord(char)) for char in "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff"),
    (0x2000, 0x200A),
])  # fmt: skip
DOT = inverted(of("\n\r\u2028\u2029"))

_LONG_NAMES = {
    "Letter": "L", "Lowercase_Letter": "Ll", "Uppercase_Letter": "Lu", "Number": "N", "Decimal_Number": "Nd",
    "Punctuation": "P", "Symbol": "S", "Separator": "Z", "Space_Separator": "Zs", "Mark": "M", "digit": "Nd",
    "Control": "Cc", "Other": "C",
}  # fmt: skip


@lru_cache(maxsize=8)
def category(name: str) -> Charset | None:
    """The characters of a Unicode general category; None for a name that is none."""
    short = _LONG_NAMES.get(name.removeprefix("General_Category=").removeprefix("gc="), name)
    if len(short) > 2 or short[:1] not in tuple("LMNPSZC"):
        return None
    found = charset(
        (point, point) for point in range(_LAST + 1) if unicodedata.category(chr(point)).startswith(short)
    )
    return inverted(inverted(found)) or None


def nicest(intervals: Charset) -> int:
    """The character of a set that is best to read."""
    for low, high in (
        (97, 122),
        (48, 57),
        (65, 90),
        (33, 126),
        (32, 32),
        (0xC0, 0x24F),
        (10, 10),
        (0xA1, 0xD7FF),
    ):
        for first, last in intervals:
            if first <= high and last >= low:
                return max(first, low)
    return intervals[0][0]

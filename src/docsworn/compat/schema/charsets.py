"""Sets of characters as sorted intervals of code points, and the classes of ECMA-262 escapes."""

from __future__ import annotations

import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

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


def holds(chars: Charset, point: int) -> bool:
    """Whether a character is in the set."""
    at = bisect_right(chars, (point, _LAST))
    return at > 0 and point <= chars[at - 1][1]


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

# Planes that Unicode has assigned nothing in, and those for private use, are not looked at one by one.
_VARIED = ((0, 0x3FFFF), (0xE0000, 0xE0FFF), (0xFFFFE, 0xFFFFF), (0x10FFFE, _LAST))
_UNIFORM = ((0x40000, 0xDFFFF), (0xE1000, 0xEFFFF), (0xF0000, 0xFFFFD), (0x100000, 0x10FFFD))

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
    found = charset((low, high) for named, low, high in _categories() if named.startswith(short))
    return inverted(inverted(found)) or None


@lru_cache(maxsize=1)
def _categories() -> tuple[tuple[str, int, int], ...]:
    """The runs of code points of one general category."""
    runs: list[tuple[str, int, int]] = []
    for first, last in _VARIED:
        named = map(unicodedata.category, map(chr, range(first, last + 1)))
        at = first
        for name, run in groupby(named):
            after = at + sum(1 for _ in run)
            runs.append((name, at, after - 1))
            at = after
    uniform = ((unicodedata.category(chr(first)), first, last) for first, last in _UNIFORM)
    return (*runs, *uniform)


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

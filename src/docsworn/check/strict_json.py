"""JSON without leniency (RFC 8259): what other parsers pass over in silence is named here.

The fast path is orjson, which is strict but for three things: it keeps the last of two equal keys,
makes floats of big integers, and nests up to 1024. Each is ruled out by writing the value again and
comparing, else by a cheap scan, in doubt by the careful parser.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NoReturn

import orjson

MAX_DEPTH = 200


class Fault(StrEnum):
    """What is wrong with a body: a closed set, safe as a label."""

    EMPTY = "empty"
    BOM = "bom"
    NOT_UTF8 = "not_utf8"
    TOO_DEEP = "too_deep"
    DUPLICATE_KEY = "duplicate_key"
    NOT_A_NUMBER = "not_a_number"
    NUMBER_RANGE = "number_range"
    LONE_SURROGATE = "lone_surrogate"
    TRAILING_DATA = "trailing_data"
    SYNTAX = "syntax"


_WORDS = {
    Fault.EMPTY: "an empty body",
    Fault.BOM: "a byte order mark before the JSON",
    Fault.NOT_UTF8: "bytes that are not UTF-8",
    Fault.TOO_DEEP: f"JSON nested deeper than {MAX_DEPTH}",
    Fault.DUPLICATE_KEY: "an object with the same key twice",
    Fault.NOT_A_NUMBER: "NaN or Infinity, which JSON does not have",
    Fault.NUMBER_RANGE: "a number too large to be read",
    Fault.LONE_SURROGATE: "a string with half of a surrogate pair",
    Fault.TRAILING_DATA: "more data after the JSON",
    Fault.SYNTAX: "no JSON",
}


@dataclass(frozen=True, slots=True)
class ParseProblem:
    """Why a body is not strict JSON; ``at`` is the byte where it shows, where that is known."""

    fault: Fault
    at: int | None = None

    def __str__(self) -> str:
        return _WORDS[self.fault] + ("" if self.at is None else f" (at byte {self.at})")


@dataclass(frozen=True, slots=True)
class Parsed:
    """The value of a body, or what is wrong with it."""

    value: Any = field(default=None, repr=False)
    problem: ParseProblem | None = None


class _FaultError(ValueError):
    def __init__(self, fault: Fault, at: int | None = None) -> None:
        super().__init__(fault)
        self.problem = ParseProblem(fault, at)


# orjson writes no value that nests deeper than 254: within so many lists its limit falls on ours.
_PADDING = 254 - MAX_DEPTH


def parse(data: bytes) -> Parsed:
    """The value of a strict JSON text in UTF-8 without a byte order mark, or its first problem.

    Most bodies come as orjson itself would write them: then nothing was hidden from it, and one
    comparison says so (1.3 times ``orjson.loads`` instead of the 3 of counting and walking).
    """
    try:
        value = orjson.loads(data)
        written = _write(value)
    except (orjson.JSONDecodeError, orjson.JSONEncodeError):
        return parse_carefully(data)
    if written.startswith(data, _PADDING) and len(written) == len(data) + 2 * _PADDING:
        return Parsed(value)
    if _may_hold_big_numbers(data) or _may_repeat_keys(data, written):
        return parse_carefully(data)
    return Parsed(value)


def _write(value: Any) -> bytes:
    """The value as compact JSON within padding; JSONEncodeError where it nests deeper than ``MAX_DEPTH``."""
    for _ in range(_PADDING):
        value = [value]
    return orjson.dumps(value)


_DIGITS_AS_ZERO = bytes(48 if 48 <= byte <= 57 else 0 for byte in range(256))


def _may_hold_big_numbers(data: bytes) -> bool:
    """Whether 19 digits may stand in a row: then at least 3 of every sixth byte are digits in a row."""
    return b"000" in data[::6].translate(_DIGITS_AS_ZERO) and b"0" * 19 in data.translate(_DIGITS_AS_ZERO)


def _may_repeat_keys(data: bytes, written: bytes) -> bool:
    """Whether a key may have been dropped: written again, the value then has fewer colons.

    Colons in strings are the same in both, unless they are escaped.
    """
    return b"\\u003" in data or data.count(b":") != written.count(b":")


def parse_carefully(data: bytes) -> Parsed:
    """The same, slower, with nothing but the standard library: what ``parse`` is measured by."""
    try:
        text = _decode(data)
        if (at := _too_deep_at(data)) is not None:
            raise _FaultError(Fault.TOO_DEEP, at)
        value = json.loads(
            text,
            object_pairs_hook=_unique_pairs,
            parse_constant=_refuse_constant,
            parse_float=_finite_float,
            parse_int=_bounded_int,
        )
        if _SURROGATE_ESCAPE.search(text) and _holds_surrogate(value):
            raise _FaultError(Fault.LONE_SURROGATE)
    except _FaultError as error:
        return Parsed(problem=error.problem)
    except json.JSONDecodeError as error:
        fault = Fault.TRAILING_DATA if error.msg == "Extra data" else Fault.SYNTAX
        return Parsed(problem=ParseProblem(fault, len(error.doc[: error.pos].encode())))
    return Parsed(value)


def _decode(data: bytes) -> str:
    if not data.strip(b" \t\r\n"):
        raise _FaultError(Fault.EMPTY)
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise _FaultError(Fault.BOM)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _FaultError(Fault.NOT_UTF8, error.start) from None


# A string that does not end takes the rest, so that the scan stays linear.
_STRINGS_AND_BRACKETS = re.compile(rb'"(?:[^"\\]|\\(?:.|\Z))*+(?:"|\Z)|[\[{\]}]', re.DOTALL)


def _too_deep_at(data: bytes) -> int | None:
    depth = 0
    for found in _STRINGS_AND_BRACKETS.finditer(data):
        first = data[found.start()]
        if first in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                return found.start()
        elif first in b"]}":
            depth -= 1
    return None


def _unique_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise _FaultError(Fault.DUPLICATE_KEY)
    return made


def _refuse_constant(_name: str) -> NoReturn:
    raise _FaultError(Fault.NOT_A_NUMBER)


def _finite_float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _FaultError(Fault.NUMBER_RANGE)
    return number


def _bounded_int(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # more digits than Python converts
        raise _FaultError(Fault.NUMBER_RANGE) from None


_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


def _holds_surrogate(value: Any) -> bool:
    waiting: list[Any] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, str):
            if not item.isascii() and any("\ud800" <= character <= "\udfff" for character in item):
                return True
        elif isinstance(item, dict):
            waiting.extend(item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            waiting.extend(item)
    return False

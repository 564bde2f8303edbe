"""Strings that match a regular expression, for the regular expressions that identifiers have.

Literals, classes, ``.``, ``\\d \\w \\s``, groups, alternatives and quantifiers. Anchors are taken as
standing at the ends. Whatever looks around, refers back or negates a group is refused: nobody
should have to guess what was drawn.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass

Draw = Callable[[random.Random], str]

_DIGITS = string.digits
_WORD = string.ascii_letters + string.digits + "_"
_PRINTABLE = "".join(chr(code) for code in range(0x20, 0x7F))
_CLASSES = {"d": _DIGITS, "w": _WORD, "s": " "}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_MORE = 4  # how often an unbounded quantifier repeats beyond its minimum, at most


class UnknownPattern(ValueError):  # noqa: N818 - it says what the pattern is
    """A regular expression that this small reader does not know."""


def draw_matching(pattern: str, rng: random.Random) -> str:
    """A string that matches a regular expression of JSON Schema; UnknownPattern where it is too rich."""
    reader = _Reader(pattern)
    draw = reader.alternatives()
    if reader.at < len(pattern):
        raise UnknownPattern("unbalanced parenthesis")
    return draw(rng)


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from left to right, each method one rule of the grammar."""

    text: str
    at: int = 0

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def take(self) -> str:
        if self.at >= len(self.text):
            raise UnknownPattern("the pattern ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def alternatives(self) -> Draw:
        choices = [self.sequence()]
        while self.peek() == "|":
            self.take()
            choices.append(self.sequence())
        return lambda rng: rng.choice(choices)(rng)

    def sequence(self) -> Draw:
        parts: list[Draw] = []
        while self.peek() not in ("", "|", ")"):
            if self.peek() in "^$":
                self.take()
            else:
                parts.append(self.repeated(self.atom()))
        return lambda rng: "".join(part(rng) for part in parts)

    def repeated(self, draw: Draw) -> Draw:
        bounds = self.quantifier()
        if bounds is None:
            return draw
        low, high = bounds
        return lambda rng: "".join(draw(rng) for _ in range(rng.randint(low, high)))

    def quantifier(self) -> tuple[int, int] | None:
        sign = self.peek()
        if sign not in ("*", "+", "?", "{"):
            return None
        self.take()
        fixed = {"*": (0, _MORE), "+": (1, 1 + _MORE), "?": (0, 1)}
        bounds = fixed[sign] if sign in fixed else self.counts()
        if self.peek() == "?":  # lazy: the same strings match
            self.take()
        return bounds

    def counts(self) -> tuple[int, int]:
        inside, closed, _ = self.text[self.at :].partition("}")
        low, comma, high = inside.partition(",")
        if not closed or not low.isdigit() or (high and not high.isdigit()):
            raise UnknownPattern("a quantifier that is not {n}, {n,} or {n,m}")
        self.at += len(inside) + 1
        least = int(low)
        most = int(high) if high else least + (_MORE if comma else 0)
        if not least <= most <= 10_000:
            raise UnknownPattern("a quantifier out of order or out of bounds")
        return least, most

    def atom(self) -> Draw:
        sign = self.take()
        if sign == "(":
            return self.group()
        if sign == "[":
            return _one_of(self.char_class())
        if sign == ".":
            return _one_of(_WORD)
        if sign in "*+?{":
            raise UnknownPattern("a quantifier with nothing before it")
        return _one_of(self.escape() if sign == "\\" else sign)

    def group(self) -> Draw:
        if self.peek() == "?":
            self.take()
            if self.take() != ":":
                raise UnknownPattern("a group that looks around, has a name or a flag")
        draw = self.alternatives()
        if self.take() != ")":
            raise UnknownPattern("unbalanced parenthesis")
        return draw

    def escape(self) -> str:
        sign = self.take()
        if sign in _CLASSES:
            return _CLASSES[sign]
        if sign in _CONTROLS:
            return _CONTROLS[sign]
        if sign.isalnum():
            raise UnknownPattern(f"the escape \\{sign}")
        return sign

    def char_class(self) -> str:
        negated = self.peek() == "^"
        if negated:
            self.take()
        chars: list[str] = []
        while self.peek() != "]":
            chars.extend(self.class_range())
        self.take()
        allowed = [char for char in _PRINTABLE if char not in chars] if negated else chars
        if not allowed:
            raise UnknownPattern("an empty class")
        return "".join(allowed)

    def class_range(self) -> str:
        first = self.class_char()
        if len(first) > 1 or self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return first
        self.take()
        last = self.class_char()
        if len(last) > 1 or not ord(first) <= ord(last) < ord(first) + 0x10000:
            raise UnknownPattern("a range out of order")
        return "".join(chr(code) for code in range(ord(first), ord(last) + 1))

    def class_char(self) -> str:
        sign = self.take()
        return self.escape() if sign == "\\" else sign


def _one_of(chars: str) -> Draw:
    return lambda rng: rng.choice(chars)

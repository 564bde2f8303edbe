"""ECMA-262 patterns parsed to a small tree; what is not regular, or not known, is refused."""

from __future__ import annotations

from dataclasses import dataclass

from docsworn.compat.schema import charsets
from docsworn.compat.schema.charsets import Charset


class UnsupportedPattern(ValueError):  # noqa: N818 - it is an answer, not a mistake
    """A pattern that this parser does not understand."""


@dataclass(frozen=True, slots=True)
class Node:
    """``op`` is one of chars, cat, alt, repeat, start, end, look; the others are its arguments."""

    op: str
    parts: tuple[Node, ...] = ()
    chars: Charset = ()
    least: int = 1
    most: int | None = 1
    holds: bool = True


EMPTY = Node("cat")
_CLASSES = {
    "d": charsets.DIGITS,
    "w": charsets.WORD,
    "s": charsets.SPACE,
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_MOST_REPEATS = 2000


def parse(pattern: str) -> tuple[tuple[bool, Node], ...]:
    """The pattern as searches that must all hold, or not hold: look-aheads at the start become their own.

    Raises UnsupportedPattern.
    """
    parser = _Parser(pattern)
    tree = parser.alternatives()
    if parser.at < len(pattern):
        raise UnsupportedPattern(pattern)
    return tuple(_split(tree, pattern))


def _split(tree: Node, pattern: str) -> list[tuple[bool, Node]]:
    parts = list(tree.parts) if tree.op == "cat" else [tree]
    looks: list[Node] = []
    anchored = bool(parts) and parts[0].op == "start"
    rest = [part for at, part in enumerate(parts) if not (anchored and at == 0)]
    while rest and rest[0].op == "look":
        looks.append(rest.pop(0))
    if looks and not anchored and (rest or len(looks) > 1 or not looks[0].holds):
        raise UnsupportedPattern(pattern)
    start = (Node("start"),) if anchored else ()
    found = [(look.holds, Node("cat", (*start, *look.parts))) for look in looks]
    found.append((True, Node("cat", (*start, *rest))))
    for _, node in found:
        _refuse_looks(node, pattern)
    return found


def _refuse_looks(node: Node, pattern: str) -> None:
    if node.op == "look":
        raise UnsupportedPattern(pattern)
    for part in node.parts:
        _refuse_looks(part, pattern)


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def peek(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def take(self, text: str) -> bool:
        if self.peek(text):
            self.at += len(text)
            return True
        return False

    def refuse(self) -> UnsupportedPattern:
        return UnsupportedPattern(self.pattern)

    def next(self) -> str:
        if self.at >= len(self.pattern):
            raise self.refuse()
        self.at += 1
        return self.pattern[self.at - 1]

    def alternatives(self) -> Node:
        options = [self.sequence()]
        while self.take("|"):
            options.append(self.sequence())
        return options[0] if len(options) == 1 else Node("alt", tuple(options))

    def sequence(self) -> Node:
        parts: list[Node] = []
        while self.at < len(self.pattern) and not self.peek("|") and not self.peek(")"):
            parts.append(self.repeated(self.atom()))
        return parts[0] if len(parts) == 1 else Node("cat", tuple(parts))

    def repeated(self, node: Node) -> Node:
        bounds = self.bounds()
        if bounds is None:
            return node
        if node.op in ("start", "end", "look"):
            raise self.refuse()
        self.take("?")  # lazy: the same language
        if self.peek("+") or self.peek("*"):
            raise self.refuse()
        least, most = bounds
        if least > _MOST_REPEATS or (most or 0) > _MOST_REPEATS or (most is not None and most < least):
            raise self.refuse()
        return Node("repeat", (node,), least=least, most=most)

    def bounds(self) -> tuple[int, int | None] | None:
        if self.take("*"):
            return (0, None)
        if self.take("+"):
            return (1, None)
        if self.take("?"):
            return (0, 1)
        if not self.peek("{"):
            return None
        end = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at + 1 : end].partition(",")
        if end < 0 or not least.isdigit() or not (most.isdigit() or not most):
            return None
        self.at = end + 1
        return (int(least), int(most) if most else None if comma else int(least))

    def atom(self) -> Node:
        char = self.next()
        if char == "^":
            return Node("start")
        if char == "$":
            return Node("end")
        if char == ".":
            return Node("chars", chars=charsets.DOT)
        if char == "(":
            return self.group()
        if char == "[":
            return Node("chars", chars=self.bracket())
        if char == "\\":
            return Node("chars", chars=self.escape(inside=False))
        if char in "*+?":
            raise self.refuse()
        return Node("chars", chars=charsets.of(char))

    def group(self) -> Node:
        look: bool | None = None
        if self.take("?="):
            look = True
        elif self.take("?!"):
            look = False
        elif self.take("?:"):
            pass
        elif self.peek("?<") and not self.peek("?<=") and not self.peek("?<!"):
            self.at = self.pattern.find(">", self.at) + 1 or len(self.pattern)
        elif self.peek("?"):
            raise self.refuse()
        inner = self.alternatives()
        if not self.take(")"):
            raise self.refuse()
        return inner if look is None else Node("look", (inner,), holds=look)

    def bracket(self) -> Charset:
        negative = self.take("^")
        found: list[tuple[int, int]] = []
        while not self.take("]"):
            low = self.member()
            single = len(low) == 1 and low[0][0] == low[0][1]
            if single and self.peek("-") and not self.peek("-]"):
                self.take("-")
                high = self.member()
                if len(high) != 1 or high[0][0] != high[0][1] or high[0][0] < low[0][0]:
                    raise self.refuse()
                low = ((low[0][0], high[0][0]),)
            found.extend(low)
        chars = charsets.charset(found)
        return charsets.inverted(chars) if negative else chars

    def member(self) -> Charset:
        char = self.next()
        if char == "[" and self.peek(":"):
            raise self.refuse()
        return self.escape(inside=True) if char == "\\" else charsets.of(char)

    def escape(self, *, inside: bool) -> Charset:
        char = self.next()
        if char.lower() in _CLASSES:
            chars = _CLASSES[char.lower()]
            return chars if char.islower() else charsets.inverted(chars)
        if char in "pP":
            return self.category(negative=char == "P")
        if char == "b" and inside:
            return charsets.of("\b")
        if char in _CONTROLS:
            return charsets.of(_CONTROLS[char])
        if char in "xu":
            return charsets.of(chr(self.code(char)))
        if char == "c":
            return charsets.of(chr(ord(self.next()) % 32))
        if char.isalnum():  # references back, word boundaries, what other engines add
            raise self.refuse()
        return charsets.of(char)

    def category(self, *, negative: bool) -> Charset:
        end = self.pattern.find("}", self.at)
        if not self.take("{") or end < 0:
            raise self.refuse()
        chars = charsets.category(self.pattern[self.at : end])
        if chars is None:
            raise self.refuse()
        self.at = end + 1
        return charsets.inverted(chars) if negative else chars

    def code(self, kind: str) -> int:
        if kind == "u" and self.take("{"):
            end = self.pattern.find("}", self.at)
            digits, self.at = self.pattern[self.at : max(end, self.at)], end + 1
        else:
            width = 2 if kind == "x" else 4
            digits = self.pattern[self.at : self.at + width]
            self.at += width
        try:
            point = int(digits, 16)
        except ValueError:
            raise self.refuse() from None
        if 0xD800 <= point <= 0xDFFF or point > 0x10FFFF:
            raise self.refuse()
        return point

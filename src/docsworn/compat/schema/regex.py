"""ECMA-262 patterns parsed to a small tree; what is not regular, or not known, is refused."""

from __future__ import annotations

from dataclasses import dataclass, replace

from docsworn.compat.schema import charsets
from docsworn.compat.schema.charsets import Charset


class UnsupportedPattern(ValueError):  # noqa: N818 - it is an answer, not a mistake
    """A pattern that this parser does not understand."""


@dataclass(frozen=True, slots=True)
class Node:
    """``op`` is one of chars, cat, alt, repeat, look and the positions start, end, boundary (of a word) and
    inside (no such boundary); the others are its arguments."""

    op: str
    parts: tuple[Node, ...] = ()
    chars: Charset = ()
    least: int = 1
    most: int | None = 1
    holds: bool = True


EMPTY = Node("cat")
POSITIONS = ("start", "end", "boundary", "inside")
_CLASSES = {
    "d": charsets.DIGITS,
    "w": charsets.WORD,
    "s": charsets.SPACE,
}
_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v", "0": "\0"}
_MOST_REPEATS = 2000


@dataclass(frozen=True, slots=True)
class Parsed:
    """A pattern as searches that must all hold, or not hold; where it is not exact, texts of the pattern keep
    them but others may too."""

    searches: tuple[tuple[bool, Node], ...]
    is_exact: bool = True


def parse(pattern: str) -> Parsed:
    """The pattern as searches: look-aheads at the start become their own, references back are
    not asked for. Raises UnsupportedPattern."""
    parser = _Parser(pattern)
    tree = parser.alternatives()
    if parser.at < len(pattern):
        raise UnsupportedPattern(pattern)
    found = _split(tree)
    if found is None:
        return Parsed(((True, _without_looks(tree)),), is_exact=False)
    return Parsed(tuple(found), is_exact=not parser.loose)


def _split(tree: Node) -> list[tuple[bool, Node]] | None:
    """The searches that say the same; None where a look-ahead stands elsewhere."""
    parts = list(tree.parts) if tree.op == "cat" else [tree]
    if [part.op for part in parts] == ["start", "repeat", "end"] and _is_tempered(parts[1]):
        look, chars = parts[1].parts[0].parts
        each = Node("repeat", (chars,), least=parts[1].least, most=parts[1].most)
        return [(True, Node("cat", (parts[0], each, parts[2]))), (False, Node("cat", look.parts))]
    looks: list[Node] = []
    anchored = bool(parts) and parts[0].op == "start"
    rest = [part for at, part in enumerate(parts) if not (anchored and at == 0)]
    while rest and rest[0].op == "look":
        looks.append(rest.pop(0))
    if looks and not anchored and (rest or len(looks) > 1 or not looks[0].holds):
        return None
    start = (Node("start"),) if anchored else ()
    found = [(look.holds, Node("cat", (*start, *look.parts))) for look in looks]
    found.append((True, Node("cat", (*start, *rest))))
    return None if any(_looks(node) for _, node in found) else found


def _is_tempered(node: Node) -> bool:
    """Whether this is ``((?!x).)*``: characters at none of which something begins."""
    inner = node.parts[0]
    ops = [part.op for part in inner.parts]
    return inner.op == "cat" and ops == ["look", "chars"] and not inner.parts[0].holds


def _looks(node: Node) -> bool:
    return node.op == "look" or any(_looks(part) for part in node.parts)


def _without_looks(node: Node) -> Node:
    if node.op == "look":
        return EMPTY
    return replace(node, parts=tuple(_without_looks(part) for part in node.parts))


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.loose = False  # whether something was left out, so that more texts match

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
        if node.op in (*POSITIONS, "look"):
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
            return self.loosened() or Node("chars", chars=self.escape(inside=False))
        if char in "*+?":
            raise self.refuse()
        return Node("chars", chars=charsets.of(char))

    def loosened(self) -> Node | None:
        """A word boundary, or what stands for a reference back: more than that matches."""
        if self.take("b") or self.take("B"):
            return Node("boundary" if self.pattern[self.at - 1] == "b" else "inside")
        if self.at < len(self.pattern) and self.pattern[self.at] in "123456789":
            self.loose = True
            self.next()
            return Node("repeat", (Node("chars", chars=charsets.EVERY),), least=0, most=None)
        return None

    def group(self) -> Node:
        look: bool | None = None
        if self.take("?<=") or self.take("?<!"):
            self.loose = True
            self.alternatives()
            if not self.take(")"):
                raise self.refuse()
            return EMPTY
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
            if len(digits) < width:
                raise self.refuse()
            self.at += width
        try:
            point = int(digits, 16)
        except ValueError:
            raise self.refuse() from None
        if 0xD800 <= point <= 0xDFFF or point > 0x10FFFF:
            raise self.refuse()
        return point

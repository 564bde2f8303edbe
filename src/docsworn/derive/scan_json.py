"""JSON with a line for each value: the C scanner reads the strings, this walks between them."""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from docsworn.derive.lines import MAX_DEPTH, MAX_VALUES, Keys, Lines, Located
from docsworn.derive.page import Page
from docsworn.errors import DocumentError

_NOT_JSON = "not JSON"
_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"t": ("true", True), "f": ("false", False), "n": ("null", None)}
_STRING = json.JSONDecoder()
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def scan_json(page: Page, text: str, before: int = 0) -> Located:
    """The data of a JSON text that begins after a line of the page; DocumentError with the line."""
    newlines = [match.start() for match in re.finditer("\n", text)]
    scanner = _Scanner(page, text, newlines, before, Keys(page), bool(_SURROGATE.search(text)))
    data, lines, end = scanner.value(scanner.skip(0), None, 0)
    end = scanner.skip(end)
    if end != len(text):
        raise scanner.error("something follows the end of the document", end)
    return Located(data, lines, scanner.keys.told())


def check_bounds(page: Page) -> None:
    """DocumentError where a page begins as JSON and goes beyond its bounds; any other text is let be."""
    text = "\n".join(page.lines)
    if not text.lstrip().startswith(("{", "[")):
        return
    try:
        scan_json(page, text)
    except DocumentError as error:
        if not error.problem.startswith(_NOT_JSON):
            raise


@dataclass(slots=True)
class _Scanner:
    page: Page
    text: str
    newlines: list[int]
    before: int
    keys: Keys
    surrogates: bool
    count: int = 0
    last: Lines = field(default_factory=lambda: Lines(0))

    def line(self, at: int) -> int:
        return bisect_left(self.newlines, at) + 1 + self.before

    def error(self, problem: str, at: int) -> DocumentError:
        return self.page.error(f"{_NOT_JSON}: {problem}", self.line(min(at, len(self.text))))

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int, key_line: int | None, depth: int) -> tuple[Any, Lines, int]:
        """The value that begins at an offset, its lines, and the offset after it."""
        self.count += 1
        line = key_line or self.line(at)
        if depth > MAX_DEPTH:
            raise self.page.error(f"nested deeper than {MAX_DEPTH} levels", self.line(at))
        if self.count > MAX_VALUES:
            raise self.page.error(f"more than {MAX_VALUES} values", self.line(at))
        first = self.text[at : at + 1]
        if first == '"':
            found, end = self.string(at)
            return found, self.leaf(line), end
        if first == "{":
            return self.mapping(at + 1, line, depth + 1)
        if first == "[":
            return self.sequence(at + 1, line, depth + 1)
        scalar, end = self.scalar(first, at)
        return scalar, self.leaf(line), end

    def leaf(self, line: int) -> Lines:
        """The lines of a value without others in it; those of one line share them."""
        if self.last.line != line:
            self.last = Lines(line)
        return self.last

    def string(self, at: int) -> tuple[str, int]:
        try:
            found, end = _STRING.raw_decode(self.text, at)
            if self.surrogates:
                found.encode()
        except json.JSONDecodeError as error:
            raise self.error("a string that does not end or is not valid", error.pos) from None
        except UnicodeEncodeError:
            raise self.error("a string with half a character", at) from None
        return str(found), end

    def scalar(self, first: str, at: int) -> tuple[Any, int]:
        word, meaning = _WORDS.get(first, ("", None))
        if word and self.text.startswith(word, at):
            return meaning, at + len(word)
        match = _NUMBER.match(self.text, at)
        if match is None:
            raise self.error("a value is missing" if first else "the document breaks off", at)
        try:
            number = float(match[0]) if match[2] or match[3] else int(match[0])
        except ValueError:
            number = math.inf
        if isinstance(number, float) and not math.isfinite(number):
            raise self.error("a number that is too long", at)
        return number, match.end()

    def mapping(self, at: int, line: int, depth: int) -> tuple[dict[str, Any], Lines, int]:
        data: dict[str, Any] = {}
        lines: dict[str, Lines] = {}
        at = self.skip(at)
        if self.text[at : at + 1] == "}":
            return data, Lines(line, lines), at + 1
        while True:
            if self.text[at : at + 1] != '"':
                raise self.error("a key must be a string", at)
            key, end = self.string(at)
            key_line, end = self.line(at), self.skip(end)
            if self.text[end : end + 1] != ":":
                raise self.error('a ":" is missing', end)
            if key in data:
                self.keys.twice(key, key_line)
            data[key], lines[key], end = self.value(self.skip(end + 1), key_line, depth)
            at, more = self.next(end, "}")
            if not more:
                return data, Lines(line, lines), at

    def sequence(self, at: int, line: int, depth: int) -> tuple[list[Any], Lines, int]:
        data: list[Any] = []
        lines: list[Lines] = []
        at = self.skip(at)
        if self.text[at : at + 1] == "]":
            return data, Lines(line, lines), at + 1
        while True:
            item, below, end = self.value(at, None, depth)
            data.append(item)
            lines.append(below)
            at, more = self.next(end, "]")
            if not more:
                return data, Lines(line, lines), at

    def next(self, end: int, closing: str) -> tuple[int, bool]:
        """The offset after a comma and True, or after the closing bracket and False."""
        end = self.skip(end)
        found = self.text[end : end + 1]
        if found not in (",", closing) or not found:
            raise self.error(f'a "," or "{closing}" is missing', end)
        return (self.skip(end + 1), True) if found == "," else (end + 1, False)

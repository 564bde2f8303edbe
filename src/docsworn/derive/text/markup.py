"""An HTML page reduced to the lines that a reader sees, each with its line of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup
from bs4.element import Comment, Doctype, NavigableString, PreformattedString, Tag

from docsworn.derive.page import Page

_SILENT = frozenset({
    "script", "style", "noscript", "template", "svg", "nav", "footer", "aside", "iframe", "select",
    "textarea", "canvas", "video", "audio", "object", "title", "meta", "link",
})  # fmt: skip
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "dfn", "em", "font", "i", "kbd", "label", "mark",
    "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var", "wbr", "button",
})  # fmt: skip
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
})  # fmt: skip
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9\-]*)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_LOOSE = re.compile(r"<(?![a-zA-Z/]|!doctype )", re.IGNORECASE)
_HIDDEN = re.compile(r"display:\s*none|visibility:\s*hidden")
_HIDDEN_CLASSES = frozenset({"sr-only", "visually-hidden"})
_FIRST_WORD = re.compile(r"[A-Za-z0-9_]{2,}")
_DEEPEST = 300
MAX_CHARACTERS = 5_000_000
MAX_DEPTH = 2000
_HEAD = 20_000  # characters: the title stands near the top


@dataclass(slots=True)
class _Cursor:
    """How far in the source the text has come; a text's line is that of its first word from there on."""

    source: str
    at: int = 0
    line: int = 1

    def to(self, tag: Tag) -> None:
        """Moves to a tag."""
        if tag.sourceline is not None and tag.sourceline > self.line:
            self._forward(tag.sourceline)

    def find(self, text: str) -> int:
        """The line of a text that stands not far from here."""
        word = _FIRST_WORD.search(text)
        place = self.source.find(word[0], self.at, self.at + 4000) if word else -1
        if place >= 0 and word:
            self.line += self.source.count("\n", self.at, place)
            self.at = place + len(word[0])
        return self.line

    def _forward(self, line: int) -> None:
        while self.line < line:
            place = self.source.find("\n", self.at)
            if place < 0:
                return
            self.at, self.line = place + 1, self.line + 1


@dataclass(slots=True)
class _Writer:
    """Writes the lines of a tree, block by block."""

    cursor: _Cursor
    lines: list[str] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def write(self, text: str, number: int, indent: int) -> None:
        clean = " ".join(text.split())
        if clean or (self.lines and self.lines[-1]):
            self.lines.append(" " * indent + clean if clean else "")
            self.numbers.append(number)

    def block(self, tag: Tag, indent: int, depth: int) -> None:
        """Writes a block: runs of inline content become lines, blocks in it their own."""
        self.cursor.to(tag)
        if tag.name == "pre":
            self._code(tag)
            return
        run: list[Tag | NavigableString] = []
        lists = tag.name in ("ul", "ol")
        for child in tag.children:
            if _is_inline(child):
                run.append(child)  # type: ignore[arg-type]
                continue
            self._inline(run, tag, indent)
            run = []
            if isinstance(child, Tag) and not _silent(child) and depth < _DEEPEST:
                self.block(child, indent + (2 if lists and depth else 0), depth + 1)
        self._inline(run, tag, indent)
        if tag.name in ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "section"):
            self.write("", self.cursor.line, 0)

    def _inline(self, run: list[Tag | NavigableString], tag: Tag, indent: int) -> None:
        """A run with words of its own is one line of prose; tags alone are a line each, as badges are."""
        if not any(_words(item) for item in run):
            return
        if tag.name in ("p", "h1", "h2", "h3", "h4", "h5", "h6") or any(
            isinstance(item, NavigableString) and item.strip() for item in run
        ):
            text = "".join(_words(item) for item in run)
            prefix = "• " if tag.name == "li" else ""
            self.write(prefix + text, self.cursor.find(text), indent)
            return
        for item in run:
            if isinstance(item, Tag) and not _silent(item):
                inner = [child for child in item.children if isinstance(child, Tag | NavigableString)]
                if any(isinstance(child, Tag) for child in inner):
                    self.cursor.to(item)
                    self._inline(inner, item, indent)
                elif text := _words(item):
                    self.write(text, self.cursor.find(text), indent)

    def _code(self, tag: Tag) -> None:
        self.write("```", self.cursor.line, 0)
        text = tag.get_text()
        number = self.cursor.find(text)
        for at, line in enumerate(text.strip("\n").split("\n")):
            self.lines.append(line)
            self.numbers.append(number + at)
        self.write("```", self.numbers[-1], 0)
        self.write("", self.numbers[-1], 0)


def reduced(page: Page) -> Page:
    """The page as a reader sees it: scripts, styles, menus and hidden parts are gone."""
    source = _closed("\n".join(page.lines))
    if len(source) > MAX_CHARACTERS:
        raise page.error(f"the HTML page is larger than {MAX_CHARACTERS // 1_000_000} MB")
    _check_depth(page, source)
    soup = BeautifulSoup(source, "html.parser")
    root = soup.find("main") or soup.find("article") or soup.body or soup
    writer = _Writer(_Cursor(source))
    if isinstance(root, Tag):
        writer.block(root, 0, 0)
    own = [number for number, _text in page.numbered()]
    numbers = [own[min(number, len(own)) - 1] for number in writer.numbers]
    return Page(page.document, tuple(writer.lines), page.operation, tuple(numbers))


def _closed(source: str) -> str:
    """The source without comments and loose angle brackets, over which the parser would spend its time."""
    bare = _COMMENT.sub(lambda match: "\n" * match[0].count("\n"), source)
    last = bare.rfind(">") + 1
    return _LOOSE.sub("&lt;", bare[:last]) + bare[last:].replace("<", "&lt;")


def _check_depth(page: Page, source: str) -> None:
    """DocumentError where tags are nested deeper than any page has them: the parser's time grows with it."""
    depth = 0
    for match in _ANY_TAG.finditer(source):
        if match[2].lower() not in _VOID:
            depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            line = source.count("\n", 0, match.start()) + 1
            raise page.error(f"tags are nested deeper than {MAX_DEPTH} levels", line)


def title_of(page: Page) -> str:
    """What the page's head calls it."""
    head = _closed("\n".join(page.lines))[:_HEAD]
    title = BeautifulSoup(head, "html.parser").title
    return " ".join(title.get_text().split()) if title else ""


def _is_inline(node: object) -> bool:
    """Text and tags that stand in a line, and hold no block."""
    if isinstance(node, NavigableString):
        return not isinstance(node, Comment | Doctype | PreformattedString)
    if not isinstance(node, Tag) or node.name not in _INLINE:
        return False
    return all(child.name in _INLINE or _silent(child) for child in node.find_all(True))


def _silent(tag: Tag) -> bool:
    classes = tag.get("class") or ""
    named = classes.split() if isinstance(classes, str) else list(classes)
    hidden = _HIDDEN.search(str(tag.get("style", "")))
    return tag.name in _SILENT or hidden is not None or not _HIDDEN_CLASSES.isdisjoint(named)


def _words(node: Tag | NavigableString) -> str:
    if isinstance(node, NavigableString):
        return str(node)
    return "" if _silent(node) else "".join(_texts(node))


def _texts(tag: Tag) -> Iterator[str]:
    for child in tag.children:
        if isinstance(child, Tag):
            yield _words(child)
        elif isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
            yield str(child)

"""A documentation page as numbered lines, within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from docsworn.errors import DocumentError

MAX_BYTES = 20 * 1024 * 1024
MAX_FIELDS = 2000


@dataclass(frozen=True, slots=True)
class Page:
    """A page's lines without their ends; the first line of the document is line 1.

    ``operation`` is the one that is wanted where a document describes several (an id or ``METHOD /path``).
    """

    document: str
    lines: tuple[str, ...]
    operation: str | None = None
    numbers: tuple[int, ...] = ()

    def error(self, problem: str, line: int | None = None) -> DocumentError:
        """The error that says what is wrong with this page, and on which line."""
        return DocumentError(self.document, problem, line)

    def check_fields(self, count: int, line: int) -> None:
        """DocumentError where a text page's response has no fields, or more than any page has."""
        if not count:
            raise self.error("the response has no fields: is the page cut off?", line)
        if count > MAX_FIELDS:
            raise self.error(f"the response has more than {MAX_FIELDS} fields", line)

    def numbered(self) -> tuple[tuple[int, str], ...]:
        """Every line with its number; ``numbers`` has them where lines are not those of the source."""
        return tuple(zip(self.numbers or range(1, len(self.lines) + 1), self.lines, strict=True))


def open_page(text: str, document: str) -> Page:
    """The page of a text; DocumentError where it is empty, too large or binary."""
    if len(text) > MAX_BYTES:
        raise DocumentError(document, f"the page is larger than {MAX_BYTES // 1024 // 1024} MB", 1)
    if not text.strip("\ufeff \t\r\n"):
        raise DocumentError(document, "the page is empty")
    if "\x00" in text:
        line = text[: text.index("\x00")].count("\n") + 1
        raise DocumentError(document, "the page is binary: it holds a NUL character", line)
    unified = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return Page(document, tuple(unified.split("\n")))


def read_page(path: Path) -> str:
    """The text of a page's file; DocumentError where it cannot be read, is too large or not UTF-8."""
    try:
        with path.open("rb") as file:
            return decode_page(file.read(MAX_BYTES + 1), path.name)
    except OSError as error:
        raise DocumentError(path.name, f"the page cannot be read: {error.strerror}") from None


def decode_page(content: bytes, name: str, charset: str = "utf-8") -> str:
    """The text of a page's bytes; DocumentError where they are too many or not of this encoding."""
    if len(content) > MAX_BYTES:
        raise DocumentError(name, f"the page is larger than {MAX_BYTES // 1024 // 1024} MB", 1)
    try:
        return content.decode(charset)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        named = "UTF-8" if charset.lower() in ("utf-8", "utf8") else "in the encoding that its server names"
        raise DocumentError(name, f"the page is not {named} text", line) from None
    except (LookupError, ValueError):
        raise DocumentError(name, "the page's server names an unknown encoding") from None

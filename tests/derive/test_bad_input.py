"""Pages from which nothing can be derived: one line, the exact message, exit code 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsworn.derive import derive
from docsworn.derive.format import load_formats
from docsworn.derive.page import MAX_BYTES, MAX_FIELDS, read_page
from docsworn.errors import DocumentError, ExitCode
from tests.derive.rows import PAGES

KNOWN = ", ".join(load_formats())
CUT = "is the page cut off?"


def text(name: str) -> str:
    """A fixture page's text."""
    return (PAGES / name).read_text(encoding="utf-8")


def problem(page: str) -> str:
    """What derive says of a page named page.md."""
    with pytest.raises(DocumentError) as caught:
        derive(page, document="page.md")
    assert caught.value.exit_code == ExitCode.USAGE
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        ("", "page.md: the page is empty"),
        ("\ufeff \n\t\n", "page.md: the page is empty"),
        ("# Kites\n\nKites fly.\n", f"page.md: not documentation in a known format ({KNOWN})"),
        ("# Page Not Found\n\nNo such page.\n",
         "page.md:1: the page says that it was not found: there is nothing to derive"),
        ("Kites\n\n404 — this kite is gone\n",
         "page.md:3: the page says that it was not found: there is nothing to derive"),
        ("# Kites\n\n## Sign in to Kites\n\nE-mail\nPassword\n",
         "page.md:3: the page asks to log in: there is nothing to derive"),
        ("<!doctype html><title>Log in</title>",
         "page.md: the page asks to log in: there is nothing to derive"),
        ("<!doctype html><title>Kites</title><script>draw()</script>",
         "page.md: the page has no text: is it drawn by a script?"),
        ("<html><body>\n<h1>Page not found</h1></body></html>",
         "page.md:2: the page says that it was not found: there is nothing to derive"),
        ('<html><body><pre><code>{"id": "k1"}</code></pre></body></html>',
         "page.md: the page holds examples only: no OpenAPI block and no list of fields"),
        ("one\ntwo\x00", "page.md:2: the page is binary: it holds a NUL character"),
        ("# Get\n\n```bash\ncurl https://x.example\n```\n\n```json\n{}\n```\n",
         "page.md: the page holds examples only: no OpenAPI block and no list of fields"),
        ("# Get\n\n```yaml\n", f"page.md:3: the code block that opens here is never closed: {CUT}"),
        ("Response\nA thing.\nErrors\n404\nidstring",
         f"page.md:1: the response has no fields: {CUT}"),
        ("Authentication\nAuthorizationBearer\nPath parameters\nidstring",
         f'page.md: no "Response" section: {CUT}'),
        ("Get\nAuthorizations\nPath Parameters\nThe id.\n", f'page.md: no "Response" section: {CUT}'),
        ("Get\nPath Parameters\nThe id.\nResponse\n", f"page.md:4: the response has no fields: {CUT}"),
    ],
)  # fmt: skip
def test_pages_that_are_none(page: str, message: str) -> None:
    """Empty, not documentation, binary, examples only, cut off: each with its reason and line."""
    assert problem(page) == message


@pytest.mark.parametrize(
    ("cut_after", "message"),
    [
        ("    Knot:\n", f"page.md:11: the code block that opens here is never closed: {CUT}"),
        ("```yaml\n", f"page.md:11: the code block that opens here is never closed: {CUT}"),
        ("## OpenAPI Specification\n", f"page.md: not documentation in a known format ({KNOWN})"),
    ],
)
def test_truncated_pages(cut_after: str, message: str) -> None:
    """A page that ends in the middle of its block is refused with the line where the block opens."""
    whole = text("fern-openapi.md")
    assert problem(whole[: whole.index(cut_after) + len(cut_after)]) == message


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("      responses:\n", "      replies:\n", f"page.md:18: the operation has no responses: {CUT}"),
        ("paths:\n", "roads:\n", f"page.md:12: the block describes no operation: {CUT}"),
        ("schemas/Kite-Output'", "schemas/Kit'", f"page.md:47: a reference leads nowhere: {CUT}"),
        ("responses/Gone'", "responses/Lost'", f"page.md:49: a reference leads nowhere: {CUT}"),
        ("'#/components/schemas/Kite-Output'", "https://evil.example/a.json",
         "page.md:47: a remote reference is never fetched: https://evil.example/a.json"),
        ("            type: integer\n", "            type: {a: 1}\n", "page.md:34: a type must be a name"),
        ("      required:\n        - kind\n", "      required: [[kind]]\n",
         'page.md:85: "required" must be a list of names'),
        ("        - value: red\n        - value: no\n        - value: 'null'\n", "        red\n",
         'page.md:69: "enum" must be a list of values'),
        ("        kind:\n          type: string\n", "        kind: 5\n        x:\n          type: string\n",
         "page.md:76: a schema must be a mapping"),
        ("        - name: wind\n          in: query\n", "        - name: wind\n",
         "page.md:30: a parameter needs a name and a place"),
        ("info:\n", "info: [\n", None),
        ("openapi: 3.1.1\n", "openapi: !!python/object:os.system {}\n",
         "page.md:12: the block is not OpenAPI 2 or 3"),
    ],
)  # fmt: skip
def test_broken_blocks(old: str, new: str, message: str | None) -> None:
    """What is wrong inside a block is told with the line of the page, not of the block."""
    whole = text("fern-openapi.md")
    assert old in whole
    found = problem(whole.replace(old, new, 1))
    assert message is None or found == message
    assert found.startswith("page.md:")


def test_hostile_blocks() -> None:
    """Deep nesting and aliases that hold themselves are refused at their line."""
    deep = "```yaml\nopenapi: 3.1.0\nx: " + "[" * 200_000 + "]" * 200_000 + "\n```\n"
    assert problem(deep) == "page.md:3: nested deeper than 100 levels"
    bomb = "a: &a [1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 8)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert "more than" in problem(f"```yaml\nopenapi: 3.1.0\n{bomb}```\n")


def test_pages_out_of_bounds() -> None:
    """A page is at most 20 MB, a text page's response at most 2000 fields."""
    assert problem("x" * (MAX_BYTES + 1)) == "page.md:1: the page is larger than 20 MB"
    many = "Get\nPath Parameters\nThe id.\nResponse\n" + "A thing.\n" * (MAX_FIELDS + 1)
    assert problem(many) == "page.md:4: the response has more than 2000 fields"


def test_files(tmp_path: Path) -> None:
    """A file that is not UTF-8, too large or not there is told by its name, never by its folder."""
    page = tmp_path / "page.md"
    page.write_bytes(b"one\ntwo\xff")
    with pytest.raises(DocumentError) as caught:
        read_page(page)
    assert str(caught.value) == "page.md:2: the page is not UTF-8 text"
    with page.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(DocumentError) as caught:
        read_page(page)
    assert str(caught.value) == "page.md:1: the page is larger than 20 MB"
    with pytest.raises(DocumentError) as caught:
        read_page(tmp_path / "none.md")
    assert str(caught.value) == "none.md: the page cannot be read: No such file or directory"


def test_line_ends_and_byte_order_mark_change_nothing() -> None:
    """A page saved on another system gives the same document with the same lines."""
    for name in ("fern-openapi.md", "fern-text.txt", "mintlify-fence.md", "mintlify-text.txt"):
        expected = derive(text(name), document=name).openapi
        assert derive("\ufeff" + text(name).replace("\n", "\r\n"), document=name).openapi == expected


def test_a_text_of_too_many_lines_is_no_text_page() -> None:
    """A text page has at most 20,000 lines: a longer one is refused at the first that is too many."""
    page = "Get\nPath Parameters\nThe id.\nResponse\n" + "A thing.\n" * 20_000
    assert problem(page) == "page.md:20001: the page of text has more than 20000 lines"

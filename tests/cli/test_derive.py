"""``docsworn derive`` and ``docsworn contract`` from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema.validators import Draft202012Validator

from docsworn.bundled import bundled_dir
from tests.cli.conftest import PROVIDERS, Docsworn

PAGES = Path(__file__).parents[3] / "shared" / "docs"
FOUR = {
    "elevenlabs-get-conversation.md": "elevenlabs/v1-2025-12",
    "speechify-get-conversation.page.txt": "speechify/v1",
    "tavus-get-conversation.newer.page.txt": "tavus/v2-face",
    "tavus-get-conversation.older.md": "tavus/v2-replica",
}
needs_pages = pytest.mark.skipif(not PAGES.is_dir(), reason="the founding pages are not at hand")


@needs_pages
@pytest.mark.parametrize("page", FOUR)
def test_each_founding_page_prints_its_contract(docsworn: Docsworn, page: str) -> None:
    """The document of a page is OpenAPI 3.1, and byte for byte that of its pack."""
    ended = docsworn("derive", str(PAGES / page))
    assert ended.code == 0
    assert json.loads(ended.out)["openapi"].startswith("3.1")
    committed = bundled_dir("contracts") / FOUR[page] / "openapi.json"
    assert ended.out == committed.read_text(encoding="utf-8")


@needs_pages
def test_every_pack_is_what_its_page_gives(docsworn: Docsworn, monkeypatch: pytest.MonkeyPatch) -> None:
    """derive --check finds all four packs the same."""
    monkeypatch.setenv("DOCSWORN_PAGES", str(PAGES))
    ended = docsworn("derive", "--check")
    assert ended.code == 0
    assert ended.out.splitlines() == [f"{pack.replace('/', '@')}: same" for pack in FOUR.values()]


@needs_pages
def test_a_changed_page_is_told(docsworn: Docsworn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A page that is not the one of the recipe any more is exit 1; those absent are named."""
    page = "tavus-get-conversation.older.md"
    text = (PAGES / page).read_text(encoding="utf-8")
    (tmp_path / page).write_text(text + "\n", encoding="utf-8")
    monkeypatch.setenv("DOCSWORN_PAGES", str(tmp_path))
    ended = docsworn("derive", "--check")
    assert ended.code == 1
    assert f"tavus@v2-replica: page changed ({page} is not the page of the recipe)" in ended.out
    assert "speechify@v1: page absent (speechify-get-conversation.page.txt is not at hand)" in ended.out


def test_absent_pages_are_exit_2(docsworn: Docsworn, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where no page is at hand nothing was checked, and it says which variable to set."""
    monkeypatch.setenv("DOCSWORN_PAGES", str(tmp_path))
    ended = docsworn("derive", "--check")
    assert ended.code == 2
    assert "set DOCSWORN_PAGES to the folder that holds them" in ended.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "page.md: the page is empty"),
        (
            b"# Dear diary\n\nToday I wrote no documentation.\n",
            "page.md: not documentation in a known format",
        ),
        (b"\x00\x01", "page.md:1: the page is binary: it holds a NUL character"),
        (b"ok\n\xff\xfe", "page.md:2: the page is not UTF-8 text"),
    ],
)
def test_what_is_no_page_is_refused(docsworn: Docsworn, tmp_path: Path, content: bytes, message: str) -> None:
    """Exit 2 and one sentence; nothing on stdout."""
    page = tmp_path / "page.md"
    page.write_bytes(content)
    ended = docsworn("derive", str(page))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"docsworn: {message}")
    assert ended.err.count("\n") == 1


def test_derive_wants_a_page(docsworn: Docsworn) -> None:
    """Without a page, or with one that is not there, it says so."""
    assert docsworn("derive").err == "docsworn: which page? Name a file, - or a URL, or use --check\n"
    gone = docsworn("derive", "gone.md")
    assert (gone.code, gone.err) == (
        2,
        "docsworn: gone.md: the page cannot be read: No such file or directory\n",
    )


@pytest.mark.parametrize("name", PROVIDERS)
def test_promises_are_listed_with_their_lines(docsworn: Docsworn, name: str) -> None:
    """contract show names kind, place, confidence, severity and source of every promise."""
    ended = docsworn("contract", "show", name)
    assert ended.code == 0
    row = next(line for line in ended.out.splitlines() if " /status " in line and "type: string" in line)
    assert "get-conversation" in row
    data = json.loads(docsworn("contract", "show", name, "--json").out)
    assert set(data[0]) == {
        "id", "pointer", "keyword", "kind", "severity", "confidence", "source", "documented",
    }  # fmt: skip


def test_a_body_is_printed_as_json_schema(docsworn: Docsworn) -> None:
    """contract schema prints a self-contained schema that any validator takes."""
    ended = docsworn("contract", "schema", "tavus@v2-replica")
    schema = json.loads(ended.out)
    Draft202012Validator.check_schema(schema)
    assert len(schema["properties"]) == 9
    missing = docsworn("contract", "schema", "tavus", "--status", "500")
    assert (missing.code, missing.out) == (2, "")
    assert "unknown status with a body" in missing.err


def test_a_pack_with_an_unknown_key_is_refused(docsworn: Docsworn, tmp_path: Path) -> None:
    """A mistake in a pack of one's own has file and line."""
    own = tmp_path / "own" / "acme"
    own.mkdir(parents=True)
    text = (bundled_dir("contracts") / "tavus" / "provider.yaml").read_text(encoding="utf-8")
    (own / "provider.yaml").write_text(
        text.replace("provider: tavus", "provider: acme").replace("budget:", "budgett:"), encoding="utf-8"
    )
    ended = docsworn("check", "acme", "--contracts", str(own.parent), "--emulator")
    assert (ended.code, ended.out) == (2, "")
    assert 'unknown key "budgett" in the file' in ended.err
    assert ended.err.startswith("docsworn: acme/provider.yaml:")


def test_a_truncated_contract_is_exit_3(docsworn: Docsworn, tmp_path: Path) -> None:
    """A contract that cannot be read as one has an exit code of its own."""
    source = bundled_dir("contracts") / "speechify"
    own = tmp_path / "own" / "speechify"
    (own / "v1").mkdir(parents=True)
    (own / "provider.yaml").write_bytes((source / "provider.yaml").read_bytes())
    (own / "v1" / "openapi.json").write_bytes((source / "v1" / "openapi.json").read_bytes()[:500])
    ended = docsworn("contract", "show", "speechify", "--contracts", str(own.parent))
    assert (ended.code, ended.out) == (3, "")
    assert ended.err.startswith("docsworn: speechify/v1/openapi.json:")

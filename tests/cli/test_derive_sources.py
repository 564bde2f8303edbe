"""``docsworn derive``: where documentation comes from, what is printed of it, and what is written."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docsworn.bundled import bundled_dir
from docsworn.derive.recipe import load_recipe
from tests.cli.conftest import Docsworn
from tests.cli.kites import SETTINGS
from tests.cli.test_derive import FOUR, needs_pages
from tests.cli.test_derive import PAGES as FOUNDING
from tests.derive.rows import PAGES
from tests.derive.site import Site, serving

FENCE = PAGES / "mintlify-fence.md"
KEYS = ["status", "pointer", "names", "types", "nullable", "required", "enum", "format", "confidence", "line"]
SEVERAL = """\
openapi: 3.1.0
info: {title: Kites, version: "1"}
servers: [{url: "https://api.kites.example"}]
paths:
  /kites/{id}:
    get:
      operationId: getKite
      parameters:
        - {name: id, in: path, required: true, schema: {type: string}}
      responses:
        "200":
          {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Kite"}}}}
  /winds:
    get:
      operationId: listWinds
      responses:
        "200":
          {description: ok, content: {application/json: {schema: {$ref: "#/components/schemas/Wind"}}}}
components:
  schemas:
    Kite:
      type: object
      required: [size]
      properties: {size: {type: number}, mood: {type: string, enum: [calm, wild]}}
    Wind: {type: array, items: {type: string}}
"""


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty documentation site."""
    with serving() as served:
        yield served


@pytest.fixture
def several(tmp_path: Path) -> Path:
    """A document of two operations."""
    file = tmp_path / "kites.yaml"
    file.write_text(SEVERAL, encoding="utf-8")
    return file


def test_facts_as_rows(docsworn: Docsworn) -> None:
    """JSON rows have exactly the agreed keys; people get the same in columns."""
    ended = docsworn("derive", str(FENCE), "--facts", "--json")
    rows = json.loads(ended.out)
    assert ended.code == 0
    assert all(list(row) == KEYS for row in rows)
    table = docsworn("derive", str(FENCE), "--facts").out.splitlines()
    assert table[0].split() == [
        "status", "place", "type", "null", "required", "enum", "format", "confidence", "line",
    ]  # fmt: skip
    assert len(table) == len(rows) + 1


def test_standard_input_is_a_source(docsworn: Docsworn, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lone - reads standard input; sources then say stdin."""
    text = FENCE.read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    ended = docsworn("derive", "-")
    here = docsworn("derive", str(FENCE))
    assert ended.code == 0
    assert ended.out == here.out.replace("mintlify-fence.md", "stdin")


def test_an_address_is_a_source(docsworn: Docsworn, site: Site) -> None:
    """The linked specification is read; stderr tells what was."""
    site.put("/docs/kite.md", FENCE.read_bytes(), "text/markdown")
    page = site.put("/docs/kite", "<html>Loading</html>")
    ended = docsworn("derive", page)
    assert ended.code == 0
    assert ended.out == docsworn("derive", str(FENCE)).out.replace("mintlify-fence.md", "kite.md")
    assert f"read its Markdown: {site.url}/docs/kite.md" in ended.err


def test_a_specification_of_many_needs_a_choice(docsworn: Docsworn, site: Site) -> None:
    """A linked specification of several operations is passed over until one is chosen."""
    site.put("/openapi.yaml", SEVERAL, "application/yaml")
    page = site.put("/docs/kite.md", f"[spec](/openapi.yaml)\n\n{FENCE.read_text()}", "text/markdown")
    first = docsworn("derive", page)
    assert (
        "passed over the specification that the page links: openapi.yaml describes 2 operations" in first.err
    )
    assert "read the page:" in first.err
    chosen = docsworn("derive", page, "--facts", "--operation", "GET /winds")
    assert [line.split()[:3] for line in chosen.out.splitlines()[1:]] == [
        ["200", "/", "array"], ["200", "/*", "string"],
    ]  # fmt: skip


def test_a_page_chooses_from_what_it_links(docsworn: Docsworn, site: Site) -> None:
    """The call that the page is about is the one that is taken from the linked specification."""
    site.put("/openapi.yaml", SEVERAL, "application/yaml")
    page = site.put("/docs/winds.mdx", "---\nopenapi: /openapi.yaml GET /winds\n---\n", "text/markdown")
    ended = docsworn("derive", page)
    assert ended.code == 0
    assert list(json.loads(ended.out)["paths"]) == ["/winds"]
    other = site.put("/docs/rain.mdx", "---\nopenapi: /openapi.yaml GET /rain\n---\n", "text/markdown")
    missing = docsworn("derive", other)
    assert missing.code == 2
    assert "describes 2 operations, and GET /rain is none of them" in missing.err


def test_an_operation_is_chosen(docsworn: Docsworn, several: Path) -> None:
    """By id or method and path; the document then holds it and what it needs."""
    document = json.loads(docsworn("derive", str(several), "--operation", "getKite").out)
    assert list(document["paths"]) == ["/kites/{id}"]
    assert list(document["components"]["schemas"]) == ["Kite"]
    rows = json.loads(docsworn("derive", str(several), "--operation", "getKite", "--facts", "--json").out)
    assert [(row["pointer"], row["required"]) for row in rows] == [
        ("/id", "yes"), ("", "no"), ("/size", "yes"), ("/mood", "no"),
    ]  # fmt: skip
    unknown = docsworn("derive", str(several), "--operation", "getKit", "--facts")
    assert (unknown.code, unknown.out) == (2, "")
    assert 'did you mean "getKite"' in unknown.err
    undecided = docsworn("derive", str(several), "--facts")
    assert (undecided.code, undecided.out) == (2, "")
    assert "--operation" in undecided.err


def test_a_format_is_named(docsworn: Docsworn) -> None:
    """--format overrides the marks; a name that is none gets a guess."""
    assert docsworn("derive", str(FENCE), "--format", "mintlify-fence").code == 0
    wrong = docsworn("derive", str(FENCE), "--format", "fern-openapi")
    assert (wrong.code, wrong.out) == (2, "")
    unknown = docsworn("derive", str(FENCE), "--format", "mintlify-fense")
    assert unknown.err == 'docsworn: unknown format "mintlify-fense": did you mean "mintlify-fence"?\n'


def test_what_is_written_is_whole(docsworn: Docsworn, tmp_path: Path) -> None:
    """--out has what would be printed; where a page gives nothing the old file stays."""
    out = tmp_path / "kite.json"
    assert docsworn("derive", str(FENCE), "--out", str(out)).out == ""
    assert out.read_text(encoding="utf-8") == docsworn("derive", str(FENCE)).out
    diary = tmp_path / "diary.md"
    diary.write_text("Dear diary.\n", encoding="utf-8")
    before = out.read_bytes()
    assert docsworn("derive", str(diary), "--out", str(out)).code == 2
    assert out.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["diary.md", "empty", "kite.json"]
    assert docsworn("derive", str(FENCE), "--facts", "--out", str(tmp_path)).err.endswith("is no file\n")
    nowhere = docsworn("derive", str(FENCE), "--out", str(tmp_path / "gone" / "kite.json"))
    assert nowhere.code == 2
    assert nowhere.err.endswith("kite.json: cannot be written: No such file or directory\n")


def test_a_pack_is_made_of_a_page(
    docsworn: Docsworn, several: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder without a recipe gets one and the pack, which derive --check then finds the same."""
    pack = tmp_path / "own" / "kites" / "v1"
    pack.parent.mkdir(parents=True)
    (pack.parent / "provider.yaml").write_text(SETTINGS, encoding="utf-8")
    assert docsworn("derive", str(several), "--write", str(pack)).code == 3  # which of the two?
    assert [path.name for path in pack.parent.iterdir()] == ["provider.yaml"]
    made = docsworn("derive", str(several), "--operation", "getKite", "--write", str(pack))
    assert (made.code, made.out) == (0, "")
    recipe = load_recipe(pack / "recipe.yaml")
    assert (recipe.document, recipe.format, recipe.address, recipe.base, recipe.operation, recipe.call) == (
        "kites.yaml", "openapi", None, None, "get_kite", "GET /kites/{id}",
    )  # fmt: skip
    assert sorted(path.name for path in pack.iterdir()) == [
        "get_kite.200.schema.json", "openapi.json", "recipe.yaml",
    ]  # fmt: skip
    assert sorted(path.name for path in pack.parent.iterdir()) == ["provider.yaml", "v1"]
    monkeypatch.setenv("DOCSWORN_PAGES", str(tmp_path))
    checked = docsworn("derive", "--check", "--contracts", str(pack.parent.parent))
    assert "kites@v1: same" in checked.out
    again = docsworn("derive", str(several), "--write", str(pack))
    assert again.code == 0


def test_the_address_goes_into_the_recipe(docsworn: Docsworn, site: Site, tmp_path: Path) -> None:
    """A pack that was made of an address names it."""
    page = site.put("/docs/kite.md", FENCE.read_bytes(), "text/markdown")
    assert docsworn("derive", page, "--write", str(tmp_path / "kites" / "v1")).code == 0
    assert load_recipe(tmp_path / "kites" / "v1" / "recipe.yaml").address == page


@needs_pages
@pytest.mark.parametrize("page", FOUR)
def test_a_touched_page_has_not_changed(docsworn: Docsworn, tmp_path: Path, page: str) -> None:
    """Bytes that say nothing new are no change, also where the recipe does not apply any more."""
    touched = tmp_path / page
    touched.write_text((FOUNDING / page).read_text(encoding="utf-8") + "\n", encoding="utf-8")
    ended = docsworn("derive", str(touched), "--against", FOUR[page].replace("/", "@"))
    assert (ended.code, ended.out.splitlines()[0]) == (
        0, f"{FOUR[page].replace('/', '@')}: the documentation has not changed",
    )  # fmt: skip


@needs_pages
def test_two_states_of_tavus_differ(docsworn: Docsworn) -> None:
    """The newer page has a parameter and names that the older contract has not; nothing is gone."""
    newer = str(FOUNDING / "tavus-get-conversation.newer.page.txt")
    ended = docsworn("derive", newer, "--against", "tavus@v2-replica")
    assert ended.code == 1
    assert ended.out.splitlines()[:2] == [
        "tavus@v2-replica: the documentation has changed: 5 added, 0 gone, 0 changed",
        "  added    request /verbose, boolean (line 8)",
    ]


def test_changes_are_told(docsworn: Docsworn, several: Path, tmp_path: Path) -> None:
    """Added, gone and changed facts, for people and programs; the contract chooses the operation."""
    own = tmp_path / "own" / "kites"
    own.mkdir(parents=True)
    text = (bundled_dir("contracts") / "tavus" / "provider.yaml").read_text(encoding="utf-8")
    for old, new in (
        ("provider: tavus", "provider: kites"), ("v2-replica, v2-face", "v1"), ("v2-face", "v1"),
        ("get_conversation", "get_kite"),
    ):  # fmt: skip
        text = text.replace(old, new)
    (own / "provider.yaml").write_text(text, encoding="utf-8")
    page = tmp_path / "one.yaml"
    page.write_text(SEVERAL.split("  /winds:")[0] + "components:" + SEVERAL.split("components:")[1], "utf-8")
    assert docsworn("derive", str(page), "--write", str(own / "v1")).code == 0
    where = ("--against", "kites", "--contracts", str(own.parent))
    assert docsworn("derive", str(several), *where).code == 0
    changed = SEVERAL.replace("size: {type: number}", "span: {type: number}").replace("wild]", "wild, lost]")
    several.write_text(changed.replace("required: [size]", "required: [span]"), encoding="utf-8")
    ended = docsworn("derive", str(several), *where)
    assert ended.code == 1
    lines = [line.partition(" (")[0] for line in ended.out.splitlines()]
    assert lines == [
        "kites@v1: the documentation has changed: 1 added, 1 gone, 1 changed",
        "  added    200 /span, number, required",
        "  gone     200 /size, number, required",
        "  changed  200 /mood enum: calm,wild -> calm,wild,lost",
    ]
    data = json.loads(docsworn("derive", str(several), *where, "--json").out)
    assert (data["provider"], data["revision"], data["same"]) == ("kites", "v1", False)
    assert [row["pointer"] for row in data["added"] + data["gone"]] == ["/span", "/size"]
    assert data["changed"][0]["page"] == ["calm", "wild", "lost"]


@needs_pages
@pytest.mark.parametrize("base", ["tavus@v2-replica", "v2-replica", "file"])
def test_a_base_gives_names(docsworn: Docsworn, tmp_path: Path, base: str) -> None:
    """A page without names is named after a revision, by its name, its provider's, or its file."""
    page = tmp_path / "newer.txt"
    page.write_text((FOUNDING / "tavus-get-conversation.newer.page.txt").read_text("utf-8") + "\n", "utf-8")
    named = (
        str(bundled_dir("contracts") / "tavus" / "v2-replica" / "openapi.json") if base == "file" else base
    )
    rows = json.loads(docsworn("derive", str(page), "--base", named, "--facts", "--json").out)
    fields = [row["pointer"] for row in rows if row["status"] == "200" and row["pointer"]]
    assert len(fields) == 9
    bare = json.loads(docsworn("derive", str(page), "--facts", "--json").out)
    assert [row["pointer"] for row in bare if row["status"] == "200" and row["pointer"]] == []
    assert sum(row["pointer"] is None for row in bare) == 11


def test_a_base_that_nobody_knows(docsworn: Docsworn, tmp_path: Path) -> None:
    """A wrong name gets a guess, a file that is no document a sentence."""
    unknown = docsworn("derive", str(FENCE), "--base", "v2-replika")
    assert (unknown.code, unknown.out) == (2, "")
    assert 'did you mean "v2-replica"' in unknown.err
    file = tmp_path / "base.json"
    file.write_text("[]", encoding="utf-8")
    assert "is no OpenAPI document" in docsworn("derive", str(FENCE), "--base", str(file)).err


DERIVE_ALL = """
import sys
from docsworn.cli.main import run
for page in sys.argv[1:]:
    assert run(["derive", page]) == 0
    assert run(["derive", page, "--facts"]) == 0
"""


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    """Nothing depends on the order in which this process hashes."""
    names = ("mintlify-fence.md", "fern-openapi.md", "fern-text.txt", "mintlify-text.txt")
    command = [sys.executable, "-c", DERIVE_ALL, *(str(PAGES / name) for name in names)]
    printed = {
        subprocess.run(
            command, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4242")
    }
    (same,) = printed
    assert same.count(b'"openapi": "3.1.0"') == len(names)

"""Packs are written from their pages in one step, and held against them byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsworn.derive.recheck import PackCheck, check_packs, find_packs, recipe_for, write_pack
from docsworn.derive.recipe import fingerprint
from docsworn.errors import ContractError, DocumentError
from tests.derive.rows import PAGES

RECIPE = """\
document: {document}
address: null
sha256: "{sha256}"
format: {format}
base: {base}
operation: get_lamp
overlay: {overlay}
"""
OLD, NEW = "mintlify-fence-silent.md", "mintlify-text.txt"
CARRY = """
  - {target: "/paths/~1lamps~1{lamp_id}/get", copy: true, confidence: curated, why: as before}
"""


def make(root: Path, revision: str, document: str, **fields: str) -> Path:
    """A pack folder with a recipe only."""
    directory = root / "lamps" / revision
    directory.mkdir(parents=True)
    text = (PAGES / document).read_text(encoding="utf-8")
    values = {
        "sha256": fingerprint(text),
        "base": "null",
        "overlay": "[]",
        "format": "mintlify-fence",
    } | fields
    (directory / "recipe.yaml").write_text(RECIPE.format(document=document, **values), encoding="utf-8")
    return directory


def written(root: Path) -> Path:
    """A written pack of the older page."""
    directory = make(root, "v1", OLD)
    write_pack(directory, PAGES / OLD)
    return directory


def only(root: Path, pages: Path = PAGES) -> PackCheck:
    """The check of the only pack."""
    (check,) = check_packs([root], pages)
    return check


def test_what_is_written_is_the_same(tmp_path: Path) -> None:
    """Document and one schema a status with a body; nothing temporary stays."""
    directory = written(tmp_path)
    assert sorted(path.name for path in directory.iterdir()) == [
        "get_lamp.200.schema.json", "get_lamp.404.schema.json", "openapi.json", "recipe.yaml",
    ]  # fmt: skip
    assert only(tmp_path) == PackCheck("lamps", "v1", "same")


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    """The first differing line is named."""
    path = written(tmp_path) / "openapi.json"
    path.write_text(path.read_text(encoding="utf-8").replace("Get Lamp", "Get lamp"), encoding="utf-8")
    assert only(tmp_path) == PackCheck("lamps", "v1", "different", "openapi.json:4 differs")


def test_missing_and_surplus_schemas_are_found(tmp_path: Path) -> None:
    """A body schema too few or too many is a difference."""
    path = written(tmp_path) / "get_lamp.404.schema.json"
    surplus = path.with_name("get_lamp.500.schema.json")
    path.rename(surplus)
    assert only(tmp_path).detail == "get_lamp.404.schema.json is missing"
    path.write_bytes(surplus.read_bytes())
    assert only(tmp_path).detail == "get_lamp.500.schema.json is not derived from the page"
    write_pack(path.parent, PAGES / OLD)
    assert only(tmp_path).state == "same"


def test_pages_absent_and_changed(tmp_path: Path) -> None:
    """A page that is not there, and one that is another text."""
    written(tmp_path / "packs")
    pages = tmp_path / "pages"
    pages.mkdir()
    assert only(tmp_path / "packs", pages).state == "page absent"
    (pages / OLD).write_text("changed", encoding="utf-8")
    assert only(tmp_path / "packs", pages).state == "page changed"


def test_nothing_is_written_from_another_page(tmp_path: Path) -> None:
    """A page that is not the recipe's is refused before anything is written."""
    directory = make(tmp_path, "v1", OLD, sha256="0" * 64)
    with pytest.raises(ContractError, match=f"sha256 is not that of {OLD}$"):
        write_pack(directory, PAGES / OLD)
    assert [path.name for path in directory.iterdir()] == ["recipe.yaml"]


def test_no_partial_pack(tmp_path: Path) -> None:
    """A page that cannot be derived writes nothing."""
    directory = make(tmp_path, "v1", OLD)
    text = (PAGES / OLD).read_text(encoding="utf-8")[:900]
    page = tmp_path / OLD
    page.write_text(text, encoding="utf-8")
    recipe = directory / "recipe.yaml"
    whole = (PAGES / OLD).read_text(encoding="utf-8")
    recipe.write_text(
        recipe.read_text(encoding="utf-8").replace(fingerprint(whole), fingerprint(text)), encoding="utf-8"
    )
    with pytest.raises(DocumentError):
        write_pack(directory, page)
    assert [path.name for path in directory.iterdir()] == ["recipe.yaml"]


def test_a_base_is_the_committed_pack_beside_it(tmp_path: Path) -> None:
    """The newer page needs the older pack, not the older page."""
    newer = make(tmp_path, "v2", NEW, base="v1", format="mintlify-text", overlay=CARRY)
    with pytest.raises(ContractError, match=r'the base revision "v1" has no readable openapi\.json$'):
        write_pack(newer, PAGES / NEW)
    written(tmp_path)
    write_pack(newer, PAGES / NEW)
    assert [check.state for check in check_packs([tmp_path], PAGES)] == ["same", "same"]


def test_a_recipe_that_does_not_fit_is_a_difference(tmp_path: Path) -> None:
    """An overlay whose target is gone is told, not raised: the other packs are checked all the same."""
    overlay = '[{target: "/servers/7", remove: true, confidence: curated, why: x}]'
    make(tmp_path, "v1", OLD, overlay=overlay)
    assert only(tmp_path) == PackCheck(
        "lamps", "v1", "different", 'recipe.yaml:7: no "/servers/7" in the derived document'
    )


def test_a_page_finds_its_recipe(tmp_path: Path) -> None:
    """By the SHA-256 of its text, whatever its name; an unknown page has none."""
    written(tmp_path)
    text = (PAGES / OLD).read_text(encoding="utf-8")
    found = recipe_for(text, [tmp_path])
    assert found is not None
    assert (found.provider, found.revision, found.base()) == ("lamps", "v1", None)
    assert recipe_for(text + "\n", [tmp_path]) is None


def test_an_earlier_root_hides_a_later_one(tmp_path: Path) -> None:
    """A user's own pack stands before the bundled one of the same name."""
    mine, bundled = tmp_path / "mine", tmp_path / "bundled"
    written(mine)
    written(bundled)
    assert [pack.directory for pack in find_packs([mine, bundled])] == [mine / "lamps" / "v1"]

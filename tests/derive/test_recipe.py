"""Recipes: what they may hold, and the exact message for what they may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from docsworn.derive.recipe import Recipe, load_recipe
from docsworn.errors import ContractError, ExitCode
from docsworn.model import Confidence

GOOD = """\
document: kite.md
address: null
sha256: "00"
format: fern-openapi
base: null
operation: get_kite
overlay:
  - target: /paths/~1v3/get
    update: {x-note: 1}
    confidence: inferred
    why: because
    line: 7
  - target: ""
    copy: true
    confidence: curated
    why: as before
"""


def load(tmp_path: Path, text: str) -> Recipe:
    """The recipe of a text."""
    path = tmp_path / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    return load_recipe(path)


def test_a_good_recipe(tmp_path: Path) -> None:
    """Pointers are split, each action knows its own line."""
    recipe = load(tmp_path, GOOD)
    first, second = recipe.overlay
    assert (recipe.document, recipe.address, recipe.base, recipe.operation) == (
        "kite.md",
        None,
        None,
        "get_kite",
    )
    assert (first.target, first.confidence, first.line, first.at) == (
        ("paths", "/v3", "get"), Confidence.INFERRED, 7, 8,
    )  # fmt: skip
    assert (second.target, second.copy, second.line, second.at) == ((), True, None, 13)


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("address:", "adress:", 2, 'unknown recipe key "adress"'),
        ("    why: because", "    whence: because", 11, 'unknown action key "whence"'),
        ("operation: get_kite\n", "", 1, '"operation" must be a text'),
        ("format: fern-openapi", "format: 7", 4, '"format" must be a text'),
        ("    update: {x-note: 1}\n", "", 8, "an action needs exactly one of update, copy, remove"),
        ("    update: {x-note: 1}", "    update: 1", 9, '"update" must be a mapping'),
        ("    copy: true", "    copy: false", 14, '"copy" can only be true'),
        ("confidence: inferred", "confidence: documented", 10, '"confidence" must be curated or inferred'),
        ("    line: 7", "    line: 0", 12, '"line" must be a line number'),
        ("/paths/~1v3/get", "paths", 8, '"target" must be a JSON pointer'),
        ("overlay:\n", "overlay: 5\nx:\n", 8, 'unknown recipe key "x"'),
        (
            "document: kite.md",
            "document: kite.md\ndocument: b",
            2,
            'the key "document" stands twice (first in line 1): write it once',
        ),
    ],
)
def test_what_is_wrong(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    """File, line and problem, as a contract error."""
    assert old in GOOD
    with pytest.raises(ContractError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert str(caught.value) == f"{tmp_path / 'recipe.yaml'}:{line}: {problem}"
    assert caught.value.exit_code == ExitCode.CONTRACT_INVALID


def test_a_recipe_that_is_not_there(tmp_path: Path) -> None:
    """A missing file is a contract error too."""
    with pytest.raises(ContractError, match=r"recipe\.yaml: the recipe cannot be read$"):
        load_recipe(tmp_path / "recipe.yaml")

"""The order of the house, held by import-linter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "docsworn"
ORDER = (
    *("errors", "model", "bundled", "serving", "contract", "probe", "derive", "check", "observe", "fuzz"),
    *("compat", "emulate", "watch", "export", "cli", "__main__"),
)


def _layers() -> list[str]:
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    (contract,) = tool["contracts"]
    return list(reversed(contract["layers"]))


def _rooms() -> set[str]:
    folders = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    return folders | {path.stem for path in SOURCE.glob("*.py")} - {"__init__"}


def test_layers_stand_in_the_order_of_the_house() -> None:
    """The import contract lists the rooms as the architecture does."""
    assert tuple(layer.strip("()") for layer in _layers()) == ORDER


def test_layers_are_exactly_the_rooms_that_exist() -> None:
    """A room that exists is a firm layer; only a room to come stands in parentheses."""
    assert {layer for layer in _layers() if not layer.startswith("(")} == _rooms()


def test_architecture_page_lists_the_rooms_in_order() -> None:
    """The table in docs/architecture.md has every room that exists, in the same order."""
    lines = (ROOT / "docs" / "architecture.md").read_text().splitlines()
    table = [line.split("`")[1].removesuffix(".py").strip("/") for line in lines if line.startswith("| `")]
    assert table == [room for room in ORDER[:-1] if room in _rooms()]


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("attic/__init__.py", '"""A room nobody planned."""\n', "attic"),
        (
            "errors.py",
            "import docsworn.contract\n",
            "docsworn.errors is not allowed to import docsworn.contract",
        ),
    ],
    ids=["room outside the order", "import against the order"],
)
def test_linter_refuses(tmp_path: Path, file: str, line: str, complaint: str) -> None:
    """A room outside the order and an import against it both fail the check."""
    shutil.copytree(SOURCE, tmp_path / "docsworn", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    target = tmp_path / "docsworn" / file
    target.parent.mkdir(exist_ok=True)
    with target.open("a") as opened:
        opened.write(line)
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 1, done.stdout + done.stderr
    assert complaint in done.stdout

"""Finding the bundled folders in a checkout, in a wheel, and where there are none."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from docsworn import bundled
from docsworn.errors import DocswornError

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", get_args(bundled.BundledName))
def test_checkout_gives_its_own_folders(name: bundled.BundledName) -> None:
    """In a checkout the folders at the root are the bundled ones."""
    assert bundled.bundled_dir(name) == ROOT / name


def test_wheel_gives_the_folder_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package has them inside itself."""
    package = tmp_path / "site-packages" / "docsworn"
    (package / "_bundled" / "checks").mkdir(parents=True)
    monkeypatch.setattr(bundled, "_PACKAGE", package)
    assert bundled.bundled_dir("checks") == package / "_bundled" / "checks"


def test_incomplete_installation_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the folder there is a sentence, and a neighbour's folder of that name is not taken."""
    package = tmp_path / "lib" / "site-packages" / "docsworn"
    package.mkdir(parents=True)
    (tmp_path / "lib" / "contracts").mkdir()
    monkeypatch.setattr(bundled, "_PACKAGE", package)
    with pytest.raises(DocswornError, match="has no contracts folder: install it again"):
        bundled.bundled_dir("contracts")

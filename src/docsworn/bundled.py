"""Finds the data that comes with docsworn, in a checkout and in an installed wheel alike."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from docsworn.errors import DocswornError

BundledName = Literal["contracts", "checks", "exporters"]

_PACKAGE = Path(__file__).resolve().parent


def bundled_dir(name: BundledName) -> Path:
    """The folder ``name`` that came with docsworn; DocswornError if the installation lacks it."""
    for folder in (_PACKAGE / "_bundled" / name, *_in_checkout(name)):
        if folder.is_dir():
            return folder
    raise DocswornError(f"this installation of docsworn has no {name} folder: install it again")


def _in_checkout(name: BundledName) -> tuple[Path, ...]:
    # Only a source layout counts: site-packages/../../contracts would be somebody else's folder.
    return (_PACKAGE.parents[1] / name,) if _PACKAGE.parent.name == "src" else ()

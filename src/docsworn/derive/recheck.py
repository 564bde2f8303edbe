"""Whether the packs are still what their pages give, byte for byte; and writing them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from docsworn.derive.atomic import write_file, write_folder
from docsworn.derive.page import read_page
from docsworn.derive.pipeline import derive
from docsworn.derive.recipe import FILE, Recipe, fingerprint, load_recipe, render_recipe
from docsworn.derive.render import DOCUMENT, SCHEMA_SUFFIX, render_bodies, render_document
from docsworn.errors import ContractError, DocumentError

State = Literal["same", "different", "page absent", "page changed"]


@dataclass(frozen=True, slots=True)
class PackCheck:
    """What became of one pack; ``detail`` names the first difference, or is empty."""

    provider: str
    revision: str
    state: State
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack that has a recipe."""

    provider: str
    revision: str
    directory: Path
    recipe: Recipe

    def base(self) -> Mapping[str, Any] | None:
        """The committed document of the base revision; None where the recipe names none."""
        return load_base(self.directory, self.recipe)


def find_packs(roots: Sequence[Path]) -> Iterator[Pack]:
    """Every pack with a recipe, by provider and revision; an earlier root hides a later one."""
    seen: set[tuple[str, str]] = set()
    for root in roots:
        for path in sorted(root.glob(f"*/*/{FILE}")):
            directory = path.parent
            name = directory.parent.name, directory.name
            if name not in seen:
                seen.add(name)
                yield Pack(*name, directory, load_recipe(path))


def recipe_for(text: str, roots: Sequence[Path]) -> Pack | None:
    """The pack that was read from exactly this page, or None."""
    wanted = fingerprint(text)
    return next((pack for pack in find_packs(roots) if pack.recipe.sha256 == wanted), None)


def load_base(directory: Path, recipe: Recipe) -> Mapping[str, Any] | None:
    """The base revision's committed document, beside the pack; ContractError where it is not there."""
    if recipe.base is None:
        return None
    path = directory.parent / recipe.base / DOCUMENT
    try:
        base: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ContractError(
            str(directory / FILE), f'the base revision "{recipe.base}" has no readable {DOCUMENT}'
        ) from None
    return base


def check_packs(roots: Sequence[Path], pages: Path) -> tuple[PackCheck, ...]:
    """Every pack re-derived from its page in ``pages`` (found by file name) and compared."""
    return tuple(_check(pack, pages) for pack in find_packs(roots))


def write_pack(pack_dir: Path, page: Path) -> None:
    """Derive a page by the recipe in a pack and write the generated files, each in one step.

    Nothing is written where the page cannot be derived or is not the one the recipe names.
    """
    recipe = load_recipe(pack_dir / FILE)
    text = read_page(page)
    if fingerprint(text) != recipe.sha256:
        raise ContractError(str(pack_dir / FILE), f"sha256 is not that of {page.name}")
    files = _generated(pack_dir, recipe, text)
    for name, content in files.items():
        write_file(pack_dir / name, content)
    for surplus in sorted(pack_dir.glob(f"*{SCHEMA_SUFFIX}")):
        if surplus.name not in files:
            surplus.unlink()


def write_new_pack(pack_dir: Path, text: str, recipe: Recipe) -> None:
    """Make a pack's folder with a recipe and all that it gives, in one step.

    DocumentError or ContractError where the page does not give a whole contract by this recipe.
    """
    files = _generated(pack_dir, recipe, text)
    write_folder(pack_dir, {FILE: render_recipe(recipe), **files})


def _check(pack: Pack, pages: Path) -> PackCheck:
    name = (pack.provider, pack.revision)
    page = pages / pack.recipe.document
    if not page.is_file():
        return PackCheck(*name, "page absent", f"{pack.recipe.document} is not at hand")
    try:
        text = read_page(page)
        if fingerprint(text) != pack.recipe.sha256:
            return PackCheck(*name, "page changed", f"{pack.recipe.document} is not the page of the recipe")
        difference = _first_difference(pack.directory, _generated(pack.directory, pack.recipe, text))
    except (ContractError, DocumentError) as error:
        return PackCheck(*name, "different", str(error))
    return PackCheck(*name, "different", difference) if difference else PackCheck(*name, "same")


def _generated(directory: Path, recipe: Recipe, text: str) -> dict[str, str]:
    derivation = derive(text, document=recipe.document, recipe=recipe, base=load_base(directory, recipe))
    bodies = render_bodies(derivation.openapi, recipe.operation)
    return {DOCUMENT: render_document(derivation.openapi), **bodies}


def _first_difference(directory: Path, files: Mapping[str, str]) -> str:
    for name, expected in files.items():
        path = directory / name
        if not path.is_file():
            return f"{name} is missing"
        committed = path.read_bytes()
        if committed != expected.encode("utf-8"):
            return f"{name}:{_first_line(committed, expected.encode('utf-8'))} differs"
    surplus = sorted(path.name for path in directory.glob(f"*{SCHEMA_SUFFIX}") if path.name not in files)
    return f"{surplus[0]} is not derived from the page" if surplus else ""


def _first_line(committed: bytes, expected: bytes) -> int:
    pairs = enumerate(zip(committed.split(b"\n"), expected.split(b"\n"), strict=False), start=1)
    shorter = min(committed.count(b"\n"), expected.count(b"\n")) + 1
    return next((number for number, (one, other) in pairs if one != other), shorter)

"""``docsworn derive``: a documentation page as an OpenAPI contract, and whether the packs still match."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from docsworn.cli.options import Contracts
from docsworn.contract.packs import pack_roots
from docsworn.derive import derive as derive_text
from docsworn.derive.page import read_page
from docsworn.derive.recheck import PackCheck, check_packs, recipe_for, write_pack
from docsworn.derive.render import render_document
from docsworn.errors import ConfigError, ExitCode, UsageError

PAGES = "DOCSWORN_PAGES"
DEFAULT_PAGES = "../shared/docs"

app = typer.Typer(rich_markup_mode=None, add_completion=False)


@app.command()
def derive(
    page: Annotated[
        Path | None, typer.Argument(metavar="[PAGE]", help="A documentation page, as a file.")
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help=f"Re-derive every pack whose page is at hand (${PAGES}) and compare its bytes."
        ),
    ] = False,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="DIR", help="Write the pack in this folder, by its recipe.yaml."),
    ] = None,
    contracts: Contracts = None,
) -> int:
    """Turn a documentation page into an OpenAPI 3.1 contract and print it as JSON.

    A page that a pack was read from is read by that pack's recipe.
    """
    if check:
        if page is not None or write is not None:
            raise UsageError("--check takes no page: it re-derives the packs")
        return _check(pack_roots(contracts), os.environ)
    if page is None:
        raise UsageError("which page? Name a file, or use --check")
    if write is not None:
        write_pack(write, page)
        typer.echo(f"wrote {write}", err=True)
        return ExitCode.KEPT
    _print(page, pack_roots(contracts))
    return ExitCode.KEPT


def _print(page: Path, roots: Sequence[Path]) -> None:
    text = read_page(page)
    pack = recipe_for(text, roots)
    if pack is None:
        derivation = derive_text(text, document=page.name)
    else:
        typer.echo(f"read by the recipe of {pack.provider}@{pack.revision}: the page is the same", err=True)
        derivation = derive_text(text, document=pack.recipe.document, recipe=pack.recipe, base=pack.base())
    for note in derivation.notes:
        typer.echo(note, err=True)
    typer.echo(render_document(derivation.openapi), nl=False)


def _check(roots: Sequence[Path], environ: Mapping[str, str]) -> int:
    pages = Path(environ.get(PAGES) or DEFAULT_PAGES)
    results = check_packs(roots, pages)
    for result in results:
        typer.echo(_line(result))
    if all(result.state == "page absent" for result in results):
        raise ConfigError(f"no page is at hand in {pages}: set {PAGES} to the folder that holds them")
    changed = any(result.state in ("different", "page changed") for result in results)
    return ExitCode.FINDINGS if changed else ExitCode.KEPT


def _line(result: PackCheck) -> str:
    detail = f" ({result.detail})" if result.detail else ""
    return f"{result.provider}@{result.revision}: {result.state}{detail}"

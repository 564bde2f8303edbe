"""``docsworn derive``: documentation as a contract or as facts, and whether either has changed."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from docsworn.cli.options import AsJson, Contracts
from docsworn.cli.pages import Page, Reading, base_document, read_source
from docsworn.cli.tell_facts import difference_lines, facts_table
from docsworn.contract.packs import SETTINGS_FILE, load_contract, load_provider, pack_roots
from docsworn.contract.settings import load_settings
from docsworn.derive.atomic import write_file
from docsworn.derive.compare import call_of, compare_documents
from docsworn.derive.document import operations, slug
from docsworn.derive.recheck import PackCheck, check_packs, write_new_pack, write_pack
from docsworn.derive.recipe import FILE, Recipe, fingerprint
from docsworn.derive.render import render_document
from docsworn.errors import ConfigError, ExitCode, UsageError

PAGES = "DOCSWORN_PAGES"
DEFAULT_PAGES = "../shared/docs"

app = typer.Typer(rich_markup_mode=None, add_completion=False)


Source = Annotated[
    str | None,
    typer.Argument(metavar="[SOURCE]", help="Documentation: a file, - for standard input, or a URL."),
]
ShowFacts = Annotated[bool, typer.Option("--facts", help="Print facts, one row a place.")]
Format = Annotated[
    str | None, typer.Option("--format", metavar="NAME", help="The page's format, not to be guessed.")
]
Base = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="REVISION",
        help="Name the fields of a page without names after this earlier revision.",
    ),
]
OperationName = Annotated[
    str | None,
    typer.Option("--operation", metavar="ID|'GET /path'", help="The operation, where there are several."),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write to this file, whole or not at all.")
]
Against = Annotated[
    str | None,
    typer.Option(
        "--against",
        metavar="PROVIDER[@REVISION]",
        help="Compare the facts with a contract's: exit 0 the same, 1 changed.",
    ),
]
CheckPacks = Annotated[
    bool,
    typer.Option(
        "--check", help=f"Re-derive every pack whose page is at hand (${PAGES}) and compare its bytes."
    ),
]
Write = Annotated[
    Path | None,
    typer.Option(
        "--write", metavar="DIR", help="Write the pack in this folder by its recipe.yaml, or make one."
    ),
]


@app.command()
def derive(
    source: Source = None,
    facts: ShowFacts = False,
    as_json: AsJson = False,
    format: Format = None,
    base: Base = None,
    operation: OperationName = None,
    out: Out = None,
    against: Against = None,
    check: CheckPacks = False,
    write: Write = None,
    contracts: Contracts = None,
) -> int:
    """Turn documentation into an OpenAPI 3.1 contract and print it as JSON.

    Of a URL, the specification that the page links is tried first, then its Markdown, then its text. A
    page that a pack was read from is read by that pack's recipe.
    """
    roots = pack_roots(contracts)
    if check:
        if source is not None or write is not None:
            raise UsageError("--check takes no page: it re-derives the packs")
        return _check(roots, os.environ)
    if source is None:
        raise UsageError("which page? Name a file, - or a URL, or use --check")
    based = base_document(base, roots) if base is not None else None
    reading = Reading(roots, format, based, operation)
    if write is not None:
        return _write(source, write, reading, base)
    if against is not None:
        return _compare(source, against, reading, out, as_json)
    page = _told(read_source(source, reading))
    if not facts:
        return _print(render_document(page.derivation.openapi), out)
    found = page.derivation.facts
    rows = json.dumps([fact.as_row() for fact in found], indent=1, ensure_ascii=False) + "\n"
    return _print(rows if as_json else facts_table(found), out)


def _told(page: Page) -> Page:
    """The page, after what people should know of it was said."""
    for note in (*page.notes, *page.derivation.notes):
        typer.echo(note, err=True)
    return page


def _print(text: str, out: Path | None) -> int:
    if out is None:
        typer.echo(text, nl=False)
    else:
        write_file(out, text)
    return ExitCode.KEPT


def _compare(source: str, against: str, reading: Reading, out: Path | None, as_json: bool) -> int:
    name, _, revision = against.partition("@")
    contract = load_contract(load_provider(name, reading.roots), revision or None)
    page = _told(read_source(source, replace(reading, contract=contract.document)))
    difference = compare_documents(contract.document, page.derivation.openapi)
    title = f"{contract.provider}@{contract.revision}"
    data = {"provider": contract.provider, "revision": contract.revision, **difference.as_data()}
    as_text = "\n".join([*difference_lines(title, difference), ""])
    _print(json.dumps(data, indent=1, ensure_ascii=False) + "\n" if as_json else as_text, out)
    return ExitCode.KEPT if difference.same else ExitCode.FINDINGS


def _write(source: str, pack_dir: Path, reading: Reading, base: str | None) -> int:
    """Write a pack by its recipe; a folder without one gets a recipe and a pack from this page."""
    if (pack_dir / FILE).exists():
        write_pack(pack_dir, Path(source))
    else:
        page = _told(read_source(source, reading))
        recipe = Recipe(
            document=page.document,
            address=page.address,
            sha256=fingerprint(page.text),
            format=page.derivation.format,
            base=None if base is None else base.rpartition("@")[2],
            operation=_operation_name(page, pack_dir.parent / SETTINGS_FILE),
            overlay=(),
            call=None if reading.operation is None else call_of(page.derivation.openapi),
        )
        write_new_pack(pack_dir, page.text, recipe)
    typer.echo(f"wrote {pack_dir}", err=True)
    return ExitCode.KEPT


def _operation_name(page: Page, settings: Path) -> str:
    """What the provider calls its operation, else what the page does."""
    if settings.is_file():
        return next(iter(load_settings(settings).operations))
    named = [str(node.get("operationId", path)) for path, _, node in operations(page.derivation.openapi)]
    return slug(named[0]) if named else "operation"


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

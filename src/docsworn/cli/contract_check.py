"""``docsworn contract check``: whether packs are valid, and still what their pages give."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import typer

from docsworn.cli.choose import find_promise, load_compiled
from docsworn.cli.derive import DEFAULT_PAGES, PAGES
from docsworn.cli.options import Contracts
from docsworn.contract.packs import Provider, load_provider, pack_roots, provider_names
from docsworn.contract.waivers import WAIVERS_FILE, read_waivers
from docsworn.derive.recheck import PackCheck, check_packs
from docsworn.errors import DocswornError, ExitCode


def check(contracts: Contracts = None) -> int:
    """Load every pack of a folder, and derive again those whose page is at hand ($DOCSWORN_PAGES).

    A page that is not at hand is a notice. Exit code 0 valid, 1 not what the page gives, 2 and 3 invalid.
    """
    roots = pack_roots(contracts)
    root = roots[0]
    codes = {_valid(roots, name) for name in provider_names((root,))} | {_waivers_valid(root, roots)}
    if codes <= {ExitCode.KEPT}:
        pages = Path(os.environ.get(PAGES) or DEFAULT_PAGES)
        codes = {_derived(found) for found in check_packs((root,), pages)}
    return max(codes, default=ExitCode.KEPT)


def _waivers_valid(root: Path, roots: Sequence[Path]) -> int:
    """Whether each waiver beside the packs names a promise that some revision of its provider has."""
    try:
        for row in read_waivers((root,)):
            if row.promise is not None:
                find_promise(load_provider(row.provider, roots), row.promise)
    except DocswornError as error:
        return _invalid(WAIVERS_FILE, error)
    return ExitCode.KEPT


def _valid(roots: Sequence[Path], name: str) -> int:
    try:
        provider = load_provider(name, roots)
    except DocswornError as error:
        return _invalid(name, error)
    return max(_revisions(provider))


def _revisions(provider: Provider) -> Iterator[int]:
    for revision in provider.settings.revisions:
        name = f"{provider.settings.provider}@{revision}"
        try:
            operations = load_compiled(provider, revision).operations.values()
        except DocswornError as error:
            yield _invalid(name, error)
        else:
            promises = sum(len(operation.promises) for operation in operations)
            typer.echo(f"{name}: valid, {promises} promises")
            yield ExitCode.KEPT


def _invalid(name: str, error: DocswornError) -> int:
    for line in str(error).splitlines():
        typer.echo(f"{name}: {line}")
    return error.exit_code


def _derived(found: PackCheck) -> int:
    name = f"{found.provider}@{found.revision}"
    if found.state == "page absent":
        typer.echo(f"{name}: not derived again: {found.detail}", err=True)
        return ExitCode.KEPT
    typer.echo(f"{name}: {found.state}{f' ({found.detail})' if found.detail else ''}")
    return ExitCode.KEPT if found.state == "same" else ExitCode.FINDINGS

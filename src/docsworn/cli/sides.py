"""From OLD and NEW on the command line to documents: a pack, a file, a page or an address each."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import typer

from docsworn.cli.pages import STDIN, Page, Reading, read_source
from docsworn.compat.reading import Raw, is_data, read_raw
from docsworn.contract.packs import load_contract, load_provider, provider_names
from docsworn.derive.address import is_address
from docsworn.derive.page import MAX_BYTES, decode_page, read_page
from docsworn.errors import UnknownNameError, UsageError
from docsworn.probe.fetch import Fetcher

_DERIVED = "3.1.0"


@dataclass(frozen=True, slots=True)
class Side:
    """A document and, where it is a pack, its provider and revision."""

    raw: Raw
    provider: str = ""
    revision: str = ""


def load_side(
    source: str, roots: Sequence[Path], base: Raw | None = None, operation: str | None = None
) -> Side:
    """What a word on the command line names; a page without names is read with those of ``base``.

    UnknownNameError where it names nothing, DocumentError for a text from which nothing can be read.
    """
    reading = Reading(tuple(roots), operation=operation, contract=_names(base))
    if is_address(source):
        return Side(_from_address(source, reading))
    if source == STDIN:
        text = decode_page(sys.stdin.buffer.read(MAX_BYTES + 1), "stdin")
        if not is_data(text, "stdin"):
            raise UsageError("standard input holds no JSON or YAML document: name the file of a page")
        return Side(read_raw(text, "stdin"))
    path = Path(source)
    if not source or path.is_dir():
        problem = "is a folder" if source else "an empty name"
        raise UsageError(
            f"{source or 'OLD or NEW'}: {problem}: a pack, a file, a page or an address is expected"
        )
    if path.is_file():
        text = read_page(path)
        data = is_data(text, path.name)
        return Side(read_raw(text, path.name) if data else _derived(read_source(source, reading)))
    name, _, revision = source.partition("@")
    if name not in provider_names(roots):
        known = {*provider_names(roots)}
        what = "file or provider" if "@" not in source else "provider"
        raise UnknownNameError(what, name, known)
    contract = load_contract(load_provider(name, roots), revision or None)
    title = f"{contract.provider}@{contract.revision}"
    raw = Raw(title, dict(contract.document), _version(contract.document.get("openapi")))
    return Side(raw, contract.provider, contract.revision)


def _version(said: object) -> str:
    return ".".join(str(said or _DERIVED).split(".")[:2])


def _names(base: Raw | None) -> Mapping[str, Any] | None:
    """The document whose names a page without names is read with: one that a page or a pack gave."""
    return base.data if base is not None and base.version.startswith("3.1") and not base.text else None


def _from_address(source: str, reading: Reading) -> Raw:
    """A document at the address itself is taken as it is; a page is derived from."""
    fetched = Fetcher().get(source)
    name = PurePosixPath(urlsplit(fetched.url).path).name or urlsplit(fetched.url).netloc
    text = decode_page(fetched.content, name, fetched.charset)
    return read_raw(text, name) if is_data(text, name) else _derived(read_source(source, reading))


def _derived(page: Page) -> Raw:
    for note in (*page.notes, *page.derivation.notes):
        typer.echo(note, err=True)
    return Raw(page.document, page.derivation.openapi, _version(page.derivation.openapi.get("openapi")))

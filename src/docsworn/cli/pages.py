"""From a SOURCE on the command line (a file, ``-``, an address) to what is derived from it."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from docsworn.contract.packs import load_contract, load_provider, provider_names
from docsworn.derive import Derivation, derive
from docsworn.derive.address import Found, first_that, is_address
from docsworn.derive.compare import call_of
from docsworn.derive.document import operations
from docsworn.derive.page import MAX_BYTES, decode_page, read_page
from docsworn.derive.recheck import recipe_for
from docsworn.errors import ConfigError, UnknownNameError, UsageError
from docsworn.probe.fetch import Fetcher

STDIN = "-"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a source is to be read: what the user asks for, and the contract that it is held against.

    The contract gives names and chooses the operation where the user did not say.
    """

    roots: Sequence[Path]
    format: str | None = None
    base: Mapping[str, Any] | None = None
    operation: str | None = None
    contract: Mapping[str, Any] | None = None

    @property
    def asks(self) -> bool:
        """Whether the user says how the page is to be read, so that no recipe does."""
        return any(wish is not None for wish in (self.format, self.base, self.operation))


@dataclass(frozen=True, slots=True)
class Page:
    """A source that was read: its text, where it was, what it gave, and what people should know."""

    document: str
    address: str | None
    text: str
    derivation: Derivation
    notes: tuple[str, ...] = ()


def read_source(source: str, reading: Reading) -> Page:
    """What a source gives; a DocswornError says why it gives nothing."""
    if is_address(source):
        found, page, passed = first_that(source, Fetcher(), lambda found: _from_address(found, reading))
        note = f"read {found.how}: {found.address.partition('?')[0]}"
        return replace(page, notes=(*passed, note, *page.notes))
    if source == STDIN:
        name, text = "stdin", decode_page(sys.stdin.buffer.read(MAX_BYTES + 1), "stdin")
    else:
        name, text = Path(source).name, read_page(Path(source))
    return _read(text, name, None, reading, None)


def _from_address(found: Found, reading: Reading) -> Page:
    """A document of several operations is no answer to a page's address unless one is chosen."""
    page = _read(found.text, found.document, found.address, reading, found.call)
    several = operations(page.derivation.openapi)
    if len(several) > 1 and found.how != "the page":
        raise UsageError(f"{found.document} describes {len(several)} operations: choose one with --operation")
    return page


def _read(text: str, name: str, address: str | None, reading: Reading, linked: str | None) -> Page:
    """The text as a page; ``linked`` is the call that a page which links this document is about."""
    pack = None if reading.asks else recipe_for(text, reading.roots)
    if pack is not None:
        derivation = derive(text, document=pack.recipe.document, recipe=pack.recipe, base=pack.base())
        note = f"read by the recipe of {pack.provider}@{pack.revision}: the page is the same"
        return Page(name, address, text, derivation, (note,))
    derivation = _derive(text, name, reading, reading.operation)
    call = call_of(reading.contract) if reading.contract is not None else linked
    calls = {f"{method.upper()} {path}" for path, method, _ in operations(derivation.openapi)}
    if len(calls) > 1 and reading.operation is None and call is not None:
        if call not in calls:
            raise UsageError(f"{name} describes {len(calls)} operations, and {call} is none of them")
        derivation = _derive(text, name, reading, call)
    return Page(name, address, text, derivation)


def _derive(text: str, name: str, reading: Reading, operation: str | None) -> Derivation:
    base = reading.base if reading.base is not None else reading.contract
    return derive(text, document=name, format=reading.format, base=base, operation=operation)


def base_document(name: str, roots: Sequence[Path]) -> Mapping[str, Any]:
    """The OpenAPI document that ``--base`` names: PROVIDER[@REVISION], a REVISION, or a file.

    UnknownNameError where nothing has that name, UsageError where several providers have such a revision.
    """
    if Path(name).is_file():
        return _load(Path(name))
    known = provider_names(roots)
    provider, _, revision = name.partition("@")
    if revision or provider in known:
        return load_contract(load_provider(provider, roots), revision or None).document
    providers = [load_provider(found, roots) for found in known]
    having = [found for found in providers if name in found.settings.revisions]
    if not having:
        raise UnknownNameError("base revision", name, {r for p in providers for r in p.settings.revisions})
    if len(having) > 1:
        owners = ", ".join(f"{found.settings.provider}@{name}" for found in having)
        raise UsageError(f'several providers have a revision "{name}": write one of {owners}')
    return load_contract(having[0], name).document


def _load(path: Path) -> Mapping[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        raise ConfigError(f"{path}: cannot be read as the JSON of a derived document") from None
    if not isinstance(document, dict):
        raise ConfigError(f"{path}: is no OpenAPI document")
    return document

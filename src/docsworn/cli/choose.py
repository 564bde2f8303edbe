"""Which providers and revisions the command line means; nothing is started for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.packs import Provider, load_contract, load_provider, pack_roots, provider_names
from docsworn.errors import UnknownNameError, UsageError
from docsworn.model import Promise


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; ``names`` is empty where no provider was named."""

    names: tuple[str, ...]
    contracts: Path | None = None
    revision: str | None = None
    base_url: str | None = None
    ca: Path | None = None
    emulator: bool = False
    allow_skip: bool | None = None
    needs_key: bool = True


def asked_for(
    providers: Sequence[str] | None,
    contracts: Path | None,
    revision: str | None,
    base_url: str | None,
    ca: Path | None,
    *,
    emulator: bool,
) -> Wanted:
    """What the options say that every verb has which probes several providers."""
    return Wanted(tuple(providers or ()), contracts, revision, base_url, ca, emulator)


def choose_providers(wanted: Wanted) -> tuple[tuple[Provider, str | None], ...]:
    """The providers that are wanted, each with the revision asked for (``NAME@REVISION`` or --revision)."""
    roots = pack_roots(wanted.contracts)
    names = wanted.names or provider_names(roots)
    if wanted.revision and len(names) != 1:
        raise UsageError("--revision goes with one provider: write PROVIDER@REVISION for several")
    asked: dict[str, str | None] = {}
    for name in dict.fromkeys(names):
        bare, at, revision = name.partition("@")
        if at and not revision:
            raise UsageError(f'"{name}" names no revision after the @')
        if bare in asked:
            raise UsageError(f"{bare} is named twice: check its revisions one after the other")
        if revision and wanted.revision not in (None, revision):
            raise UsageError(f"{name} and --revision {wanted.revision} contradict each other")
        asked[bare] = revision or wanted.revision
    return tuple((load_provider(name, roots), revision) for name, revision in asked.items())


def load_compiled(provider: Provider, revision: str | None) -> CompiledContract:
    """A provider's contract of one revision, ready."""
    return compile_contract(load_contract(provider, revision), provider.settings)


def load_revisions(provider: Provider, known: CompiledContract) -> tuple[CompiledContract, ...]:
    """Every revision of a provider's contract in order, ready; ``known`` is one that is so already."""
    return tuple(
        known if revision == known.contract.revision else load_compiled(provider, revision)
        for revision in provider.settings.revisions
    )


def find_promise(provider: Provider, name: str) -> Promise:
    """A promise by its id, of the newest revision that has it; UnknownNameError where none has."""
    names: set[str] = set()
    for revision in reversed(provider.settings.revisions):
        for operation in load_compiled(provider, revision).operations.values():
            if name in operation.promises:
                return operation.promises[name]
            names.update(operation.promises)
    raise UnknownNameError(f"promise of {provider.settings.provider}", name, names)

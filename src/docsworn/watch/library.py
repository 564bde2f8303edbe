"""Contracts, compiled once for all targets that share them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.packs import Provider, load_contract, load_provider
from docsworn.derive.recipe import FILE, load_recipe


class Library:
    """The packs in these folders as they are now; what was loaded once is not loaded again."""

    def __init__(self, roots: Sequence[Path]) -> None:
        self.roots = roots
        self._providers: dict[str, Provider] = {}
        self._contracts: dict[tuple[str, str], CompiledContract] = {}

    def provider(self, name: str) -> Provider:
        """A provider by name; UnknownNameError, ConfigError as ``load_provider``."""
        if name not in self._providers:
            self._providers[name] = load_provider(name, self.roots)
        return self._providers[name]

    def contract(self, name: str, revision: str | None) -> CompiledContract:
        """One revision of a provider's contract, the current one where none is named."""
        provider = self.provider(name)
        key = (name, revision or provider.settings.current)
        if key not in self._contracts:
            self._contracts[key] = compile_contract(load_contract(provider, key[1]), provider.settings)
        return self._contracts[key]

    def revisions(self, name: str) -> tuple[CompiledContract, ...]:
        """Every revision of a provider's contract, in order."""
        return tuple(self.contract(name, revision) for revision in self.provider(name).settings.revisions)

    def address(self, name: str, revision: str) -> str | None:
        """The address of the documentation page that a revision was read from, as its recipe has it."""
        recipe = self.provider(name).directory / revision / FILE
        return load_recipe(recipe).address if recipe.is_file() else None

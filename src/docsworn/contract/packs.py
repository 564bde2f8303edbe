"""Packs on disk: where they are, which providers there are, and one revision as a Contract.

contracts/<provider>/provider.yaml
contracts/<provider>/<revision>/openapi.json, recipe.yaml, invariants.yaml
contracts/waivers.yaml
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docsworn.bundled import bundled_dir
from docsworn.contract.invariants import load_invariants
from docsworn.contract.openapi import read_operations, server_of
from docsworn.contract.settings import ProviderSettings, Waiver, load_settings
from docsworn.contract.waivers import WAIVERS_FILE, read_waivers
from docsworn.contract.yamlsafe import load_yaml
from docsworn.errors import ConfigError, ContractError, UnknownNameError
from docsworn.model import Contract

SETTINGS_FILE = "provider.yaml"


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider's settings and the folder of its packs."""

    settings: ProviderSettings
    directory: Path


def pack_roots(contracts: Path | None = None) -> tuple[Path, ...]:
    """Where packs are looked for, in order: the given folder or ``./contracts``, then the bundled ones.

    ConfigError where a given folder is not there, holds no pack, or one whose settings are missing: the
    bundled pack of that name must not silently take its place.
    """
    if contracts is not None:
        _check_folder(contracts)
    own = contracts or Path("contracts")
    roots = [own] if own.is_dir() else []
    bundled = bundled_dir("contracts")
    if not any(root.resolve() == bundled.resolve() for root in roots):
        roots.append(bundled)
    return tuple(roots)


def _check_folder(contracts: Path) -> None:
    if not contracts.is_dir():
        raise ConfigError(f"{contracts}: no such folder of contracts")
    for path in sorted(contracts.glob("*/*/openapi.json")):
        if not (path.parents[1] / SETTINGS_FILE).is_file():
            raise ConfigError(f"{path.parents[1]}: has a revision but no {SETTINGS_FILE}")
    if not provider_names((contracts,)) and not (contracts / WAIVERS_FILE).is_file():
        raise ConfigError(f"{contracts}: holds no pack (a folder with a {SETTINGS_FILE})")


def provider_names(roots: Sequence[Path]) -> tuple[str, ...]:
    """The names of all providers in these folders, sorted."""
    return tuple(sorted({path.parent.name for root in roots for path in root.glob(f"*/{SETTINGS_FILE}")}))


def load_provider(name: str, roots: Sequence[Path]) -> Provider:
    """A provider by name, from the first folder that has it, with the waivers of all of them.

    UnknownNameError where none has; ConfigError for settings that are wrong or name another provider.
    """
    for root in roots:
        path = root / name / SETTINGS_FILE
        if name in provider_names((root,)):
            settings = load_settings(path)
            if settings.provider != name:
                raise ConfigError(
                    f'{name}/{SETTINGS_FILE}: provider "{settings.provider}" is not the folder\'s name'
                )
            waivers = (*settings.waivers, *_waivers(name, roots))
            return Provider(settings.model_copy(update={"waivers": waivers}), path.parent)
    raise UnknownNameError("provider", name, provider_names(roots))


def _waivers(name: str, roots: Sequence[Path]) -> tuple[Waiver, ...]:
    """Those of a provider; ConfigError for a name that nobody knows, which would waive nothing."""
    rows, names = read_waivers(roots), provider_names(roots)
    for row in rows:
        if row.provider not in names:
            raise ConfigError(f"{WAIVERS_FILE}: {UnknownNameError('provider', row.provider, names)}")
    return tuple(row for row in rows if row.provider == name)


def load_contract(provider: Provider, revision: str | None = None) -> Contract:
    """One revision of a provider's contract, the current one where none is named."""
    wanted = revision or provider.settings.current
    if wanted not in provider.settings.revisions:
        raise UnknownNameError(
            f"revision of {provider.settings.provider}", wanted, provider.settings.revisions
        )
    folder = provider.directory / wanted
    file = f"{provider.settings.provider}/{wanted}/openapi.json"
    document, digest = _read_document(folder / "openapi.json", file)
    try:
        operations = read_operations(document, file=file)
    except (AttributeError, KeyError, TypeError) as error:
        raise ContractError(file, f"is not laid out as OpenAPI ({type(error).__name__})") from None
    except ContractError as error:
        raise ContractError(file, error.problem, error.line) from None
    return Contract(
        provider=provider.settings.provider,
        revision=wanted,
        sha256=digest,
        server=server_of(document),
        document=document,
        operations=operations,
        invariants=load_invariants(folder / "invariants.yaml", document=_page_of(folder, wanted)),
    )


def _read_document(path: Path, name: str) -> tuple[Mapping[str, Any], str]:
    try:
        raw = path.read_bytes()
        document = json.loads(raw)
    except OSError as error:
        raise ContractError(name, f"cannot be read: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise ContractError(name, f"is not JSON: {error.msg}", error.lineno) from None
    except (UnicodeDecodeError, RecursionError):
        raise ContractError(name, "is not JSON that can be read") from None
    if not isinstance(document, dict):
        raise ContractError(name, "is not an OpenAPI document")
    return document, hashlib.sha256(raw).hexdigest()


def _page_of(folder: Path, revision: str) -> str:
    """The name of the page that the pack was derived from, as its recipe has it."""
    recipe = folder / "recipe.yaml"
    if not recipe.exists():
        return revision
    data, _ = load_yaml(recipe.read_text(encoding="utf-8"), name="/".join(recipe.parts[-3:]))
    return str(data.get("document", revision)) if isinstance(data, dict) else revision

"""Reads the configuration file of ``docsworn watch``: every problem at once, each with its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from docsworn.contract.modelfile import explain_problems, line_of
from docsworn.contract.settings import BudgetSettings
from docsworn.contract.yamlsafe import load_yaml
from docsworn.errors import ConfigError, ContractError
from docsworn.watch.config import DocumentationSettings, ModuleSettings, TargetSettings, WatchConfig

_Model = TypeVar("_Model", bound=BaseModel)
_MODELS: Mapping[tuple[str, ...], type[BaseModel]] = {
    (): WatchConfig,
    ("modules", "*"): ModuleSettings,
    ("providers", "*"): TargetSettings,
    ("providers", "*", "budget"): BudgetSettings,
    ("providers", "*", "documentation"): DocumentationSettings,
}
_SECRETS = ("key", "api_key", "apikey", "token", "secret", "password", "auth", "authorization")
_IDS = ("id", "ids", "conversation_id", "conversation_ids", "conversations")


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file that was read: its targets and modules that are well formed, and what is wrong with the rest.

    ``config`` is None where there are problems. ``folder`` is what paths in the file are relative to,
    ``contracts`` the folder of packs that it names.
    """

    name: str
    folder: Path
    lines: Mapping[str, int]
    config: WatchConfig | None
    targets: Mapping[str, TargetSettings]
    modules: Mapping[str, ModuleSettings]
    problems: tuple[str, ...]
    contracts: Path | None = None

    def at(self, *place: str) -> str:
        """File and line of a place, as ``docsworn.yaml:7``."""
        return f"{self.name}:{line_of(self.lines, place)}"

    def path(self, text: str | None) -> Path | None:
        """A path in the file as seen from here."""
        return None if text is None else self.folder / text


def read_config(path: Path) -> ConfigFile:
    """The file as far as it can be understood; ConfigError where it cannot be read as YAML at all."""
    name = path.name
    try:
        data, lines = load_yaml(path.read_text(encoding="utf-8"), name=name)
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: is not UTF-8") from None
    except ContractError as error:
        raise ConfigError(str(error)) from None
    named = data.get("contracts") if isinstance(data, dict) else None
    problems: list[str] = []
    config = None
    try:
        config = WatchConfig.model_validate(data)
    except ValidationError as error:
        problems = explain_problems(error, lines, name, _instead)
    return ConfigFile(
        name=name,
        folder=path.parent,
        lines=lines,
        config=config,
        targets=dict(_well_formed(data, "providers", TargetSettings)),
        modules=dict(_well_formed(data, "modules", ModuleSettings)),
        problems=tuple(problems),
        contracts=path.parent / named if isinstance(named, str) else None,
    )


def _well_formed(data: Any, key: str, model: type[_Model]) -> Iterator[tuple[str, _Model]]:
    """The entries that can be looked into further, although others cannot."""
    entries = data.get(key) if isinstance(data, dict) else None
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        try:
            yield name, model.model_validate(entry)
        except ValidationError:
            continue


def _instead(place: tuple[str, ...]) -> str:
    """What to write in place of an unknown key."""
    *parents, key = place
    lower = key.lower()
    if len(parents) == 2 and lower in _SECRETS:
        return ": no key stands in this file; write key_env and the NAME of an environment variable"
    if len(parents) == 2 and lower in _IDS:
        return ": no id stands in this file; write ids_env and the NAME of an environment variable"
    pattern = tuple("*" if depth == 1 else part for depth, part in enumerate(parents))
    known = sorted(_MODELS[pattern].model_fields) if pattern in _MODELS else []
    close = get_close_matches(lower, known, n=1, cutoff=0.5)
    return f': did you mean "{close[0]}"?' if close else f"; known are {', '.join(known)}" if known else ""

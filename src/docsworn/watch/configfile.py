"""Reads the configuration file of ``docsworn watch``: every problem at once, each with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from docsworn.contract.modelfile import explain_problems, line_of
from docsworn.contract.pointer import join
from docsworn.contract.settings import BudgetSettings
from docsworn.contract.shape import token
from docsworn.contract.yamlsafe import survey_yaml
from docsworn.errors import ConfigError, ContractError
from docsworn.watch.config import (
    MAX_SERIES,
    DocumentationSettings,
    MaxSeries,
    ModuleSettings,
    TargetSettings,
    WatchConfig,
)

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
class Entry(Generic[_Model]):
    """A target or a module as far as it is well formed; ``wrong`` are its keys that are not."""

    settings: _Model
    wrong: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ConfigFile:
    """A file that was read: what can be understood of its targets and modules, and what is wrong.

    ``config`` is None where there are problems. ``folder`` is what paths in the file are relative to,
    ``contracts`` the folder of packs that it names, ``max_series`` is None where that is wrong.
    """

    name: str
    folder: Path
    lines: Mapping[str, int]
    config: WatchConfig | None
    targets: Mapping[str, Entry[TargetSettings]]
    modules: Mapping[str, Entry[ModuleSettings]]
    problems: tuple[str, ...]
    contracts: Path | None = None
    max_series: int | None = None

    def at(self, *place: str) -> str:
        """File and line of a place, as ``docsworn.yaml:7``."""
        return f"{self.name}:{line_of(self.lines, place)}"

    def about(self, *place: str) -> str:
        """File, line and the place itself, in which no long or odd name shows."""
        return f"{self.at(*place)}: {join(*(token(part) or '*' for part in place))}"

    def path(self, text: str | None) -> Path | None:
        """A path in the file as seen from here."""
        return None if text is None else self.folder / text


def read_config(path: Path) -> ConfigFile:
    """The file as far as it can be understood; ConfigError where it cannot be read as YAML at all."""
    name = path.name
    try:
        found = survey_yaml(path.read_text(encoding="utf-8"), name=name)
    except OSError as error:
        raise ConfigError(f"{name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{name}: is not UTF-8") from None
    except ContractError as error:
        raise ConfigError(str(error)) from None
    data = found.data if isinstance(found.data, dict) else {}
    named = data.get("contracts")
    problems = [str(problem) for problem in found.problems]
    config = None
    try:
        config = WatchConfig.model_validate(found.data)
    except ValidationError as error:
        problems += explain_problems(error, found.lines, name, _instead)
    return ConfigFile(
        name=name,
        folder=path.parent,
        lines=found.lines,
        config=None if problems else config,
        targets=dict(_entries(data, "providers", TargetSettings)),
        modules=dict(_entries(data, "modules", ModuleSettings)),
        problems=tuple(problems),
        contracts=path.parent / named if isinstance(named, str) else None,
        max_series=_bound(data),
    )


def _entries(data: Mapping[str, Any], key: str, model: type[_Model]) -> Iterator[tuple[str, Entry[_Model]]]:
    """What can be looked into further, although a part of it or others are wrong."""
    entries = data.get(key)
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        found = _entry(entry, model)
        if found is not None:
            yield name, found


def _entry(entry: Any, model: type[_Model]) -> Entry[_Model] | None:
    """An entry without what is wrong in it; without whole keys where only that leaves it well formed."""
    try:
        return Entry(model.model_validate(entry))
    except ValidationError as error:
        places = {tuple(problem["loc"]) for problem in error.errors(include_input=False)}
    wrong = frozenset(str(place[0]) for place in places if place)
    for left_out in (places, {(key,) for key in wrong}):
        try:
            return Entry(model.model_validate(_without(entry, left_out)), wrong)
        except ValidationError:
            continue
    return None


def _without(
    value: Any, left_out: Collection[tuple[int | str, ...]], place: tuple[int | str, ...] = ()
) -> Any:
    """A value but for what is at these places."""
    if isinstance(value, dict):
        kept = {key: part for key, part in value.items() if (*place, key) not in left_out}
        return {key: _without(part, left_out, (*place, key)) for key, part in kept.items()}
    if isinstance(value, list):
        numbered = [(at, part) for at, part in enumerate(value) if (*place, at) not in left_out]
        return [_without(part, left_out, (*place, at)) for at, part in numbered]
    return value


def _bound(data: Mapping[str, Any]) -> int | None:
    """What the file says of ``max_series``; None where it cannot be understood."""
    adapter: TypeAdapter[int] = TypeAdapter(MaxSeries)
    try:
        return adapter.validate_python(data.get("max_series", MAX_SERIES))
    except ValidationError:
        return None


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

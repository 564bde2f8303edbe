"""Changes that a team has decided to live with: by rule and pointer, with a reason and a last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from docsworn.compat.files import read_text
from docsworn.compat.report import Found
from docsworn.compat.rules import RULES
from docsworn.contract.pointer import join, split
from docsworn.contract.yamlsafe import load_yaml
from docsworn.errors import ConfigError, ContractError, UnknownNameError

_KEYS = frozenset({"rule", "pointer", "reason", "until"})
_HELP = "an entry has rule, pointer (of the node, may hold *), reason and until (YYYY-MM-DD)"


@dataclass(frozen=True, slots=True)
class Ignored:
    """One entry: a rule id, a pattern of the node's pointer (None: any), why, and the last day."""

    rule: str
    pointer: str | None
    reason: str
    until: date
    where: str


def load_ignores(file: Path) -> tuple[Ignored, ...]:
    """The entries of a file; ConfigError with the line for one that is not laid out well."""
    text = read_text(file, "a list of changes to live with")
    try:
        data, lines = load_yaml(text, name=file.name)
    except ContractError as error:
        raise ConfigError(str(error)) from None
    if not isinstance(data, list):
        raise ConfigError(f"{file.name}:1: is not a list: {_HELP}")
    return tuple(_entry(row, f"{file.name}:{lines[join(at)]}") for at, row in enumerate(data))


def _entry(row: Any, where: str) -> Ignored:
    if not isinstance(row, Mapping) or not set(row) <= _KEYS or not {"rule", "reason", "until"} <= set(row):
        raise ConfigError(f"{where}: {_HELP}")
    if any(not isinstance(value, str) for value in row.values()) or not row["reason"].strip():
        raise ConfigError(f"{where}: {_HELP}")
    if row["rule"] not in RULES:
        raise UnknownNameError(f"rule in {where}", row["rule"], RULES)
    pointer = row.get("pointer")
    if pointer is not None and pointer and not pointer.startswith("/"):
        raise ConfigError(f"{where}: a pointer begins with /")
    try:
        until = date.fromisoformat(row["until"])
    except ValueError:
        raise ConfigError(f"{where}: until is a date, as 2027-01-31") from None
    return Ignored(row["rule"], pointer, row["reason"].strip(), until, where)


def ignore(
    found: Iterable[Found], entries: Iterable[Ignored], today: date
) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """The findings with what is ignored marked, and sentences about entries that do nothing."""
    entries = tuple(entries)
    valid = [entry for entry in entries if entry.until >= today]
    marked, used = [], set()
    for one in found:
        entry = next((entry for entry in valid if _fits(entry, one)), None)
        if entry is not None:
            used.add(entry.where)
        marked.append(one if entry is None else replace(one, ignored=entry.reason))
    notes = [
        f"{entry.where}: ended on {entry.until}: it ignores nothing"
        for entry in entries
        if entry not in valid
    ]
    notes += [f"{entry.where}: nothing fits it any more" for entry in valid if entry.where not in used]
    return tuple(marked), tuple(notes)


def _fits(entry: Ignored, one: Found) -> bool:
    if entry.rule != one.change.rule:
        return False
    if entry.pointer is None:
        return True
    pattern = split(entry.pointer)
    pointers = (one.change.old_pointer, one.change.new_pointer, one.change.place)
    return any(pointer is not None and _matches(pattern, split(pointer)) for pointer in pointers)


def _matches(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    return len(pattern) == len(parts) and all(
        wanted in ("*", part) for wanted, part in zip(pattern, parts, strict=True)
    )

"""Readers: what a consumer tolerates beyond what its contract documents."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

from docsworn.compat.files import read_text
from docsworn.contract.pointer import join
from docsworn.contract.yamlsafe import load_yaml
from docsworn.errors import ConfigError, ContractError, UnknownNameError


class Extent(StrEnum):
    """For which fields a reader tolerates something."""

    NONE = "none"
    OPTIONAL = "optional"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Reader:
    """What a reader tolerates; the defaults are the strict reader, which is set inclusion.

    ``unknown_fields``: fields that OLD closes out. ``unknown_enum_values``: another value of the same type.
    ``new_union_variants``: a value that fits no documented variant. ``wider_numbers``: numbers out of
    the documented bounds or steps, and numbers where integers were. ``nulls``: null in place of a value,
    for fields that OLD documents as optional or for all. ``absent_fields``: *optional* is what OLD itself
    allows, *all* also tolerates that a required field is missing.
    """

    name: str = "strict"
    unknown_fields: bool = False
    unknown_enum_values: bool = False
    new_union_variants: bool = False
    wider_numbers: bool = False
    nulls: Extent = Extent.NONE
    absent_fields: Extent = Extent.OPTIONAL


STRICT = Reader()
TOLERANT = Reader(
    name="tolerant",
    unknown_fields=True,
    unknown_enum_values=True,
    new_union_variants=True,
    wider_numbers=True,
    nulls=Extent.OPTIONAL,
)
READERS: Mapping[str, Reader] = {reader.name: reader for reader in (STRICT, TOLERANT)}

_EXTENTS = ("nulls", "absent_fields")


def find_reader(reader: str | Path | Mapping[str, Any] | Reader) -> Reader:
    """The reader of a name, of a mapping, or of a YAML or JSON file; ConfigError where it is none."""
    if isinstance(reader, Reader):
        return reader
    if isinstance(reader, Mapping):
        return read_reader(reader)
    if not isinstance(reader, (str, Path)):
        raise ConfigError(f"reader: a name, a mapping or a file is asked for, not a {type(reader).__name__}")
    if str(reader) in READERS:
        return READERS[str(reader)]
    path = Path(reader)
    if not path.exists() and path.name == str(reader) and not path.suffix:
        raise UnknownNameError("reader", str(reader), READERS)
    return _from_file(path)


def _from_file(path: Path) -> Reader:
    try:
        settings, lines = load_yaml(read_text(path, "a mapping of tolerances"), name=path.name)
    except ContractError as error:
        raise ConfigError(str(error)) from None
    if not isinstance(settings, Mapping):
        raise ConfigError(f"{path.name}:1: a reader file holds a mapping of tolerances")
    own = path.name if path.stem in READERS else path.stem
    return read_reader({"name": own, **settings}, lambda key: f"{path.name}:{lines.get(join(key), 1)}")


def read_reader(settings: Mapping[str, Any], where: Callable[[str], str] = lambda _key: "reader") -> Reader:
    """The reader that these settings describe; ConfigError for a key or a value that is none.

    ``where`` says where a key stands.
    """
    known = [each.name for each in fields(Reader)]
    read: dict[str, Any] = {"name": "custom"}
    for key, value in settings.items():
        if key not in known:
            raise UnknownNameError(f"tolerance in {where(key)}", str(key), known)
        read[key] = _extent(value) if key in _EXTENTS else value
        wanted = str if key == "name" else Extent if key in _EXTENTS else bool
        if not isinstance(read[key], wanted):
            kinds = {str: "a text", bool: "true or false"}
            told = kinds.get(wanted, f"one of {', '.join(Extent)}, true or false")
            raise ConfigError(f'{where(key)}: "{key}" is {told}')
        if read[key] is Extent.NONE and value is False and key == "absent_fields":
            read[key] = Extent.OPTIONAL
    return Reader(**read)


def _extent(value: Any) -> Any:
    """The extent that a word names, or what was said where it names none."""
    if isinstance(value, bool):
        return Extent.ALL if value else Extent.NONE
    return Extent(value) if value in set(Extent) else value

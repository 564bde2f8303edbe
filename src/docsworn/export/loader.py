"""Finds the report formats: whatever file stands in ``formats/``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping

from docsworn.errors import UnknownNameError
from docsworn.export import formats
from docsworn.export.report import Format


def format_names() -> tuple[str, ...]:
    """The names of all formats, sorted; nothing is imported."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(formats.__path__)))


def load_format(name: str) -> Format:
    """One format, importing only what it needs; UnknownNameError for a name that is none."""
    if name not in format_names():
        raise UnknownNameError("format", name, format_names())
    found = importlib.import_module(f"{formats.__name__}.{name}").FORMAT
    if not isinstance(found, Format):
        raise TypeError(f"formats/{name}.py: FORMAT is not a Format")
    return found


def load_formats() -> Mapping[str, Format]:
    """All formats by name."""
    return {name: load_format(name) for name in format_names()}

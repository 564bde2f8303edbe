"""The portable validator, jsonschema, without the second that its grammar of IRIs takes to build.

jsonschema imports that grammar with itself. Here it gets a stand-in, which builds it with the first IRI.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

__all__ = ["jsonschema"]

_GRAMMAR = "rfc3987_syntax"
_CHECK = "is_valid_syntax"


def _is_valid_syntax(term: str, value: str) -> bool:
    check: Any = getattr(importlib.import_module(_GRAMMAR), _CHECK)
    return bool(check(term, value))


def _imported() -> ModuleType:
    if {"jsonschema", _GRAMMAR} & set(sys.modules) or importlib.util.find_spec(_GRAMMAR) is None:
        return importlib.import_module("jsonschema")
    stand_in = ModuleType(_GRAMMAR)
    setattr(stand_in, _CHECK, _is_valid_syntax)
    sys.modules[_GRAMMAR] = stand_in
    try:
        return importlib.import_module("jsonschema")
    finally:
        del sys.modules[_GRAMMAR]


if TYPE_CHECKING:
    import jsonschema
else:
    jsonschema = _imported()

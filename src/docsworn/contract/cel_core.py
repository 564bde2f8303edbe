"""The CEL engine without its own command line, whose terminal library would double the time of a start.

Only the compiled module of the package is loaded, under its own name, so that whoever imports the whole
package in the same process gets the same one.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import TYPE_CHECKING

_NAME = "cel.cel"


def _load() -> ModuleType:
    if _NAME in sys.modules:
        return sys.modules[_NAME]
    package = find_spec("cel")
    places = None if package is None else package.submodule_search_locations
    spec = None if places is None else PathFinder.find_spec(_NAME, places)
    if spec is None or spec.loader is None:
        raise ImportError("common-expression-language is not installed as expected: install docsworn again")
    module = sys.modules[_NAME] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if TYPE_CHECKING:
    import cel
else:
    cel = _load()

__all__ = ["cel"]

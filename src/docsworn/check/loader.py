"""Finds the checks: every module in ``rules`` that has a ``CHECK``."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

from docsworn.check import rules
from docsworn.check.subject import Check
from docsworn.errors import UnknownNameError


def load_checks() -> tuple[Check, ...]:
    """All checks in the order in which they are run and listed."""
    names = (module.name for module in pkgutil.iter_modules(rules.__path__))
    found = (importlib.import_module(f"{rules.__name__}.{name}").CHECK for name in names)
    return tuple(sorted(found, key=lambda check: (check.order, check.name)))


def select_checks(names: Iterable[str]) -> tuple[Check, ...]:
    """The checks of these names, all where there are none; UnknownNameError for one nobody knows."""
    checks = {check.name: check for check in load_checks()}
    wanted = set(names)
    for name in sorted(wanted):
        if name not in checks:
            raise UnknownNameError("check", name, checks)
    return tuple(check for check in checks.values() if not wanted or check.name in wanted)

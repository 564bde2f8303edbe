"""What a page format is: its name, the marks it is told apart by, and its reader.

One file in ``formats/`` is one format; it is found by listing the folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from docsworn.derive import formats
from docsworn.derive.fences import fences
from docsworn.derive.page import Page
from docsworn.derive.scan_json import check_bounds
from docsworn.derive.text.family import within_bounds
from docsworn.derive.text.refusals import refusal


@dataclass(frozen=True, slots=True)
class Reading:
    """What a page says, as an OpenAPI document with sources; ``notes`` are sentences for people.

    What an operation needs and the page does not say is named in the document's ``x-missing``.
    """

    openapi: dict[str, Any]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A page format; ``marks`` says whether a page has it, ``read`` raises DocumentError."""

    name: str
    marks: Callable[[Page], bool]
    read: Callable[[Page], Reading]


def load_formats() -> dict[str, Format]:
    """Every format in ``formats/`` by name."""
    modules = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    found = [importlib.import_module(f"{formats.__name__}.{module}").FORMAT for module in modules]
    return {form.name: form for form in found}


def detect(page: Page, known: dict[str, Format]) -> Format:
    """The one format whose marks the page has; DocumentError with the reason where there is none."""
    matching = [form for form in known.values() if form.marks(page)]
    if len(matching) == 1:
        return matching[0]
    if matching:
        raise page.error(f"the page has the marks of several formats: {', '.join(f.name for f in matching)}")
    reason = refusal("", page)
    if reason is not None:
        raise page.error(*reason)
    bounded = within_bounds(page)
    if bounded is not None and any(form.marks(bounded[0]) for form in known.values()):
        raise page.error(*bounded[1:])
    blocks = list(fences(page))
    if blocks and not blocks[-1].closed:
        raise page.error(
            "the code block that opens here is never closed: is the page cut off?", blocks[-1].line
        )
    if blocks:
        raise page.error("the page holds examples only: no OpenAPI block and no list of fields")
    check_bounds(page)
    raise page.error(f"not documentation in a known format ({', '.join(known)})")

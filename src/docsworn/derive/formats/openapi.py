"""An OpenAPI document as it is: YAML or JSON, version 2.0, 3.0 or 3.1."""

from __future__ import annotations

import re

from docsworn.derive.block import load_whole
from docsworn.derive.fences import fences
from docsworn.derive.format import Format, Reading
from docsworn.derive.openapi import Dialect, read_openapi
from docsworn.derive.page import Page

_YAML_MARK = re.compile(r"[\"']?(?:openapi|swagger)[\"']?[ \t]*:[ \t]+[\"']?\d")
_JSON_MARK = re.compile(r"[\"']?(?:openapi|swagger)[\"']?\s*:\s*[\"']?\d")


def _marks(page: Page) -> bool:
    first = next((line.strip() for line in page.lines if line.strip()), "")
    if first.startswith("{"):
        return any(_JSON_MARK.search(line) for line in page.lines)
    mark = next((number for number, line in page.numbered() if _YAML_MARK.match(line)), None)
    block = next(fences(page), None)  # a fence after the mark stands in a description
    return mark is not None and (block is None or mark < block.line)


def _read(page: Page) -> Reading:
    return read_openapi(load_whole(page), Dialect(), page.operation)


FORMAT = Format("openapi", _marks, _read)

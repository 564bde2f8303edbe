"""Names for the fields of a page that has none, from an earlier revision of the same contract."""

from __future__ import annotations
from collections.abc import Mapping
from typing import Any


def align(openapi: dict[str, Any], base: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    return openapi, ()

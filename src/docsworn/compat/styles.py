"""How the value of a parameter is written in a request, in one word for every version of OpenAPI."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_USUAL: Mapping[str, str] = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}

# 2.0's words for lists: the style of 3.0 and whether each item is written by itself.
_COLLECTIONS: Mapping[str, tuple[str, bool]] = {
    "csv": ("", False),
    "multi": ("form", True),
    "ssv": ("spaceDelimited", False),
    "tsv": ("tabDelimited", False),
    "pipes": ("pipeDelimited", False),
}
_SINGLE = frozenset({"string", "integer", "number", "boolean", "null"})
_SHOWN_IN = ("label", "matrix")  # styles that also mark a single value


def written(parameter: Mapping[str, Any], schema: Any, location: str) -> str:
    """How a value is written: the same word where the request is the same."""
    usual = _USUAL.get(location, "form")
    if "schema" not in parameter and ("type" in parameter or "collectionFormat" in parameter):  # 2.0
        named, explode = _COLLECTIONS.get(str(parameter.get("collectionFormat", "csv")), ("", False))
        style = named or usual
    else:
        style = str(parameter.get("style", usual))
        explode = parameter.get("explode", style == "form") is True
    if _is_single(schema):
        return style if style in _SHOWN_IN else ""
    return f"{style} {'apart' if explode else 'together'}"


def _is_single(schema: Any) -> bool:
    """Whether only values that are no list and no object fit."""
    said = schema.get("type") if isinstance(schema, Mapping) else None
    names = said if isinstance(said, list) else [said]
    return all(isinstance(name, str) and name in _SINGLE for name in names)

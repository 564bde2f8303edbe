"""Writes ``docs/configuration.md``: ``python -m docsworn.export.config_doc > docs/configuration.md``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from docsworn.contract.invariants import InvariantRow
from docsworn.contract.settings import ProviderSettings
from docsworn.contract.waivers import WaiverRow
from docsworn.export.config_meanings import MEANINGS
from docsworn.watch.config import WatchConfig

HEAD = """\
# Configuration

This page is written by `python -m docsworn.export.config_doc` from the models that read the files; what a
key means stands in `export/config_meanings.py`. An unknown key, and a value that does not fit, is an error
with file and line. No file holds a key or an id: only NAMES of environment variables do. What is not said
has its default; **must** has none.

How `recipe.yaml` tells what a page is read for stands in [deriving](deriving.md), `scenarios.yaml` in
[emulator](emulator.md).
"""
FILES: Mapping[str, type[BaseModel]] = {
    "contracts/PROVIDER/provider.yaml": ProviderSettings,
    "contracts/waivers.yaml, a list of": WaiverRow,
    "contracts/PROVIDER/REVISION/invariants.yaml, a list of": InvariantRow,
    "docsworn.yaml, for docsworn watch --config": WatchConfig,
}

_BOUNDS = {"exclusiveMinimum": ">", "minimum": "≥", "exclusiveMaximum": "<", "maximum": "≤"}


def document() -> str:
    """The whole page in Markdown."""
    parts = [HEAD]
    for file, model in FILES.items():
        parts.append(f"## {file}\n")
        parts += [_section(name, schema, top=model.__name__) for name, schema in parts_of(model)]
    return "\n".join(parts)


def parts_of(model: type[BaseModel]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The JSON Schema of a model by name, and then of each model that it holds."""
    whole = model.model_json_schema()
    yield model.__name__, whole
    held = whole.get("$defs", {})
    yield from ((name, held[name]) for name in sorted(held) if "properties" in held[name])


def _section(name: str, schema: Mapping[str, Any], *, top: str) -> str:
    head = [] if name == top else [f"### {name}\n"]
    must = set(schema.get("required", ()))
    lines = [f"{schema['description'].splitlines()[0].replace('``', '`')}\n"]
    lines += ["| key | default | value | meaning |", "| --- | --- | --- | --- |"]
    for key, field in schema["properties"].items():
        default = "**must**" if key in must else _default(field)
        lines.append(f"| `{key}` | {default} | {_value(field)} | {MEANINGS[f'{name}.{key}']} |")
    return "\n".join([*head, *lines, ""])


def _default(field: Mapping[str, Any]) -> str:
    default = field.get("default")
    if default is None or default in ([], {}, ""):
        return ""
    return "as below" if isinstance(default, dict) else f"`{json.dumps(default)}`"


def _value(field: Mapping[str, Any]) -> str:
    """What may stand there: type, bounds and pattern, as the model has them."""
    if "anyOf" in field:
        (field,) = (branch for branch in field["anyOf"] if branch.get("type") != "null")
    if "$ref" in field:
        return field["$ref"].rpartition("/")[2]  # type: ignore[no-any-return]
    if "enum" in field:
        return ", ".join(f"`{one}`" for one in field["enum"])
    if field["type"] == "array":
        return f"list of {_value(field['items'])}"
    if field["type"] == "object":
        (inner,) = field.get("patternProperties", {"": field.get("additionalProperties")}).values()
        return f"map of {_value(inner)}"
    bounds = [f"{sign} {field[keyword]:g}" for keyword, sign in _BOUNDS.items() if keyword in field]
    return " ".join([field.get("format", field["type"]), ", ".join(bounds)]).strip()


if __name__ == "__main__":
    sys.stdout.write(document())

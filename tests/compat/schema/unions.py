"""Random unions, what a provider changes of them, and a reader of their bodies that is no schema.

The reader knows nothing of the engine: it reads a body as docs/compat.md says that a reader does.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from docsworn.compat.readers import Extent, Reader

_LEAVES: tuple[dict[str, Any], ...] = (
    {"type": "string"}, {"type": "integer"}, {"type": "number"}, {"type": "boolean"},
    {"type": "string", "enum": ["a", "b"]}, {"type": "string", "enum": ["a", "b", "c"]},
    {"type": "integer", "minimum": 0, "maximum": 5}, {"type": ["string", "null"]},
    {"type": "array", "items": {"type": "integer"}}, {"type": "string", "const": "x"},
)  # fmt: skip
_VALUES: tuple[Any, ...] = (None, True, 0, 3, -7, 12, 0.5, "", "a", "c", "x", "zz", [], [1], ["a"], {})


def union(chance: random.Random, size: int) -> dict[str, Any]:
    """A union of so many variants: with a tag, with several tags, with a tag that may miss, or with none."""
    variants = [_variant(chance, at) for at in range(size)]
    return {chance.choice(("oneOf", "anyOf")): variants}


def _variant(chance: random.Random, at: int) -> dict[str, Any]:
    fields: dict[str, Any] = {
        f"f{each}": deepcopy(chance.choice(_LEAVES)) for each in range(chance.randint(0, 3))
    }
    required = chance.sample(sorted(fields), min(len(fields), chance.randint(0, 1)))
    style = chance.choice(("tag", "tag", "tag", "tags", "maybe", "none"))
    if style != "none":
        fields["kind"] = {"enum": [f"k{at}", f"m{at}"]} if style == "tags" else {"const": f"k{at}"}
    if style in ("tag", "tags"):
        required.append("kind")
    variant: dict[str, Any] = {"type": "object", "properties": fields, "required": sorted(required)}
    return {**variant, "additionalProperties": False} if chance.random() < 0.3 else variant


def changed(chance: random.Random, old: dict[str, Any]) -> dict[str, Any]:
    """The union with one thing changed that providers change."""
    new = deepcopy(old)
    (variants,) = new.values()
    variant = chance.choice(variants)
    field = chance.choice([*variant["properties"], "more"])

    def drop() -> None:
        variant["required"] = variant["required"][1:]

    changes: tuple[Callable[[], object], ...] = (
        lambda: variants.append(_variant(chance, chance.choice((0, 99)))),
        lambda: variants.pop(),
        lambda: variant["properties"].update({field: deepcopy(chance.choice(_LEAVES))}),
        lambda: variant["properties"].update({field: {"type": ["integer", "null"]}}),
        lambda: variant["properties"].update({"kind": {"enum": ["k0", "k98"]}}),
        drop,
    )
    chance.choice(changes)()
    return new


def bodies(chance: random.Random, schema: dict[str, Any], count: int) -> Iterator[Any]:
    """Bodies that look like those of a union; whether they are is for a validator."""
    (variants,) = schema.values()
    for _ in range(count):
        fields = chance.choice(variants)["properties"]
        names = [name for name in (*fields, "more") if chance.random() < 0.8 or name == "kind"]
        yield {name: _value(chance, fields.get(name, {})) for name in names}


def _value(chance: random.Random, schema: dict[str, Any]) -> Any:
    named = [schema["const"]] if "const" in schema else schema.get("enum")
    likely = named or [value for value in _VALUES if _typed(schema.get("type", []), value, wide=False)]
    return chance.choice(likely if likely and chance.random() < 0.9 else _VALUES)


def reads(schema: dict[str, Any], body: Any, reader: Reader, *, optional: bool = False) -> bool:
    """Whether a reader of a schema reads a body."""
    if optional and body is None and reader.nulls is not Extent.NONE:
        return True
    for keyword in ("oneOf", "anyOf"):
        if keyword in schema:
            known = [variant for variant in schema[keyword] if _bears(variant, body)]
            return any(reads(each, body, reader) for each in known) if known else reader.new_union_variants
    if "type" in schema and not _typed(schema["type"], body, wide=reader.wider_numbers):
        return False
    named = [schema["const"]] if "const" in schema else schema.get("enum")
    if named is not None and not reader.unknown_enum_values and not any(_same(body, each) for each in named):
        return False
    if (
        named is not None
        and reader.unknown_enum_values
        and _type(body) not in {_type(each) for each in named}
    ):
        return False
    if _type(body) == "number" and not reader.wider_numbers:
        return bool(schema.get("minimum", body) <= body <= schema.get("maximum", body))
    if isinstance(body, list):
        return all(reads(schema.get("items", {}), item, reader) for item in body)
    return not isinstance(body, dict) or _reads_fields(schema, body, reader)


def _reads_fields(schema: dict[str, Any], body: dict[str, Any], reader: Reader) -> bool:
    required, fields = schema.get("required", ()), schema.get("properties", {})
    if reader.absent_fields is not Extent.ALL and any(name not in body for name in required):
        return False
    if not reader.unknown_fields and "additionalProperties" in schema and not body.keys() <= fields.keys():
        return False
    every = reader.nulls is Extent.ALL
    return all(
        reads(fields[name], value, reader, optional=every or name not in required)
        for name, value in body.items()
        if name in fields
    )


def _bears(variant: dict[str, Any], body: Any) -> bool:
    """Whether a body has the marks of a variant: its type, and the required fields that have one value."""
    if not _typed(variant["type"], body, wide=True):
        return False
    tags = [(name, variant["properties"][name]) for name in variant["required"]]
    return all(_same(body.get(name), tag["const"]) for name, tag in tags if "const" in tag)


def _typed(types: Any, body: Any, *, wide: bool) -> bool:
    named = types if isinstance(types, list) else [types]
    own = _type(body)
    if own == "number" and "integer" in named:
        return wide or float(body).is_integer() or "number" in named
    return own in named


def _type(body: Any) -> str:
    names: dict[type, str] = {
        bool: "boolean",
        int: "number",
        float: "number",
        str: "string",
        list: "array",
        dict: "object",
    }
    return names.get(type(body), "null")


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and _type(one) == _type(other)

"""Small questions about how a schema is written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_UNIONS = ("anyOf", "oneOf")


def same_words(old: Any, new: Any) -> bool:
    """Whether two schemas are written alike; to Python 1 and true are the same, which they are not."""
    return bool(old == new) and json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)


def is_union(schema: Mapping[str, Any]) -> bool:
    """Whether a schema has ``anyOf`` or ``oneOf``."""
    return any(word in schema for word in _UNIONS)


def is_lone_union(schema: Any) -> bool:
    """Whether a schema is a union and says nothing beside it."""
    return isinstance(schema, Mapping) and is_union(schema) and len(schema.keys() - {"discriminator"}) == 1


def together(parts: list[Any]) -> Any:
    """One schema of what a value keeps all."""
    if not parts:
        return {}
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Mapping) else {"allOf": parts}


def has(schema: Any, keywords: frozenset[str]) -> bool:
    """Whether one of these stands anywhere in a schema; a field of that name counts too."""
    if isinstance(schema, Mapping):
        return bool(keywords & schema.keys()) or any(has(child, keywords) for child in schema.values())
    return isinstance(schema, list) and any(has(child, keywords) for child in schema)


def refers(schema: Any) -> bool:
    """Whether a schema refers to anything, however deep; names of fields are no keywords, and do no harm."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            if isinstance(node.get("$ref"), str):
                return True
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return False

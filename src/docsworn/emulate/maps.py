"""Fields without a property of their own: which names a map has, and what its values are."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]


def wanted_names(node: Node, count: int, *, required_only: bool) -> Iterator[Node | None]:
    """A schema for each name to draw beside ``count`` fields; None where any name will do.

    One for each pattern, two where the schema describes any value, and as many as there must be.
    """
    patterns = [{"pattern": pattern} for pattern in node.get("patternProperties", ())]
    most, least = node.get("maxProperties", math.inf), node.get("minProperties", 0)
    if not required_only:
        for pattern in patterns:
            if count < most:
                count += 1
                yield pattern
    is_map = isinstance(node.get("additionalProperties"), Mapping) and not node.get("properties")
    fill = 2 if is_map and count == 0 and not required_only else 0
    closed = node.get("additionalProperties") is False
    name = patterns[0] if patterns and closed else node.get("propertyNames")
    for number in range(max(fill, least - count)):
        if count + number < most:
            yield name


def extra_schema(node: Node, name: str) -> Any:
    """What the value of a field without a property of its own must be."""
    fitting = [
        each for pattern, each in node.get("patternProperties", {}).items() if re.search(pattern, name)
    ]
    return {"allOf": fitting} if fitting else node.get("additionalProperties", True)

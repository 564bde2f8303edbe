"""One operation of a document that describes several, with the components that it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from docsworn.contract.pointer import split
from docsworn.derive.document import choose_operation, operations

_KEYS = "securitySchemes"


def select_operation(openapi: dict[str, Any], name: str) -> dict[str, Any]:
    """The document with only the operation of this id or ``METHOD /path``; UsageError where it has none."""
    chosen = choose_operation(openapi, name)
    home = [(path, method) for path, method, operation in operations(openapi) if operation is chosen]
    if not home:
        return openapi
    ((path, method),) = home
    item = openapi["paths"][path]
    shared = {key: item[key] for key in ("parameters", "servers") if key in item}
    paths = {path: {**shared, method: chosen}}
    components = openapi.get("components", {})
    reached = _reached(paths, components)
    kept = {
        kind: {title: part for title, part in parts.items() if kind == _KEYS or (kind, title) in reached}
        for kind, parts in components.items()
    }
    parts = {kind: found for kind, found in kept.items() if found}
    return {**openapi, "paths": paths, **({"components": parts} if components else {})}


def _reached(paths: Mapping[str, Any], components: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Kind and name of every component that the paths refer to, by way of others too."""
    reached: set[tuple[str, str]] = set()
    waiting: list[Any] = [paths]
    while waiting:
        for reference in _references(waiting.pop()):
            parts = split(unquote(reference.removeprefix("#")))
            if len(parts) < 3 or parts[0] != "components" or (parts[1], parts[2]) in reached:
                continue
            reached.add((parts[1], parts[2]))
            waiting.append(components.get(parts[1], {}).get(parts[2]))
    return reached


def _references(node: Any) -> Iterator[str]:
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Mapping):
            reference = current.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/"):
                yield reference
            yield from _mapped(current.get("discriminator"))
            stack.extend(current.values())
        elif isinstance(current, list):
            stack.extend(current)


def _mapped(discriminator: Any) -> Iterator[str]:
    """The references in a discriminator's mapping; a property of that name has none."""
    mapping = discriminator.get("mapping") if isinstance(discriminator, Mapping) else None
    for target in mapping.values() if isinstance(mapping, Mapping) else ():
        if isinstance(target, str) and target.startswith("#/"):
            yield target

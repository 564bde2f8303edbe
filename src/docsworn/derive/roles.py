"""What stands where in an OpenAPI document, and which nodes say where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docsworn.contract.bundle import LIST_KEYWORDS, MAP_KEYWORDS, SCHEMA_KEYWORDS
from docsworn.derive.document import METHODS

# role -> key -> role of the value; "*" stands for any name or index.
_CHILDREN: dict[str, dict[str, str]] = {
    "document": {
        "servers": "servers", "paths": "paths", "components": "components", "x-unnamed": "unnamed list",
    },
    "servers": {"*": "server"},
    "paths": {"*": "path item"},
    "path item": {**dict.fromkeys(METHODS, "operation"), "parameters": "parameters"},
    "operation": {
        "servers": "servers", "parameters": "parameters", "x-key-parameters": "parameters",
        "requestBody": "request body", "responses": "responses",
    },
    "parameters": {"*": "parameter"},
    "parameter": {"schema": "schema", "content": "content"},
    "request body": {"content": "content"},
    "responses": {"*": "response"},
    "response": {"content": "content", "headers": "headers"},
    "headers": {"*": "header"},
    "header": {"schema": "schema"},
    "content": {"*": "media type"},
    "media type": {"schema": "schema"},
    "components": {
        "schemas": "schemas", "parameters": "parameters", "responses": "responses",
        "securitySchemes": "security schemes", "requestBodies": "request bodies",
    },
    "request bodies": {"*": "request body"},
    "security schemes": {"*": "security scheme"},
    "schemas": {"*": "schema"},
    "schema": {
        **dict.fromkeys(SCHEMA_KEYWORDS, "schema"), **dict.fromkeys(LIST_KEYWORDS | MAP_KEYWORDS, "schemas"),
        "x-unnamed": "unnamed list", "x-unplaced": "unnamed list",
    },
    "unnamed list": {"*": "unnamed"},
    "unnamed": {"schema": "schema"},
}  # fmt: skip

SOURCED = frozenset({
    "server", "operation", "parameter", "request body", "response", "header", "security scheme", "schema",
    "unnamed",
})  # fmt: skip

ROOT = "document"


def role_below(role: str | None, key: str) -> str | None:
    """The role of what stands under a key; None where it has none."""
    children = _CHILDREN.get(role or "", {})
    return children.get(key, children.get("*"))


def walk(
    node: Any, role: str | None = ROOT, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Every node of a document that has a role: path, role, node; parents first."""
    if role is None:
        return
    yield path, role, node
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield from walk(child, role_below(role, str(key)), (*path, str(key)))

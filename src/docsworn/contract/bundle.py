"""One schema of an OpenAPI document as a self-contained JSON Schema 2020-12.

A schema is walked by keyword position and never blindly: a property may itself be named ``type``,
``enum``, ``$ref`` or ``x-note``, and is then a name and not a keyword.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import quote, unquote

from docsworn.errors import ContractError

DIALECT = "https://json-schema.org/draft/2020-12/schema"
COMPONENTS = "#/components/schemas/"

# Where JSON Schema 2020-12 keeps schemas: as the keyword's value, in a list, or in a map by name.
SCHEMA_KEYWORDS = frozenset({
    "additionalProperties", "contains", "contentSchema", "else", "if", "items", "not", "propertyNames",
    "then", "unevaluatedItems", "unevaluatedProperties",
})  # fmt: skip
LIST_KEYWORDS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
MAP_KEYWORDS = frozenset({"$defs", "definitions", "dependentSchemas", "patternProperties", "properties"})

# What OpenAPI adds to JSON Schema, and a strict validator of JSON Schema refuses.
OPENAPI_KEYWORDS = frozenset({"discriminator", "example", "externalDocs", "xml"})
OPENAPI_FORMATS = frozenset({"double", "float", "int32", "int64", "password"})

Path = tuple[str, ...]


def map_subschemas(schema: Mapping[str, Any], change: Callable[[Any, Path], Any]) -> dict[str, Any]:
    """A copy of a schema with each schema directly below it changed; ``change`` gets it and its path."""
    changed: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in SCHEMA_KEYWORDS:
            changed[keyword] = change(value, (keyword,))
        elif keyword in LIST_KEYWORDS and isinstance(value, list):
            changed[keyword] = [change(item, (keyword, str(at))) for at, item in enumerate(value)]
        elif keyword in MAP_KEYWORDS and isinstance(value, Mapping):
            changed[keyword] = {name: change(item, (keyword, name)) for name, item in value.items()}
        elif keyword == "x-unnamed" and isinstance(value, list):
            changed[keyword] = [_map_unnamed(item, change, at) for at, item in enumerate(value)]
        else:
            changed[keyword] = value
    return changed


def subschemas(schema: Mapping[str, Any]) -> Iterator[tuple[Path, Any]]:
    """Each schema directly below a schema, with its path from there."""
    found: list[tuple[Path, Any]] = []

    def note(child: Any, path: Path) -> Any:
        found.append((path, child))
        return child

    map_subschemas(schema, note)
    yield from found


def references(schema: Any) -> Iterator[str]:
    """The names of the definitions in ``$defs`` that a schema refers to."""
    waiting: list[Any] = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            if isinstance(node.get("$ref"), str):
                yield unquote_part(node["$ref"].removeprefix("#/$defs/"))
            waiting.extend(child for _path, child in subschemas(node))


def bundle(
    document: Mapping[str, Any], schema: Mapping[str, Any], *, keep_annotations: bool
) -> dict[str, Any]:
    """A self-contained JSON Schema 2020-12 of one schema of an OpenAPI document.

    ``$defs`` holds the components that it reaches, in the document's order. Without
    ``keep_annotations`` every ``x-`` keyword and whatever only OpenAPI knows is left out.
    Raises ContractError for a reference that leaves the document or leads nowhere.
    """
    components = document.get("components", {}).get("schemas", {})
    reached: dict[str, Any] = {}

    def copy(node: Any, _path: Path = ()) -> Any:
        if not isinstance(node, Mapping):
            return node
        kept = node if keep_annotations else _plain(node)
        copied = map_subschemas(kept, copy)
        if isinstance(copied.get("$ref"), str):
            name, copied["$ref"] = _local(copied["$ref"], components)
            if name not in reached:
                reached[name] = None  # before its copy: components may be recursive
                reached[name] = copy(components[name])
        return copied

    root = copy(schema)
    bundled = {"$schema": DIALECT, **root}
    if reached:
        bundled["$defs"] = {name: reached[name] for name in components if name in reached}
    return bundled


def _map_unnamed(item: Any, change: Callable[[Any, Path], Any], at: int) -> Any:
    if not isinstance(item, Mapping) or "schema" not in item:
        return item
    path = ("x-unnamed", str(at), "schema")
    return {key: change(value, path) if key == "schema" else value for key, value in item.items()}


def _plain(node: Mapping[str, Any]) -> dict[str, Any]:
    return {
        keyword: value
        for keyword, value in node.items()
        if not keyword.startswith("x-")
        and keyword not in OPENAPI_KEYWORDS
        and not (keyword == "format" and value in OPENAPI_FORMATS)
    }


def _local(reference: str, components: Mapping[str, Any]) -> tuple[str, str]:
    """The component that a reference names, and the reference as seen from the bundle's root."""
    if not reference.startswith(COMPONENTS):
        raise ContractError("openapi.json", f'reference "{reference}" does not lead to a component schema')
    first, *below = reference.removeprefix(COMPONENTS).split("/")
    name = unquote_part(first)
    if name not in components:
        raise ContractError("openapi.json", f'reference "{reference}" leads nowhere')
    return name, "#/$defs/" + "/".join([quote_part(name), *below])


def quote_part(name: str) -> str:
    """A name as one part of a JSON pointer in a URI fragment."""
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="~!$&'()*+,;=:@-._")


def unquote_part(part: str) -> str:
    """The name that such a part stands for."""
    return unquote(part).replace("~1", "/").replace("~0", "~")

"""Where an API is and how its key is sent, as an OpenAPI document says it."""

from __future__ import annotations

from typing import Any

from docsworn.derive.block import Block, Place
from docsworn.derive.provenance import mark
from docsworn.derive.references import References

_SCHEME_KEYS = ("type", "scheme", "in", "name", "bearerFormat", "openIdConnectUrl")
_FLOW_KEYS = ("authorizationUrl", "tokenUrl", "refreshUrl")


def read_servers(block: Block, node: Any, place: Place) -> list[dict[str, Any]]:
    """The servers in a list, with their variables; entries without a URL say nothing."""
    found = []
    for at, item in enumerate(block.list_of(node, place, '"servers"')):
        if isinstance(item, dict) and isinstance(item.get("url"), str):
            where = (*place, str(at))
            server = {"url": item["url"]}
            variables = block.mapping(item.get("variables"), (*where, "variables"), '"variables"')
            kept = {name: _variable(value) for name, value in variables.items() if isinstance(value, dict)}
            found.append(
                mark({**server, "variables": kept} if kept else server, block.document, block.line(where))
            )
    return found


def _variable(node: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"default": str(node.get("default", ""))}
    if isinstance(node.get("enum"), list) and node["enum"]:
        kept["enum"] = [str(value) for value in node["enum"]]
    return kept


def read_schemes(block: Block, references: References) -> dict[str, Any]:
    """The security schemes of a document by name, without its words."""
    place = ("components", "securitySchemes")
    components = block.mapping(block.data.get("components"), place[:1], '"components"')
    schemes = {}
    for name, node in block.mapping(components.get("securitySchemes"), place, '"securitySchemes"').items():
        scheme, _where = references.follow(node, (*place, name), "a scheme")
        kept = {key: scheme[key] for key in _SCHEME_KEYS if isinstance(scheme.get(key), str)}
        if isinstance(scheme.get("flows"), dict):
            flows = scheme["flows"].items()
            kept["flows"] = {flow: _flow(value) for flow, value in flows if isinstance(value, dict)}
        schemes[name] = mark(kept, block.document, block.line((*place, name)))
    return schemes


def _flow(node: dict[str, Any]) -> dict[str, Any]:
    """A flow with the names of its scopes: what they are for stays on the page."""
    scopes = node.get("scopes")
    kept = {key: node[key] for key in _FLOW_KEYS if isinstance(node.get(key), str)}
    return {**kept, "scopes": dict.fromkeys(scopes if isinstance(scopes, dict) else (), "")}

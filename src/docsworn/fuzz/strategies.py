"""Schemathesis's strategies: over an operation's parameters, and over a body as if it were sent.

Its network, checks and reports are left alone: it only draws.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import schemathesis
from hypothesis.strategies import SearchStrategy
from schemathesis.config import SchemathesisConfig
from schemathesis.generation.modes import GenerationMode

from docsworn.contract.bundle import COMPONENTS, OPENAPI_KEYWORDS, map_subschemas
from docsworn.model import Operation

Part = dict[str, Any]
Parts = tuple[Part, Part, Part]

# A header that every HTTP API meets and none needs: what is wrong with it must do no harm.
_ANY_HEADER = {
    "name": "Accept-Language",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "pattern": "^[a-z]{2}(-[A-Z]{2})?$"},
}
_BODIES = "/body"


def request_parts(operation: Operation, *, valid: bool) -> SearchStrategy[Parts]:
    """Path parameters (percent-encoded), query and headers of a request, within their schemas or not.

    No key is among them: a key is never made up, so that no account is locked out.
    """
    parameters: list[dict[str, Any]] = [_ANY_HEADER]
    components: dict[str, Any] = {}
    for parameter in operation.parameters:
        if parameter.location not in ("path", "query", "header"):
            continue
        schema, definitions = _split(parameter.schema)
        components |= definitions
        parameters.append(
            {
                "name": parameter.name,
                "in": parameter.location,
                "required": parameter.required,
                "schema": schema,
            }
        )
    document = _document({operation.path: {"get": {"parameters": parameters}}}, components)
    return _strategy(document, operation.path, "GET", valid).map(_parts)


def bodies(schema: Mapping[str, Any]) -> SearchStrategy[Any]:
    """Values that are valid under a self-contained JSON Schema 2020-12, which may be recursive."""
    root, definitions = _split(schema)
    content = {"application/json": {"schema": root}}
    operation = {"requestBody": {"required": True, "content": content}}
    document = _document({_BODIES: {"post": operation}}, definitions)
    return _strategy(document, _BODIES, "POST", True).map(lambda case: case.body)


def _strategy(document: dict[str, Any], path: str, method: str, valid: bool) -> SearchStrategy[Any]:
    # Its own configuration, or it would look for a file in the current folder.
    loaded = schemathesis.openapi.from_dict(document, config=SchemathesisConfig())
    mode = GenerationMode.POSITIVE if valid else GenerationMode.NEGATIVE
    return loaded[path][method].as_strategy(generation_mode=mode)


def _document(paths: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    for item in paths.values():
        for operation in item.values():
            operation["responses"] = {"200": {"description": ""}}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "docsworn", "version": "1"},
        "paths": paths,
        "components": {"schemas": components},
    }
    return dict(json.loads(json.dumps(document)))  # schemathesis may write into what it is given


def _parts(case: Any) -> Parts:
    return dict(case.path_parameters or {}), dict(case.query or {}), dict(case.headers or {})


def _split(schema: Mapping[str, Any]) -> tuple[Any, dict[str, Any]]:
    """A self-contained schema as OpenAPI has it: the schema, and the components that it refers to."""
    definitions = {name: _plain(found) for name, found in schema.get("$defs", {}).items()}
    return _plain(
        {key: value for key, value in schema.items() if key not in ("$defs", "$schema")}
    ), definitions


def _plain(schema: Any) -> Any:
    """A schema without what only docsworn or OpenAPI says, its references as OpenAPI has them."""
    if not isinstance(schema, Mapping):
        return schema
    kept = {
        key: value
        for key, value in schema.items()
        if not key.startswith("x-") and key not in OPENAPI_KEYWORDS and key != "default"
    }
    plain = map_subschemas(kept, lambda child, _: _plain(child))
    if isinstance(plain.get("$ref"), str):
        plain["$ref"] = plain["$ref"].replace("#/$defs/", COMPONENTS, 1)
    return plain

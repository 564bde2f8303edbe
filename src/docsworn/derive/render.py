"""The exact bytes of a pack's generated files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from docsworn.contract.bundle import bundle
from docsworn.derive.document import is_json, operations
from docsworn.errors import UnknownNameError

DOCUMENT = "openapi.json"
SCHEMA_SUFFIX = ".schema.json"


def render_document(openapi: Mapping[str, Any]) -> str:
    """The text of ``openapi.json``."""
    return _text(openapi)


def render_bodies(openapi: Mapping[str, Any], operation: str) -> Mapping[str, str]:
    """File name and text of the schema of every status that has a JSON body."""
    statuses = _operation(openapi, operation).get("responses", {})
    return {
        f"{operation}.{status}{SCHEMA_SUFFIX}": _text(body_schema(openapi, operation, status))
        for status, response in statuses.items()
        if _json_schema(response) is not None
    }


def body_schema(openapi: Mapping[str, Any], operation: str, status: str) -> dict[str, Any]:
    """The body of a status as self-contained JSON Schema 2020-12, without annotations.

    UnknownNameError for an operation, or a status with a JSON body, that the document does not have.
    """
    responses = _operation(openapi, operation).get("responses", {})
    schema = _json_schema(responses.get(status, {}))
    if schema is None:
        known = [name for name, response in responses.items() if _json_schema(response) is not None]
        raise UnknownNameError("status with a JSON body", status, known)
    return bundle(openapi, schema, keep_annotations=False)


def _operation(openapi: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = {item.get("operationId"): item for _path, _method, item in operations(dict(openapi))}
    if name not in found:
        raise UnknownNameError("operation", name, [str(known) for known in found])
    return found[name]


def _json_schema(response: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for media_type, media in response.get("content", {}).items():
        if is_json(media_type) and "schema" in media:
            schema: Mapping[str, Any] = media["schema"]
            return schema
    return None


def _text(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"

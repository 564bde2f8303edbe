"""A small made-up contract with every construct that the tests of this room need."""

from __future__ import annotations

from typing import Any

from docsworn.contract.openapi import read_operations
from docsworn.contract.settings import ProviderSettings
from docsworn.model import Contract

SETTINGS = ProviderSettings.model_validate(
    {
        "provider": "acme",
        "title": "Acme",
        "base_url": "https://api.acme.example",
        "revisions": ["v1"],
        "current": "v1",
        "auth": {"header": "x-key", "env": "ACME_KEY"},
        "operations": {"get_call": {"id_parameter": "id", "ids_env": "ACME_IDS", "identity": "/id"}},
    }
)

BODY: dict[str, Any] = {
    "type": "object",
    "x-source": {"document": "page.md", "line": 10},
    "x-keywords": {"required/id": {"line": 90}, "required/steps": {"line": 91, "confidence": "inferred"}},
    "required": ["id", "steps"],
    "properties": {
        "id": {"type": "string", "x-source": {"document": "page.md", "line": 12}},
        "type": {"type": "string", "enum": ["a", "b"], "x-source": {"document": "page.md", "line": 14}},
        "note": {"type": ["string", "null"], "x-presence": "expected"},
        "face": {"type": "string", "x-presence": "expected", "x-aliases": ["mask"]},
        "mask": {"type": "string", "x-alias-of": "face"},
        "steps": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
        "labels": {"type": "object", "additionalProperties": {"type": "integer"}},
        "open": {"type": "object"},
        "meta": {"oneOf": [{"$ref": "#/components/schemas/Meta"}, {"type": "null"}]},
    },
    "x-unnamed": [
        {
            "id": "extra_events",
            "position": 9,
            "when": {"query": {"verbose": "true"}},
            "candidates": ["events", "log"],
            "schema": {"items": {"type": "object", "properties": {"kind": {"type": "string"}}}},
            "x-source": {"document": "page.md", "line": 40},
            "x-confidence": "curated",
        }
    ],
}

COMPONENTS: dict[str, Any] = {
    "Step": {
        "anyOf": [
            {"$ref": "#/components/schemas/Edge"},
            {"$ref": "#/components/schemas/Nested"},
        ]
    },
    "Edge": {
        "type": "object",
        "properties": {"kind": {"enum": ["edge"]}, "to": {"type": "string"}},
        "required": ["to"],
    },
    "Nested": {
        "type": "object",
        "properties": {
            "kind": {"enum": ["nested"]},
            "steps": {"type": "array", "items": {"$ref": "#/components/schemas/Step"}},
        },
        "required": ["steps"],
    },
    "Meta": {"type": "object", "properties": {"n": {"type": "integer", "minimum": 0}}, "required": ["n"]},
}


def document(body: dict[str, Any] | None = None) -> dict[str, Any]:
    """The OpenAPI document of the made-up contract, with another body where one is given."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Acme", "version": "v1"},
        "servers": [{"url": "https://api.acme.example/"}],
        "paths": {
            "/calls/{id}": {
                "get": {
                    "operationId": "get_call",
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                    ],
                    "responses": {
                        "200": {"content": {"application/json": {"schema": body or BODY}}},
                        "404": {"description": ""},
                    },
                }
            }
        },
        "components": {"schemas": COMPONENTS},
    }


def contract(body: dict[str, Any] | None = None) -> Contract:
    """The made-up contract, not compiled."""
    made = document(body)
    return Contract(
        provider="acme",
        revision="v1",
        sha256="0" * 64,
        server="https://api.acme.example",
        document=made,
        operations=read_operations(made, file="acme/v1/openapi.json"),
        invariants=(),
    )

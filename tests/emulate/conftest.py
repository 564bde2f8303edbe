"""A small provider of our own making, and the packs that come with docsworn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from docsworn.bundled import bundled_dir
from docsworn.contract.packs import Provider, load_provider
from docsworn.emulate.server import Emulator

SETTINGS = """\
provider: {name}
title: Made up
base_url: https://api.{name}.example
revisions: [v1]
current: v1
auth: {{header: X-Key, env: MADE_UP_KEY}}
operations:
  get_call:
    id_parameter: call-id
    ids_env: MADE_UP_IDS
"""

BODY_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["id", "state", "turns"],
    "properties": {
        "id": {"type": "string"},
        "state": {"type": "string", "enum": ["ringing", "over"]},
        "started_at": {"type": ["string", "null"], "format": "date-time"},
        "turns": {"type": "array", "items": {"$ref": "#/components/schemas/Turn"}},
        "owner": {"anyOf": [{"$ref": "#/components/schemas/Person"}, {"type": "null"}]},
    },
    "x-unnamed": [
        {
            "id": "extras",
            "position": 6,
            "when": {"query": {"verbose": "true"}},
            "candidates": ["extras", "details"],
            "schema": {"type": "array", "items": {"type": "string"}},
        }
    ],
}

COMPONENTS: dict[str, Any] = {
    "Turn": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}},
    "Person": {"type": "object", "properties": {"name": {"type": "string"}}},
    "ParcelId": {"type": "string", "pattern": "^p[0-9]{4}$"},
}

MakeProvider = Callable[..., Provider]


@dataclass(frozen=True)
class Pack:
    """What is in a pack of one operation; ``responses`` come beside the good one."""

    path: str
    schema: dict[str, Any] = field(default_factory=lambda: BODY_SCHEMA)
    id_schema: dict[str, Any] = field(default_factory=lambda: {"type": "string"})
    beside_id: dict[str, Any] = field(default_factory=dict)
    good: dict[str, Any] | None = None
    responses: dict[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The OpenAPI document."""
        media = {"application/json": {"schema": self.schema}}
        good = self.good or {"200": {"description": "", "content": media}}
        schemas = {"call-id": self.id_schema, **self.beside_id}
        operation = {
            "operationId": "get_call",
            "parameters": [
                {"name": name, "in": "path", "required": True, "schema": schema}
                for name, schema in schemas.items()
            ],
            "responses": {**good, **self.responses},
        }
        return {
            "openapi": "3.1.0",
            "info": {"title": "made up", "version": "1"},
            "paths": {self.path: {"get": operation}},
            "components": {"schemas": COMPONENTS},
        }


@pytest.fixture
def make_provider(tmp_path: Path) -> MakeProvider:
    """Writes a pack of one operation and loads its provider."""

    def make(
        name: str = "madeup", *, scenarios: str | None = None, identity: bool = True, **pack: Any
    ) -> Provider:
        folder = tmp_path / name
        (folder / "v1").mkdir(parents=True)
        settings = SETTINGS.format(name=name) + ("    identity: /id\n" if identity else "")
        (folder / "provider.yaml").write_text(settings)
        document = Pack(**{"path": f"/{name}/calls/{{call-id}}", **pack}).document()
        (folder / "v1" / "openapi.json").write_text(json.dumps(document))
        if scenarios is not None:
            (folder / "scenarios.yaml").write_text(scenarios)
        return load_provider(name, (tmp_path,))

    return make


PROVIDERS = ("elevenlabs", "speechify", "tavus")


@pytest.fixture(scope="session")
def bundled() -> dict[str, Provider]:
    """The providers that come with docsworn, by name."""
    return {name: load_provider(name, (bundled_dir("contracts"),)) for name in PROVIDERS}


@pytest.fixture
def emulator(bundled: dict[str, Provider]) -> Iterator[Emulator]:
    """A running emulator of the bundled providers."""
    with Emulator(tuple(bundled.values())) as running:
        yield running

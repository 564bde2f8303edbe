"""A bare OpenAPI document is emulated: no pack, no settings, no scenarios."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from docsworn.emulate.bare import load_openapi
from docsworn.emulate.drifts import drifts_of
from docsworn.emulate.player import Player
from docsworn.emulate.server import Emulator
from docsworn.errors import ConfigError, ContractError, DocswornError

YAML = """\
openapi: 3.1.0
info: {title: Bikes, version: "2"}
security: [{token: []}]
paths:
  /shops/{shop}/bikes/{bike_id}:
    parameters:
      - $ref: "#/components/parameters/shop"
    get:
      parameters:
        - {name: bike_id, in: path, required: true, schema: {type: string, pattern: "^b_[0-9]{4}$"}}
      responses:
        "200":
          description: a bike
          content:
            application/json:
              schema: {$ref: "#/components/schemas/Bike"}
        "404": {$ref: "#/components/responses/lost"}
  /bikes:
    post:
      operationId: make
      requestBody: {content: {application/json: {schema: {type: object}}}}
      responses:
        "201": {description: made, content: {application/json: {schema: {$ref: "#/components/schemas/Bike"}}}}
    get:
      responses:
        "200":
          description: all
          content: {application/json: {schema: {type: array, items: {$ref: "#/components/schemas/Bike"}}}}
components:
  securitySchemes:
    token: {type: http, scheme: bearer}
  parameters:
    shop: {name: shop, in: path, required: true, schema: {type: string}}
  responses:
    lost:
      description: not found
      content: {application/json: {schema: {required: [why], properties: {why: {type: string}}}}}
  schemas:
    Bike:
      type: object
      required: [id, kind]
      properties:
        id: {type: string}
        kind: {enum: [city, cargo]}
        bought_at: {type: string, format: date-time}
        parts: {type: array, items: {$ref: "#/components/schemas/Bike"}}
"""
KEY = {"Authorization": "Bearer anything"}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """The document as a file."""
    file = tmp_path / "My bikes.yaml"
    file.write_text(YAML)
    return file


def test_operations_of_all_methods(document: Path) -> None:
    """Ids fit their pattern and stand in the body; lists, posts and documented errors are answered."""
    with (
        Emulator((), scripts=[load_openapi(document)]) as emulator,
        httpx.Client(base_url=emulator.base_url, headers=KEY) as client,
    ):
        one, two, *_ = emulator.conversations("my-bikes")
        assert one.path.endswith(f"/bikes/{one.id}")
        assert client.get(one.path).json()["id"] == one.id != two.id
        assert client.get(one.path.replace(one.id, "b_000")).json().keys() == {"why"}
        assert client.get("/bikes").json()[0]["kind"] in ("city", "cargo")
        assert client.post("/bikes", json={}).status_code == 201
        assert httpx.get(f"{emulator.base_url}{one.path}").status_code == 401
        wrong = client.get(one.path, headers={"Authorization": "Bearer invalid"})
        assert wrong.status_code == 401


def test_its_drifts_are_listed(document: Path) -> None:
    """A bare document has drifts as a pack has, but no invariants."""
    player = Player(load_openapi(document))
    found = drifts_of(player.script.contract, player.stages)
    ids = {drift.id for drift in found}
    assert "get_shops_{shop}_bikes_{bike_id}:/kind:enum" in ids
    assert "make:/bought_at:format" in ids
    assert not any(drift.kind == "invariant" for drift in found)


@pytest.mark.parametrize(
    ("scheme", "headers", "status"),
    [
        ({"type": "apiKey", "in": "header", "name": "X-Bike"}, {"X-Bike": "k"}, 200),
        ({"type": "apiKey", "in": "header", "name": "X-Bike"}, {}, 401),
        ({"type": "apiKey", "in": "query", "name": "key"}, {}, 200),
        ({"type": "http", "scheme": "basic"}, {"Authorization": "Basic azpr"}, 200),
        ({"type": "http", "scheme": "basic"}, {"Authorization": "Bearer k"}, 401),
        ({"type": "oauth2", "flows": {}}, {"Authorization": "Bearer k"}, 200),
        (None, {}, 200),
    ],
)
def test_who_may_ask(
    tmp_path: Path, scheme: dict[str, Any] | None, headers: dict[str, str], status: int
) -> None:
    """As the security schemes say; a key that stands in no header is not asked for."""
    told = {"security": [{"any": []}], "components": {"securitySchemes": {"any": scheme}}} if scheme else {}
    content = {"application/json": {"schema": {"type": "object"}}}
    operation = {"get": {"responses": {"200": {"description": "", "content": content}}}}
    file = tmp_path / "api.json"
    file.write_text(
        json.dumps(
            {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": operation}, **told}
        )
    )
    with Emulator((), scripts=[load_openapi(file)]) as emulator:
        assert httpx.get(f"{emulator.base_url}/a", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("", ContractError, "api.yaml: the document is empty"),
        ("[1]", ContractError, "api.yaml: is not an OpenAPI document"),
        ("a: [", ContractError, "not YAML"),
        ("a: 1", ContractError, "api.yaml: is not an OpenAPI 3.1 document"),
        ("openapi: 3.0.3\npaths: {}", ContractError, "api.yaml: is OpenAPI 3.0.3, and only 3.1 is read"),
        ('swagger: "2.0"', ContractError, "api.yaml: is OpenAPI 2.0, and only 3.1 is read"),
        ("openapi: 3.1.0\npaths: {}", ContractError, "api.yaml: holds no operation"),
        ("openapi: 3.1.0\npaths: {/a: 3}", ContractError, "is not laid out as OpenAPI"),
        ("openapi: 3.1.0\npaths: {/a: {get: {parameters: [{}]}}}", ContractError, "is not laid out"),
        (
            'openapi: 3.1.0\npaths: {/a: {$ref: "#/paths/~1a"}}',
            ContractError,
            "is not laid out as OpenAPI (LookupError)",
        ),
        ("\xff", ConfigError, "is not UTF-8 text"),
    ],
)
def test_what_is_no_document(tmp_path: Path, text: str, error: type[DocswornError], message: str) -> None:
    """A sentence with the file."""
    file = tmp_path / "api.yaml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(error) as caught:
        load_openapi(file)
    assert message in str(caught.value)


@pytest.mark.parametrize(("name", "text"), [("bad.json", "{"), ("deep.json", "[" * 100_000)])
def test_what_is_no_json(tmp_path: Path, name: str, text: str) -> None:
    """A file that calls itself JSON is not judged as YAML."""
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(ContractError, match=rf"^{name}(:1)?: is not JSON$"):
        load_openapi(file)


@pytest.mark.parametrize(
    "good", ['schema: {$ref: "#/components/schemas/Bike"}', "required: true, schema: {type: string}}"]
)
def test_a_reference_that_leads_nowhere(tmp_path: Path, good: str) -> None:
    """The file that was given is named."""
    file = tmp_path / "bikes.yaml"
    wrong = 'schema: {$ref: "#/x/Bike"}' + "}" * (good.count("}") - good.count("{"))
    file.write_text(YAML.replace(good, good.partition("schema:")[0] + wrong, 1))
    with pytest.raises(DocswornError) as caught:
        Player(load_openapi(file))
    assert str(caught.value).startswith("bikes.yaml: ")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """The reason in words."""
    with pytest.raises(ConfigError, match=r"nowhere\.json: cannot be read: no such file"):
        load_openapi(tmp_path / "nowhere.json")


def test_a_body_that_cannot_be_drawn(tmp_path: Path) -> None:
    """The error names the document, and no file that a bare document has not."""
    file = tmp_path / "api.yaml"
    file.write_text(YAML.replace("kind: {enum: [city, cargo]}", "kind: false"))
    with pytest.raises(ContractError) as caught:
        Player(load_openapi(file))
    assert str(caught.value).startswith("api.yaml: ")
    assert "scenarios.yaml" not in str(caught.value)

"""Fern Markdown around a clean OpenAPI document: what is already right stays as it is."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.derive.render import body_schema, render_bodies
from docsworn.errors import UnknownNameError
from tests.derive.rows import page

NAME = "fern-openapi-clean.md"


def operation() -> dict[str, Any]:
    """The fixture's one operation."""
    found: dict[str, Any] = page(NAME).openapi["paths"]["/v1/maps/{map_id}/folds"]["post"]
    return found


def test_servers_of_the_block() -> None:
    """Servers of the block stand before the head of the page; their descriptions stay on the page."""
    found = [
        (item["url"], item["x-source"]["line"], "description" in item)
        for item in page(NAME).openapi["servers"]
    ]
    assert found == [("https://maps.example", 13, False), ("https://sandbox.maps.example", 15, False)]


def test_security_of_the_block() -> None:
    """Where the block declares security, a header parameter is a parameter."""
    document = page(NAME).openapi
    assert document["components"]["securitySchemes"]["mapKey"] == {
        "type": "apiKey", "in": "query", "name": "key",
        "x-source": {"document": NAME, "line": 78}, "x-confidence": "documented",
    }  # fmt: skip
    assert operation()["security"] == [{"mapKey": []}]


def test_parameters_of_the_path() -> None:
    """Parameters of the path come first, by reference too; the operation's own win over them."""
    found = [
        (item["name"], item["in"], item.get("required"), item["x-source"]["line"])
        for item in operation()["parameters"]
    ]
    assert found == [
        ("map_id", "path", True, 72), ("trace", "header", True, 27), ("authorization", "header", None, 33),
    ]  # fmt: skip


def test_request_body() -> None:
    """A request body has its fields with their lines."""
    node = operation()["requestBody"]
    schema = node["content"]["application/json"]["schema"]
    assert node["required"] is True
    assert schema["properties"]["times"]["x-keywords"] == {"type": {"line": 47}, "minimum": {"line": 48}}
    assert schema["x-keywords"]["required/times"] == {"line": 50}


def test_null_of_openapi_3_0() -> None:
    """nullable is null among the types, or nothing, on the record."""
    content = operation()["responses"]["201"]["content"]["application/vnd.maps+json; charset=utf-8"]
    properties = content["schema"]["properties"]
    assert (properties["note"]["type"], properties["width"]["type"]) == (["string", "null"], "number")
    assert [properties[name]["x-normalised"][0]["keyword"] for name in properties] == ["nullable", "nullable"]


def test_bodies() -> None:
    """A body of a +json media type is a body, one of text is not; default has no schema."""
    document = page(NAME).openapi
    assert list(render_bodies(document, "fold")) == ["fold.201.schema.json"]
    assert body_schema(document, "fold", "201")["properties"]["width"] == {"type": "number"}


def test_unknown_names() -> None:
    """An unknown operation or status gets a guess."""
    document = page(NAME).openapi
    with pytest.raises(UnknownNameError) as caught:
        body_schema(document, "fould", "201")
    assert str(caught.value) == 'unknown operation "fould": did you mean "fold"?'
    with pytest.raises(UnknownNameError) as caught:
        body_schema(document, "fold", "default")
    assert str(caught.value) == 'unknown status with a JSON body "default": known: 201'

"""OpenAPI documents: what stands around the schemas, and one operation of many."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.derive import derive
from docsworn.derive.render import render_bodies
from docsworn.errors import UnknownNameError, UsageError
from tests.derive.rows import PAGES, page
from tests.derive.test_openapi_tables import derived

HARBOUR = "openapi-3.0-handwritten.yaml"
KENNEL = "openapi-2.0.yaml"
ORCHARD = "openapi-3.1-fastapi.json"


def operation(name: str, path: str, method: str) -> dict[str, Any]:
    """An operation of a whole fixture document."""
    found: dict[str, Any] = page(name).openapi["paths"][path][method]
    return found


def plain(node: Any) -> Any:
    """A node without annotations."""
    if isinstance(node, list):
        return [plain(item) for item in node]
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items() if not key.startswith("x-")}
    return node


def test_servers_with_variables() -> None:
    """Servers keep their variables; descriptions stay on the page; a path's own server is the operation's."""
    servers = page(HARBOUR).openapi["servers"]
    assert plain(servers) == [
        {"url": "https://{region}.harbour.example/v{version}", "variables": {
            "region": {"default": "north", "enum": ["north", "south"]}, "version": {"default": "2"}}},
        {"url": "https://test.harbour.example"},
    ]  # fmt: skip
    assert [server["x-source"]["line"] for server in servers] == [9, 17]
    assert plain(operation(HARBOUR, "/ships", "get")["servers"]) == [{"url": "https://list.harbour.example"}]


def test_server_of_openapi_2() -> None:
    """Scheme, host and base path make a server, https first."""
    assert [server["url"] for server in page(KENNEL).openapi["servers"]] == [
        "https://kennel.example/api/v2", "http://kennel.example/api/v2",
    ]  # fmt: skip


def test_security() -> None:
    """The document's security holds where an operation has none; an empty list asks for no key."""
    assert operation(HARBOUR, "/ships/{ship_id}", "get")["security"] == [
        {"harbourKey": []}, {"sailor": ["read:ships"]},
    ]  # fmt: skip
    assert operation(HARBOUR, "/ships/{ship_id}", "put")["security"] == []
    assert operation(KENNEL, "/dogs/{dog_id}", "post")["security"] == [{"plain": []}, {"keeper": ["walk"]}]


def test_security_schemes_without_words() -> None:
    """Schemes keep what a program needs; scopes keep their names."""
    assert plain(page(HARBOUR).openapi["components"]["securitySchemes"]) == {
        "harbourKey": {"type": "apiKey", "in": "header", "name": "X-Harbour-Key"},
        "sailor": {"type": "oauth2", "flows": {"clientCredentials": {
            "tokenUrl": "https://harbour.example/token", "scopes": {"read:ships": ""}}}},
    }  # fmt: skip
    schemes = plain(page(KENNEL).openapi["components"]["securitySchemes"])
    assert schemes["plain"] == {"type": "http", "scheme": "basic"}
    assert list(schemes["keeper"]["flows"]) == ["authorizationCode"]


def test_parameters() -> None:
    """The path's parameters come first, by reference too; the operation's own win; content is content."""
    found = operation(HARBOUR, "/ships/{ship_id}", "get")["parameters"]
    assert [(item["name"], item.get("required")) for item in found] == [
        ("ship_id", True), ("tide", True), ("expand", None), ("filter", None),
    ]  # fmt: skip
    assert (found[2]["style"], found[2]["explode"]) == ("form", False)
    assert list(found[3]["content"]) == ["application/json"]
    tide = operation(HARBOUR, "/ships/{ship_id}", "put")["parameters"][1]["schema"]
    assert plain(tide) == {"type": "integer", "exclusiveMinimum": 0, "maximum": 9}
    assert operation(HARBOUR, "/ships/{ship_id}", "get")["deprecated"] is True


def test_headers_of_responses() -> None:
    """Headers have schemas with lines, in place or by reference, in OpenAPI 2.0 too."""
    headers = operation(HARBOUR, "/ships/{ship_id}", "get")["responses"]["200"]["headers"]
    assert plain(headers) == {
        "X-Rate-Left": {"schema": {"type": "integer"}},
        "X-Trace": {"required": True, "schema": {"type": "string"}},
    }
    assert [header["x-source"]["line"] for header in headers.values()] == [62, 66]
    left = operation(KENNEL, "/dogs/{dog_id}", "get")["responses"]["200"]["headers"]["X-Left"]
    assert plain(left) == {"schema": {"type": "integer"}}


def test_statuses() -> None:
    """Numbers, ranges and default, in the order of the document; vendor media types are JSON bodies."""
    assert list(operation(HARBOUR, "/ships/{ship_id}", "get")["responses"]) == [
        "200",
        "404",
        "4XX",
        "default",
    ]
    document = derived(HARBOUR, "GET /ships/{ship_id}").openapi
    assert list(render_bodies(document, "getShip")) == [
        f"getShip.{status}.schema.json" for status in ("200", "404", "4XX")
    ]


def test_bodies_of_openapi_2() -> None:
    """A body parameter is a request body of every consumed type, form fields are one object."""
    body = plain(operation(KENNEL, "/dogs/{dog_id}", "put")["requestBody"])
    reference = {"schema": {"$ref": "#/components/schemas/Dog"}}
    assert body == {"content": {"application/json": reference}, "required": True}
    form = plain(operation(KENNEL, "/dogs/{dog_id}", "post")["requestBody"])
    assert form["content"]["multipart/form-data"]["schema"] == {
        "type": "object", "required": ["picture"],
        "properties": {"picture": {"type": "string", "format": "binary"}, "caption": {"type": "string"}},
    }  # fmt: skip
    fields = operation(KENNEL, "/dogs/{dog_id}", "get")["parameters"][1]
    assert (fields["style"], fields["explode"]) == ("form", True)
    assert list(operation(KENNEL, "/dogs/{dog_id}", "get")["responses"]["200"]["content"]) == [
        "application/json"
    ]


def test_one_operation_needs_only_its_components() -> None:
    """Components that the operation does not reach are left out; a mapping's targets are reached."""
    one = derived(HARBOUR, "get /ships/{ship_id}").openapi
    assert list(one["paths"]) == ["/ships/{ship_id}"]
    assert list(one["paths"]["/ships/{ship_id}"]) == ["get"]
    names = ["Ship", "Named", "Berth", "Crate", "Barrel", "Pet", "Cat", "Parrot"]
    assert [name for name in one["components"]["schemas"] if name in names] == names
    assert "schemas" not in derived(HARBOUR, "putShip").openapi["paths"]
    assert list(derived(ORCHARD, "delete_tree").openapi["components"].get("schemas", {})) == []


def test_unknown_and_unnamed_operations() -> None:
    """An operation that is not there gets a guess; several without a choice have no facts."""
    with pytest.raises(UnknownNameError) as caught:
        derived(HARBOUR, "GET /ship/{ship_id}")
    assert str(caught.value) == (
        'unknown operation "GET /ship/{ship_id}": did you mean "GET /ships/{ship_id}"?'
    )
    with pytest.raises(UsageError):
        _ = page(HARBOUR).facts


def test_a_long_list_of_names_is_cut() -> None:
    """12 of the known names and their number; a short list is whole."""
    names = [f"kite{at:04}" for at in range(1200)]
    message = str(UnknownNameError("operation", "ZZZ", names))
    assert message == f'unknown operation "ZZZ": known: {", ".join(names[:12])}, … (1200 in all)'
    assert str(UnknownNameError("check", "ZZZ", names[:12])).endswith(names[11])


def test_an_operation_is_read_alone() -> None:
    """What is wrong elsewhere in a document does not matter to the operation that is wanted."""
    text = (PAGES / HARBOUR).read_text(encoding="utf-8")
    broken = text.replace(
        "$ref: '#/components/schemas/Ship'\n  parameters:", "$ref: '#/nowhere'\n  parameters:"
    )
    assert broken != text
    whole = derived(HARBOUR, "getShip")
    assert derive(broken, document=HARBOUR, operation="getShip").openapi == whole.openapi


def test_mapping_of_a_discriminator() -> None:
    """A mapping names components, by reference or bare; the choice keeps exactly one where it is proved."""
    part = page(HARBOUR).openapi["components"]["schemas"]["Ship"]["allOf"][1]
    cargo = part["properties"]["cargo"]
    assert cargo["discriminator"] == {"propertyName": "shape", "mapping": {
        "crate": "#/components/schemas/Crate", "barrel": "#/components/schemas/Barrel"}}  # fmt: skip
    assert "oneOf" in cargo


def test_no_words_of_the_provider() -> None:
    """Descriptions, summaries, titles, examples and defaults that are sentences stay on the page."""
    for name in (HARBOUR, KENNEL, ORCHARD):
        text = str(page(name).openapi)
        for words in ("What floats", "How high", "Not a ship", "Look at", "Ask the", "Rex", "always stood"):
            assert words not in text


def test_the_version_is_on_record() -> None:
    """A document that is not 3.1 says at its root what it was."""
    assert page(KENNEL).openapi["x-normalised"] == [
        {"keyword": "swagger", "reason": "version 2.0, read as 3.1", "line": 1}
    ]
    assert page(HARBOUR).openapi["x-normalised"][0]["line"] == 2
    assert "x-normalised" not in page(ORCHARD).openapi


def test_key_headers_of_fern() -> None:
    """A header that is the key belongs to the scheme that the block declares, and stays a fact."""
    found = page("fern-openapi-types.md").openapi["paths"]["/v1/parcels/{parcel_id}"]["get"]
    assert found["security"] == [{"default": []}]
    assert [item["name"] for item in found["x-key-parameters"]] == ["Authorization"]


def test_title_of_a_mintlify_page() -> None:
    """The page's title is the operation's; the document's is the whole API's."""
    assert page("mintlify-openapi.md").openapi["info"]["title"] == "Get Lamp"

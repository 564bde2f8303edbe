"""Mintlify Markdown, old: the fence that describes one call in Mintlify's own words."""

from __future__ import annotations

from typing import Any

from tests.derive.rows import Row, body, page, rows

BOAT = [
    Row("/boat_id", "string", False, 80, (), 52),
    Row("/hull", "Hull", False, 0, (), 57),
    Row("/crew", "array<object>", False, 0, (), 60),
    Row("/crew/*", "object", False, 0, (), 63),
    Row("/crew/*/name", "string", False, 69, (), 66),
    Row("/state", "string", True, 0, ("afloat", "ashore"), 71),
]


def operation(name: str) -> dict[str, Any]:
    """The one operation of a fixture."""
    ((path, item),) = page(name).openapi["paths"].items()
    assert path in ("/v1/boats/{boat_id}", "/lamps/{lamp_id}")
    found: dict[str, Any] = item["get"]
    return found


def test_every_fact_with_its_line() -> None:
    """Wrappers are unwrapped, requiredProperties are required, nullable is a type, all on the record."""
    schema = body(page("mintlify-fence.md").openapi)
    assert list(rows(schema)) == BOAT
    assert schema["properties"]["state"]["enum"] == ["afloat", "ashore", None]
    notes = schema["properties"]["state"]["x-normalised"]
    assert [(note["keyword"], note["line"]) for note in notes] == [("allOf", 72), ("nullable", 74)]
    assert [note["keyword"] for note in schema["x-normalised"]] == ["required", "refIdentifier"]


def test_where_required_is_said_nothing_is_only_expected() -> None:
    """A page with lists of required fields means the others to be optional."""
    assert "x-presence" not in str(page("mintlify-fence.md").openapi)


def test_where_required_is_never_said_fields_are_expected() -> None:
    """A page that says nothing of required lists fields that are expected once seen steadily."""
    document = page("mintlify-fence-silent.md").openapi
    for status in ("200", "404"):
        properties = body(document, status)["properties"].values()
        assert {item.get("x-presence") for item in properties} == {"expected"}


def test_parameters() -> None:
    """The boolean required inside a parameter's schema is the parameter's."""
    found = [
        (p["name"], p["in"], p["required"], p["x-source"]["line"])
        for p in operation("mintlify-fence.md")["parameters"]
    ]
    assert found == [
        ("boat_id", "path", True, 28),
        ("sails", "query", False, 35),
        ("harbour", "query", True, 39),
    ]


def test_security() -> None:
    """A bearer header is an HTTP scheme, any other header an API key."""
    schemes = page("mintlify-fence.md").openapi["components"]["securitySchemes"]
    assert {key: schemes["bearer"][key] for key in ("type", "scheme")} == {"type": "http", "scheme": "bearer"}
    schemes = page("mintlify-fence-silent.md").openapi["components"]["securitySchemes"]
    assert schemes["apiKey"]["name"] == "x-lamp-key"


def test_responses() -> None:
    """A placeholder has no body; several schemas are alternatives; components come along."""
    document = page("mintlify-fence.md").openapi
    responses = operation("mintlify-fence.md")["responses"]
    assert list(responses) == ["200", "204", "409"]
    assert "content" not in responses["204"]
    assert len(body(document, "409")["anyOf"]) == 2
    assert body(document, "409")["x-normalised"][0]["reason"] == "a list of alternatives"
    assert list(document["components"]["schemas"]) == ["Hull"]


def test_server_and_title() -> None:
    """The server stands in the block; the title is the first heading that is no source line."""
    document = page("mintlify-fence.md").openapi
    assert document["servers"][0]["url"] == "https://boats.example"
    assert document["info"]["title"] == "Get Boat"

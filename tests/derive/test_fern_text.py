"""Text of a Fern page: names and types glued together, bullets, and what the prose promises."""

from __future__ import annotations

import pytest

from docsworn.derive.text.declare import parse_declaration
from tests.derive.rows import Row, body, page, rows

TRAIN = [
    Row("/id", "string", False, 0, (), 22),
    Row("/state", "string", False, 0, (), 26),
    Row("/kind", "string", True, 0, ("steam", "diesel"), 27),
    Row("/cars", "integer", True, 0, (), 34),
    Row("/departed_at", "string:date-time", True, 0, (), 35),
    Row("/weight", "number:double", False, 0, (), 39),
    Row("/arrived_on", "string:date", True, 0, (), 40),
    Row("/driver", "string", False, 43, (), 41),
    Row("/labels", "map<any>", False, 0, (), 45),
    Row("/labels/*", "any", False, 0, (), 45),
    Row("/stops", "array<map<any>>", True, 0, (), 46),
    Row("/stops/*", "map<any>", False, 0, (), 46),
    Row("/stops/*/*", "any", False, 0, (), 46),
    Row("/milestones", "array<integer:int64>", False, 0, (), 47),
    Row("/milestones/*", "integer:int64", False, 0, (), 47),
    Row("/note", "object", False, 0, (), 48),
    Row("/halt_reason", "string", True, 0, ("signal", "leaves"), 52),
]
BASE32 = "[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]"


def test_every_fact_with_its_line() -> None:
    """Types, null by type, by bullet and by prose, presence by prose, values by bullets."""
    assert list(rows(body(page("fern-text.txt").openapi))) == TRAIN


def test_null_is_among_the_values_of_an_enum() -> None:
    """A null bullet and a sentence about NULL both allow null, and say on which line."""
    properties = body(page("fern-text.txt").openapi)["properties"]
    assert properties["kind"]["enum"] == ["steam", "diesel", None]
    assert properties["kind"]["x-keywords"] == {"enum": {"line": 31}, "nullable": {"line": 33}}
    assert properties["halt_reason"]["enum"] == ["signal", "leaves", None]
    assert properties["halt_reason"]["x-keywords"] == {"enum": {"line": 56}, "nullable": {"line": 54}}


def test_an_enum_without_values_is_open() -> None:
    """The page says that it is an enum and lists nothing: no value is invented."""
    state = body(page("fern-text.txt").openapi)["properties"]["state"]
    assert state["x-open-enum"] is True
    assert "enum" not in state


def test_identifiers() -> None:
    """A described identifier has a pattern, in the path too where the prose says so."""
    document = page("fern-text.txt").openapi
    pattern = f"^train_{BASE32}{{12}}$"
    for schema in (body(document)["properties"]["id"], document["components"]["parameters"]["id"]["schema"]):
        assert schema["pattern"] == pattern
        assert schema["x-keywords"] == {"pattern": {"line": 24}}


def test_what_the_page_does_not_say() -> None:
    """Host, path and method are missing; the status without a number is only inferred."""
    document = page("fern-text.txt").openapi
    assert document["x-missing"] == ["server", "path", "method"]
    assert "paths" not in document
    responses = document["components"]["responses"]
    found = [(status, item["x-source"]["line"], item["x-confidence"]) for status, item in responses.items()]
    assert found == [("200", 19, "inferred"), ("401", 61, "documented"), ("404", 63, "documented")]


def test_parameters_and_key() -> None:
    """Required and Optional are said of parameters; the key is a bearer."""
    document = page("fern-text.txt").openapi
    parameters = document["components"]["parameters"]
    assert {name: (p["in"], p["required"]) for name, p in parameters.items()} == {
        "id": ("path", True), "wagons": ("query", False),
    }  # fmt: skip
    assert document["components"]["securitySchemes"]["bearer"]["x-source"]["line"] == 7
    assert document["security"] == [{"bearer": []}]


@pytest.mark.parametrize(
    ("line", "name", "schema", "required"),
    [
        ("idstring", "id", {"type": "string"}, None),
        ("idstringRequired", "id", {"type": "string"}, True),
        ("pagelongOptional", "page", {"type": "integer", "format": "int64"}, False),
        ("update_datedatetime", "update_date", {"type": "string", "format": "date-time"}, None),
        ("stringstring", "string", {"type": "string"}, None),
        ("maplist of strings", "map", {"type": "array", "items": {"type": "string"}}, None),
        ("adouble or null", "a", {"type": ["number", "null"], "format": "double"}, None),
        ("xany or null", "x", {}, None),
        ("ttlmap from strings to lists of booleans", "ttl",
         {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "boolean"}}}, None),
    ],
)  # fmt: skip
def test_glued_declarations(line: str, name: str, schema: object, required: bool | None) -> None:
    """Name and type come apart where the longest type begins."""
    found = parse_declaration(line)
    assert found is not None
    assert (found.name, found.schema, found.flags.required) == (name, schema, required)


@pytest.mark.parametrize(
    "line",
    [
        "string",
        "Required",
        "The train.",
        "A list of strings",
        "",
        "string or null",
        "id string",
        "x" * 400 + "string",
    ],
)
def test_prose_declares_nothing(line: str) -> None:
    """A sentence, a bare type and a name of unlikely length are no fields."""
    assert parse_declaration(line) is None

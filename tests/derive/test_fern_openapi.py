"""Fern Markdown with an OpenAPI block: what its dialect means, and on which line it says so."""

from __future__ import annotations

from typing import Any

from docsworn.derive import derive
from tests.derive.rows import Row, body, page, row, rows

FACTS = {
    "Colour": [Row("", "string", False, 0, ("red", "no", "null"), 67)],
    "Knot": [
        Row("/kind", "string", False, 86, ("knot",), 76),
        Row("/next", "Knot", True, 0, (), 81),
    ],
    "LooseBow": [Row("/kind", "string", False, 0, ("loose",), 100)],
    "Measure": [Row("", "integer|number:double", False, 0, (), 113)],
    "Spec": [
        Row("/type", "Colour", False, 147, (), 121),
        Row("/enum", "array<string>", True, 148, (), 123),
        Row("/enum/*", "string", False, 0, (), 127),
        Row("/description", "string", False, 0, (), 130),
        Row("/value", "any", False, 0, (), 133),
        Row("/required", "boolean", False, 0, (), 135),
        Row("/properties", "map<Spec>", False, 0, (), 138),
        Row("/properties/*", "Spec", False, 0, (), 140),
        Row("/$ref", "string", False, 149, (), 142),
        Row("/x-note", "string", False, 0, (), 144),
    ],
    "Kite-Output": [
        Row("/id", "string", False, 177, (), 153),
        Row("/tails", "array<Tail>", False, 178, (), 155),
        Row("/tails/*", "Tail", False, 0, (), 157),
        Row("/loose_tail", "LooseTail", False, 0, (), 160),
        Row("/length", "Measure", True, 0, (), 163),
        Row("/owner", "string", True, 0, (), 167),
        Row("/nothing", "null", False, 0, (), 172),
        Row("/spec", "Spec", False, 0, (), 174),
    ],
}


def operation() -> dict[str, Any]:
    """The fixture's one operation."""
    found: dict[str, Any] = page("fern-openapi.md").openapi["paths"]["/v3/kites/{kite_id}"]["get"]
    return found


def test_every_fact_with_its_line() -> None:
    """Fields named type, enum, description, value, required, properties, $ref and x-note are fields."""
    schemas = page("fern-openapi.md").openapi["components"]["schemas"]
    found = {name: list(rows(schemas[name])) or [row("", schemas[name])] for name in FACTS}
    assert found == FACTS


def test_server_is_the_head_without_the_path() -> None:
    """The host stands in the head of the page, before the path that the block describes."""
    (server,) = page("fern-openapi.md").openapi["servers"]
    assert (server["url"], server["x-source"]["line"]) == ("https://api.kites.example/base", 3)


def test_key_header_is_security() -> None:
    """A required header parameter that is the key becomes a security scheme, on the record."""
    document = page("fern-openapi.md").openapi
    (scheme,) = document["components"]["securitySchemes"].values()
    assert {key: scheme[key] for key in ("type", "in", "name")} == {
        "type": "apiKey", "in": "header", "name": "kites-api-key",
    }  # fmt: skip
    assert [(item["name"], item["in"]) for item in operation()["parameters"]] == [
        ("kite_id", "path"), ("wind", "query"),
    ]  # fmt: skip
    assert operation()["security"] == [{"apiKey": []}]
    assert {"keyword": "parameters", "reason": "a header that is the key is security", "line": 36} in (
        operation()["x-normalised"]
    )


def test_nested_tags_are_flat() -> None:
    """Tags in lists of lists are tags."""
    assert operation()["tags"] == ["subpackage_kites", "subpackage_kites/air"]


def test_responses() -> None:
    """A referenced response is followed; an empty content says nothing about the body, on the record."""
    responses = operation()["responses"]
    assert {status: item["x-source"]["line"] for status, item in responses.items()} == {
        "200": 42, "404": 48, "422": 50,
    }  # fmt: skip
    assert list(rows(body(page("fern-openapi.md").openapi, "404"))) == [
        Row("/error", "string", False, 65, (), 62)
    ]
    assert "content" not in responses["422"]
    assert responses["422"]["x-normalised"][0]["line"] == 52


def test_keyword_lines() -> None:
    """Keywords that stand on lines of their own say so; folded references do too."""
    schemas = page("fern-openapi.md").openapi["components"]["schemas"]
    assert schemas["Colour"]["x-keywords"] == {"type": {"line": 68}, "enum": {"line": 69}}
    assert schemas["Kite-Output"]["properties"]["length"]["x-keywords"] == {"oneOf": {"line": 164}}
    wind = operation()["parameters"][1]["schema"]
    assert wind["x-keywords"] == {"type": {"line": 34}, "minimum": {"line": 35}}


def test_unions_are_exclusive_only_where_proved() -> None:
    """Branches that a required literal or the JSON types tell apart stay oneOf, others become anyOf."""
    schemas = page("fern-openapi.md").openapi["components"]["schemas"]
    unions = {
        name: next(k for k in ("oneOf", "anyOf") if k in schemas[name])
        for name in schemas
        if "Of" in str(schemas[name].keys())
    }
    assert unions == {"Tail": "oneOf", "LooseTail": "anyOf", "Measure": "anyOf"}
    assert "oneOf" in schemas["Knot"]["properties"]["next"]
    assert schemas["Measure"]["x-keywords"] == {"anyOf": {"line": 114}}
    assert schemas["Measure"]["x-normalised"] == [
        {"keyword": "oneOf", "reason": "branches overlap, so exactly one cannot be held", "line": 114}
    ]


def test_prose_that_speaks_of_null() -> None:
    """Null is unknown where only a field's own description speaks of it, in a block that tells null."""
    described = {
        "room": "The room, or null", "ended": "Null when not ended.", "size": "Never null.",
        "mood": "How it is.", "told": "A text or `null`.", "kind": "Not null when set.",
    }  # fmt: skip
    types = {"told": "[string, 'null']"}
    fields = "".join(
        f"                  {name}: {{type: {types.get(name, 'string')}, description: '{words}'}}\n"
        for name, words in described.items()
    )
    block = (
        "openapi: 3.1.0\ninfo: {title: Kites, version: '1'}\npaths:\n  /kites:\n    get:\n"
        "      responses:\n        '200':\n          content:\n            application/json:\n"
        f"              schema:\n                type: object\n                properties:\n{fields}"
    )
    text = f"# Get a kite\n\nGET https://api.kites.example/kites\n\n```yaml\n{block}```\n"
    found = {fact.pointer: fact.nullable for fact in derive(text, document="kites.md").facts}
    assert {name: found[f"/{name}"] for name in described} == {
        "room": "unknown", "ended": "unknown", "size": "no", "mood": "no", "told": "yes", "kind": "no",
    }  # fmt: skip


def test_nothing_of_the_words_is_kept() -> None:
    """Descriptions, summaries and titles stay on the page; only digests of a description's words go in."""
    text = str(page("fern-openapi.md").openapi)
    for words in ("Words that may be said", "Anything", "No such kite", "A tail that may come off"):
        assert words not in text
    spec = page("fern-openapi.md").openapi["components"]["schemas"]["Spec"]
    assert len(spec["properties"]["enum"]["x-words"].split()) == 7


def test_rewrites_are_recorded() -> None:
    """Every rewrite stands at its node with reason and line."""
    schemas = page("fern-openapi.md").openapi["components"]["schemas"]
    owner = schemas["Kite-Output"]["properties"]["owner"]
    assert [(note["keyword"], note["line"]) for note in owner["x-normalised"]] == [
        ("type", 168),
        ("required", 171),
    ]
    assert schemas["Colour"]["x-normalised"][0]["reason"] == "items are objects that hold the value"
    assert schemas["Bow"]["properties"]["kind"]["x-normalised"] == [
        {"keyword": "enum", "reason": "items are string literals that hold the value", "line": 92}
    ]

"""Text of a Mintlify page with descriptions and examples only, alone and with an earlier revision."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.derive import Derivation, derive
from docsworn.derive.align import likeness, pairs
from docsworn.derive.provenance import digest_words
from tests.derive.rows import PAGES, Row, body, page, rows

TEXT = "mintlify-text.txt"


def alone() -> list[dict[str, Any]]:
    """The unnamed fields of the page without a base."""
    found: list[dict[str, Any]] = body(page(TEXT).openapi)["x-unnamed"]
    return found


def based() -> Derivation:
    """The page with the earlier revision's document as base."""
    base = page("mintlify-fence-silent.md").openapi
    return derive((PAGES / TEXT).read_text(encoding="utf-8"), document=TEXT, base=base)


def test_without_a_base_no_name_is_invented() -> None:
    """Seven fields, types by their examples, places by order; not one has a name."""
    schema = body(page(TEXT).openapi)
    assert "properties" not in schema
    found = [(item["position"], item["schema"].get("type"), item["x-source"]["line"]) for item in alone()]
    assert found == [
        (1, "string", 10), (2, "string", 12), (3, "integer", 14), (4, None, 16), (5, "number", 17),
        (6, None, 19), (7, "boolean", 20),
    ]  # fmt: skip
    assert all(item["candidates"] == [] for item in alone())


def test_types_by_example_are_inferred() -> None:
    """An example is evidence of a type; that the field is there is documented."""
    assert {item["schema"]["x-confidence"] for item in alone()} == {"inferred"}
    assert {item["x-confidence"] for item in alone()} == {"documented"}


def test_conditions_are_read() -> None:
    """A description that begins with When name=value is a condition on the query."""
    assert [item["when"] for item in alone() if "when" in item] == [{"query": {"glow": "true"}}]


def test_what_the_page_does_not_say() -> None:
    """Host, path, method and key are missing; the path's parameter has no name."""
    document = page(TEXT).openapi
    assert document["x-missing"] == ["server", "path", "method", "security"]
    assert "paths" not in document
    (parameter,) = document["x-unnamed"]
    assert (parameter["in"], parameter["schema"]["type"], parameter["x-source"]["line"]) == (
        "path",
        "string",
        5,
    )
    assert document["components"]["responses"]["200"]["x-confidence"] == "inferred"


def test_parameters_named_by_an_assignment() -> None:
    """name=value in the prose names query parameters; the values are evidence of their types."""
    parameters = page(TEXT).openapi["components"]["parameters"]
    found = {name: (p["in"], p["required"], p["schema"]["type"]) for name, p in parameters.items()}
    assert found == {"glow": ("query", False, "boolean"), "limit": ("query", False, "integer")}


def test_with_a_base_fields_get_its_names() -> None:
    """By order and words: five are named, two stay unnamed, types are the page's or else the base's."""
    schema = body(based().openapi)
    assert list(rows(schema)) == [
        Row("/lamp_id", "string", False, 0, (), 10, "inferred"),
        Row("/lamp_colour", "string", False, 0, (), 12, "inferred"),
        Row("/shade_id", "integer", False, 0, (), 14, "inferred"),
        Row("/lit_at", "string", False, 0, (), 16, "inferred"),
        Row("/watts", "number", False, 0, (), 17, "inferred"),
    ]
    assert [item["position"] for item in schema["x-unnamed"]] == [6, 7]
    assert {node["x-presence"] for node in schema["properties"].values()} == {"expected"}
    assert schema["properties"]["lit_at"]["x-keywords"] == {
        "type": {"document": "mintlify-fence-silent.md", "line": 51, "confidence": "inferred"}
    }


def test_the_path_parameter_gets_its_name_from_the_base() -> None:
    """A parameter without a name is the base's parameter in the same place."""
    document = based().openapi
    assert list(document["components"]["parameters"]) == ["lamp_id", "glow", "limit"]
    assert "x-unnamed" not in document


def test_notes_say_what_was_taken_for_what() -> None:
    """A field described in other words is named all the same, and that is said."""
    assert based().notes == (
        "7 response fields without a name on the page",
        'field 3 is taken for "shade_id", though it is described in other words',
        "5 fields are named after the base revision, 2 stay unnamed",
        "the page does not say: server, path, method, security",
    )


def test_a_field_that_is_gone_is_noted() -> None:
    """What the base has and the page has not is named in a note."""
    text = (PAGES / TEXT).read_text(encoding="utf-8").replace("The colour in which the lamp shines.\n", "")
    base = page("mintlify-fence-silent.md").openapi
    notes = derive(text, document=TEXT, base=base).notes
    assert 'nothing on the page is "lamp_colour" of the base revision' in notes


OTHER = """\
Get Hood
One hood by its number.
https://docs.lamps.example/openapi.yaml has the whole contract.Authorizations
Path Parameters
The number of the hood.
"h1"
Response
A number for the hood.
"h1"
The colour in which the hood shines.
"amber"
Who made it.
"""


def test_another_endpoint_is_not_named_after_the_base() -> None:
    """Where most of the base is not on the page its names are candidates, of the parameter too."""
    base = page("mintlify-fence-silent.md").openapi
    found = derive(OTHER, document="other.txt", base=base)
    schema = body(found.openapi)
    assert "properties" not in schema
    assert [item["candidates"] for item in schema["x-unnamed"]] == [["lamp_id"], ["lamp_colour"], []]
    (parameter,) = found.openapi["x-unnamed"]
    assert parameter["candidates"] == ["lamp_id"]
    assert [fact.names for fact in found.facts if fact.pointer is None] == [
        ("lamp_id",), ("lamp_id",), ("lamp_colour",), (),
    ]  # fmt: skip
    assert (
        "2 of 5 fields of the base revision are like one on the page: it seems to be of something else, "
        "and its names are candidates only"
    ) in found.notes


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (["the red sail", "the blue sail"], ["the blue sail"], {1: 0}),
        (["one thing", "other thing"], ["other thing", "one thing"], {0: 1}),
        (["a b c d"], ["e f g h"], {}),
        ([], ["a"], {}),
        (["same", "same"], ["same", "same"], {0: 0, 1: 1}),
    ],
)
def test_alignment(ours: list[str], theirs: list[str], expected: dict[int, int]) -> None:
    """Order is kept, likeness is greatest in total, unlike things stay apart."""
    assert pairs([digest_words(text) for text in ours], [digest_words(text) for text in theirs]) == expected


def test_likeness() -> None:
    """Words count once and without case; nothing is like nothing."""
    assert likeness(digest_words("A sail, a Sail"), digest_words("sail a")) == 1.0
    assert likeness("", "") == 0.0

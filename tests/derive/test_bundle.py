"""One schema as a self-contained JSON Schema: references, names that look like keywords, stripping."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from docsworn.contract.bundle import bundle
from docsworn.errors import ContractError

DOCUMENT: dict[str, Any] = {
    "components": {
        "schemas": {
            "Unused": {"type": "string"},
            "type_a/b:Leaf~ä": {"type": "number", "format": "double", "x-source": {"line": 3}},
            "Node": {
                "type": "object",
                "x-confidence": "documented",
                "properties": {
                    "x-note": {"type": "string", "x-source": {"line": 1}},
                    "$ref": {"type": "string"},
                    "format": {"type": "string"},
                    "leaf": {"$ref": "#/components/schemas/type_a~1b:Leaf~0%C3%A4"},
                    "next": {"anyOf": [{"$ref": "#/components/schemas/Node"}, {"type": "null"}]},
                },
            },
        }
    }
}
ROOT = {"$ref": "#/components/schemas/Node", "x-source": {"line": 9}}


def test_only_reachable_components_in_document_order() -> None:
    """Reached components stand in $defs in the document's order, and recursion ends."""
    assert list(bundle(DOCUMENT, ROOT, keep_annotations=True)["$defs"]) == ["type_a/b:Leaf~ä", "Node"]


def test_names_that_look_like_keywords_survive() -> None:
    """Properties named x-note, $ref and format are names: only real annotations are stripped."""
    properties = bundle(DOCUMENT, ROOT, keep_annotations=False)["$defs"]["Node"]["properties"]
    assert properties["x-note"] == {"type": "string"}
    assert properties["$ref"] == properties["format"] == {"type": "string"}


def test_stripped_holds_nothing_of_openapi() -> None:
    """Annotations and OpenAPI's own formats are gone; the schema is valid and its references resolve."""
    plain = bundle(DOCUMENT, ROOT, keep_annotations=False)
    assert plain["$defs"]["type_a/b:Leaf~ä"] == {"type": "number"}
    Draft202012Validator.check_schema(plain)
    validator = Draft202012Validator(plain)
    assert validator.is_valid({"leaf": 1.5, "next": {"leaf": 2}})
    assert not validator.is_valid({"next": {"leaf": "two"}})


def test_annotations_kept_on_request() -> None:
    """With annotations the provenance of every node stays."""
    kept = bundle(DOCUMENT, ROOT, keep_annotations=True)
    assert kept["x-source"] == {"line": 9}
    assert kept["$defs"]["type_a/b:Leaf~ä"]["format"] == "double"


def test_unnamed_schemas_are_followed() -> None:
    """A reference inside an unnamed promise is bundled too, where annotations are kept."""
    root = {"type": "object", "x-unnamed": [{"id": "n", "schema": {"$ref": "#/components/schemas/Unused"}}]}
    kept = bundle(DOCUMENT, root, keep_annotations=True)
    assert kept["x-unnamed"][0]["schema"] == {"$ref": "#/$defs/Unused"}
    assert list(kept["$defs"]) == ["Unused"]
    assert "$defs" not in bundle(DOCUMENT, root, keep_annotations=False)


@pytest.mark.parametrize(
    ("reference", "problem"),
    [
        ("https://example.com/a.json", "does not lead to a component schema"),
        ("#/paths/x", "does not lead to a component schema"),
        ("#/components/schemas/Nobody", "leads nowhere"),
    ],
)
def test_references_that_cannot_be_followed(reference: str, problem: str) -> None:
    """Remote, foreign and dangling references are errors that name the reference."""
    with pytest.raises(ContractError) as caught:
        bundle(DOCUMENT, {"items": {"$ref": reference}}, keep_annotations=True)
    assert str(caught.value) == f'openapi.json: reference "{reference}" {problem}'

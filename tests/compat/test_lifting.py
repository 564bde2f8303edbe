"""In large documents a break counts only with a body of an operation that shows it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docsworn.compat.assemble import Asked, compare_documents
from docsworn.compat.changes import Direction
from docsworn.compat.document import Document
from docsworn.compat.reading import Raw
from docsworn.compat.report import Report
from tests.compat.test_corpus_labels import accepts
from tests.compat.test_documents import compare

FILLING = {f"Filling{number}": {"type": "string"} for number in range(70)}
HOME = "#/components/schemas/"
KITE = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}, "n": {"enum": ["a"]}}}
WIDER = {**KITE, "properties": {**KITE["properties"], "n": {"enum": ["a", "b"]}}}  # type: ignore[dict-item]
REF = {"$ref": HOME + "Kite"}

# Bodies of an operation in which the component's break can never be.
MASKED: dict[str, Any] = {
    "a part forbids it": {"allOf": [REF, {"properties": {"n": {"enum": ["a"]}}}]},
    "another variant takes it": {"anyOf": [REF, {"type": "object"}]},
    "the place is in no body": {"type": "object", "properties": {"kite": {"allOf": [REF, False]}}},
    "the list is empty": {"type": "array", "items": REF, "maxItems": 0},
    "the field is not there": {
        "allOf": [{"type": "object", "properties": {"kite": REF}}, {"not": {"required": ["kite"]}}]
    },
}
SHOWN: dict[str, Any] = {
    "the body itself": REF,
    "a field": {"type": "object", "required": ["kite", "x"], "properties": {"kite": REF, "x": {"const": 5}}},
    "a list of at least two": {"type": "array", "items": REF, "minItems": 2},
    "a map": {"type": "object", "additionalProperties": {"type": "array", "items": REF}},
    "a part": {"allOf": [REF, {"required": ["more"], "properties": {"more": {"type": "integer"}}}]},
    "a variant": {
        "oneOf": [{"type": "string"}, {"type": "object", "required": ["k"], "properties": {"k": REF}}]
    },
}


def document(name: str, body: Any, kite: Any) -> Document:
    """A large document of one operation with this body in both directions."""
    content = {"content": {"application/json": {"schema": body}}}
    call = {"requestBody": content, "responses": {"200": content}}
    data = {
        "openapi": "3.1.0",
        "paths": {"/a": {"post": call}},
        "components": {"schemas": {**FILLING, "Kite": kite}},
    }
    return Document(Raw(name, data, "3.1"))


def report(body: Any, old: Any, new: Any, direction: Direction) -> Report:
    """The report of a component that changes below a body."""
    sides = document("old", body, old), document("new", body, new)
    return compare_documents(*sides, Asked("strict", (direction,)), compare)


@pytest.mark.parametrize("body", MASKED)
def test_a_break_that_no_operation_shows_is_none(body: str) -> None:
    """The component alone breaks, the body of the operation does not."""
    assert report(MASKED[body], KITE, WIDER, Direction.RESPONSE).verdict == "safe"
    assert report(MASKED[body], WIDER, KITE, Direction.REQUEST).verdict == "safe"


@pytest.mark.parametrize("body", SHOWN)
def test_a_witness_is_a_body_of_the_operation(body: str) -> None:
    """It is valid under the writer's whole body and refused under the reader's, say both validators."""
    for direction, old, new in ((Direction.RESPONSE, KITE, WIDER), (Direction.REQUEST, WIDER, KITE)):
        (one,) = report(SHOWN[body], old, new, direction).counted
        assert (one.verdict, one.reached[0].operation) == ("breaking", "POST /a")
        witness = json.loads(one.witness or "null")
        for kite, takes in ((WIDER, True), (KITE, False)):
            whole = json.loads(json.dumps(SHOWN[body]).replace(HOME, "#/$defs/"))
            assert accepts({**whole, "$defs": {"Kite": kite}}, witness) == (takes, takes)

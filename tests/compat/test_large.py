"""Large documents are taken apart at their references: never a wrong verdict, and one finding a node."""

from __future__ import annotations

import json
from typing import Any

import pytest

from docsworn.compat import compare_schemas
from docsworn.compat.assemble import Asked, compare_documents
from docsworn.compat.changes import Comparison, Direction
from docsworn.compat.document import Document
from docsworn.compat.readers import READERS, read_reader
from docsworn.compat.reading import Raw
from docsworn.compat.report import Report
from tests.compat.cases import Case, cases
from tests.compat.test_corpus_labels import accepts
from tests.compat.test_documents import compare

AREAS = ("references", "unions", "allof", "properties", "unevaluated", "uninhabited", "required")
FILLING = {f"Filling{number}": {"type": "string"} for number in range(70)}


def fits(case: Case) -> bool:
    """Whether both schemas may stand among the components of an OpenAPI 3.1 document."""
    text = json.dumps([case.old, case.new])
    odd = ("$schema", "$id", "nchor", '"#"', '"definitions"', "$dynamicRef", '"exclusiveMinimum": true')
    return case.id.startswith(AREAS) and case.assert_formats and not any(word in text for word in odd)


CASES = [case for case in cases() if fits(case)]


def document(name: str, schema: Any) -> Document:
    """A large document of an operation whose body holds the schema as a component."""
    text = json.dumps(schema).replace("#/$defs/", "#/components/schemas/")
    root = json.loads(text)
    parts = root.pop("$defs", {}) if isinstance(root, dict) else {}
    holder = {
        "type": "object",
        "required": ["it"],
        "properties": {"it": {"$ref": "#/components/schemas/Root"}},
    }
    answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Holder"}}}}
    schemas = {**FILLING, **parts, "Root": root, "Holder": holder}
    return Document(Raw(name, {
        "openapi": "3.1.0",
        "paths": {path: {"get": {"responses": {"200": answer}}} for path in ("/a", "/b")},
        "components": {"schemas": schemas},
    }, "3.1"))  # fmt: skip


def report(old: Any, new: Any) -> Report:
    """The report of two large documents that hold these schemas."""
    return compare_documents(document("old", old), document("new", new), Asked("strict"), compare)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_taking_apart_never_turns_a_verdict(case: Case) -> None:
    """What is labelled breaking is never called safe, nor the reverse; what breaks has a real witness."""
    found = report(case.old, case.new)
    assert found.verdict in (case.verdicts["strict"], "unknown")
    for one in found.counted:
        if one.verdict == "breaking":
            assert one.witness is not None
            assert len(one.reached) == 2
    if case.pointers and found.verdict == "breaking":
        assert all(
            one.reached[0].place.startswith("/it") for one in found.counted if one.verdict == "breaking"
        )


def test_most_is_decided() -> None:
    """Unknown stays rare, also where documents are taken apart."""
    unknown = [case.id for case in CASES if report(case.old, case.new).verdict == "unknown"]
    assert len(CASES) >= 80
    assert len(unknown) <= 0.15 * len(CASES), unknown


def test_a_witness_holds_real_values_in_place_of_stubs() -> None:
    """The body that is shown is valid under NEW as it stands, with all that it refers to."""
    old = {
        "type": "object",
        "required": ["other", "n"],
        "properties": {"other": {"$ref": "#/$defs/Other"}, "n": {"type": "integer"}},
        "$defs": {"Other": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}},
    }
    new = json.loads(json.dumps(old).replace('"integer"', '"string"'))
    (one,) = report(old, new).counted
    assert one.witness is not None
    body = json.loads(one.witness)["it"]
    assert "$stub" not in one.witness
    assert accepts(new, body) == (True, True)
    assert accepts(old, body) == (False, False)


def test_a_field_that_came_is_told() -> None:
    """What decides nothing is left out of the question, and yet is a change."""
    old = {"type": "object", "properties": {"a": {"type": "string"}}}
    new = {
        "type": "object",
        "properties": {"a": {"type": "string"}, "b": {"enum": ["x"]}, "c": {"type": "object"}},
    }
    told = [one.change.message for one in report(old, new).counted]
    assert told == ["optional field b added", "optional field c added"]


TOLERANT_TRAPS: dict[str, tuple[Any, Any, str, str]] = {
    "a text that is a component and a variant": (
        {"anyOf": [{"$ref": "#/$defs/Text"}]},
        {"anyOf": [{"$ref": "#/$defs/Text"}, {"type": "string", "maxLength": 9}]},
        "tolerant",
        "breaking",
    ),
    "a marked variant more": (
        {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/A"}]},
        {"anyOf": [{"type": "string"}, {"$ref": "#/$defs/A"}, {"$ref": "#/$defs/B"}]},
        "tolerant",
        "safe",
    ),
    "a reader of absent fields knows objects apart": (
        {"type": "object", "properties": {"k": {"$ref": "#/$defs/A"}}},
        {
            "type": "object",
            "properties": {"k": {"type": "object", "properties": {"kind": {"type": "integer"}}}},
        },
        "absent",
        "breaking",
    ),
}
_KINDS = {
    "Text": {"type": "string", "pattern": "^a"},
    **{
        name: {"type": "object", "required": ["kind"], "properties": {"kind": {"enum": [name]}}}
        for name in ("A", "B")
    },
}


@pytest.mark.parametrize("trap", TOLERANT_TRAPS)
def test_what_a_reader_tolerates_is_the_same_in_large_documents(trap: str) -> None:
    """A stub in place of a component bears its marks, and is no other object."""
    old, new, who, verdict = TOLERANT_TRAPS[trap]
    reader = read_reader({"name": "absent", "absent_fields": True}) if who == "absent" else READERS[who]
    sides = [document(name, {**side, "$defs": _KINDS}) for name, side in (("old", old), ("new", new))]

    def engine(before: Any, after: Any, way: Direction) -> Comparison:
        return compare_schemas(before, after, reader=reader, direction=way)

    found = compare_documents(sides[0], sides[1], Asked(who), engine)
    whole = [{**side, "$defs": _KINDS} for side in (old, new)]
    assert compare_schemas(*whole, reader=reader).verdict == verdict
    assert found.verdict in (verdict, "unknown")

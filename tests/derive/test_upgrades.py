"""What OpenAPI 2.0, 3.0, vendors and hurried hands write: one construct a row, as the fact that it is."""

from __future__ import annotations

import json
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from jsonschema.validators import Draft202012Validator

from docsworn.derive import derive
from docsworn.derive.render import body_schema
from docsworn.errors import DocumentError
from tests.derive.tables import row_of

COMPONENTS: dict[str, Any] = {
    "Kite": {"type": "object", "required": ["tail"], "properties": {"tail": {"type": "string"}}},
    "Mood": {"type": "string", "enum": ["calm", "wild"]},
    "MaybeMood": {"type": "string", "enum": ["calm", "wild"], "nullable": True},
}


def document(field: Any, version: str = "3.0.3") -> str:
    """A document whose one response has the one field ``x``."""
    schema = {"type": "object", "properties": {"x": field}}
    content = {"content": {"application/json": {"schema": schema}}}
    return json.dumps({
        "openapi": version, "info": {"title": "Kites", "version": "1"},
        "paths": {"/kites": {"get": {"operationId": "get", "responses": {"200": content}}}},
        "components": {"schemas": COMPONENTS},
    }, indent=1)  # fmt: skip


def fact(field: Any, version: str = "3.0.3", pointer: str = "/x") -> str:
    """Types, null, required, values, format and confidence of the field."""
    found = derive(document(field, version), document="page").facts
    return next(" ".join(row_of(one).split(" ")[2:-1]) for one in found if one.pointer == pointer)


REF = {"$ref": "#/components/schemas/Kite"}
MOOD = {"$ref": "#/components/schemas/Mood"}


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ({"type": "string", "nullable": True}, "string yes no - - documented"),
        ({"type": "string", "nullable": False}, "string no no - - documented"),
        ({**REF, "nullable": True}, "object yes no - - documented"),
        ({"allOf": [REF], "nullable": True}, "object yes no - - documented"),
        ({"allOf": [REF], "nullable": True, "type": "object"}, "object yes no - - documented"),
        ({"oneOf": [REF, {"type": "string"}], "nullable": True}, "object|string yes no - - documented"),
        ({"anyOf": [REF], "nullable": True, "type": "object"}, "object yes no - - documented"),
        ({"nullable": True}, "- yes no - - documented"),
        ({"nullable": True, "enum": ["a", "b"]}, "string yes no a,b - documented"),
        ({"nullable": True, "properties": {"y": {"type": "string"}}}, "object yes no - - documented"),
        ({"nullable": True, "items": {"type": "string"}}, "array yes no - - documented"),
        ({"type": "string", "nullable": True, "enum": ["a"]}, "string yes no a - documented"),
        ({"type": "string", "enum": ["a", None]}, "string yes no a - documented"),
        ({"type": "string", "enum": ["a", None], "nullable": True}, "string yes no a - documented"),
        ({**MOOD, "nullable": True}, "string yes no calm,wild - documented"),
        ({"$ref": "#/components/schemas/MaybeMood"}, "string yes no calm,wild - documented"),
        ({"type": "string", "x-nullable": True}, "string yes no - - documented"),
        ({"type": ["string", "null"]}, "string yes no - - documented"),
        ({"type": ["string", None]}, "string yes no - - documented"),
        ({"type": ["string", "null"], "enum": ["a"]}, "string yes no a - documented"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string yes no - - documented"),
        ({"anyOf": [REF, {"type": "null"}]}, "object yes no - - documented"),
        ({"oneOf": [{"type": "integer"}, {"enum": [None]}]}, "integer yes no - - documented"),
        ({"const": "a"}, "string no no a - documented"),
        ({"type": "null"}, "- yes no - - documented"),
        ({"type": "string", "enum": [1, True, "a"]}, "string no no 1,true,a - documented"),
        ({"type": "string", "enum": ["a", "a"]}, "string no no a,a - documented"),
        ({"type": "int"}, "integer no no - - documented"),
        ({"type": "float"}, "number no no - float documented"),
        ({"type": "datetime"}, "string no no - date-time documented"),
        ({"type": "File"}, "string no no - binary documented"),
        ({"type": "String"}, "string no no - - documented"),
        ({"type": "whatever"}, "- unknown no - - documented"),
        ({"type": ["string", "whatever"]}, "string no no - - documented"),
        ({"type": []}, "- unknown no - - documented"),
        ({"type": "any"}, "- unknown no - - documented"),
        ({}, "- unknown no - - documented"),
        (None, "- unknown no - - documented"),
        (True, "- unknown no - - documented"),
        ({"type": "string", "required": True}, "string no no - - documented"),
        ({"type": "string", "enum": []}, "string no no - - documented"),
        ({"type": "object", "properties": []}, "object no no - - documented"),
        ({"type": "object", "properties": None}, "object no no - - documented"),
        ({"description": "Some", "example": "kite"}, "string no no - - inferred"),
        ({"example": 12.5}, "number no no - - inferred"),
        ({"examples": [True]}, "boolean no no - - inferred"),
        ({"example": "<string>"}, "- unknown no - - documented"),
        ({"example": 123}, "- unknown no - - documented"),
        ({"example": "2023-11-07T05:31:56Z"}, "- unknown no - - documented"),
        ({"example": None}, "- unknown no - - documented"),
        ({**REF, "example": "kite"}, "object no no - - documented"),
        ({"type": "integer", "format": "int64", "example": 5}, "integer no no - int64 documented"),
        ({"type": "string", "format": ["date"]}, "string no no - - documented"),
    ],
    ids=lambda value: json.dumps(value) if not isinstance(value, str) else None,
)  # fmt: skip
def test_one_construct(field: Any, expected: str) -> None:
    """The row of a field that is written so, in documents of 3.0 and of 3.1."""
    assert fact(field) == expected
    assert fact(field, "3.1.0") == expected


@pytest.mark.parametrize(
    ("field", "kept"),
    [
        ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
        ({"minimum": 1, "exclusiveMinimum": False}, {"minimum": 1}),
        ({"maximum": 9, "exclusiveMaximum": True, "minimum": 1, "exclusiveMinimum": True},
         {"exclusiveMaximum": 9, "exclusiveMinimum": 1}),
        ({"exclusiveMinimum": True}, {}),
        ({"exclusiveMinimum": 0.0}, {"exclusiveMinimum": 0.0}),
        ({"minLength": "3", "maximum": "1.5"}, {"minLength": 3, "maximum": 1.5}),
        ({"minLength": -1, "maxLength": "many", "multipleOf": 0, "uniqueItems": "yes"}, {}),
        ({"maxItems": 5.0}, {"maxItems": 5}),
        ({"pattern": "^[a-z]+$"}, {"pattern": "^[a-z]+$"}),
        ({"pattern": "^[a-z"}, {}),
        ({"pattern": "(?<name>a)"}, {"pattern": "(?<name>a)"}),
        ({"pattern": "\\p{L}+"}, {"pattern": "\\p{L}+"}),
        ({"items": [{"type": "string"}, {"type": "integer"}]},
         {"prefixItems": [{"type": "string"}, {"type": "integer"}]}),
        ({"items": None}, {}),
        ({"required": []}, {}),
        ({"required": ["a", "a"]}, {"required": ["a"]}),
        ({"default": "short"}, {"default": "short"}),
        ({"default": "A sentence of theirs"}, {}),
        ({"default": None, "deprecated": True}, {"default": None, "deprecated": True}),
        ({"xml": {"name": "x"}, "$id": "https://kites.example/x", "optional": True, "x-order": 3}, {}),
        ({"discriminator": "kind"}, {"discriminator": {"propertyName": "kind"}}),
        ({"discriminator": {}}, {}),
        ({"required": ["a", "b"], "properties": {"a": {"writeOnly": True}, "b": {}}},
         {"required": ["b"], "properties": {"a": {"writeOnly": True}, "b": {}}}),
        ({"additionalProperties": False}, {"additionalProperties": False}),
    ],
    ids=lambda value: json.dumps(value),
)  # fmt: skip
def test_keywords(field: dict[str, Any], kept: dict[str, Any]) -> None:
    """What becomes of keywords: moved, mended or left out, never silently and never wrong."""
    derivation = derive(document(field), document="page")
    body = derivation.openapi["paths"]["/kites"]["get"]["responses"]["200"]["content"]["application/json"]
    assert plain(body["schema"]["properties"]["x"]) == kept
    assert jsonschema_rs.validator_for(body_schema(derivation.openapi, "get", "200")) is not None


def plain(node: Any) -> Any:
    """A schema without annotations."""
    if isinstance(node, list):
        return [plain(item) for item in node]
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items() if not key.startswith("x-")}
    return node


SCHEMAS = st.recursive(
    st.fixed_dictionaries({}, optional={
        "type": st.sampled_from(["string", "integer", "number", "boolean", "object", "array", "null"]),
        "nullable": st.booleans(),
        "enum": st.lists(st.sampled_from(["a", "b", 1, None]), min_size=1, max_size=3, unique=True),
        "minimum": st.integers(0, 9), "exclusiveMinimum": st.booleans(), "example": st.integers(),
        "default": st.sampled_from(["a", None, "Some words"]), "minLength": st.integers(0, 3),
    }) | st.sampled_from([REF, MOOD, {**REF, "nullable": True}]),
    lambda inner: st.fixed_dictionaries({}, optional={
        "type": st.sampled_from(["object", "array"]), "nullable": st.booleans(),
        "properties": st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        "items": inner, "additionalProperties": inner | st.booleans(),
        "allOf": st.lists(inner, min_size=1, max_size=2), "oneOf": st.lists(inner, min_size=1, max_size=3),
    }),
    max_leaves=8,
)  # fmt: skip


@settings(deadline=None, max_examples=100)
@given(SCHEMAS)
def test_any_schema_of_3_0(field: dict[str, Any]) -> None:
    """Any schema of 3.0 becomes valid JSON Schema; every field keeps its name; null is never lost."""
    derivation = derive(document(field), document="page")
    Draft202012Validator.check_schema(body_schema(derivation.openapi, "get", "200"))
    found = {one.pointer: one for one in derivation.facts if one.status == "200"}
    assert "/x" in found
    assert set(field.get("properties", {})) <= {
        pointer.split("/")[2] for pointer in found if pointer and pointer.startswith("/x/")
    }
    if field.get("nullable") is True:
        note(json.dumps(field))
        assert found["/x"].nullable == "yes"
        schema = body_schema(derivation.openapi, "get", "200")
        assert Draft202012Validator(schema).is_valid({"x": None})


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("[{value: calm}, {value: wild}]", "calm,wild"),
        ("[{type: stringLiteral, value: calm}]", "calm"),
        ("[{value: calm, name: Calm, description: No wind}, {value: wild}]", "calm,wild"),
        ("[calm, wild, no]", "calm,wild,no"),
    ],
)
@pytest.mark.parametrize("info", ["yaml", "yml openapi.yml", 'yaml title="kites.yaml"'])
def test_values_in_fern_blocks(values: str, expected: str, info: str) -> None:
    """Values as objects with or without names and words, or as they are; whatever the fence is called."""
    page = f"""# Get

```{info}
openapi: 3.1.1
info: {{title: Kites, version: '1'}}
paths:
  /kites:
    get:
      responses:
        '200':
          content:
            application/json:
              schema:
                properties:
                  x: {{type: string, enum: {values}}}
```
"""
    found = derive(page, document="page")
    assert found.format == "fern-openapi"
    (fact,) = [fact for fact in found.facts if fact.pointer == "/x"]
    assert ",".join(map(str, fact.enum)) == expected


def test_a_fence_in_a_description_is_none() -> None:
    """A fence after the first words of an OpenAPI document stands in a description of it."""
    text = """openapi: 3.1.0
x-words: |
  ```json
  {}
  ```
paths:
  /kites: {$ref: ./elsewhere.yaml}
  /kites/{id}: {get: {responses: {200: {description: One}}}}
"""
    found = derive(text, document="page", operation="GET /kites/{id}")
    assert (found.format, [fact.line for fact in found.facts]) == ("openapi", [8])
    with pytest.raises(DocumentError) as caught:
        derive(text, document="page")
    assert str(caught.value) == "page:7: a remote reference is never fetched: ./elsewhere.yaml"

"""A specification of 3.5 MB with hundreds of operations derives in seconds, each fact with its line."""

from __future__ import annotations

import json
import time
from functools import cache
from typing import Any

import yaml

from docsworn.derive import derive
from docsworn.derive.render import render_document

OPERATIONS = 420
MODELS = 1300
FIELDS = 12

# What it may take on a machine with other work to do; alone it takes 1 second.
SECONDS = 40


def model(at: int) -> dict[str, Any]:
    """One of the models, in the manner of generated specifications."""
    fields: dict[str, Any] = {
        f"field_{at}_{n}": {
            "anyOf": [{"type": "string"}, {"type": "null"}] if n % 3 else [{"type": "integer"}],
            "title": f"Field {at} {n}",
            "description": "What this field is for, in a sentence of the length that such sentences have.",
        }
        for n in range(FIELDS)
    }
    fields["kind"] = {"type": "string", "const": f"model_{at}"}
    fields["next"] = {"$ref": f"#/components/schemas/Model{(at * 7 + 1) % MODELS}"}
    return {
        "type": "object",
        "properties": fields,
        "required": ["kind", f"field_{at}_0"],
        "title": f"Model{at}",
    }


def operation(at: int) -> dict[str, Any]:
    """One of the operations."""
    reference = {"$ref": f"#/components/schemas/Model{at}"}
    parameter = {"name": "thing_id", "in": "path", "required": True, "schema": {"type": "string"}}
    body = {"application/json": {"schema": {"type": "object", "properties": {"item": reference}}}}
    return {"get": {
        "operationId": f"get_thing_{at}", "parameters": [parameter],
        "responses": {"200": {"description": "Successful Response", "content": body}},
    }}  # fmt: skip


@cache
def specification() -> str:
    """The specification as JSON, indented by 1 as generators do."""
    return json.dumps({
        "openapi": "3.1.0", "info": {"title": "Things", "version": "1"},
        "paths": {f"/v1/things{at}/{{thing_id}}": operation(at) for at in range(OPERATIONS)},
        "components": {"schemas": {f"Model{at}": model(at) for at in range(MODELS)}},
    }, indent=1)  # fmt: skip


def test_it_is_large() -> None:
    """3.5 MB or more."""
    assert len(specification()) > 3_500_000


def test_all_operations() -> None:
    """Every operation and component in seconds, and the document's text too."""
    began = time.monotonic()
    document = derive(specification(), document="things.json").openapi
    assert len(render_document(document)) > 3_500_000
    assert time.monotonic() - began < SECONDS
    assert len(document["paths"]) == OPERATIONS
    assert len(document["components"]["schemas"]) == MODELS


def test_one_operation_and_its_lines() -> None:
    """One operation with its facts in seconds; every line holds the name that it is of."""
    began = time.monotonic()
    facts = derive(specification(), document="things.json", operation="GET /v1/things400/{thing_id}").facts
    assert time.monotonic() - began < SECONDS
    assert len(facts) > FIELDS
    lines = specification().splitlines()
    for fact in facts:
        name = (fact.pointer or "").rpartition("/")[2]
        if fact.status == "200" and name:
            assert lines[fact.line - 1].strip().startswith(f'"{name}": {{'), fact


def test_yaml_of_the_same() -> None:
    """As YAML it takes seconds too, with the same facts."""
    text = yaml.dump(json.loads(specification()), Dumper=yaml.CSafeDumper, sort_keys=False)
    began = time.monotonic()
    facts = derive(text, document="things.yaml", operation="get_thing_7").facts
    assert time.monotonic() - began < SECONDS
    expected = derive(specification(), document="things.json", operation="get_thing_7").facts
    assert [(fact.pointer, fact.types, fact.nullable) for fact in facts] == [
        (fact.pointer, fact.types, fact.nullable) for fact in expected
    ]

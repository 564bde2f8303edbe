"""Documented response headers: from OpenAPI to what their text is held to."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.headers import CompiledHeader
from docsworn.contract.openapi import read_operations
from docsworn.errors import ContractError
from tests.contract.sample import SETTINGS, contract, document


def with_headers(headers: dict[str, Any]) -> CompiledContract:
    """The made-up contract with these headers documented for its 200."""
    made = document()
    made["paths"]["/calls/{id}"]["get"]["responses"]["200"]["headers"] = headers
    operations = read_operations(made, file="acme/v1/openapi.json")
    return compile_contract(replace(contract(), document=made, operations=operations), SETTINGS)


def only(schema: dict[str, Any]) -> CompiledHeader:
    """One documented header with this schema."""
    (header,) = with_headers({"X-One": {"schema": schema}}).operation("get_call").headers["200"]
    return header


@pytest.mark.parametrize(
    ("schema", "taken", "refused"),
    [
        ({"type": "integer", "minimum": 0}, ["0", " 17 "], ["-1", "x", "1.5", "", "9" * 5000]),
        ({"type": "number"}, ["1.5", "-2"], ["one"]),
        ({"type": "boolean"}, ["true"], ["1", "True"]),
        ({"type": "string", "pattern": "^a+$"}, ["aa"], ["b"]),
        ({"type": ["string", "null"], "format": "uuid"}, ["12345678-1234-1234-1234-123456789abc"], ["x"]),
        ({"type": "array", "items": {"type": "integer"}}, ["1, 2", ""], ["1, two"]),
        ({"enum": ["a", 3]}, ["a", "3"], ["b"]),
        ({"$ref": "#/components/schemas/Meta"}, [], ["x"]),
        ({}, ["anything"], []),
    ],
)
def test_a_text_is_read_as_its_schema_means(
    schema: dict[str, Any], taken: list[str], refused: list[str]
) -> None:
    """Numbers, truths and lists come as text (OpenAPI's style ``simple``)."""
    header = only(schema)
    assert [text for text in taken if not header.accepts(text)] == []
    assert [text[:9] for text in refused if header.accepts(text)] == []


def test_each_header_is_a_promise_with_its_line() -> None:
    """Counted in the ledger like any other; Content-Type has a check of its own."""
    compiled = with_headers(
        {
            "X-RateLimit-Limit": {"required": True, "x-source": {"document": "page.md", "line": 7}},
            "content-type": {"schema": {"type": "string"}},
        }
    ).operation("get_call")
    promise = compiled.promises["get_call.200:header/x-ratelimit-limit"]
    assert str(promise.source) == "page.md:7"
    assert [header.name for header in compiled.headers["200"]] == ["X-RateLimit-Limit"]


def test_a_schema_that_is_none() -> None:
    """The pack is wrong, and the header is named."""
    with pytest.raises(
        ContractError, match="the schema of the header X-One of status 200 is not JSON Schema"
    ):
        with_headers({"X-One": {"schema": {"type": "integr"}}})

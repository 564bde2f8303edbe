"""The packs and the scenarios as tools that others wrote see them: ajv, jsonschema, OpenAPI readers."""

from __future__ import annotations

import copy
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import jsonschema_rs
import pytest
import referencing
import schemathesis
from hypothesis import given, settings
from openapi_spec_validator import validate

from docsworn.bundled import bundled_dir
from docsworn.contract.packs import Provider
from docsworn.emulate.drifts import apply, list_drifts
from docsworn.emulate.player import player_of

CONTRACTS = bundled_dir("contracts")
AJV = Path(__file__).parents[1] / "ajv"
PACKS = sorted(path.parent for path in CONTRACTS.glob("*/*/openapi.json"))
NAMES = [f"{pack.parent.name}@{pack.name}" for pack in PACKS]


def schemas() -> dict[str, Any]:
    """Every body schema of every pack, by its place under ``contracts/``."""
    files = sorted(CONTRACTS.glob("*/*/*.schema.json"))
    return {str(file.relative_to(CONTRACTS)): json.loads(file.read_text()) for file in files}


def bodies(bundled: dict[str, Provider]) -> Iterator[tuple[str, Any]]:
    """Every body that is answered, refusals too, with the schema that it must keep."""
    for pack in PACKS:
        player = player_of(bundled[pack.parent.name], pack.name)
        for stage in player.stages:
            place = f"{pack.parent.name}/{pack.name}/{stage.operation.id}"
            for conversation in stage.conversations.values():
                for variant in conversation.variants:
                    yield f"{place}.{stage.status}.schema.json", variant.body
            for answer in stage.refusals.values():
                yield f"{place}.{answer.status}.schema.json", json.loads(answer.body)


@pytest.fixture(scope="module")
def ajv(require: Callable[[str], str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """ajv, asked once for many schemas and bodies; the test skips where it is not installed."""
    node = require("node")
    if not (AJV / "node_modules" / "ajv").is_dir():
        message = "ajv is not installed: make ajv (needs npm)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)

    def ask(asked: dict[str, Any]) -> dict[str, Any]:
        done = subprocess.run(
            [node, str(AJV / "validate.js")],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
        )
        answered: dict[str, Any] = json.loads(done.stdout)
        return answered

    return ask


def test_ajv_takes_every_schema_and_every_body(
    ajv: Callable[[dict[str, Any]], dict[str, Any]], bundled: dict[str, Provider]
) -> None:
    """Compiled in strict mode, formats included; each scenario's body is valid, under every query."""
    known = schemas()
    asked = [pair for pair in bodies(bundled) if pair[0] in known]
    told = ajv({"schemas": known, "bodies": asked})
    assert told["compiled"] == dict.fromkeys(known)
    assert len(asked) > 50
    assert [name for (name, _), valid in zip(asked, told["valid"], strict=True) if not valid] == []


def test_ajv_and_jsonschema_rs_agree_on_drifts(
    ajv: Callable[[dict[str, Any]], dict[str, Any]], bundled: dict[str, Provider]
) -> None:
    """Both say the same of the body of every listed drift of Speechify."""
    (stage,) = player_of(bundled["speechify"]).stages
    name = "speechify/v1/get_conversation.200.schema.json"
    shown = {
        (each.id, variant.query): variant.body
        for each in stage.conversations.values()
        for variant in each.variants
    }
    drifted = [
        apply(drift, 200, copy.deepcopy(shown[drift.shown.conversation, drift.shown.query]))[1]
        for drift in list_drifts(bundled["speechify"])
        if drift.shown is not None
    ]
    told = ajv({"schemas": {name: schemas()[name]}, "bodies": [[name, body] for body in drifted]})
    judge = jsonschema_rs.Draft202012Validator(schemas()[name], validate_formats=True)
    assert told["valid"] == [judge.is_valid(body) for body in drifted]
    assert len(set(told["valid"])) == 2


def test_both_validators_take_every_body(bundled: dict[str, Provider]) -> None:
    """jsonschema-rs and jsonschema, formats included."""
    known = schemas()
    fast = {
        name: jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for name, schema in known.items()
    }
    slow = {
        name: jsonschema.Draft202012Validator(
            schema,
            registry=referencing.Registry(),
            format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER,
        )
        for name, schema in known.items()
    }
    for name, body in bodies(bundled):
        if name in known:
            assert fast[name].is_valid(body), name
            assert slow[name].is_valid(body), name


@pytest.mark.parametrize("pack", PACKS, ids=NAMES)
def test_openapi_spec_validator_takes_every_pack(pack: Path) -> None:
    """The document is OpenAPI 3.1 by the official schema."""
    validate(json.loads((pack / "openapi.json").read_text()))


@pytest.mark.parametrize("pack", PACKS, ids=NAMES)
def test_schemathesis_takes_every_pack(pack: Path) -> None:
    """It reads the document and generates a case of its operation."""
    schema = schemathesis.openapi.from_dict(json.loads((pack / "openapi.json").read_text()))
    (path,) = schema
    operation = schema[path]["GET"]

    @settings(max_examples=1, database=None, deadline=None)
    @given(case=operation.as_strategy())
    def generate(case: Any) -> None:
        assert (case.method, case.path) == ("GET", path)
        assert "{" not in case.formatted_path

    generate()

"""What holds for every committed pack: validity, provenance, and that its page still gives it."""

from __future__ import annotations

import json

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from docsworn.derive.recheck import check_packs, find_packs
from docsworn.derive.render import DOCUMENT, render_bodies, render_document
from docsworn.derive.roles import SOURCED, walk
from tests.derive.packs import CONTRACTS, PACKS, PAGES, pack

CONFIDENCES = {"documented", "inferred", "curated"}


@pytest.mark.parametrize("name", PACKS)
def test_documents_are_valid_openapi(name: str) -> None:
    """Any tool that reads OpenAPI 3.1 reads a pack."""
    validate(pack(name))


@pytest.mark.parametrize("name", PACKS)
def test_body_schemas_are_valid_and_plain(name: str) -> None:
    """Each body schema is JSON Schema 2020-12, needs nothing beside it, and holds no annotation."""
    files = sorted((CONTRACTS / name).glob("*.schema.json"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        schema = json.loads(text)
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).is_valid({})
        assert '"x-' not in text
        assert '"double"' not in text


@pytest.mark.parametrize("name", PACKS)
def test_every_node_has_its_source(name: str) -> None:
    """Schemas, parameters, responses, security schemes and operations name document, line, confidence."""
    nodes = [
        (path, node) for path, role, node in walk(pack(name)) if role in SOURCED and isinstance(node, dict)
    ]
    assert len(nodes) > 10
    for path, node in nodes:
        assert node["x-source"]["line"] > 0, path
        assert node["x-source"]["document"], path
        assert node["x-confidence"] in CONFIDENCES, path


@pytest.mark.parametrize("name", PACKS)
def test_files_are_what_the_renderer_writes(name: str) -> None:
    """The committed bytes are those that the document renders to, and no body schema is surplus."""
    document = pack(name)
    directory = CONTRACTS / name
    assert (directory / DOCUMENT).read_bytes() == render_document(document).encode()
    bodies = render_bodies(document, "get_conversation")
    assert {file.name: file.read_text(encoding="utf-8") for file in directory.glob("*.schema.json")} == bodies


@pytest.mark.parametrize("name", PACKS)
def test_no_words_of_the_page(name: str) -> None:
    """No node holds a description, a title or an example: facts only (OpenAPI asks responses for one)."""
    for path, role, node in walk(pack(name)):
        if role == "schema" and isinstance(node, dict):
            assert not {"description", "title", "example", "examples"} & node.keys(), path


def test_recipes_name_every_pack() -> None:
    """Each pack has a recipe."""
    assert tuple(f"{found.provider}/{found.revision}" for found in find_packs([CONTRACTS])) == PACKS


def test_pages_still_give_the_packs() -> None:
    """Re-deriving each page gives the committed bytes."""
    if not PAGES.is_dir():
        pytest.skip(f"the founding pages are not at hand in {PAGES}")
    checks = check_packs([CONTRACTS], PAGES)
    assert [(check.state, check.detail) for check in checks] == [("same", "")] * len(PACKS)

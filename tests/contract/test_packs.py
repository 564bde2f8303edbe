"""Packs are found in the user's folder first, then among the bundled ones; names have guesses."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from docsworn.bundled import bundled_dir
from docsworn.contract.compiled import compile_contract
from docsworn.contract.packs import load_contract, load_provider, pack_roots, provider_names
from docsworn.errors import ConfigError, ContractError, UnknownNameError

REVISIONS = [
    ("elevenlabs", "v1-2025-12"),
    ("speechify", "v1"),
    ("tavus", "v2-replica"),
    ("tavus", "v2-face"),
]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A folder with one pack of one's own, a copy of speechify's."""
    shutil.copytree(bundled_dir("contracts") / "speechify", tmp_path / "packs" / "speechify")
    return tmp_path / "packs"


@pytest.mark.parametrize(("name", "revision"), REVISIONS)
def test_every_bundled_pack_compiles(name: str, revision: str) -> None:
    """All promises have ids of their own, sources with lines, and words."""
    provider = load_provider(name, pack_roots())
    compiled = compile_contract(load_contract(provider, revision), provider.settings)
    promises = compiled.operation("get_conversation").promises
    assert len(promises) > 20
    without_lines = ("RFC 9110", "RFC 8259", "profile", f"{name}/provider.yaml")
    for promise in promises.values():
        assert promise.documented
        assert promise.source.line or promise.source.document in without_lines


def test_a_folder_of_ones_own_comes_first(own: Path) -> None:
    """A pack in --contracts hides the bundled one of that name and leaves the others."""
    roots = pack_roots(own)
    assert load_provider("speechify", roots).directory == own / "speechify"
    assert provider_names(roots) == ("elevenlabs", "speechify", "tavus")


def test_unknown_names_have_guesses() -> None:
    """A provider or revision that nobody knows is answered with the nearest name."""
    roots = pack_roots()
    with pytest.raises(UnknownNameError, match='unknown provider "elevenlab": did you mean "elevenlabs"'):
        load_provider("elevenlab", roots)
    with pytest.raises(UnknownNameError, match='unknown revision of tavus "v2-fase": did you mean "v2-face"'):
        load_contract(load_provider("tavus", roots), "v2-fase")
    with pytest.raises(UnknownNameError):
        load_provider("../contracts/tavus", roots)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    """--contracts must name a folder."""
    with pytest.raises(ConfigError, match="no such folder"):
        pack_roots(tmp_path / "none")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON: Expecting property name enclosed in double quotes"),
        ("[]", "is not an OpenAPI document"),
        ("{}", "is not an OpenAPI 3.1 document"),
        ('{"openapi": "3.0.3"}', "is not an OpenAPI 3.1 document"),
        ('{"openapi": "3.1.0", "paths": {}}', "holds no operation"),
        ('{"openapi": "3.1.0", "paths": []}', "is not laid out as OpenAPI"),
        ("[" * 100_000, "is not JSON that can be read"),
    ],
)
def test_a_broken_document_is_a_contract_error(own: Path, content: str, message: str) -> None:
    """What is no OpenAPI 3.1 is refused with the file's name."""
    (own / "speechify" / "v1" / "openapi.json").write_text(content, encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        load_contract(load_provider("speechify", pack_roots(own)))
    assert str(caught.value).startswith("speechify/v1/openapi.json")
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("reference", "message"),
    [
        ("https://elsewhere.example/schema.json", "does not lead to a component schema"),
        ("#/components/schemas/Nobody", "leads nowhere"),
    ],
)
def test_references_stay_inside(own: Path, reference: str, message: str) -> None:
    """A reference that leaves the document is named and never fetched."""
    path = own / "speechify" / "v1" / "openapi.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    (item,) = document["paths"].values()
    item["get"]["responses"]["200"]["content"]["application/json"]["schema"] = {"$ref": reference}
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(ContractError, match=message):
        load_contract(load_provider("speechify", pack_roots(own)))

"""Overlays: what a person adds is merged, marked, and never silently lost."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.contract.pointer import join
from docsworn.derive import derive
from docsworn.derive.recipe import Action, Recipe
from docsworn.errors import ContractError
from docsworn.model import Confidence
from tests.derive.rows import PAGES, body, page

PAGE = "fern-text.txt"
SCHEMA = ("components", "responses", "200", "content", "application/json", "schema")


def action(target: tuple[str, ...], **deed: Any) -> Action:
    """An action with the usual rest: curated, from line 5 of the recipe."""
    update = deed.get("update")
    return Action(
        target=target, update=update, copy=deed.get("copy", False), remove=deed.get("remove", False),
        confidence=deed.get("confidence", Confidence.CURATED), why="a test", line=deed.get("line"), at=5,
    )  # fmt: skip


def recipe(*overlay: Action, base: str | None = None) -> Recipe:
    """A recipe for the fixture page that also places its operation."""
    place = action((), update={"paths": {"/trains/{id}": {"get": {}}}})
    return Recipe(PAGE, None, "", "fern-text", base, "get_train", (*overlay, place))


def derived(*overlay: Action) -> dict[str, Any]:
    """The fixture page with an overlay."""
    text = (PAGES / PAGE).read_text(encoding="utf-8")
    return derive(text, document=PAGE, recipe=recipe(*overlay)).openapi


def test_an_operation_finds_its_place() -> None:
    """Once the path is known, responses, parameters and security move to the operation."""
    document = derived()
    operation = document["paths"]["/trains/{id}"]["get"]
    assert list(operation) == [
        "operationId",
        "security",
        "parameters",
        "responses",
        "x-source",
        "x-confidence",
    ]
    assert operation["operationId"] == "get_train"
    assert [item["name"] for item in operation["parameters"]] == ["id", "wagons"]
    assert list(operation["responses"]) == ["200", "401", "404"]
    assert operation["x-source"] == {"document": "recipe.yaml", "line": 5}
    assert document["x-missing"] == ["server"]
    assert list(document["components"]) == ["securitySchemes"]


def test_added_keywords_tell_their_origin() -> None:
    """A keyword added to a documented node has its own line and confidence, the node keeps its own."""
    target = (*SCHEMA, "properties", "state")
    state = body(derived(action(target, update={"enum": ["on"]}, line=26)))["properties"]["state"]
    assert state["x-keywords"]["enum"] == {"document": PAGE, "line": 26, "confidence": "curated"}
    assert state["x-confidence"] == "documented"


def test_added_nodes_tell_their_origin() -> None:
    """Every new node has a source: the page's line, or the action's line in the recipe."""
    update = {"properties": {"extra": {"type": "array", "items": {"type": "string"}}}}
    extra = body(derived(action(SCHEMA, update=update)))["properties"]["extra"]
    source = {"document": "recipe.yaml", "line": 5}
    assert (extra["x-source"], extra["items"]["x-source"]) == (source, source)
    assert (extra["x-confidence"], extra["items"]["x-confidence"]) == ("curated", "curated")


def test_required_is_joined_and_sourced_by_its_fields() -> None:
    """Names are added once, in the order of the fields, each with its field's line; documented ones stay."""
    schema = body(
        derived(action(SCHEMA, update={"required": ["id", "driver"]}, confidence=Confidence.INFERRED))
    )
    assert schema["required"] == ["id", "driver"]
    assert schema["x-keywords"] == {
        "required/driver": {"line": 43},
        "required/id": {"document": PAGE, "line": 22, "confidence": "inferred"},
    }


def test_removal() -> None:
    """A removed node is gone."""
    assert "note" not in body(derived(action((*SCHEMA, "properties", "note"), remove=True)))["properties"]


def test_copies_come_from_the_base_with_its_lines() -> None:
    """What the base says is taken over with its document and lines, and the action's confidence."""
    base = page("mintlify-fence.md").openapi
    text = (PAGES / PAGE).read_text(encoding="utf-8")
    copy = action(("servers",), copy=True)
    document = derive(text, document=PAGE, recipe=recipe(copy, base="old"), base=base).openapi
    assert document["servers"] == [
        {
            "url": "https://boats.example",
            "x-source": {"document": "mintlify-fence.md", "line": 15},
            "x-confidence": "curated",
        }
    ]
    assert "x-missing" not in document


def test_what_the_page_says_wins_over_a_copied_operation() -> None:
    """A carried operation keeps what the page does not say; statuses and parameters of the page win."""
    base = page("mintlify-fence.md").openapi
    text = (PAGES / PAGE).read_text(encoding="utf-8")
    copy = action(("paths", "/v1/boats/{boat_id}", "get"), copy=True)
    whole = Recipe(PAGE, None, "", "fern-text", "old", "get_train", (copy,))
    document = derive(text, document=PAGE, recipe=whole, base=base).openapi
    operation = document["paths"]["/v1/boats/{boat_id}"]["get"]
    assert {status: item["x-confidence"] for status, item in operation["responses"].items()} == {
        "200": "inferred", "204": "curated", "401": "documented", "404": "documented", "409": "curated",
    }  # fmt: skip
    assert [item["name"] for item in operation["parameters"]] == [
        "id",
        "wagons",
        "boat_id",
        "sails",
        "harbour",
    ]


@pytest.mark.parametrize(
    ("overlay", "problem"),
    [
        (action(("paths", "/x", "get"), update={}), 'no "/paths/~1x/get" in the derived document'),
        (action((*SCHEMA, "properties", "nobody"), remove=True),
         f'no "{join(*SCHEMA)}/properties/nobody" in the derived document'),
        (action(("servers",), copy=True), 'no "/servers" in the base revision'),
    ],
)  # fmt: skip
def test_a_target_that_is_not_there(overlay: Action, problem: str) -> None:
    """An overlay that does not fit is an error that names target and line, never a silent loss."""
    with pytest.raises(ContractError) as caught:
        derived(overlay)
    assert str(caught.value) == f"recipe.yaml:5: {problem}"


def test_a_base_is_needed() -> None:
    """A recipe with a base cannot be applied without it."""
    text = (PAGES / PAGE).read_text(encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        derive(text, document=PAGE, recipe=recipe(base="old"))
    assert str(caught.value) == 'recipe.yaml: the recipe needs the base revision "old"'


def test_a_recipe_for_another_format() -> None:
    """A page that has changed its format does not fit its recipe."""
    text = (PAGES / "mintlify-text.txt").read_text(encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        derive(text, document=PAGE, recipe=recipe())
    assert (
        str(caught.value)
        == 'recipe.yaml: the format is "fern-text", the page has the marks of "mintlify-text"'
    )

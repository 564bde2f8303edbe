"""Contracts tried with bodies: witnesses, mutants, and what no check can see."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from docsworn.bundled import bundled_dir
from docsworn.contract.compiled import CompiledContract, CompiledOperation, compile_contract
from docsworn.contract.packs import load_contract, load_provider, provider_names
from docsworn.fuzz.bodies import BodyReport, try_bodies
from docsworn.fuzz.draw import draw
from docsworn.fuzz.mutate import value_at
from docsworn.fuzz.strategies import bodies
from docsworn.fuzz.strength import (
    ELSEWHERE,
    NEEDS_PROFILE,
    NOT_ASSERTED,
    OTHER_BRANCH,
    SEEN,
    UNBUILDABLE,
    UNKNOWN_KEYWORD,
    Strength,
    Tried,
    strengths,
)
from docsworn.fuzz.tell_bodies import bodies_data, bodies_lines
from docsworn.fuzz.witness import Witnesses
from docsworn.model import Promise
from tests.contract.sample import SETTINGS, contract

ROOTS = (bundled_dir("contracts"),)
PACKS = [
    (name, revision)
    for name in provider_names(ROOTS)
    for revision in load_provider(name, ROOTS).settings.revisions
]


def _pack(name: str, revision: str) -> CompiledContract:
    provider = load_provider(name, ROOTS)
    return compile_contract(load_contract(provider, revision), provider.settings)


def _made(body: dict[str, Any]) -> CompiledOperation:
    return compile_contract(contract(body), SETTINGS).operation("get_call")


def _tried(body: dict[str, Any]) -> dict[str, Strength]:
    """The strength of each promise of a made-up body by pointer and keyword."""
    operation = _made(body)
    found = strengths(operation.responses["200"], operation.promise("undocumented"), lambda _: None)
    return {f"{each.promise.pointer or '/'} {each.promise.keyword}": each for each in found}


@pytest.mark.parametrize("pack", PACKS, ids="@".join)
def test_every_place_of_every_pack_has_a_witness(pack: tuple[str, str]) -> None:
    """For each place there is a valid body that has a value there."""
    for response in _pack(*pack).operation("get_conversation").responses.values():
        built = Witnesses(response)
        for index in range(len(response.places.all)):
            witness = next(built.witnesses(index), None)
            assert witness is not None, response.places.all[index].pattern
            assert response.is_valid(witness.body)
            value_at(witness.body, witness.path)


@pytest.mark.parametrize("pack", PACKS, ids="@".join)
def test_every_wrong_in_every_pack_is_seen_or_has_a_reason(pack: tuple[str, str]) -> None:
    """Valid bodies are taken by both validators; each mutant is told at its place with its kind."""
    for report in try_bodies(_pack(*pack).operation("get_conversation"), 6, 1):
        assert report.problems == ()
        assert report.drawn == 6
        tried = {each.promise.id for each in report.strengths}
        assert tried >= set(_pack(*pack).operation("get_conversation").responses[report.status].promises)
        assert all(each.tried or each.reason for each in report.strengths)


def _field(**schema: Any) -> dict[str, Any]:
    return {"type": "object", "required": ["a"], "properties": {"a": schema}}


KEYWORDS: dict[str, dict[str, Any]] = {
    "type": {"type": "string"},
    "enum": {"type": "string", "enum": ["x", "y"]},
    "const": {"const": 4},
    "format": {"type": "string", "format": "date-time"},
    "pattern": {"type": "string", "pattern": "^[a-z]{3}-[0-9]+$"},
    "minimum": {"type": "integer", "minimum": 3},
    "maximum": {"type": "number", "maximum": -2.5},
    "exclusiveMinimum": {"type": "number", "exclusiveMinimum": 3},
    "exclusiveMaximum": {"type": "integer", "exclusiveMaximum": 3},
    "multipleOf": {"type": "integer", "multipleOf": 5},
    "minLength": {"type": "string", "minLength": 6},
    "maxLength": {"type": "string", "maxLength": 2},
    "minItems": {"type": "array", "items": {"type": "string"}, "minItems": 2},
    "maxItems": {"type": "array", "items": {"type": "string"}, "maxItems": 2},
    "uniqueItems": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    "minProperties": {"type": "object", "required": ["b"], "minProperties": 1},
    "maxProperties": {"type": "object", "maxProperties": 2},
    "additionalProperties": {
        "type": "object",
        "properties": {"b": {"type": "string"}},
        "additionalProperties": False,
    },
    "anyOf": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "oneOf": {"oneOf": [{"type": "integer"}, {"type": "array"}]},
}


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_each_keyword_is_broken_and_seen(keyword: str) -> None:
    """A mutant breaks the keyword, and the checks tell it there with its kind."""
    found = _tried(_field(**KEYWORDS[keyword]))
    strength = next(each for name, each in found.items() if name.endswith(f" {keyword}") and "/a" in name)
    assert strength.tried
    assert {tried.outcome for tried in strength.tried} == {SEEN}


RARE: dict[str, dict[str, Any]] = {
    "names by pattern": {"type": "object", "patternProperties": {"^x-[0-9]+$": {"type": "integer"}}},
    "rules for names": {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z]+$"},
        "additionalProperties": {"type": "integer"},
        "minProperties": 1,
    },
    "literals that are no scalars": {"enum": [{"b": 1}, [1, 2], None]},
    "positions": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "null"}], "minItems": 2},
    "letters of Unicode": {"type": "string", "pattern": "^\\p{L}+$"},
    "a large number": {"type": "integer", "minimum": 2**70},
    "parts": {"allOf": [{"type": "object", "required": ["b"]}, {"properties": {"b": {"type": "string"}}}]},
    "names with slashes": {"type": "object", "required": ["b/c"], "properties": {"b/c": {"type": "null"}}},
}


@pytest.mark.parametrize("name", RARE)
def test_rare_constructs_are_tried(name: str) -> None:
    """Witnesses are found and each promise below is broken and seen."""
    found = {key: each for key, each in _tried(_field(**RARE[name])).items() if key.startswith("/a")}
    assert found
    assert all(each.is_seen for each in found.values() if each.reason is None)
    assert not any(each.reason == UNBUILDABLE for each in found.values())


def test_an_impossible_place_says_so() -> None:
    """Where nothing can be valid the reason is told, and nothing is drawn."""
    (report,) = try_bodies(_made(_field(type="string", enum=[1])), 3, 0)
    assert (report.drawn, report.problems) == (0, ())
    assert {each.reason for each in report.strengths} == {UNBUILDABLE}


def test_fields_are_left_out_and_added() -> None:
    """Required fields, listed ones, and fields that nobody documented."""
    found = _tried({
        "type": "object",
        "required": ["a"],
        "properties": {"a": {"type": "string"}, "b": {"type": "string", "x-presence": "expected"}},
    })  # fmt: skip
    assert found["/a required"].count(SEEN) == 1
    assert found["/ undocumented"].count(SEEN) == 1
    assert found["/b presence"].reason == NEEDS_PROFILE


WEAK: dict[str, tuple[dict[str, Any], str, str]] = {
    "a catch-all branch": (
        {"anyOf": [{"type": "object", "required": ["b"], "properties": {"b": {}}}, {"type": "object"}]},
        "/a/b required",
        OTHER_BRANCH,
    ),
    "a format of numbers": ({"type": "number", "format": "double"}, "/a format", NOT_ASSERTED),
    "a rare keyword": ({"type": "string", "not": {"const": "b"}}, "/a not", UNKNOWN_KEYWORD),
}


@pytest.mark.parametrize("row", WEAK.values(), ids=WEAK)
def test_what_no_check_can_see_has_its_reason(row: tuple[dict[str, Any], str, str]) -> None:
    """A promise that cannot be broken, or that nobody can see broken, says why."""
    schema, name, reason = row
    strength = _tried(_field(**schema))[name]
    assert (strength.tried, strength.reason) == ((), reason)


RECURSIVE = {
    "type": "object",
    "required": ["nodes"],
    "properties": {"nodes": {"type": "array", "items": {"$ref": "#/$defs/Node"}}},
    "$defs": {
        "Node": {
            "oneOf": [
                {
                    "type": "object",
                    "required": ["kind", "children"],
                    "properties": {
                        "kind": {"const": "tree"},
                        "children": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Node"}},
                    },
                },
                {
                    "type": "object",
                    "required": ["kind"],
                    "properties": {"kind": {"const": "leaf"}, "next": {"$ref": "#/$defs/Node"}},
                },
            ]
        }
    },
}


def test_recursive_schemas_are_drawn() -> None:
    """Valid bodies of a recursive schema, some of them nested, the same for the same seed."""
    validator = jsonschema_rs.Draft202012Validator(RECURSIVE)
    drawn = draw(bodies(RECURSIVE), 60, 5)
    assert len(drawn) == 60
    assert all(validator.is_valid(body) for body in drawn)
    assert drawn == draw(bodies(RECURSIVE), 60, 5)
    assert max(str(body).count("children") for body in drawn) > 1


def test_recursive_contracts_are_tried() -> None:
    """The made-up contract has steps within steps: all its promises are tried."""
    operation = compile_contract(contract(), SETTINGS).operation("get_call")
    (report,) = try_bodies(operation, 15, 0)
    assert report.problems == ()
    assert {each.promise.id for each in report.strengths} >= set(operation.responses["200"].promises)


def _report(*tried: Tried, promise: Promise) -> BodyReport:
    return BodyReport(
        "200", 1, ("type at /a",), (Strength(promise, tried),), 1, {}, ("enum: only jsonschema accepts",), {}
    )


@pytest.fixture
def told() -> tuple[BodyReport, str]:
    """A report with every sort of problem, and its text."""
    promise = _made(_field(type="string")).promise("undocumented")
    report = _report(Tried("left out", ELSEWHERE, "type at /b"), Tried("null instead", SEEN), promise=promise)
    return report, "\n".join(bodies_lines([report], name="acme@v1", seed=0))


def test_problems_are_told(told: tuple[BodyReport, str]) -> None:
    """A refused valid body, a new difference, and a wrong that is seen elsewhere are problems."""
    report, text = told
    assert len(report.problems) == 3
    for said in ("a valid body is refused: type at /a", "only jsonschema accepts", "elsewhere (type at /b)"):
        assert said in text
    assert text.endswith("3 problems")
    (body,) = bodies_data([report], name="acme@v1", seed=0)["bodies"]
    assert (body["mutants"], body["seen"], body["elsewhere"]) == (2, 1, 1)

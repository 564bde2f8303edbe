"""Invariants in CEL: kept, broken, not evaluable, not applicable; and their file's mistakes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.answers import by_status
from docsworn.contract.invariants import (
    State,
    compile_invariant,
    context_of,
    load_invariants,
)
from docsworn.errors import ContractError
from docsworn.model import Confidence, Invariant, Kind, Promise, Severity, Source

ROW = "- {id: a, pointer: /s, line: 3, documented: words, hold: body.s == 1}\n"


def write(folder: Path, text: str) -> Path:
    """An invariants.yaml in its place."""
    path = folder / "acme" / "v1" / "invariants.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("body", "state"),
    [
        ({"s": "x", "n": 2}, State.KEPT),
        ({"s": "x", "n": 0}, State.BROKEN),
        ({"s": "x"}, State.NOT_EVALUABLE),
        ({"s": "x", "n": None}, State.NOT_EVALUABLE),
        ({"s": "y", "n": 0}, State.NOT_APPLICABLE),
        ({}, State.NOT_EVALUABLE),
        ([], State.NOT_EVALUABLE),
    ],
)
def test_the_four_states(tmp_path: Path, body: Any, state: State) -> None:
    """A missing field makes an invariant not evaluable, which is neither kept nor broken."""
    row = "- {id: a, pointer: /n, line: 3, documented: words, when: body.s == 'x', hold: body.n > 1}"
    (invariant,) = load_invariants(write(tmp_path, row), document="page.md")
    compiled = compile_invariant(invariant)
    assert compiled.evaluate(context_of(body, {"id": None, "query": {}}, {})) is state


def test_confidence_sets_severity(tmp_path: Path) -> None:
    """Sure prose is an error, what is inferred or said to be one a warning."""
    rows = (
        ROW
        + ROW.replace("id: a", "id: b, confidence: inferred")
        + ROW.replace("id: a", "id: c, severity: warning")
    )
    first, second, third = load_invariants(write(tmp_path, rows), document="page.md")
    assert (first.promise.severity, first.promise.source) == (Severity.ERROR, Source("page.md", 3))
    assert (second.promise.severity, second.promise.confidence) == (Severity.WARNING, Confidence.INFERRED)
    assert third.promise.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ROW + ROW, 'acme/v1/invariants.yaml:2: the invariant "a" stands twice'),
        (ROW.replace("line: 3, ", ""), "/0/line: field required"),
        (ROW.replace("pointer", "point"), 'unknown key "point" in /0'),
        ("a: 1", "write a list here"),
    ],
)
def test_mistakes_in_the_file_are_named(tmp_path: Path, text: str, message: str) -> None:
    """Each mistake has file and line."""
    with pytest.raises(ContractError) as caught:
        load_invariants(write(tmp_path, text), document="page.md")
    assert message in str(caught.value)
    assert str(caught.value).startswith("acme/v1/invariants.yaml")


@pytest.mark.parametrize(
    ("hold", "problem"),
    [
        ("body.s ==", "is not CEL: mismatched input '<EOF>' (line 1, column 10 of the expression)"),
        ("body.s ==\n    1 1", "is not CEL: extraneous input '1' expecting <EOF> (line 2, column 7 of"),
        ("bodi.s == 1", 'unknown name "bodi": an invariant sees body, named, request'),
        ("body.l.all(e, f.x == 1)", 'unknown name "f"'),
        ("isEmail(body.s)", 'unknown function "isEmail"'),
        ("1 + 1", "the expression is neither true nor false"),
    ],
)
def test_a_mistake_in_an_expression_is_a_contract_error(tmp_path: Path, hold: str, problem: str) -> None:
    """A typo must not pass for a body that lacks a field: it is named when the contract is compiled."""
    row = (
        f"- id: a\n  pointer: /s\n  line: 3\n  documented: words\n  when: 'true'\n  hold: {json.dumps(hold)}"
    )
    (invariant,) = load_invariants(write(tmp_path, row), document="page.md")
    with pytest.raises(ContractError) as caught:
        compile_invariant(invariant, file="acme/v1/invariants.yaml")
    assert str(caught.value).startswith("acme/v1/invariants.yaml:6: get_conversation.200:invariant/a: ")
    assert problem in str(caught.value)


def test_no_file_means_no_invariants(tmp_path: Path) -> None:
    """A pack without invariants is a pack."""
    assert load_invariants(tmp_path / "none.yaml", document="page.md") == ()


SMALL = st.sampled_from([0, 1, 1.0, True, False, None, "a", [1], 2**70])


@given(bodies=st.lists(st.dictionaries(st.sampled_from("ab"), SMALL), max_size=8))
def test_what_was_asked_before_is_answered_the_same(bodies: list[dict[str, Any]]) -> None:
    """1, 1.0 and true are told apart, as CEL does, though Python calls them equal."""
    rows = ("body.a / 2 == 0", "body.a == true", "body.a == body.b", "body.b > 0.5")
    made = tuple(compile_invariant(_invariant(at, row)) for at, row in enumerate(rows))
    asked = by_status(made)["200"]
    for body in bodies:
        fresh = by_status(made)["200"].ask(body, {"id": "c"}, {}, "c")
        assert asked.ask(body, {"id": "c"}, {}, "c") == fresh
        assert [asked.ask(body, {}, {}, "c") for _ in range(3)] == [fresh] * 3
        context = context_of(body, {"id": "c"}, {})
        assert fresh.kept == {one.promise.id for one in made if one.evaluate(context) is State.KEPT}


def _invariant(at: int, hold: str) -> Invariant:
    promise = Promise(
        id=f"row-{at}", pointer="", keyword="invariant", kind=Kind.INVARIANT, severity=Severity.WARNING,
        confidence=Confidence.DOCUMENTED, source=Source("page.md", 1), documented="a rule",
    )  # fmt: skip
    return Invariant(promise, "get_call", "200", None, hold)

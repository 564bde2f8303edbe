"""What must hold for any pair of schemas: proofs are proofs, witnesses witnesses, words only words."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, assume, given, settings

from docsworn.compat import compare_schemas
from docsworn.compat.changes import Verdict
from docsworn.compat.schema.compare import documents
from docsworn.compat.schema.confirm import Judge
from tests.compat.schema.rewrites import REWRITES, schemas

_SCALARS = (None, True, 0, 1, 2, 2.5, -1, "", "a", "ab", "aab", "b0")
_FIELD: tuple[Any, ...] = ("none", 0, "a", None, {})
BODIES: tuple[Any, ...] = (
    *_SCALARS,
    *(list(items) for size in (0, 1, 2, 3) for items in itertools.product((0, "a", None), repeat=size)),
    [[]], [{}], [1, 1, 1, 1],
    *(
        {name: value for name, value in zip(("a", "b", "ab", "x"), values, strict=True) if value != "none"}
        for values in itertools.product(_FIELD, repeat=4)
    ),
    {"a": {"a": 1}}, {"c": [1]}, {"a": [], "c": "a"},
)  # fmt: skip
quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@quick
@given(schemas())
def test_the_same_is_safe_and_unchanged(schema: Any) -> None:
    """A schema against itself is proven safe for every reader and has no change."""
    for reader in ("strict", "tolerant"):
        compared = compare_schemas(schema, schema, reader=reader)
        assert (compared.verdict, compared.changes) == (Verdict.SAFE, ())


@pytest.mark.parametrize("rewrite", REWRITES)
@settings(parent=quick, max_examples=25)
@given(schema=schemas())
def test_a_rewrite_changes_nothing(rewrite: Callable[[Any], Any], schema: Any) -> None:
    """Other words for the same are safe in both directions, without a change."""
    for old, new in ((schema, rewrite(schema)), (rewrite(schema), schema)):
        compared = compare_schemas(old, new)
        assert (compared.verdict, compared.changes) == (Verdict.SAFE, ())


@quick
@given(schemas(), schemas())
def test_verdicts_against_bodies(old: Any, new: Any) -> None:
    """No body is against a proof, a witness is confirmed, and a tolerant reader bears more."""
    compared = compare_schemas(old, new)
    if compared.verdict is Verdict.SAFE:
        before, after = (jsonschema_rs.Draft202012Validator(side) for side in (old, new))
        assert not [body for body in BODIES if after.is_valid(body) and not before.is_valid(body)]
        assert compare_schemas(old, new, reader="tolerant").verdict is Verdict.SAFE
    elif compared.verdict is Verdict.BREAKING:
        judges = [Judge(side, formats=True) for side in documents(old, new)]
        assert [judge.allows(compared.witness) for judge in judges] == [False, True]
        assert compared.changes
    else:
        assert compared.reason


@quick
@given(schemas(), schemas())
def test_the_same_question_gets_the_same_answer(old: Any, new: Any) -> None:
    """Two runs say the same, to the byte."""
    assert repr(compare_schemas(old, new)) == repr(compare_schemas(old, new))


@quick
@given(schemas(), schemas())
def test_requests_are_responses_the_other_way(old: Any, new: Any) -> None:
    """What a caller may still send is what a reader may still get, with the sides changed."""
    asked = compare_schemas(old, new, direction="request")
    told = compare_schemas(new, old)
    assume(told.verdict is not Verdict.UNKNOWN)
    assert (asked.verdict, asked.witness) == (told.verdict, told.witness)

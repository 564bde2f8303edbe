"""The corpus of compatibility verdicts is itself in order: every label can be believed without the engine."""

from __future__ import annotations

from collections import Counter
from typing import Any

import jsonschema_rs
import pytest
from jsonschema.validators import validator_for
from referencing import Registry

from tests.compat.cases import Case, cases

CASES = cases()
BREAKING = [case for case in CASES if case.verdicts["strict"] == "breaking"]
_DRAFT4 = "http://json-schema.org/draft-04/schema#"
_DRAFT2020 = "https://json-schema.org/draft/2020-12/schema"


def accepts(schema: Any, body: Any, *, assert_formats: bool = True) -> tuple[bool, bool]:
    """What jsonschema_rs and jsonschema say of a body."""
    dialect = _DRAFT2020
    if isinstance(schema, dict):
        flags = isinstance(schema.get("exclusiveMinimum"), bool) or isinstance(
            schema.get("exclusiveMaximum"), bool
        )
        dialect = schema.get("$schema", _DRAFT4 if flags else _DRAFT2020)
        schema = {"$schema": dialect, **schema}
    fast = jsonschema_rs.validator_for(schema, validate_formats=assert_formats, offline=True)
    kind = validator_for({"$schema": dialect})
    checker = kind.FORMAT_CHECKER if assert_formats else None
    registry: Registry[Any] = Registry()
    careful = kind(schema, format_checker=checker, registry=registry)
    return fast.is_valid(body), bool(careful.is_valid(body))


@pytest.mark.parametrize("case", BREAKING, ids=lambda case: case.id)
def test_witness_of_a_breaking_case_is_one(case: Case) -> None:
    """The witness is valid under the new schema and not under the old one, say both validators."""
    assert case.has_witness
    assert accepts(case.new, case.witness, assert_formats=case.assert_formats) == (True, True)
    assert accepts(case.old, case.witness, assert_formats=case.assert_formats) == (False, False)


def test_what_is_safe_has_no_witness() -> None:
    """A witness in a case that is labelled safe would contradict the label."""
    assert [case.id for case in CASES if case.has_witness and case not in BREAKING] == []


def test_cases_have_names_of_their_own() -> None:
    """A name says which case it is."""
    assert [name for name, count in Counter(case.id for case in CASES).items() if count > 1] == []


def test_there_are_enough() -> None:
    """The issue asks for 200, and both verdicts are well represented."""
    verdicts = Counter(case.verdicts["strict"] for case in CASES)
    assert len(CASES) >= 200
    assert min(verdicts["safe"], verdicts["breaking"]) >= 80

"""Families of schemas about one matter, each against each other, held to many bodies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docsworn.compat import compare_schemas
from docsworn.compat.changes import Verdict
from docsworn.compat.schema.dialects import DIALECTS
from docsworn.compat.schema.drafts import PYTHON, RUST

FAMILIES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "families.json").read_text())
RUNS = [(family, age) for family in FAMILIES for age in family["drafts"]]
NAMES = {dialect.age: dialect.name for dialect in DIALECTS}
PAIRS = 90  # of each family and draft; all 71,000 take a minute
MOST_UNKNOWN = 0.04


def _knows(schema: Any, age: int, body: Any) -> list[bool]:
    """What both validators say of a body."""
    python = PYTHON[age](schema, format_checker=PYTHON[age].FORMAT_CHECKER)
    return [bool(python.is_valid(body)), RUST[age](schema, validate_formats=True).is_valid(body)]


def _speakable(family: dict[str, Any], age: int) -> tuple[list[Any], list[Any]]:
    """The schemas that the draft has words for, and the bodies.

    Without 2.0 in draft-04: ``{"enum": [2]}`` holds it, because it equals 2, and it is no integer there; the
    engine takes the values of a list as they are written.
    """
    schemas = [each for each in family["schemas"] if age > 4 or not isinstance(each, bool)]
    bodies = [b for b in family["bodies"] if age > 4 or not (isinstance(b, float) and b.is_integer())]
    return schemas, bodies


@pytest.mark.parametrize(("family", "age"), RUNS, ids=[f"{f['name']} {NAMES[age]}" for f, age in RUNS])
def test_verdicts_of_a_family(family: dict[str, Any], age: int) -> None:
    """No body is against *safe*, each *breaking* has a body, and *unknown* is rare."""
    schemas, bodies = _speakable(family, age)
    taken = [
        [RUST[age](schema, validate_formats=True).is_valid(body) for body in bodies] for schema in schemas
    ]
    pairs = [(old, new) for old in range(len(schemas)) for new in range(len(schemas)) if old != new]
    step = len(pairs) // PAIRS + 1
    unknown = 0
    for old, new in pairs[age % step :: step]:
        compared = compare_schemas(schemas[old], schemas[new], dialect=NAMES[age])
        said = (compared.verdict, schemas[old], schemas[new])
        against = [at for at in range(len(bodies)) if taken[new][at] and not taken[old][at]]
        unknown += compared.verdict is Verdict.UNKNOWN
        assert not (against and compared.verdict is Verdict.SAFE), said
        if compared.verdict is Verdict.BREAKING:
            assert _knows(schemas[new], age, compared.witness) == [True, True], said
            assert _knows(schemas[old], age, compared.witness) == [False, False], said
    assert unknown <= MOST_UNKNOWN * len(pairs[age % step :: step])

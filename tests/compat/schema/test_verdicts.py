"""Verdicts on pairs of schemas, keyword by keyword: what is known to be within, and what is not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from docsworn.compat import compare_schemas
from docsworn.compat.changes import Verdict
from docsworn.compat.schema.dialects import find_dialect
from docsworn.compat.schema.drafts import PYTHON, RUST

HERE = Path(__file__).parent
# ``newcomer.json`` was labelled by somebody who had not seen the engine.
CASES: list[dict[str, Any]] = [
    case for name in ("pairs.json", "newcomer.json") for case in json.loads((HERE / name).read_text())
]
AGES = {"draft-04": 4, "draft-06": 6, "draft-07": 7, "2019-09": 19, "2020-12": 20}


def _age(case: dict[str, Any], side: str) -> int:
    """The draft that a side speaks: as the case, ``$schema``, its neighbour or boolean bounds say."""
    if "dialect" in case:
        return AGES[case["dialect"]]
    for schema in (case[side], case["old"], case["new"]):
        if isinstance(schema, dict) and "$schema" in schema:
            return find_dialect(schema["$schema"]).age
    return 4 if re.search(r'"exclusiveM\w+": (true|false)', json.dumps(case)) else 20


def _witnessed(case: dict[str, Any], body: Any) -> bool:
    """Whether both validators of the case's drafts say that a body is new."""
    formats = case.get("formats", True)
    answers = {}
    for side in ("old", "new"):
        age = _age(case, side)
        checker = PYTHON[age].FORMAT_CHECKER if formats else None
        answers[side] = (
            RUST[age](case[side], validate_formats=formats).is_valid(body),
            PYTHON[age](case[side], format_checker=checker).is_valid(body),
        )
    return answers == {"old": (False, False), "new": (True, True)}


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_known_pairs(case: dict[str, Any]) -> None:
    """Each pair has the verdict that is known for it, and a breaking one a body that proves it."""
    compared = compare_schemas(
        case["old"], case["new"], dialect=case.get("dialect"), assert_formats=case.get("formats", True)
    )
    assert compared.verdict == case["verdict"], compared.reason
    if compared.verdict is Verdict.BREAKING:
        assert compared.witnessed
        assert _witnessed(case, compared.witness)
    else:
        assert compared.witness is None


def test_pairs_name_no_case_twice() -> None:
    """Each pair of the table has its own name, and both verdicts are well covered."""
    names = [case["name"] for case in CASES]
    assert len(names) == len(set(names)) >= 150
    verdicts = [case["verdict"] for case in CASES]
    assert min(verdicts.count("safe"), verdicts.count("breaking")) >= 60

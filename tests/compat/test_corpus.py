"""The engine against the corpus: verdict for each reader, rules, and the places they name."""

from __future__ import annotations

from typing import Any

import pytest

from docsworn.compat import compare_schemas
from docsworn.compat.schema.compare import documents
from docsworn.compat.schema.confirm import Judge
from tests.compat.cases import Case, cases

CASES = cases()


def _breaks(case: Case, body: Any) -> bool:
    """Whether both validators take a body under NEW and refuse it under OLD."""
    old, new = (Judge(side, formats=case.assert_formats) for side in documents(case.old, case.new))
    return new.allows(body) is True and old.allows(body) is False


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case(case: Case) -> None:
    """The verdict for each reader is the label's; a strict break has its witness; the rules are told."""
    for reader, verdict in case.verdicts.items():
        compared = compare_schemas(case.old, case.new, reader=reader, assert_formats=case.assert_formats)
        assert compared.verdict == verdict, (reader, compared.reason)
        if reader == "strict" and verdict == "breaking":
            assert compared.witnessed
            assert _breaks(case, compared.witness)
        told = [change.rule for change in compared.changes]
        if case.rules is not None:
            assert set(case.rules) <= set(told)
            assert case.rules or not told
        named = {name for one in compared.changes for name in (one.place, one.old_pointer, one.new_pointer)}
        assert set(case.pointers) <= named
        assert verdict == "safe" or told

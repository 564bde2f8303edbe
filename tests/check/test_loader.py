"""Adding a check is adding one file."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from docsworn.check import rules
from docsworn.check.loader import load_checks, select_checks
from docsworn.errors import UnknownNameError

ONE_FILE = """
from docsworn.check.subject import NOTHING, Check

CHECK = Check(name="brand_new", summary="says nothing", kinds=(), run=lambda subject: NOTHING, order=1)
"""


def test_one_file_is_a_check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found, in its place, with no other change."""
    (tmp_path / "brand_new.py").write_text(ONE_FILE)
    monkeypatch.setattr(rules, "__path__", [*rules.__path__, str(tmp_path)])
    try:
        assert load_checks()[0].name == "brand_new"
        assert [check.name for check in select_checks(["brand_new"])] == ["brand_new"]
    finally:
        sys.modules.pop(f"{rules.__name__}.brand_new", None)


def test_checks_say_what_they_are() -> None:
    """A name as in the file, a summary and at least one kind each, in an order of their own."""
    checks = load_checks()
    files = {path.stem for root in rules.__path__ for path in Path(root).glob("[a-z]*.py")}
    assert {check.name for check in checks} == files
    assert all(check.summary and check.kinds for check in checks)
    assert len({check.order for check in checks}) == len(checks)


def test_selected_checks_keep_their_order() -> None:
    """Whatever the order on the command line; none means all."""
    assert [check.name for check in select_checks(["latency", "status"])] == ["status", "latency"]
    assert select_checks([]) == load_checks()


def test_a_check_that_nobody_knows() -> None:
    """Gets a guess."""
    with pytest.raises(UnknownNameError, match='unknown check "identiy": did you mean "identity"'):
        select_checks(["identiy"])

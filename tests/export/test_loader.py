"""Adding a format is adding one file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from docsworn.errors import UnknownNameError
from docsworn.export import formats
from docsworn.export.loader import format_names, load_format, load_formats
from docsworn.export.report import ReportInfo
from docsworn.model import Run


def test_every_file_is_a_format_of_its_name() -> None:
    """The folder is the registry: name of file and of format are the same."""
    found = load_formats()
    assert set(found) >= {"console", "html", "json", "junit"}
    assert {name: one.name for name, one in found.items()} == {name: name for name in format_names()}
    assert all(one.summary for one in found.values())


def test_an_unknown_format_gets_a_guess() -> None:
    """A typing error is answered with the nearest name."""
    with pytest.raises(UnknownNameError, match='unknown format "htm": did you mean "html"'):
        load_format("htm")


def test_adding_a_format_is_adding_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make_run: Callable[..., Run], info: ReportInfo
) -> None:
    """A new file in the folder is found, loaded and used without any other change."""
    (tmp_path / "verdicts.py").write_text(
        "from docsworn.export.report import Format\n"
        "FORMAT = Format('verdicts', 'one word a run', lambda runs, _: ' '.join(r.verdict for r in runs))\n"
    )
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    assert "verdicts" in format_names()
    assert load_format("verdicts").render([make_run(), make_run()], info) == "kept kept"


def test_a_file_without_a_format_is_our_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file in the folder that holds something else is told by name."""
    (tmp_path / "odd.py").write_text("FORMAT = 'odd'\n")
    monkeypatch.setattr(formats, "__path__", [str(tmp_path)])
    with pytest.raises(TypeError, match=r"formats/odd\.py: FORMAT is not a Format"):
        load_format("odd")

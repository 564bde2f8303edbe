"""Readers are data: names, mappings and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from docsworn.compat.readers import STRICT, TOLERANT, Extent, Reader, find_reader
from docsworn.errors import ConfigError, UnknownNameError


def test_names_and_mappings() -> None:
    """A preset is found by name; a mapping says what is tolerated beyond the strict reader."""
    assert find_reader("strict") is STRICT
    assert find_reader("tolerant") is TOLERANT
    assert find_reader({"nulls": True}) == Reader(name="custom", nulls=Extent.ALL)
    assert find_reader({"absent_fields": False}).absent_fields is Extent.OPTIONAL


def test_file(tmp_path: Path) -> None:
    """A YAML file is a reader of the file's name."""
    (tmp_path / "dashboard.yaml").write_text("unknown_fields: true\nnulls: optional\n")
    expected = Reader(name="dashboard", unknown_fields=True, nulls=Extent.OPTIONAL)
    assert find_reader(tmp_path / "dashboard.yaml") == expected


@pytest.mark.parametrize(
    "settings", [{"nulls": "often"}, {"unknown_fields": 1}, {"name": True}], ids=["extent", "switch", "name"]
)
def test_wrong_values(settings: dict[str, Any]) -> None:
    """A value of another kind is an error."""
    with pytest.raises(ConfigError):
        find_reader(settings)


def test_unknown_names(tmp_path: Path) -> None:
    """Unknown readers and tolerances get a hint; a file that is no mapping is an error."""
    with pytest.raises(UnknownNameError, match="tolerant"):
        find_reader("tolerent")
    with pytest.raises(UnknownNameError, match="unknown_fields"):
        find_reader({"unknown_field": True})
    (tmp_path / "list.yaml").write_text("- nulls\n")
    with pytest.raises(ConfigError):
        find_reader(tmp_path / "list.yaml")

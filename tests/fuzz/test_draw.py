"""Draws are the same for a seed and leave nothing behind."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS

from docsworn.fuzz.draw import draw

PAIRS = st.tuples(st.text(max_size=8), st.integers())


def test_a_seed_means_the_same_whatever_modules_are_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Constants of a program's own modules never get into what is drawn."""
    first = draw(PAIRS, 100, 3)
    file = tmp_path / "planted_module.py"
    file.write_text('SECRET = "planted secret"\nNUMBER = 987654321987\n')
    module = types.ModuleType("planted_module")
    module.__file__ = str(file)
    monkeypatch.setitem(sys.modules, "planted_module", module)
    assert draw(PAIRS, 100, 3) == first
    texts = draw(st.text(), 400, 4)
    assert "planted secret" not in texts


def test_another_seed_draws_something_else() -> None:
    """Seeds differ."""
    assert draw(PAIRS, 20, 1) != draw(PAIRS, 20, 2)


@pytest.mark.parametrize(
    ("strategy", "count", "most"), [(PAIRS, 17, 17), (PAIRS, 0, 0), (st.nothing(), 5, 0)]
)
def test_never_more_than_asked(strategy: st.SearchStrategy[object], count: int, most: int) -> None:
    """The count is a limit, and an empty strategy is no error."""
    assert len(draw(strategy, count, 0)) == most


def test_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither files in the current folder nor a backend in hypothesis's registry."""
    monkeypatch.chdir(tmp_path)
    before = dict(AVAILABLE_PROVIDERS)
    draw(PAIRS, 30, 0)
    assert list(tmp_path.iterdir()) == []
    assert before == AVAILABLE_PROVIDERS

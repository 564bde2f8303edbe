"""Strings drawn for regular expressions match them; what is too rich is refused."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.emulate.patterns import UnknownPattern, draw_matching

PATTERNS = (
    r"^conv_[0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{26}$",
    r"^c[0-9a-f]{16}$",
    r"^(?:ab|cd)+e?$",
    r"^[^/\s]{3,8}$",
    r"^\+[1-9]\d{1,14}$",
    r"^v\d+\.\d+(-rc\.\d+)?$",
    r"^[\w-]{2,}$",
    r"a|b|",
    r"^[a\-z]$",
    r"^.{5}$",
    r"^a{0}b*?$",
)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_drawn_strings_match(pattern: str) -> None:
    """Whatever the random numbers, the string matches."""
    for seed in range(50):
        drawn = draw_matching(pattern, random.Random(seed))
        assert re.search(pattern, drawn), (pattern, drawn)


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        (r"^(?=a)b$", "looks around"),
        (r"^(a)\1$", r"the escape \\1"),
        (r"^(a", "ends too early"),
        (r"a)", "unbalanced parenthesis"),
        (r"[]", "an empty class"),
        (r"[z-a]", "a range out of order"),
        (r"a{2,1}", "out of order"),
        (r"a{x}", "not {n}"),
        (r"a{1000000}", "out of bounds"),
        (r"*a", "nothing before it"),
        (r"[a", "ends too early"),
    ],
)
def test_rich_or_broken_patterns_are_refused(pattern: str, problem: str) -> None:
    """The message says what was not understood."""
    with pytest.raises(UnknownPattern, match=problem):
        draw_matching(pattern, random.Random(0))


@given(st.text(alphabet="abc[](){}|?*+^$\\.-,0123d", max_size=12), st.integers())
def test_any_text_is_drawn_or_refused(pattern: str, seed: int) -> None:
    """No text makes the reader fail in another way."""
    try:
        drawn = draw_matching(pattern, random.Random(seed))
    except UnknownPattern:
        return
    assert isinstance(drawn, str)

"""Patterns and formats: what the automata say is what engines and validators say."""

from __future__ import annotations

import itertools
import re
import sys
import unicodedata

import pytest

from docsworn.compat.schema.automaton import Product, build, letters
from docsworn.compat.schema.charsets import _categories
from docsworn.compat.schema.formats import FORMATS, WITHIN, keeps
from docsworn.compat.schema.regex import UnsupportedPattern, parse
from docsworn.compat.schema.texts import Search, Texts

PATTERNS = (
    "a", "^a", "a$", "^$", "", "^a|b$", "^(a|b)$", "^[ab]*$", "^a+b?$", "^a{2}$", "^a{1,2}b{0,1}$", "(ab)+",
    "^.{2}$", "^[^a]+$", "^(?:aa|b)*$", "^(?=.*a)(?=.*b)", "^(?!a)", "^(?!.*ab).*$", "^((?!ab).)*$", "a.b",
    r"^\w+$", r"^\d*$", r"\s", r"^[\w-]+$", r"^\S+$", "a|", "^a*?$", "(^a|b$)", "^(a|(b|c))c$", "[a-c]{3}",
    r"^[\x61-\x62]$", r"^\u0061", r"\ba", r"a\b", r"\bab\b", r"a\B", r"(^|\b)b", r"(\ba)+$", r"^\Bb|a\Bb\b",
)  # fmt: skip
TEXTS = [
    *("".join(letters) for size in range(5) for letters in itertools.product("ab", repeat=size)),
    *("c", "abc", "1", "a1", " ", "a b", "A", "aaaaaa", "-", "a-b", "_", "cc", "bc"),
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_match_as_an_engine_does(pattern: str) -> None:
    """On ASCII texts a search by automaton finds what Python's engine finds."""
    texts = Texts(20)
    for text in TEXTS:
        assert texts.matches(pattern, text) == (re.search(pattern, text) is not None), text


@pytest.mark.parametrize("pattern", [r"^(a)\1$", r"(?<=a)b", "a(?!b)"])
def test_what_is_loosened_refuses_only_what_does_not_match(pattern: str) -> None:
    """Where a pattern is not understood in full, *no* is still sure and *yes* is never said."""
    texts = Texts(20)
    for text in TEXTS:
        truth = texts.matches(pattern, text)
        assert truth is not True
        assert truth is None or re.search(pattern, text) is None


@pytest.mark.parametrize("pattern", ["(", "a**", "[b-a]", r"\p{Greek}", "a{3,2}", "*a", r"\ua"])
def test_what_is_not_understood_is_refused(pattern: str) -> None:
    """A pattern that is wrong, or beyond this parser, is refused and not guessed at."""
    with pytest.raises(UnsupportedPattern):
        parse(pattern)


def _searches(pattern: str) -> list[Search]:
    return [(wanted, build(node)) for wanted, node in parse(pattern).searches]


def _some(searches: list[Search]) -> list[str]:
    return list(itertools.islice(Product(searches, letters(searches, "")).texts(0, None), 60))


@pytest.mark.parametrize("name", FORMATS)
def test_formats_lie_between_their_patterns(name: str) -> None:
    """Texts of the inner pattern are of the format, texts beyond the outer one and near misses are not."""
    known = FORMATS[name]
    inner, outer = _searches(known.inner), _searches(known.outer)
    assert not [text for text in _some(inner) if keeps(name, text, 20) is not True]
    beyond = _some([(not wanted, nfa) for wanted, nfa in outer]) if known.outer else []
    # The validators differ on few texts (separators of lines in an e-mail address); none is of the format.
    assert not [text for text in beyond if keeps(name, text, 20) is True]
    for text in known.nearly:
        assert keeps(name, text, 20) is False
        assert all(nfa.matches(text) == wanted for wanted, nfa in outer)
    assert keeps(name, known.wrong, 20) is False


@pytest.mark.parametrize("name", WITHIN)
def test_formats_within_formats(name: str) -> None:
    """Texts of a format are of those that it lies within."""
    for wider in WITHIN[name]:
        assert all(keeps(wider, text, 20) for text in _some(_searches(FORMATS[name].inner)))


def test_categories_hold_every_character_once() -> None:
    """The runs of Unicode categories, of which some are not looked at one by one, are Python's own."""
    named = {point: name for name, low, high in _categories() for point in range(low, high + 1)}
    assert len(named) == sys.maxunicode + 1
    assert all(unicodedata.category(chr(point)) == name for point, name in named.items())

"""What is shown of a text that somebody else chose."""

from __future__ import annotations

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.export.text import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\nb\tc\r", "a b c "),
        ("\x1b[31mred\x07", "\ufffd[31mred\ufffd"),
        ("user\u202egnp.exe", "user\ufffdgnp.exe"),
        ("lone \ud800", "lone \ufffd"),
        ("\ufffe\u2028", "\ufffd\ufffd"),
        ("größe 会话", "größe 会话"),
    ],
)
def test_what_hides_is_replaced(text: str, shown: str) -> None:
    """Letters of any script stay; controls, direction marks and surrogates do not."""
    assert printable(text) == shown


@given(st.text(st.characters()))
def test_it_is_always_one_line_of_xml(text: str) -> None:
    """Whatever comes, the result has no control character and XML takes it."""
    shown = printable(text)
    assert len(shown) == len(text)
    assert not any(unicodedata.category(character) in {"Cc", "Cs", "Cf"} for character in shown)
    element = ElementTree.Element("a", text=shown)
    assert ElementTree.fromstring(ElementTree.tostring(element)).get("text") == shown

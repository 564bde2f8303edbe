"""What a body looks like: forms of strings, and facts by place."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.compiled import compile_contract
from docsworn.contract.forms import COVERED, LOOSE, form, is_word, pattern_of
from docsworn.contract.look import Looker, Sort, magnitude
from tests.contract.sample import SETTINGS, contract

ROWS = (
    ("", "empty"),
    ("2026-03-02T09:00:00Z", "date-time in UTC"),
    ("2026-03-02T09:00:00.125+00:00", "date-time in UTC"),
    ("2026-03-02T09:00:00+02:00", "date-time with an offset"),
    ("2026-03-02 09:00", "date-time without a zone"),
    ("2026-03-02", "date"),
    ("09:00:00", "time"),
    ("7d444840-9dc0-11d1-b245-5ffdce74fad2", "UUID"),
    ("4711", "digits"),
    ("0.25", "decimal number"),
    ("+12025550123", "telephone number"),
    ("wss://example.com/x", "URL"),
    ("ada@example.com", "email address"),
    ("conv_01k7r2n5b8", "id"),
    ("gemini-2.0-flash-001", "id with hyphens"),
    ("dial_busy", "word"),
    ("two words", "text"),
    ("x" * 300, "text"),
    ("٤٧١١", "text"),
)


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_a_string_has_one_form(text: str, expected: str) -> None:
    """The first that fits."""
    assert form(text) == expected
    assert is_word(text) == (expected == "word")


@given(
    st.sampled_from([text for text, _ in ROWS]) | st.from_regex(r"[0-9a-zA-Z_.:+\-@/ ]{0,40}", fullmatch=True)
)
def test_the_pattern_of_a_form_takes_what_has_it_or_is_covered(text: str) -> None:
    """And nothing of the other forms, which would be news that the fast way does not see."""
    own = form(text)
    for name in {each for _, each in ROWS} - LOOSE:
        taken = re.search(pattern_of([name]), text, re.ASCII) is not None
        assert taken or own != name
        assert not taken or own == name or own in COVERED.get(name, ())


def look(body: Any) -> Any:
    """The facts of a body of the sample contract."""
    compiled = compile_contract(contract(), SETTINGS).operation("get_call").response_for(200)
    assert compiled is not None
    return compiled.looker.look(body)


def test_places_are_those_of_the_contract() -> None:
    """Keys of maps and of open objects are data; undocumented fields go by their names."""
    seen = look({"labels": {"Ms Secret": 1}, "open": {"Ms Secret": {"deep": 1}}, "new": {"deep": 1}})
    assert sorted(seen) == ["", "/labels", "/labels/*", "/new", "/new/deep", "/open", "/open/*", "/open/*/*"]


def test_long_names_of_the_page_are_shown() -> None:
    """What a page names is no data, however long; the same name undocumented is ``*``."""
    name = "deleted_transcript_at_time_unix_secs"
    schema = {"type": "object", "properties": {name: {"type": "integer"}}}
    documented = compile_contract(contract(schema), SETTINGS).operation("get_call").response_for(200)
    assert documented is not None
    assert sorted(documented.looker.look({name: 1})) == ["", f"/{name}"]
    assert sorted(look({name: 1})) == ["", "/*"]


def test_words_of_the_page_are_facts_of_their_own() -> None:
    """A documented word says what an object is; another one is a token, and a sentence is none."""
    assert look({"type": "a"})["/type"][Sort.TOKEN] == {"=a"}
    assert look({"type": "c"})["/type"][Sort.TOKEN] == {"c"}
    assert look({"type": "a secret sentence"})["/type"][Sort.TOKEN] == {""}
    assert look({"type": "a", "note": None})[""][Sort.FIELDS] == {"note,type|type=a"}


def test_a_word_beside_an_object_tells_it_apart() -> None:
    """The object in a field knows the words of the object it lies in."""
    seen = look({"type": "a", "meta": {"n": 1}})
    assert seen["/meta"][Sort.FIELDS] == {"n|^type=a"}


@given(st.floats(1e-6, 1e12) | st.integers(1, 10**300))
def test_a_thousandfold_is_twelve_classes_up(number: float) -> None:
    """Seconds that become milliseconds are seen by their class."""
    assert magnitude(number * 1000) - magnitude(number) in (11, 12, 13)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(), below, max_size=3),
    max_leaves=10,
)


@given(JSON)
def test_any_body_can_be_looked_at(body: Any) -> None:
    """With a contract and without one, and every place is a token or ``*``."""
    for seen in (look(body), Looker(None, {}).look(body)):
        assert all(re.fullmatch(r"(/([A-Za-z0-9_.\-]{1,32}|\*))*", pointer) for pointer in seen)

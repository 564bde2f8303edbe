"""YAML and JSON with a line for every value: the data that others read, true lines, exact errors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from docsworn.derive.lines import MAX_DEPTH, Lines, Located
from docsworn.derive.page import open_page
from docsworn.derive.scan_json import scan_json
from docsworn.derive.scan_yaml import scan_yaml
from docsworn.errors import DocumentError

DEEP = f"nested deeper than {MAX_DEPTH} levels"

PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r", exclude_categories=["Cs", "Cc"]))
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | PLAIN
DATA = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(PLAIN, inner, max_size=4)
)


def read_json(text: str, before: int = 0) -> Located:
    """A JSON text as data with lines."""
    return scan_json(open_page("page", "page"), text, before)


def read_yaml(text: str, before: int = 0) -> Located:
    """A YAML text as data with lines."""
    return scan_yaml(open_page("page", "page"), text, before)


def lines_of(lines: Lines, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], int]]:
    """Every place with its line."""
    yield place, lines.line
    below = lines.below
    children = below.items() if isinstance(below, Mapping) else enumerate(below)
    for key, child in children:
        yield from lines_of(child, (*place, str(key)))


def places_of(data: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every place of some data."""
    yield place
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, child in children:
        yield from places_of(child, (*place, str(key)))


@settings(deadline=None)
@given(DATA, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_json_as_the_standard_library_reads_it(data: Any, indent: Any, ascii: bool) -> None:
    """Any JSON gives the same data, and a line for each value in it."""
    text = json.dumps(data, indent=indent, ensure_ascii=ascii)
    found = read_json(text)
    assert found.data == data
    assert [place for place, _ in lines_of(found.lines)] == list(places_of(data))
    assert {line for _, line in lines_of(found.lines)} <= set(range(1, text.count("\n") + 2))


@settings(deadline=None)
@given(DATA)
def test_lines_of_json_are_where_values_begin(data: Any) -> None:
    """Written with one value a line, values come line after line, counted from the page's."""
    found = read_json(json.dumps(data, indent=1), before=7)
    lines = [line for _, line in lines_of(found.lines)]
    assert lines[0] == 8
    assert lines == sorted(lines)
    assert len(set(lines)) == len(lines)


@settings(deadline=None)
@given(DATA, st.booleans())
def test_yaml_as_it_was_written(data: Any, flow: bool) -> None:
    """What a YAML writer writes is read back, with a line for each value."""
    text = yaml.dump(data, Dumper=Writer, default_flow_style=flow, sort_keys=False, allow_unicode=True)
    found = read_yaml(text)
    assert found.data == data
    assert [place for place, _ in lines_of(found.lines)] == list(places_of(data))


class Writer(yaml.SafeDumper):
    """Quotes every string, so that YAML 1.1 and 1.2 read it alike, and shares nothing."""

    def ignore_aliases(self, _data: Any) -> bool:
        """No anchors."""
        return True


Writer.add_representer(
    str, lambda writer, text: writer.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)
Writer.add_representer(
    float, lambda writer, number: writer.represent_scalar("tag:yaml.org,2002:float", repr(number))
)


def test_words_of_yaml_1_1_are_texts() -> None:
    """Only the core schema of YAML 1.2 counts: no, on, dates and sexagesimals are texts."""
    text = "[no, on, 2026-01-01, 1:30, 0x1F, 0o17, 1e3, .5, ~, null, 'null', !!str 1, +1, 1_000, .inf]"
    assert read_yaml(text).data == [
        "no", "on", "2026-01-01", "1:30", 31, 15, 1000.0, 0.5, None, None, "null", "1", 1, "1_000", ".inf",
    ]  # fmt: skip


def test_anchors_and_merge_keys() -> None:
    """Aliases share what they name, with its lines; merged keys give way to those that stand there."""
    found = read_yaml(
        "base: &b\n  type: string\n  format: date\nextra: &e {deprecated: true}\n"
        "one: *b\ntwo:\n  <<: *b\n  format: time\nthree:\n  <<: [*b, *e]\nfour: {'<<': 1}\n"
    )
    assert found.data["one"] == {"type": "string", "format": "date"}
    assert found.data["two"] == {"type": "string", "format": "time"}
    assert found.data["three"] == {"type": "string", "format": "date", "deprecated": True}
    assert found.data["four"] == {"<<": 1}
    lines = dict(lines_of(found.lines))
    assert (lines["one",], lines["one", "type"]) == (5, 2)
    assert (lines["two", "format"], lines["two", "type"], lines["three", "deprecated"]) == (8, 2, 4)


def test_a_key_that_stands_twice_is_noted() -> None:
    """The last one counts; at most 20 are told one by one."""
    assert read_json('{"a": 1,\n"a": 2}', 3).notes == ('page:5: "a" stands twice: the last one counts',)
    assert read_json('{"a": 1, "a": 2}').data == {"a": 2}
    assert read_yaml("a: 1\na: 2\n", 3).notes == ('page:5: "a" stands twice: the last one counts',)
    assert read_yaml("a secret: 1\na secret: 2\n").notes == (
        "page:2: a key stands twice: the last one counts",
    )
    many = read_yaml("a: 1\n" * 30).notes
    assert (len(many), many[-1]) == (21, "9 more keys stand twice")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1,\n}', "page:2: not JSON: a key must be a string"),
        ('{"a"\n1}', 'page:2: not JSON: a ":" is missing'),
        ('{"a": [1\n2]}', 'page:2: not JSON: a "," or "]" is missing'),
        ('{"a":\n\n', "page:3: not JSON: the document breaks off"),
        ('{"a":\nNaN}', "page:2: not JSON: a value is missing"),
        ('{"a":\n01}', 'page:2: not JSON: a "," or "}" is missing'),
        ('{"a":\n1e999}', "page:2: not JSON: a number that is too long"),
        ('{"a":\n' + "9" * 5000 + "}", "page:2: not JSON: a number that is too long"),
        ('{"a":\n"x', "page:2: not JSON: a string that does not end or is not valid"),
        ('{"a":\n"\\ud800"}', "page:2: not JSON: a string with half a character"),
        ('{"a": 1}\n{}', "page:2: not JSON: something follows the end of the document"),
        ("\n" + "[" * 200_000, f"page:2: {DEEP}"),
    ],
)
def test_broken_json(text: str, problem: str) -> None:
    """Each mistake has one line with its own line number, and no value."""
    with pytest.raises(DocumentError) as caught:
        read_json(text)
    assert str(caught.value) == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: 1\nb: [\n", "page:3: not YAML: did not find expected node content"),
        ("a: 1\n? [1]\n: 2\n", "page:2: a key must be a plain word"),
        ("a: *b\n", "page:1: an alias of nothing"),
        ("a: 1\nb: &b [*b]\n", "page:2: an alias that holds itself"),
        ("a: 1\nb: !x 1\n", "page:2: a tag that no plain data has"),
        ("a: 1\n---\nb: 1\n", "page:2: a second document begins here"),
        ("a: 1\nb: \x07\n", "page:2: not YAML: it holds a character that YAML forbids"),
        ("a: 1\nb: " + "9" * 5000, "page:2: a number that is too long"),
        ("a: 1\nb: &b 1\nc: {<<: *b}", "page:2: a merge key needs mappings"),
        ("a:\n" + "".join("  " * n + "- \n" for n in range(1, 200)), f"page:{MAX_DEPTH + 1}: {DEEP}"),
        ("a: " + "[" * 200_000, f"page:1: {DEEP}"),
        ("# nothing\n", "page: the document is empty"),
    ],
)  # fmt: skip
def test_broken_yaml(text: str, problem: str) -> None:
    """Each mistake has one line with its own line number, and no value."""
    with pytest.raises(DocumentError) as caught:
        read_yaml(text)
    assert str(caught.value) == problem


def test_aliases_count_for_what_they_unfold_to() -> None:
    """A billion laughs are refused at their line before anything is unfolded; deep ones too."""
    laughs = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(DocumentError) as caught:
        read_yaml(laughs)
    assert str(caught.value) == "page:6: more than 1000000 values (aliases?)"
    deep = "a: &a0 [1]\n" + "".join(f"b{n}: &a{n + 1} [*a{n}]\n" for n in range(120))
    with pytest.raises(DocumentError) as caught:
        read_yaml(deep)
    assert str(caught.value) == f"page:{MAX_DEPTH}: nested deeper than {MAX_DEPTH} levels (aliases?)"


@settings(deadline=None)
@given(st.text(alphabet='{}[]",:\\u0d8"a1-.eE+ \n\ttruefalsn', max_size=40))
def test_any_json_text(text: str) -> None:
    """Any text is read as the standard library reads it, or refused with a line of the text."""
    try:
        expected = json.loads(text, parse_constant=lambda _: (_ for _ in ()).throw(ValueError()))
        json.dumps(expected).encode()
    except (ValueError, RecursionError):
        expected = DocumentError
    found, line = outcome(text)
    if expected is DocumentError or found is DocumentError:
        assert found is DocumentError
        assert line in range(1, text.count("\n") + 2)
        assert expected is DocumentError or "ud8" in text or "e" in text.lower()
    else:
        assert found == expected


def outcome(text: str) -> tuple[Any, int | None]:
    """The data of a JSON text, or DocumentError and its line."""
    try:
        return read_json(text).data, None
    except DocumentError as error:
        return DocumentError, error.line

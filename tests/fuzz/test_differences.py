"""Where the two validators differ is a list with reasons: complete, and nothing in it is out of date."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docsworn.fuzz.differences import KNOWN, Accepts, Difference, known
from docsworn.fuzz.oracle import Oracle

# Texts on the edges of the formats, one format a line.
TEXTS = (
    *("", "a", "text", "0", "-1", "\n", "é", "e\u0301", "🙂", "\u0660-a", "\ufeff"),
    *("\x1c", "\u00a0", "\u0663", "6\u00b24", "03:04:05Z\n", "urn:a:b\n"),
    *("2026-01-02T03:04:05Z", "2026-01-02t03:04:05z", "2016-12-31T23:59:60Z", "2026-01-02T23:59:60Z"),
    *("2026-01-02T03:04:05Z\n", "0000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-02T03:04:05+24:00"),
    *("2026-01-02", "2026-01-02\n", "0000-01-01", "2025-02-29", "20260102", "2026-W01-1"),
    *("03:04:05Z", "23:59:60Z", "22:59:60Z", "03:04:05", "03:04Z"),
    *("P1D", "P1W", "P1.5D", "PT1.5S", "-P1D", "PT", "P1Y2M3DT4H5M6S", "P1W2D"),
    *("a@b", "a b@c.com", "@", "ä@b.com", "a..b@c.com", "a@-b.com", '"a b"@c.com', "a@[127.0.0.1]"),
    *("example.com", "-a.com", "a_b.com", "ex.", "xn--X", "ä.com", "a" * 64, "l·l", "localhost"),
    *("127.0.0.1", "256.1.1.1", "01.2.3.4", "::1", "1::2::3", "::ffff:1.2.3.4", "fe80::1%eth0"),
    *("https://example.com", "http://[::1]", "http://a b", "//a", "%zz", "http://ex.com/ä", "urn:a:b"),
    *("http://a/<>", "http://a\\b", "http://a:99999", "#a", "/a/{b}", "{", "{a,b}", "{!a}", "{=a}", "{a b}"),
    *("00000000-0000-4000-8000-000000000000", "00000000000040008000000000000000", "{a}}", "{+a}"),
    *("/a~0b", "/a~2", "0#", "01/a", "1/a", "[", "(", "\\p{L}", "(?<a>b)", "(?P<a>b)", "\\Z", "\\u{1F600}"),
)
FORMATS = (
    *("date", "date-time", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4"),
    *("ipv6", "uri", "uri-reference", "iri", "iri-reference", "uuid", "uri-template", "json-pointer"),
    *("relative-json-pointer", "regex"),
)
PATTERNS = ("^\\d+$", "\\w", "^a$", "\\s", "^.$", "^\\S+$", "\\p{L}", "^[a-z]{2}$", "a|b", "\\u0041")
NUMBERS = (
    *(0, 1, -1, 1.0, 0.3, 0.07, 4.35, 19.99, 1e20, 1e308, 2**53, 2**53 + 1, 2**64, 2**70, 10**300),
    *(float(2**53), float(2**60), True, None),
)
NUMERIC: tuple[dict[str, Any], ...] = (
    *({"multipleOf": number} for number in (0.1, 0.01, 0.3, 1e-8, 3, 1.5)),
    *({"enum": [number]} for number in (1, True, 2**60, 1.0)),
    *({"const": number} for number in (1e300, 2**60, 0, False)),
    *({keyword: 2**53} for keyword in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")),
    {"type": "integer"},
)
LISTS: tuple[Any, ...] = (
    [1, 1.0],
    [1, True],
    [0, False],
    [{"a": 1}, {"a": 1.0}],
    [{"a": 1}, {"a": True}],
    [],
)


def _corpus() -> Iterator[tuple[dict[str, Any], Any]]:
    for name, text in itertools.product(FORMATS, TEXTS):
        yield {"format": name}, text
    for pattern, text in itertools.product(PATTERNS, TEXTS):
        yield {"pattern": pattern}, text
    yield from itertools.product(NUMERIC, NUMBERS)
    yield from (({"uniqueItems": True}, items) for items in LISTS)
    yield {"minLength": 1, "maxLength": 1}, "🙂"
    yield {"type": "string"}, "\ud800"


def _seen() -> set[Difference]:
    rows: set[Difference] = set()
    oracles: dict[str, Oracle] = {}
    for schema, value in _corpus():
        oracle = oracles.setdefault(repr(schema), Oracle(schema))
        answers = oracle.ask(value)
        assert not answers.is_unknown, (schema, ascii(value), answers)
        if answers.row is not None:
            rows.add(answers.row)
    return rows


def test_every_difference_found_is_listed_and_every_listed_one_found() -> None:
    """The corpus shows no difference that the list does not have, and each that it has."""
    assert _seen() == set(KNOWN)


@given(st.sampled_from(FORMATS), st.text(max_size=20) | st.from_regex(r"[0-9A-Za-z:.@/%{}\-]{1,20}"))
@settings(max_examples=300, deadline=None)
def test_drawn_texts_show_no_new_difference(name: str, text: str) -> None:
    """Formats and any texts: whatever differs is in the list."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # Python's re about future syntax
        answers = Oracle({"format": name}).ask(text)
    assert not answers.is_unknown, answers


def test_each_row_is_there_once_with_a_reason() -> None:
    """A difference is one row."""
    keys = [(row.keyword, row.format, row.accepts) for row in KNOWN]
    assert len(keys) == len(set(keys))
    assert all(len(row.reason) > 15 for row in KNOWN)


def test_agreement_and_an_unknown_difference() -> None:
    """Where both agree nothing is told; a difference without a row is unknown."""
    oracle = Oracle({"type": "string"})
    assert (oracle.ask("a").valid, oracle.ask("a").accepts) == (True, None)
    assert (oracle.ask(1).valid, oracle.ask(1).is_unknown) == (False, False)
    assert known("type", "", Accepts.PYTHON) is None


@pytest.mark.parametrize(
    ("schema", "value", "leaf"),
    [
        ({"anyOf": [{"type": "null"}, {"format": "email"}]}, "@", ("format", "email")),
        ({"properties": {"a": {"oneOf": [{"format": "date"}]}}}, {"a": "0000-01-01"}, ("format", "date")),
    ],
    ids=["refused by jsonschema-rs", "refused by jsonschema"],
)
def test_differences_are_found_below_unions(
    schema: dict[str, Any], value: Any, leaf: tuple[str, str]
) -> None:
    """The keyword that the two differ on may lie in a branch."""
    answers = Oracle(schema).ask(value)
    assert leaf in answers.broken
    assert answers.row is not None

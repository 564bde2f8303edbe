"""Strict JSON: every valid text gives what ``json`` gives, every leniency is named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.check.strict_json import MAX_DEPTH, Fault, parse

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(min_value=2**60, max_value=2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["", ":", '":', "\\u003a", "[{", "}]", "NaN", "\\", "é", "\U0001f600"])
)
VALUES = st.recursive(
    SCALARS, lambda below: st.lists(below) | st.dictionaries(st.text(), below), max_leaves=30
)
INDENTS = st.sampled_from([None, 0, 1, "\t"])


def _same(left: Any, right: Any) -> bool:
    """Equal in value and in type, at every depth (``1 == 1.0 == True`` is not enough)."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return list(left) == list(right) and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)


@given(value=VALUES, indent=INDENTS, ascii_only=st.booleans())
def test_agrees_with_json_on_every_valid_text(value: Any, indent: Any, ascii_only: bool) -> None:
    """However it is written, in escapes or not."""
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    parsed = parse(text.encode())
    assert parsed.problem is None
    assert _same(parsed.value, json.loads(text))


@given(data=st.binary(max_size=60) | st.text('[]{}",:\\u0019dDeE.+-NaIfty \n', max_size=40).map(str.encode))
def test_never_accepts_what_json_rejects_and_never_raises(data: bytes) -> None:
    """Any bytes give a value or a problem; a value is one that ``json`` reads too."""
    parsed = parse(data)
    if parsed.problem is None:
        assert _same(parsed.value, json.loads(data.decode()))


def _nested(depth: int, inside: str = "") -> bytes:
    return ("[" * depth + inside + "]" * depth).encode()


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.EMPTY),
        (b" \r\n\t", Fault.EMPTY),
        (b"\xef\xbb\xbf{}", Fault.BOM),
        ("{}".encode("utf-16"), Fault.BOM),
        (b'{"a": "\xff"}', Fault.NOT_UTF8),
        (b'"\xed\xa0\x80"', Fault.NOT_UTF8),
        (_nested(MAX_DEPTH + 1), Fault.TOO_DEEP),
        (b'{"a":' * 300 + b"1" + b"}" * 300, Fault.TOO_DEEP),
        (b"[" * 100_000, Fault.TOO_DEEP),
        (b'{"a": 1, "a": 1}', Fault.DUPLICATE_KEY),
        (b'{"a": {"b": ":"}, "c": [{"d": 1, "\\u0064": 2}]}', Fault.DUPLICATE_KEY),
        (b'{"": 1, "": 2}', Fault.DUPLICATE_KEY),
        (b'{"a": [1, {"x": 1}], "b": {"x": 0}, "a": "::::"}', Fault.DUPLICATE_KEY),
        (b'{"a": NaN}', Fault.NOT_A_NUMBER),
        (b"[Infinity]", Fault.NOT_A_NUMBER),
        (b"[-Infinity]", Fault.NOT_A_NUMBER),
        (b"[1e400]", Fault.NUMBER_RANGE),
        (b"-1E999", Fault.NUMBER_RANGE),
        (b"9" * 5000, Fault.NUMBER_RANGE),
        (b'"\\ud800"', Fault.LONE_SURROGATE),
        (b'{"\\uDFFF": 1}', Fault.LONE_SURROGATE),
        (b'["\\ud83d\\ude00", "\\ude00\\ud83d"]', Fault.LONE_SURROGATE),
        (b"{} {}", Fault.TRAILING_DATA),
        (b"1,", Fault.TRAILING_DATA),
        (b"{}\x00", Fault.TRAILING_DATA),
        (b"{", Fault.SYNTAX),
        (b"[1,]", Fault.SYNTAX),
        (b"{'a': 1}", Fault.SYNTAX),
        (b"01", Fault.TRAILING_DATA),
        (b'"a\nb"', Fault.SYNTAX),
        (b"<html>secret</html>", Fault.SYNTAX),
    ],
)
def test_every_problem_is_named(data: bytes, fault: Fault) -> None:
    """And told without anything of the body."""
    parsed = parse(data)
    assert parsed.problem is not None
    assert parsed.problem.fault is fault
    assert "secret" not in str(parsed.problem)
    assert parsed.value is None


@pytest.mark.parametrize(
    "data",
    [
        _nested(MAX_DEPTH),
        b'["' + b"[" * 5000 + b'"]',
        b"[" + b"[]," * 500 + b"[]]",
        b'{"a\\u003a": 1, "b": ":"}',
        b'"\\ud83d\\ude00"',
        b"  [1]\n",
        b"123456789012345678901234567890",
        b"-9223372036854775809",
        b"[0.1234567890123456789, 1e5, -0, -0.0]",
    ],
)
def test_odd_but_valid(data: bytes) -> None:
    """Nothing of this is a problem, and no number changes."""
    parsed = parse(data)
    assert parsed.problem is None
    assert _same(parsed.value, json.loads(data))


def test_a_value_is_never_shown() -> None:
    """Neither the value nor the problem has it in its representation."""
    assert "secret" not in repr(parse(b'{"a": "secret"}'))


@given(where=st.integers(0, 40), key=st.text(max_size=5))
def test_a_repeated_key_is_found_anywhere(where: int, key: str) -> None:
    """Beside any number of other fields, at any of them."""
    others = [f'"{number}x": {{":": "a:b"}}' for number in range(40)]
    name = json.dumps(f"{key}twice")
    others[where:where] = [f"{name}: 1"]
    text = "{" + ", ".join([*others, f"{name}: 2"]) + "}"
    parsed = parse(text.encode())
    assert parsed.problem is not None
    assert parsed.problem.fault is Fault.DUPLICATE_KEY

"""Strict JSON: every valid text gives what ``json`` gives, every leniency is named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.check.strict_json import MAX_DEPTH, Fault, parse, parse_carefully

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


# Texts that are nearly JSON: with whatever orjson passes over, and whatever it writes otherwise.
ODD_SCALARS = st.sampled_from([
    "0", "-0", "-0.0", "1e5", "8.12e-05", "0.0000812", "1E400", "-1e999", "NaN", "-Infinity", "01", "1.",
    "18446744073709551615", "18446744073709551616", "-9223372036854775809", "12345678901234567890123",
    "0.12345678901234567890", "1e22", "100000000000000000000000", '""', '":"', '"a:b"', '"\\u003a"',
    '"\\\\u003"',     '"\\ud800"', '"\\ud83d\\ude00"', '"\\udc00\\ud800"', '"\\/"', '"\x7f"', '"\u2028"',
    '"\t"', "null", "true", '"1234567890123456789012"', "1772442013.41", "[]", "{}", "",
])  # fmt: skip
ODD_KEYS = st.sampled_from(['"a"', '"b"', '"\\u0061"', '""', '":"', '"\\u003a"', '"é"', "a"])
SPACES = st.sampled_from(["", "", "", " ", "\n\t ", "\u00a0"])


def _array(items: list[str], space: str) -> str:
    return f"[{space}{f'{space},{space}'.join(items)}]"


def _object(fields: list[tuple[str, str]], space: str) -> str:
    return "{" + f",{space}".join(f"{key}:{space}{value}" for key, value in fields) + space + "}"


ODD_TEXTS = st.recursive(
    ODD_SCALARS,
    lambda below: (
        st.builds(_array, st.lists(below, max_size=4), SPACES)
        | st.builds(_object, st.lists(st.tuples(ODD_KEYS, below), max_size=4), SPACES)
    ),
    max_leaves=12,
)
WRAPPED = st.sampled_from([("[", "]"), ('{"a":', "}"), ('[{"b": ', "}]")])


@given(
    text=ODD_TEXTS,
    around=st.tuples(SPACES, SPACES),
    wrapped=WRAPPED,
    times=st.just(0) | st.sampled_from([98, 99, 100, 101, 198, 199, 200, 201, 255, 1023]),
    mark=st.sampled_from(["", "", "", "\ufeff"]),
)
def test_the_fast_way_says_what_the_careful_one_says(
    text: str, around: tuple[str, str], wrapped: tuple[str, str], times: int, mark: str
) -> None:
    """The same value or the same problem at the same byte, whatever a text hides."""
    before, after = around
    data = (mark + before + wrapped[0] * times + text + wrapped[1] * times + after).encode()
    fast, careful = parse(data), parse_carefully(data)
    assert fast.problem == careful.problem
    assert _same(fast.value, careful.value)


@pytest.mark.parametrize(
    ("opening", "closing", "each"), [("[", "]", 1), ('{"a":', "}", 1), ('[{"a":', "}]", 2)]
)
@pytest.mark.parametrize("inside", ["", "1", "{}"])
def test_the_deepest_value_is_as_deep_as_we_say(opening: str, closing: str, each: int, inside: str) -> None:
    """The limit that orjson writes to, moved onto ours, falls on the very level."""
    times = MAX_DEPTH // each
    middle = inside or ("1" if opening != "[" else "")
    for more, fault in ((-2, None), (1, Fault.TOO_DEEP)):
        data = (opening * (times + more) + middle + closing * (times + more)).encode()
        found = parse(data).problem
        assert (found and found.fault) == fault


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

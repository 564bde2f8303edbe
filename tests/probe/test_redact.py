"""An API that sends the key back is read as if it had not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.model import Case
from docsworn.probe.redact import MASK, without_key
from docsworn.probe.target import Key

KEYS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40).map("sk-live-{}".format)


@given(
    key=KEYS, before=st.text(max_size=9), spelling=st.sampled_from(["plain", "slashed", "unicode", "mixed"])
)
def test_every_spelling_of_json_is_masked(key: str, before: str, spelling: str) -> None:
    """As a value, within one, or as the name of a field; what is read is JSON as before."""
    text = json.dumps({f"{before}{key}": [key, f"{before} {key}"], "more": before})
    if spelling == "slashed":
        text = text.replace("/", "\\/")
    if spelling == "unicode":
        hidden = "".join(f"\\u{ord(character):04x}" for character in key)
        text = text.replace(json.dumps(key)[1:-1], hidden)
    if spelling == "mixed":
        text = text.replace("live", "l\\u0069v\\u0065")
    read = json.loads(without_key(text.encode(), key))
    told = [*read, *(part for value in read.values() for part in value)]
    assert key not in "\n".join(told).replace(before, "")


def test_a_short_key_is_masked_where_it_stands_alone() -> None:
    """It may be part of any word or number."""
    assert without_key(b'{"a": "abc", "abc1": 123}', "abc") == b'{"a": "****", "abc1": 123}'
    assert without_key(b"123", None) == b"123"


@pytest.mark.parametrize("where", ["body", "header"])
def test_the_client_never_hands_the_key_on(
    client: Any, peer: Any, scripts: Any, case: Case, where: str
) -> None:
    """Neither in the body nor in a header, such as the place that a redirect names."""
    key = "sk-planted/0123456789"
    body = json.dumps({"error": f"no such key: {key}"}).encode() if where == "body" else b"{}"
    headers = ("Location: https://elsewhere.example/?key=sk-planted%2F0123456789", f"X-Key: {key}")
    server = peer(scripts.answer(body, headers=headers if where == "header" else ()))
    exchange = client(server.url, key=Key(key)).send(case)
    assert key.encode() in server.requests[0]
    told = f"{exchange.headers} {exchange.body!r}"
    assert "planted" not in told
    assert MASK in told

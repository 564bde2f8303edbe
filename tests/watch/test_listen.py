"""Where to listen, as people write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.errors import ConfigError
from docsworn.serving import address
from docsworn.watch.listen import parse_listen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("127.0.0.1:9808", ("127.0.0.1", 9808)),
        (":9808", ("127.0.0.1", 9808)),
        ("[::1]:0", ("::1", 0)),
        ("localhost:65535", ("localhost", 65535)),
        ("0.0.0.0:80", ("0.0.0.0", 80)),
    ],
)
def test_addresses(text: str, expected: tuple[str, int]) -> None:
    """No host means loopback; all interfaces must be asked for."""
    assert parse_listen(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "9808", "127.0.0.1", "::1:9808", "[::1]", ":65536", "host:", "a b:1", ":-1", ":1\n", ":\u0661"],
)
def test_what_is_no_address(text: str) -> None:
    """Everything else is refused with what to write instead."""
    with pytest.raises(ConfigError, match=r"write HOST:PORT, as 127\.0\.0\.1:9808 or \[::1\]:9808"):
        parse_listen(text)


@given(st.sampled_from(["127.0.0.1", "::1", "fe80::1", "localhost"]), st.integers(0, 65535))
def test_address_and_back(host: str, port: int) -> None:
    """What stands in a URL reads as the same place."""
    assert parse_listen(address(host, port)) == (host, port)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text makes anything but an address or a ConfigError."""
    try:
        _, port = parse_listen(text)
    except ConfigError:
        return
    assert 0 <= port <= 65535

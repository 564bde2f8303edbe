"""Bodies are decoded within their bound, whatever the stream does."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.model import FailureReason
from docsworn.probe.body import read_body
from docsworn.probe.meter import ExchangeError

ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "Deflate": lambda data: zlib.compress(data, wbits=-15),
    "identity": bytes,
}


def _chunks(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(data=st.binary(max_size=300), coding=st.sampled_from(sorted(ENCODERS)), size=st.integers(1, 50))
def test_every_coding_round_trips(data: bytes, coding: str, size: int) -> None:
    """However the bytes are cut into chunks, up to exactly the limit."""
    sent = ENCODERS[coding](data)
    assert read_body(_chunks(sent, size), coding, max(len(data), len(sent))) == data


@given(data=st.binary(max_size=60), coding=st.sampled_from(["gzip", "deflate", "br", "", "gzip, gzip"]))
def test_any_bytes_end_in_a_body_or_a_failure(data: bytes, coding: str) -> None:
    """Nothing else is raised."""
    try:
        assert len(read_body([data], coding, 50)) <= 50
    except ExchangeError as error:
        assert error.failure.reason in (  # noqa: PT017 - both ends are right
            FailureReason.PROTOCOL,
            FailureReason.TRUNCATED,
            FailureReason.TOO_LARGE,
        )


@pytest.mark.parametrize(
    ("coding", "sent"), [("gzip", gzip.compress(bytes(101))), (None, bytes(101))], ids=["gzip", "plain"]
)
def test_one_byte_too_many(coding: str | None, sent: bytes) -> None:
    """The limit holds for the decoded body."""
    with pytest.raises(ExchangeError, match="the body is larger than 100 bytes") as caught:
        read_body([sent], coding, 100)
    assert caught.value.failure.reason is FailureReason.TOO_LARGE


def test_the_limit_holds_over_all_members() -> None:
    """Many small members are as large as one."""
    with pytest.raises(ExchangeError, match="larger than 40 bytes"):
        read_body(_chunks(gzip.compress(b"") * 3, 7), "gzip", 40)
    with pytest.raises(ExchangeError, match="too many members"):
        read_body([gzip.compress(b"") * 70], "gzip", 10_000)


def test_reading_stops_at_the_limit() -> None:
    """What comes after it is not even taken from the stream."""
    taken = []

    def endless() -> Iterator[bytes]:
        while True:
            taken.append(1)
            yield bytes(10)

    with pytest.raises(ExchangeError):
        read_body(endless(), None, 25)
    assert len(taken) == 3


def test_a_bomb_is_cut_while_it_comes() -> None:
    """A small stream that unpacks to much is not waited for to its end."""
    bomb = gzip.compress(bytes(3_000_000))
    taken = []

    def slowly() -> Iterator[bytes]:
        for chunk in _chunks(bomb, 100):
            taken.append(chunk)
            yield chunk

    with pytest.raises(ExchangeError, match="the body is larger than 50000 bytes"):
        read_body(slowly(), "gzip", 50_000)
    assert len(taken) < len(bomb) // 200

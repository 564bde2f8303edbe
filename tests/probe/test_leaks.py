"""Whatever a server sends, nothing of it, of the key or of the id shows in an exchange or a log."""

from __future__ import annotations

import logging
import socket
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsworn.model import Case, Credential, Purpose
from docsworn.probe.cases import encode_segment
from docsworn.probe.target import Key

PIECES = st.sampled_from(
    [
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 Zq7secret\r\n",
        b"HTTP/1.1 Zq7secret\r\n",
        b"Content-Length: 9\r\n",
        b"Content-Length: Zq7secret\r\n",
        b"Content-Encoding: Zq7secret\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Zq7secret: Zq7secret\r\n",
        b"Zq7secret Zq7secret\r\n",
        b"\r\n",
        b"Zq7secret",
        b"9\r\nZq7secret\r\n0\r\n\r\n",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    answer=st.lists(PIECES | st.binary(max_size=20), max_size=8),
    key=st.text("abc!~", min_size=1),
    piece=st.text(max_size=8),
)
def test_nothing_shows(
    client: Any, peer: Any, caplog: pytest.LogCaptureFixture, answer: list[bytes], key: str, piece: str
) -> None:
    """In no representation, failure or log record at level INFO (httpcore logs headers at DEBUG)."""
    caplog.clear()
    caplog.set_level(logging.INFO)
    identifier = "Zq7id" + piece.encode(errors="ignore").decode()
    case = Case(
        id="get_thing/good/1",
        operation="get_thing",
        purpose=Purpose.GOOD,
        credential=Credential.KEY,
        path=f"/v1/{encode_segment(identifier)}",
        subject_id=identifier,
    )

    def script(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(b"".join(answer))

    server = peer(script)
    exchange = client(server.url, key=Key(f"Zq7key{key}"), deadline=2.0).send(case)
    assert f"Zq7key{key}".encode() in server.requests[0]
    told = f"{exchange!r} {exchange} {exchange.failure} {caplog.text}"
    assert "Zq7" not in told

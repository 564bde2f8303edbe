"""Everything a peer may do wrong ends in one clear reason, within the deadline."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from typing import Any

import pytest

from docsworn.model import Case, Exchange, FailureReason
from docsworn.probe import network

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
DEADLINE = 0.6


def _reason(exchange: Exchange) -> FailureReason | None:
    return exchange.failure.reason if exchange.failure else None


@pytest.mark.parametrize(
    ("data", "before"),
    [
        (b"X-Filler: aaaaaaaaaaaaaaaaaaaaaaaa\r\n", HEAD),
        (b"H", b""),
        (b"aaaaaaaa", HEAD + b"Content-Length: 100000000\r\n\r\n"),
        (b"1\r\na\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n", b""),
    ],
    ids=["headers", "status line", "body", "chunks", "interim responses"],
)
def test_one_deadline_bounds_a_slow_drip(
    client: Any, peer: Any, scripts: Any, case: Case, data: bytes, before: bytes
) -> None:
    """Each byte comes in time, the whole does not."""
    server = peer(scripts.drip(data, before=before))
    began = time.monotonic()
    exchange = client(server.url, deadline=DEADLINE).send(case)
    took = time.monotonic() - began
    assert _reason(exchange) in (FailureReason.TIMEOUT, FailureReason.PROTOCOL)
    assert took <= DEADLINE + 1
    assert exchange.body is None
    if exchange.failure and exchange.failure.reason is FailureReason.TIMEOUT:
        assert took >= DEADLINE
        assert exchange.failure.detail.startswith("no complete response in 0.6 s in the phase ")


def test_silence_is_a_timeout(client: Any, peer: Any, case: Case) -> None:
    """A server that accepts and says nothing."""
    server = peer(lambda _connection, _head: time.sleep(DEADLINE + 1))
    exchange = client(server.url, deadline=DEADLINE).send(case)
    assert exchange.failure is not None
    assert exchange.failure.detail == "no complete response in 0.6 s in the phase wait"
    assert DEADLINE <= exchange.timings.total <= DEADLINE + 1


def test_a_status_before_a_failure_is_kept(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """The server was reached, even if its body never ended."""
    server = peer(scripts.drip(b"a", before=HEAD + b"Content-Length: 1000000\r\n\r\n"))
    exchange = client(server.url, deadline=DEADLINE).send(case)
    assert (exchange.status, exchange.body, _reason(exchange)) == (200, None, FailureReason.TIMEOUT)
    assert exchange.header("Content-Type") == "application/json"


@pytest.mark.parametrize(
    "before", [b"", HEAD[:20], HEAD + b"Content-Length: 10\r\n\r\n{"], ids=["at once", "headers", "body"]
)
def test_reset(client: Any, peer: Any, scripts: Any, case: Case, before: bytes) -> None:
    """A TCP reset before, within and after the headers."""
    assert _reason(client(peer(scripts.reset(before)).url).send(case)) is FailureReason.RESET


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", FailureReason.RESET),
        (HEAD[:30], FailureReason.TRUNCATED),
        (HEAD + b"Content-Length: 10\r\n\r\n{", FailureReason.TRUNCATED),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab", FailureReason.TRUNCATED),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", FailureReason.PROTOCOL),
        (HEAD + b"Content-Length: secretsecret\r\n\r\n", FailureReason.PROTOCOL),
        (HEAD + b"broken header line\r\n\r\n", FailureReason.PROTOCOL),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", FailureReason.PROTOCOL),
        (HEAD + b"Content-Encoding: br\r\nContent-Length: 1\r\n\r\na", FailureReason.PROTOCOL),
        (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc", FailureReason.PROTOCOL),
    ],
    ids=[
        "nothing", "half a header", "half a body", "half a chunk", "no HTTP", "bad length", "bad header",
        "bad chunk", "unknown coding", "bad gzip",
    ],
)  # fmt: skip
def test_cut_or_broken_answers(
    client: Any, peer: Any, case: Case, sent: bytes, reason: FailureReason
) -> None:
    """What is not a whole HTTP response is named, and nothing of it is quoted."""
    exchange = client(peer(lambda connection, _head: connection.sendall(sent)).url).send(case)
    assert _reason(exchange) is reason
    assert "secret" not in repr(exchange)


def test_an_endless_body_is_cut_at_the_limit(client: Any, peer: Any, case: Case) -> None:
    """Memory stays bounded however fast and long the server sends."""

    def script(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(HEAD + b"\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    exchange = client(peer(script).url, max_bytes=200_000).send(case)
    assert _reason(exchange) is FailureReason.TOO_LARGE
    assert (exchange.status, exchange.body) == (200, None)


def test_a_gzip_bomb_is_cut_at_the_limit(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """64 MiB of zeros in 64 KB cost no more than the limit."""
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    server = peer(scripts.answer(bomb, headers=("Content-Encoding: gzip",)))
    api = client(server.url, max_bytes=1_000_000)
    tracemalloc.start()
    exchange = api.send(case)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert _reason(exchange) is FailureReason.TOO_LARGE
    assert peak < 8_000_000


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(b'{"a":1}')),
        ("x-gzip", gzip.compress(b'{"a"') + gzip.compress(b":1}")),
        ("deflate", zlib.compress(b'{"a":1}')),
        ("deflate", zlib.compress(b'{"a":1}', wbits=-15)),
        ("GZIP", gzip.compress(b'{"a":1}')),
        ("identity", b'{"a":1}'),
    ],
    ids=["gzip", "two members", "zlib", "raw deflate", "upper case", "identity"],
)
def test_known_codings_are_decoded(
    client: Any, peer: Any, scripts: Any, case: Case, coding: str, body: bytes
) -> None:
    """We ask for identity, but some servers compress all the same."""
    server = peer(scripts.answer(body, headers=(f"Content-Encoding: {coding}",)))
    assert client(server.url).send(case).body == b'{"a":1}'


def test_a_cut_gzip_body_is_truncated(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """The length fits, the compressed stream does not end."""
    server = peer(scripts.answer(gzip.compress(b'{"a":1}' * 99)[:-9], headers=("Content-Encoding: gzip",)))
    assert _reason(client(server.url).send(case)) is FailureReason.TRUNCATED


def test_a_redirect_is_not_followed(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """The other server sees nothing, least of all the key."""
    other = peer(scripts.answer())
    server = peer(scripts.answer(b"", status="302 Found", headers=(f"Location: {other.url}/elsewhere",)))
    exchange = client(server.url).send(case)
    assert exchange.status == 302
    assert (len(server.requests), other.connections) == (1, 0)


def test_nobody_listens(client: Any, case: Case) -> None:
    """A refused connection is named as the system names it."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    exchange = client(f"http://127.0.0.1:{port}").send(case)
    assert (exchange.status, _reason(exchange)) == (None, FailureReason.CONNECT)
    assert exchange.failure is not None
    assert exchange.failure.detail == "no connection (ECONNREFUSED)"


def test_an_unknown_host_is_a_dns_failure(client: Any, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is looked up once, and its failure is told from a refused connection."""

    def unknown(*_arguments: object, **_options: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    monkeypatch.setattr(network, "getaddrinfo", unknown)
    exchange = client("https://nobody.invalid").send(case)
    assert exchange.failure is not None
    assert (exchange.failure.reason, exchange.failure.detail) == (
        FailureReason.DNS,
        "the host name is not known",
    )
    assert exchange.timings.dns is not None
    assert exchange.timings.connect is None


def test_a_hanging_name_server_does_not_outlast_the_deadline(
    client: Any, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``getaddrinfo`` knows no timeout of its own."""
    done = threading.Event()
    monkeypatch.setattr(network, "getaddrinfo", lambda *_a, **_o: [done.wait(10)][:0])
    began = time.monotonic()
    exchange = client("https://nobody.invalid", deadline=DEADLINE).send(case)
    took = time.monotonic() - began
    done.set()
    assert exchange.failure is not None
    assert exchange.failure.detail == "no complete response in 0.6 s in the phase dns"
    assert DEADLINE <= took <= DEADLINE + 1


def test_the_next_address_is_tried(
    client: Any, peer: Any, scripts: Any, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name with a dead and a living address reaches the living one."""
    server = peer(scripts.answer())
    addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 0)) for ip in ("127.0.0.2", "127.0.0.1")]
    monkeypatch.setattr(network, "getaddrinfo", lambda *_a, **_o: addresses)
    assert client(f"http://localhost:{server.port}").send(case).status == 200


def test_a_name_without_addresses(client: Any, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """The name server answers, but with nothing."""
    monkeypatch.setattr(network, "getaddrinfo", lambda *_a, **_o: [])
    failure = client("https://nobody.invalid").send(case).failure
    assert (failure.reason, failure.detail) == (FailureReason.DNS, "the host name has no address")


def test_silent_addresses_share_the_deadline(
    client: Any, peer: Any, scripts: Any, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first address does not answer; the second still gets its turn."""
    server = peer(scripts.answer())
    with socket.create_server(("127.0.0.2", server.port), backlog=1) as silent:
        # Fill the backlog, so that further connections to this address hang.
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(silent.getsockname())
        time.sleep(0.05)
        addresses = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{n}", 0)) for n in (2, 1)]
        monkeypatch.setattr(network, "getaddrinfo", lambda *_a, **_o: addresses)
        exchange = client(f"http://localhost:{server.port}", deadline=1.0).send(case)
        for filler in fillers:
            filler.close()
    assert exchange.status == 200

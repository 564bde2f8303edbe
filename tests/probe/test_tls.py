"""TLS on real sockets: whom we trust, what a bad certificate is called, when a good one ends."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme

from docsworn.errors import ConfigError
from docsworn.model import Case, FailureReason
from docsworn.probe.tls import tls_context


def _context(authority: trustme.CA, *names: str, **options: Any) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names, **options).configure_cert(context)
    return context


@pytest.fixture(scope="session")
def ca_file(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority's certificate as a file."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def test_a_trusted_certificate_and_when_it_ends(
    client: Any, peer: Any, scripts: Any, case: Case, authority: trustme.CA, ca_file: Path
) -> None:
    """The end is read on a new and on a kept connection."""
    ends = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    server = peer(scripts.answer(), tls=_context(authority, "localhost", not_after=ends))
    api = client(server.url, ca=ca_file)
    first, second = api.send(case), api.send(case)
    assert (first.status, second.status, server.connections) == (200, 200, 1)
    assert first.certificate_expiry == second.certificate_expiry == ends.timestamp()
    assert first.timings.tls is not None
    assert second.timings.tls is None


def _expired(authority: trustme.CA) -> ssl.SSLContext:
    now = datetime.now(UTC)
    days = timedelta(days=1)
    return _context(authority, "localhost", not_before=now - 9 * days, not_after=now - days)


@pytest.mark.parametrize(
    ("make", "detail"),
    [
        (_expired, "the certificate has expired"),
        (lambda ca: _context(ca, "elsewhere.test"), "the certificate is for another host name"),
        (
            lambda _ca: _context(trustme.CA(), "localhost"),
            "the certificate is of an authority that is not trusted",
        ),
    ],
    ids=["expired", "wrong name", "unknown authority"],
)
def test_a_bad_certificate_stops_the_exchange(
    client: Any,
    peer: Any,
    scripts: Any,
    case: Case,
    authority: trustme.CA,
    ca_file: Path,
    make: Any,
    detail: str,
) -> None:
    """Before the request, and with it the key, is sent."""
    server = peer(scripts.answer(), tls=make(authority))
    exchange = client(server.url, ca=ca_file).send(case)
    assert exchange.failure is not None
    assert (exchange.failure.reason, exchange.failure.detail) == (FailureReason.TLS, detail)
    assert server.requests == []


def test_public_authorities_do_not_know_ours(
    client: Any, peer: Any, scripts: Any, case: Case, authority: trustme.CA
) -> None:
    """Without ``--ca`` only public authorities are trusted."""
    server = peer(scripts.answer(), tls=_context(authority, "localhost"))
    exchange = client(server.url).send(case)
    assert exchange.failure is not None
    assert exchange.failure.reason is FailureReason.TLS
    assert server.requests == []


def _greet(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def test_plain_http_where_tls_was_expected(client: Any, case: Case, ca_file: Path) -> None:
    """The handshake fails, and says so."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_greet, args=(listener,), daemon=True).start()
        port = listener.getsockname()[1]
        failure = client(f"https://localhost:{port}", ca=ca_file, deadline=2.0).send(case).failure
    assert failure is not None
    assert failure.reason is FailureReason.TLS
    assert failure.detail.startswith("the TLS handshake failed (")


def test_a_silent_handshake_ends_with_the_deadline(client: Any, peer: Any, case: Case, ca_file: Path) -> None:
    """The peer accepts the connection and never answers the hello."""
    server = peer(lambda *_: time.sleep(3))
    began = time.monotonic()
    exchange = client(f"https://localhost:{server.port}", ca=ca_file, deadline=0.5).send(case)
    assert time.monotonic() - began < 1.5
    assert exchange.failure is not None
    assert exchange.failure.detail == "no complete response in 0.5 s in the phase tls"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "--ca ca.pem: cannot be read: No such file or directory"),
        ("no certificate", "--ca ca.pem: holds no certificate in PEM form"),
    ],
)
def test_a_bad_ca_file_is_the_users_mistake(tmp_path: Path, content: str | None, message: str) -> None:
    """Told before anything is sent, with the file's name."""
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ConfigError) as caught:
        tls_context(path)
    assert str(caught.value) == message

"""Clients that vanish, talk garbage or never end leave the emulator serving, and stopping in time."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable

import httpx
import pytest

from docsworn.contract.packs import Provider
from docsworn.emulate.faults import FAULTS
from docsworn.emulate.server import Emulator

MakeProvider = Callable[..., Provider]
KEY = {"X-Key": "anything"}

# Seconds in which it must have stopped: 0.4 on a machine of its own, and tests share theirs.
SOON = 3.0

GARBAGE = (
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"GET /madeup/calls/%ff%00 HTTP/1.1\r\nHost: a\r\nX-Key: k\r\n\r\n",
    b"PUT /__docsworn/faults HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\xff\xff\xff\xff\xff",
    b"PUT /__docsworn/drifts/madeup HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    bytes(range(256)) * 40,
)


def connect(emulator: Emulator) -> socket.socket:
    """A raw connection."""
    return socket.create_connection(("127.0.0.1", int(emulator.base_url.rpartition(":")[2])), timeout=5)


def serves(emulator: Emulator) -> bool:
    """Whether a well-behaved client is answered."""
    return httpx.get(f"{emulator.base_url}/madeup/calls/sample-1", headers=KEY).status_code == 200


def test_garbage_on_the_port(make_provider: MakeProvider, capfd: pytest.CaptureFixture[str]) -> None:
    """It is answered with 4xx or a closed connection, and none of it is printed."""
    with Emulator((make_provider(),)) as emulator:
        for sent in GARBAGE:
            with connect(emulator) as client:
                client.sendall(sent)
                client.shutdown(socket.SHUT_WR)
                answer = client.recv(64)
                assert answer[:10] in (b"", b"HTTP/1.1 4", b"HTTP/1.0 4")
        assert serves(emulator)
    assert capfd.readouterr() == ("", "")


def test_clients_that_vanish(make_provider: MakeProvider, capfd: pytest.CaptureFixture[str]) -> None:
    """1,000 clients leave in the middle of a request, or before they read the answer."""
    request = b"GET /madeup/calls/sample-1 HTTP/1.1\r\nHost: a\r\nX-Key: k\r\n\r\n"
    with Emulator((make_provider(),)) as emulator:
        for number in range(1000):
            with connect(emulator) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                client.sendall(request[: number % (len(request) + 1)])
        assert serves(emulator)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_clients_that_vanish_from_faults(
    make_provider: MakeProvider, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    """Whatever is being played to them, nothing is left of them and nothing is printed."""
    header = f"X-Docsworn-Fault: {name}\r\n".encode()
    request = b"GET /madeup/calls/sample-1 HTTP/1.1\r\nHost: a\r\nX-Key: k\r\n" + header + b"\r\n"
    with Emulator((make_provider(),)) as emulator:
        for _ in range(10):
            with connect(emulator) as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                client.sendall(request)
        assert serves(emulator)
    assert capfd.readouterr() == ("", "")


def test_an_endless_upload(make_provider: MakeProvider) -> None:
    """More than the limit is refused, however it comes, and others are answered meanwhile."""
    head = b"PUT /__docsworn/faults HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with Emulator((make_provider(),)) as emulator, connect(emulator) as client:
        client.sendall(head)
        number, ended, until = 0, False, time.monotonic() + 20
        while not ended and time.monotonic() < until:
            try:
                client.sendall(chunk)
            except (BrokenPipeError, ConnectionResetError):
                ended = True
            number += 1
            if number % 50 == 0:
                assert serves(emulator)
        assert ended
        assert serves(emulator)


def test_open_connections_do_not_hold_the_end(make_provider: MakeProvider) -> None:
    """It stops soon although a client is silent and another still uploads."""
    emulator = Emulator((make_provider(),)).__enter__()
    with connect(emulator) as silent, connect(emulator) as uploading:
        silent.sendall(b"GET / HTTP/1.1\r\n")
        uploading.sendall(
            b"PUT /__docsworn/drifts/madeup HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n"
            + b" " * 1000
        )
        assert serves(emulator)
        began = time.perf_counter()
        emulator.__exit__(None, None, None)
    assert time.perf_counter() - began < SOON


@pytest.mark.parametrize("fault", ["never-answers", "slow-drip; seconds=600", "huge-body; megabytes=9999"])
def test_open_answers_do_not_hold_the_end(make_provider: MakeProvider, fault: str) -> None:
    """It stops soon in the middle of what never ends."""
    emulator = Emulator((make_provider(),)).__enter__()
    with connect(emulator) as client:
        client.sendall(
            b"GET /madeup/calls/sample-1 HTTP/1.1\r\nHost: a\r\nX-Key: k\r\nX-Docsworn-Fault: "
            + fault.encode()
            + b"\r\n\r\n"
        )
        assert serves(emulator)
        began = time.perf_counter()
        emulator.__exit__(None, None, None)
    assert time.perf_counter() - began < SOON


SERVE = """\
from pathlib import Path
from docsworn.contract.packs import load_provider
from docsworn.emulate.player import player_of
from docsworn.emulate.server import Listening, serve
serve([player_of(load_provider("madeup", (Path({root!r}),)))], Listening(port=0))
"""


@pytest.mark.parametrize("how", ["terminate", "interrupt"])
def test_serve_ends_soon_after_a_signal(make_provider: MakeProvider, how: str) -> None:
    """It says on stderr where it is and what it serves; then SIGTERM or SIGINT ends it with 0."""
    root = str(make_provider().directory.parent)
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(root=root)], stderr=subprocess.PIPE, text=True
    )
    with process:
        assert process.stderr is not None
        first, second = process.stderr.readline(), process.stderr.readline()
        url = first.split()[2]
        assert second.strip() == "madeup v1: GET /madeup/calls/{call-id}  e.g. sample-1"
        with httpx.Client(base_url=url) as client:
            assert client.get("/madeup/calls/sample-1", headers=KEY).status_code == 200
            began = time.perf_counter()
            process.send_signal({"terminate": 15, "interrupt": 2}[how])
            assert process.wait(5) == 0
        assert time.perf_counter() - began < SOON
        assert process.stderr.read() == ""


def test_serve_on_a_port_that_is_taken(make_provider: MakeProvider) -> None:
    """The sentence, not a traceback of asyncio."""
    root = str(make_provider().directory.parent)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code = SERVE.format(root=root).replace("port=0", f"port={port}")
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"ConfigError: cannot listen on 127.0.0.1:{port}" in done.stderr

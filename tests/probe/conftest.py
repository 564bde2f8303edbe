"""Real sockets on loopback for the tests of the probe: a peer that answers by script."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
import trustme

from docsworn.contract.settings import Auth, BudgetSettings
from docsworn.model import Case, Credential, Purpose
from docsworn.probe.budget import Budget
from docsworn.probe.client import Client
from docsworn.probe.target import Key, Target

Script = Callable[[socket.socket, bytes], object]


@dataclass
class Peer:
    """A server on a free loopback port; ``requests`` are the heads it saw, ``connections`` counts."""

    script: Script
    tls: ssl.SSLContext | None = None
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._spawn(self._accept)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        """Its base URL, by name, as certificates have it."""
        return f"https://localhost:{self.port}" if self.tls else f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening and cut every connection."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            # Closing alone would not wake a thread that reads.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        for thread in self._threads:
            thread.join(timeout=5)

    def _spawn(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._spawn(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self.tls:
                connection = self.tls.wrap_socket(connection, server_side=True)
            self._open.append(connection)
            while head := _read_head(connection):
                self.requests.append(head)
                if not self.script(connection, head):
                    break
        except OSError:
            pass
        finally:
            connection.close()


def _read_head(connection: socket.socket) -> bytes:
    head = b""
    while b"\r\n\r\n" not in head:
        data = connection.recv(65536)
        if not data:
            return b""
        head += data
    return head


def _answer(
    body: bytes = b"{}", *, status: str = "200 OK", headers: tuple[str, ...] = (), keep: bool = True
) -> Script:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]

    def script(connection: socket.socket, _head: bytes) -> bool:
        connection.sendall("\r\n".join(lines).encode() + body)
        return keep

    return script


def _drip(data: bytes, *, before: bytes = b"", seconds: float = 0.02) -> Script:
    """Sends ``data`` again and again, byte by byte, and never ends."""

    def script(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(before)
        while True:
            for byte in data:
                connection.sendall(bytes([byte]))
                time.sleep(seconds)

    return script


def _reset(before: bytes = b"") -> Script:
    """Sends ``before``, then a TCP reset."""

    def script(connection: socket.socket, _head: bytes) -> None:
        connection.sendall(before)
        if before:
            time.sleep(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    return script


@dataclass(frozen=True)
class Scripts:
    """What a peer may do with a request."""

    answer: Callable[..., Script]
    drip: Callable[..., Script]
    reset: Callable[..., Script]


@pytest.fixture(scope="session")
def scripts() -> Scripts:
    """The scripts of this file."""
    return Scripts(_answer, _drip, _reset)


@pytest.fixture
def peer() -> Iterator[Callable[..., Peer]]:
    """``peer(script, tls=None)`` starts a server that lives as long as the test."""
    peers: list[Peer] = []

    def start(script: Script, tls: ssl.SSLContext | None = None) -> Peer:
        peers.append(Peer(script, tls))
        return peers[-1]

    yield start
    for each in peers:
        each.close()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    """A certificate authority of this test run."""
    return trustme.CA()


@pytest.fixture(scope="session")
def case() -> Case:
    """A good case."""
    return Case(
        id="get_thing/good/1",
        operation="get_thing",
        purpose=Purpose.GOOD,
        credential=Credential.KEY,
        path="/v1/things/thing-7",
        subject_id="thing-7",
    )


@pytest.fixture(scope="session")
def target() -> Target:
    """A target that points nowhere yet: replace ``base_url``."""
    return Target(
        provider="acme",
        base_url="http://127.0.0.1:9",
        auth=Auth(header="x-api-key", env="ACME_API_KEY"),
        key=Key("test-key-1234"),
        ids=("thing-7",),
        ca=None,
        host="127.0.0.1:9",
        deadline_seconds=5.0,
        budget=BudgetSettings(per_minute=1000, per_day=1000),
        ids_env="ACME_THING_IDS",
    )


@pytest.fixture
def client(target: Target) -> Iterator[Callable[..., Client]]:
    """``client(url, deadline=…, budget=…)`` makes a client that is closed after the test."""
    clients: list[Client] = []

    def make(url: str, *, deadline: float = 5.0, requests: int = 1000, **changes: Any) -> Client:
        options = {name: changes.pop(name) for name in ("max_bytes", "clock") if name in changes}
        settings = BudgetSettings(per_minute=requests, per_day=requests)
        made = Client(
            replace(target, base_url=url, deadline_seconds=deadline, budget=settings, **changes),
            Budget(settings, time.time),
            **options,
        )
        clients.append(made)
        return made

    yield make
    for each in clients:
        each.close()

"""What a request is like on the wire, and what an exchange says of the answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from docsworn import __version__
from docsworn.contract.settings import Auth
from docsworn.errors import ConfigError
from docsworn.model import Case, Credential, FailureReason


def test_sends_one_get_with_the_key_in_its_header(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """The request line, the headers and nothing more."""
    server = peer(scripts.answer(b'{"a": 1}', headers=("Content-Type: application/json",)))
    exchange = client(server.url).send(replace(case, query=(("verbose", "true"),)))
    assert exchange.failure is None
    assert (exchange.status, exchange.body) == (200, b'{"a": 1}')
    assert exchange.header("content-type") == "application/json"
    lines = server.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /v1/things/thing-7?verbose=true HTTP/1.1"
    assert sorted(lines[1:-2]) == [
        "Accept-Encoding: identity",
        "Accept: application/json",
        f"Host: 127.0.0.1:{server.port}",
        f"User-Agent: docsworn/{__version__}",
        "x-api-key: test-key-1234",
    ]


@pytest.mark.parametrize(
    ("credential", "prefix", "seen"),
    [
        (Credential.KEY, "Bearer ", b"Bearer test-key-1234"),
        (Credential.WRONG, "", b"invalid-docsworn-probe"),
        (Credential.WRONG, "Bearer ", b"Bearer invalid-docsworn-probe"),
        (Credential.NONE, "Bearer ", None),
    ],
)
def test_credential_decides_the_header(
    client: Any, peer: Any, scripts: Any, case: Case, credential: Credential, prefix: str, seen: bytes | None
) -> None:
    """The key is sent only where a case asks for it."""
    server = peer(scripts.answer())
    auth = Auth(header="Authorization", prefix=prefix, env="ACME_API_KEY")
    client(server.url, auth=auth).send(replace(case, credential=credential))
    found = [line for line in server.requests[0].split(b"\r\n") if line.startswith(b"Authorization: ")]
    assert found == ([] if seen is None else [b"Authorization: " + seen])
    assert (b"test-key-1234" in server.requests[0]) is (credential is Credential.KEY)


def test_a_base_path_stands_before_the_operation_path(
    client: Any, peer: Any, scripts: Any, case: Case
) -> None:
    """A base URL may hold a path prefix."""
    server = peer(scripts.answer())
    client(f"{server.url}/proxy").send(case)
    assert server.requests[0].startswith(b"GET /proxy/v1/things/thing-7 ")


def test_without_a_key_says_which_variable_to_set(client: Any, case: Case) -> None:
    """A missing key is the user's mistake, not a finding."""
    with pytest.raises(ConfigError, match="acme: no key: set ACME_API_KEY or ACME_API_KEY_FILE"):
        client("http://127.0.0.1:9", key=None).send(case)


def test_phases_are_timed_apart(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """DNS happens for names only, TLS for https only; phases do not exceed the total."""
    server = peer(scripts.answer())
    by_name = client(f"http://localhost:{server.port}").send(case).timings
    by_address = client(server.url).send(case).timings
    assert by_name.dns is not None
    assert by_address.dns is None
    assert by_name.tls is None
    phases = (by_name.dns, by_name.connect, by_name.send, by_name.wait, by_name.receive)
    assert all(phase is not None and phase >= 0 for phase in phases)
    assert sum(phase or 0 for phase in phases) <= by_name.total


def test_waiting_is_told_from_receiving(client: Any, peer: Any, case: Case) -> None:
    """A server that thinks first is slow in ``wait``, one that writes slowly in ``receive``."""

    def script(connection: Any, _head: bytes) -> None:
        time.sleep(0.2)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n")
        time.sleep(0.6)
        connection.sendall(b"{}")

    timings = client(peer(script).url).send(case).timings
    assert timings.wait is not None
    assert 0.15 < timings.wait < 0.55
    assert timings.receive is not None
    assert timings.receive > 0.55


def test_connections_are_kept(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """The second exchange neither connects nor looks up a name."""
    server = peer(scripts.answer())
    api = client(f"http://localhost:{server.port}")
    first, second = api.send(case), api.send(case)
    assert (first.status, second.status, server.connections) == (200, 200, 1)
    assert first.timings.connect is not None
    assert second.timings.connect is None
    assert second.timings.dns is None


def test_a_kept_connection_found_closed_is_tried_once_more(
    client: Any, peer: Any, scripts: Any, case: Case
) -> None:
    """The server answers once on each connection, then drops the next request unanswered."""
    answer = scripts.answer()
    seen: list[int] = []

    def script(connection: Any, head: bytes) -> object:
        if connection.fileno() in seen:
            seen.clear()
            return False
        seen.append(connection.fileno())
        return answer(connection, head)

    server = peer(script)
    api = client(server.url)
    assert [api.send(case).status for _ in range(2)] == [200, 200]
    assert (len(server.requests), server.connections) == (3, 2)


def test_a_fresh_connection_is_not_tried_again(client: Any, peer: Any, case: Case) -> None:
    """A server that drops a first request is not asked a second time."""
    server = peer(lambda _connection, _head: False)
    exchange = client(server.url).send(case)
    assert exchange.failure.reason is FailureReason.RESET
    assert len(server.requests) == 1


def test_the_second_try_costs_budget_too(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """Without budget for it, the first failure stands."""
    answers = iter([scripts.answer(), lambda _connection, _head: False, scripts.answer()])
    server = peer(lambda connection, head: next(answers)(connection, head))
    api = client(server.url, requests=2)
    assert api.send(case).status == 200
    assert api.send(case).failure.reason is FailureReason.RESET
    assert len(server.requests) == 2


def test_cookies_are_not_carried(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """What one response sets is not in the next request."""
    server = peer(scripts.answer(headers=("Set-Cookie: session=1",)))
    api = client(server.url)
    api.send(case)
    api.send(case)
    assert b"cookie" not in server.requests[1].lower()


def test_the_environment_is_not_asked_for_proxies(
    client: Any, peer: Any, scripts: Any, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy in the environment would see the key."""
    proxy, server = peer(scripts.answer()), peer(scripts.answer())
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    assert client(server.url).send(case).status == 200
    assert proxy.connections == 0


def test_budget_is_spent_before_anything_is_sent(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """The third of three requests with a budget of two never reaches the server."""
    server = peer(scripts.answer())
    api = client(server.url, requests=2)
    exchanges = [api.send(case) for _ in range(3)]
    assert [exchange.status for exchange in exchanges] == [200, 200, None]
    assert exchanges[2].failure.reason is FailureReason.BUDGET
    assert exchanges[2].failure.detail == "the budget of 2 requests a day is spent"
    assert len(server.requests) == 2


def test_started_is_the_clock_given(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """Unix seconds come from the clock that was passed in."""
    clock: Callable[[], float] = lambda: 1_700_000_000.5  # noqa: E731
    assert client(peer(scripts.answer()).url, clock=clock).send(case).started == 1_700_000_000.5

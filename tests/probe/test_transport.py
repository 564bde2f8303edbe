"""The one way out lets only GET to the target's own origin through, whoever asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from docsworn.contract.settings import BudgetSettings
from docsworn.errors import DocswornError
from docsworn.model import Case, FailureReason
from docsworn.probe.budget import Budget
from docsworn.probe.meter import ExchangeError
from docsworn.probe.transport import GuardedTransport


def _budget(requests: int = 1000) -> Budget:
    return Budget(BudgetSettings(per_minute=requests, per_day=requests), time.time)


@pytest.fixture
def library(peer: Any, scripts: Any) -> Iterator[tuple[Any, httpx.Client]]:
    """Some library's own client over our transport."""
    server = peer(scripts.answer())
    transport = GuardedTransport(server.url, _budget(2), deadline_seconds=2)
    with httpx.Client(transport=transport) as client:
        yield server, client


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "get"])
def test_only_get_is_sent(library: tuple[Any, httpx.Client], method: str) -> None:
    """Any other method is our own fault and reaches nobody."""
    server, client = library
    if method == "get":
        assert client.request(method, server.url).status_code == 200
        return
    with pytest.raises(DocswornError, match=f"refused to send {method}: only GET"):
        client.request(method, server.url)
    assert server.connections == 0


def test_only_the_own_origin_is_asked(library: tuple[Any, httpx.Client], peer: Any, scripts: Any) -> None:
    """Another port, scheme or name is another origin."""
    server, client = library
    other = peer(scripts.answer())
    for url in (other.url, f"https://127.0.0.1:{server.port}", f"http://localhost:{server.port}"):
        with pytest.raises(DocswornError, match="another origin"):
            client.get(url, headers={"x-api-key": "secret"})
    assert (server.connections, other.connections) == (0, 0)


def test_a_library_that_follows_redirects_is_stopped(peer: Any, scripts: Any) -> None:
    """The transport guards the key even where its caller does not."""
    other = peer(scripts.answer())
    server = peer(scripts.answer(b"", status="307 Go", headers=(f"Location: {other.url}",)))
    transport = GuardedTransport(server.url, _budget(), deadline_seconds=2)
    with (
        httpx.Client(transport=transport, follow_redirects=True) as client,
        pytest.raises(DocswornError, match="another origin"),
    ):
        client.get(server.url, headers={"x-api-key": "secret"})
    assert other.connections == 0


def test_no_library_goes_round_the_budget(library: tuple[Any, httpx.Client]) -> None:
    """The third request of two fails before it is sent."""
    server, client = library
    client.get(server.url)
    client.get(server.url)
    with pytest.raises(ExchangeError) as caught:
        client.get(server.url)
    assert caught.value.failure.reason is FailureReason.BUDGET
    assert len(server.requests) == 2


def test_threads_share_a_client(client: Any, peer: Any, scripts: Any, case: Case) -> None:
    """Each exchange has its own deadline and phases."""
    server = peer(scripts.answer(b'{"a": 1}'))
    api = client(server.url)
    seen: list[tuple[int | None, bytes | None]] = []

    def ask() -> None:
        for _ in range(5):
            exchange = api.send(case)
            seen.append((exchange.status, exchange.body))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [(200, b'{"a": 1}')] * 30
    assert server.connections <= 8

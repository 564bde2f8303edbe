"""The metrics server on real sockets: what it answers, and what does not stop it."""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Gauge
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics

from docsworn.errors import ConfigError
from docsworn.export.pages import Pages
from docsworn.export.server import MetricsServer


@pytest.fixture(scope="module")
def ready() -> threading.Event:
    """Set when the first round is done."""
    return threading.Event()


@pytest.fixture(scope="module")
def server(ready: threading.Event) -> Iterator[MetricsServer]:
    """A server of one gauge on a free port."""
    registry = CollectorRegistry()
    Gauge("docsworn_example", "An example.", ["provider"], registry=registry).labels("acme").set(3)
    with MetricsServer(Pages(registry, ready.is_set), listen="127.0.0.1:0") as running:
        yield running


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    """One client for many requests."""
    with httpx.Client(timeout=20) as shared:
        yield shared


def _connect(server: MetricsServer) -> socket.socket:
    url = httpx.URL(server.url)
    return socket.create_connection((url.host, url.port or 0), timeout=5)


def _assert_serving(server: MetricsServer) -> None:
    assert "docsworn_example" in httpx.get(f"{server.url}/metrics", timeout=5).text


def test_text_is_the_default(server: MetricsServer) -> None:
    """Whoever asks for nothing in particular gets the text format."""
    response = httpx.get(f"{server.url}/metrics")
    assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'docsworn_example{provider="acme"} 3.0' in response.text.splitlines()


def test_openmetrics_for_who_asks(server: MetricsServer) -> None:
    """The Accept header that Prometheus sends gets OpenMetrics, ended as it must."""
    accept = "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75"
    response = httpx.get(f"{server.url}/metrics", headers={"Accept": accept})
    assert response.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert response.text.endswith("# EOF\n")
    families = parse_openmetrics(response.text)  # type: ignore[no-untyped-call]
    assert [family.name for family in families] == ["docsworn_example"]


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/plain;q=0.9, application/openmetrics-text;q=0.1", "text/plain; version=0.0.4"),
        ("text/plain;q=0.1, application/openmetrics-text;q=0.9", "application/openmetrics-text"),
        ("application/openmetrics-text;q=0, */*;q=0.1", "text/plain; version=0.0.4"),
        ("application/openmetrics-text; version=0.0.1, text/plain;q=0.5", "text/plain; version=0.0.4"),
        ("*/*, application/openmetrics-text;q=0.5", "text/plain; version=0.0.4"),
        (
            "application/json, application/openmetrics-text;version=1.0.0;q=0.2",
            "application/openmetrics-text",
        ),
        ("application/json", "text/plain; version=0.0.4"),
        ("text/plain;version=1.0.0;escaping=underscores, */*;q=0.1", "text/plain; version=1.0.0"),
        ("text/plain;q=nan, application/openmetrics-text", "text/plain; version=0.0.4"),
    ],
)
def test_the_form_is_the_one_asked_for_most(
    server: MetricsServer, client: httpx.Client, accept: str, form: str
) -> None:
    """Weights decide, then the order; a form that we do not have is passed over."""
    response = client.get(f"{server.url}/metrics", headers={"Accept": accept})
    assert response.headers["content-type"].startswith(form)


@settings(deadline=None)
@given(accept=st.text(st.characters(min_codepoint=32, max_codepoint=126)).map(str.strip))
@pytest.mark.parametrize("prefix", ["", "text/plain;version=", "application/openmetrics-text;version=1."])
def test_any_accept_header_gets_metrics(
    server: MetricsServer, client: httpx.Client, prefix: str, accept: str
) -> None:
    """A header that makes no sense is no reason to go without metrics."""
    response = client.get(f"{server.url}/metrics", headers={"Accept": prefix + accept})
    assert response.status_code == 200
    assert "docsworn_example" in response.text


def test_health_and_readiness(server: MetricsServer, ready: threading.Event) -> None:
    """Healthy from the start; ready when the first round is done."""
    assert httpx.get(f"{server.url}/-/healthy").text == "healthy\n"
    early = httpx.get(f"{server.url}/-/ready")
    assert (early.status_code, early.text) == (503, "the first round is not done\n")
    ready.set()
    assert httpx.get(f"{server.url}/-/ready").text == "ready\n"


def test_the_landing_page_leads_on(server: MetricsServer) -> None:
    """A person who opens the address finds the rest, in a page that may load nothing."""
    page = httpx.get(f"{server.url}/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    for path in ("metrics", "-/healthy", "-/ready"):
        assert f'href="{path}"' in page.text


@pytest.mark.parametrize("path", ["/nothing", "/metrics/", "/probe", "/%2e%2e/etc/passwd"])
def test_anything_else_is_not_there(server: MetricsServer, path: str) -> None:
    """Unknown paths are 404."""
    assert httpx.get(server.url + path).status_code == 404


def test_only_reading(server: MetricsServer) -> None:
    """Other methods than GET and HEAD are refused."""
    assert httpx.post(f"{server.url}/metrics", content=b"x" * 100).status_code == 405
    assert httpx.head(f"{server.url}/metrics").status_code == 200


@pytest.mark.parametrize(
    "garbage",
    [b"\x00\xff" * 500, b"GET /metrics HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00", b"GET " + b"a" * 100_000],
    ids=["bytes", "version", "tls", "endless"],
)
def test_garbage_leaves_it_serving(
    server: MetricsServer, garbage: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    """What is not HTTP gets an error or nothing, and no log repeats it."""
    with _connect(server) as client:
        client.sendall(garbage)
        client.shutdown(socket.SHUT_WR)
        while client.recv(4096):
            pass
    _assert_serving(server)
    assert capfd.readouterr() == ("", "")


def test_who_leaves_early_or_dawdles_leaves_it_serving(server: MetricsServer) -> None:
    """Scrapers that vanish with a reset, send half a request or never read do not matter to others."""
    lingering = [_connect(server) for _ in range(50)]
    for client in lingering:
        client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n")
    for _ in range(20):
        with _connect(server) as client:
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    _assert_serving(server)
    for client in lingering:
        client.close()


def test_many_scrapes_at_once(server: MetricsServer, client: httpx.Client) -> None:
    """Two hundred scrapes at once are all answered."""
    with ThreadPoolExecutor(20) as pool:
        responses = list(pool.map(lambda _: client.get(f"{server.url}/metrics"), range(200)))
    assert {response.status_code for response in responses} == {200}


def test_a_taken_port_is_told(server: MetricsServer) -> None:
    """Nobody has to read a traceback to learn that something listens there already."""
    taken = server.url.removeprefix("http://")
    with (
        pytest.raises(ConfigError, match=rf"^cannot listen on {taken}: the port is taken$"),
        MetricsServer(Pages(CollectorRegistry(), lambda: True), listen=taken),
    ):
        pass


@pytest.mark.parametrize(
    ("listen", "why"),
    [
        ("192.0.2.1:0", "this machine has no such address"),
        ("nowhere.invalid:0", "no such host"),
    ],
)
def test_an_address_that_is_not_ours_is_told(listen: str, why: str) -> None:
    """An address of another machine and a name of none are told apart."""
    with (
        pytest.raises(ConfigError, match=f"cannot listen on {listen}: {why}"),
        MetricsServer(Pages(CollectorRegistry(), lambda: True), listen=listen),
    ):
        pass


def test_no_host_is_loopback() -> None:
    """A bare port is not served to the network."""
    with MetricsServer(Pages(CollectorRegistry(), lambda: True), listen=":0") as running:
        assert running.url.startswith("http://127.0.0.1:")
        assert httpx.get(f"{running.url}/-/ready").status_code == 200


def test_it_stops_soon_whoever_is_connected() -> None:
    """An open connection does not hold the server, and the port is free again."""
    with MetricsServer(Pages(CollectorRegistry(), lambda: True), listen="127.0.0.1:0") as running:
        client = _connect(running)
        client.sendall(b"GET /metrics HTTP/1.1\r\n")
        httpx.get(f"{running.url}/-/healthy")  # connections are accepted in order
        began = time.monotonic()
    assert time.monotonic() - began < 5.0
    client.close()
    with pytest.raises(OSError, match="refused"):
        _connect(running)

"""Documents by their address: where they may be, how long, how large, and never with a key."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator

import pytest
from tests.derive.site import Site, serving
from tests.probe.conftest import Peer

from docsworn.errors import DocumentError, NothingReachedError, UsageError
from docsworn.probe.fetch import MAX_REDIRECTS, Fetcher, check_address, may_lead


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty site."""
    with serving() as served:
        yield served


def test_a_page_is_asked_for_as_markdown(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Markdown first, no key, no cookie, whatever the environment holds."""
    monkeypatch.setenv("TAVUS_API_KEY", "sk-secret")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    url = site.put("/page", "# Kites", "text/markdown; charset=UTF-8", Set_Cookie="a=b")
    fetcher = Fetcher()
    found = fetcher.get(url + "#top")
    fetcher.get(url)
    assert (found.url, found.media_type, found.charset, found.content) == (
        url, "text/markdown", "utf-8", b"# Kites",
    )  # fmt: skip
    for _path, headers in site.requests:
        assert headers["accept"].startswith("text/markdown")
        assert headers.keys() <= {"host", "user-agent", "accept", "accept-encoding"}
        assert "secret" not in str(headers)


def test_a_packed_page_is_unpacked_within_bounds(site: Site) -> None:
    """gzip is undone, and a bomb is refused at the bound."""
    url = site.put("/page", gzip.compress(b"# Kites"), Content_Encoding="gzip")
    bomb = site.put("/bomb", gzip.compress(b"a" * 5_000_000), Content_Encoding="gzip")
    assert Fetcher().get(url).content == b"# Kites"
    with pytest.raises(DocumentError, match="/bomb: the body is larger than 1000000 bytes"):
        Fetcher(max_bytes=1_000_000).get(bomb)


def test_redirects_are_few(site: Site) -> None:
    """Five are followed, to other paths; the sixth is refused, and so is a circle."""
    site.put("/5", "here")
    for at in range(MAX_REDIRECTS):
        site.redirect(f"/{at}", f"/{at + 1}", (301, 302, 303, 307, 308)[at])
    found = Fetcher().get(f"{site.url}/0")
    assert (found.url, found.content) == (f"{site.url}/5", b"here")
    site.redirect("/circle", "/circle")
    with pytest.raises(DocumentError, match="more than 5 redirects"):
        Fetcher().get(f"{site.url}/circle")


@pytest.mark.parametrize(
    "target",
    ["http://kites.example/", "ftp://127.0.0.1/", "file:///etc/passwd", "//[", "http://u:p@127.0.0.1/"],
)
def test_redirects_do_not_lead_astray(site: Site, target: str) -> None:
    """Not to plain http elsewhere, to another protocol, or with a password."""
    with pytest.raises(DocumentError, match="it redirects to"):
        Fetcher().get(site.redirect("/page", target))


def test_nobody_elsewhere_sends_us_home() -> None:
    """A page on the internet leads to no service of this machine; one on loopback may."""
    assert may_lead("https://kites.example/a", "https://docs.kites.example/b")
    assert not may_lead("https://kites.example/a", "http://127.0.0.1:8080/")
    assert not may_lead("https://kites.example/a", "https://localhost/")
    assert may_lead("http://127.0.0.1:1/a", "http://localhost:2/b")


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("http://kites.example/page?token=secret", '"kites.example" is not this machine'),
        ("https://user:secret@kites.example/", "holds a user or a password"),
        ("https:///page", "names a host"),
        ("gopher://kites.example", "begins with https://"),
        ("https://kites.example/a b", "a space or a control character"),
        ("https://[kites", "cannot be read"),
    ],
)
def test_addresses_that_are_not_asked(url: str, complaint: str) -> None:
    """Refused before anything is sent, and no message shows a query or a password."""
    with pytest.raises(UsageError, match=complaint) as refused:
        check_address(url)
    assert "secret" not in str(refused.value)


def test_a_missing_page_has_its_status(site: Site) -> None:
    """The status is told, and the address without its query."""
    with pytest.raises(DocumentError) as missing:
        Fetcher().get(f"{site.url}/gone?token=secret")
    host = site.url.removeprefix("http://")
    assert str(missing.value) == f"{host}/gone: the server answers with status 404"


def test_one_deadline_for_all() -> None:
    """A server that drips forever is left when the time is over, redirects included."""

    def drip(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(1000):
            connection.sendall(b"a")
            time.sleep(0.05)

    peer = Peer(drip)
    started = time.monotonic()
    try:
        with pytest.raises(NothingReachedError, match=r"no complete response in 0\.5 s"):
            Fetcher(seconds=0.5).get(f"{peer.url}/page")
    finally:
        peer.close()
    assert time.monotonic() - started < 10


def test_nobody_there() -> None:
    """A closed port is named as such."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NothingReachedError, match=f"127.0.0.1:{port}/page: no connection"):
        Fetcher().get(f"http://127.0.0.1:{port}/page")

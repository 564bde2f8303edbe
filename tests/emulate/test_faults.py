"""Each fault as a client on a plain socket sees it, and how it is switched on."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from docsworn.contract.packs import Provider
from docsworn.emulate.faults import FAULTS, Fault, parse_fault
from docsworn.emulate.server import Emulator

MakeProvider = Callable[..., Provider]
KEY = {"X-Key": "anything"}
PATH = "/madeup/calls/sample-1"
FAULTS_URL = "/__docsworn/faults"


@pytest.fixture
def running(make_provider: MakeProvider) -> Iterator[Emulator]:
    """An emulator of the made-up provider."""
    with Emulator((make_provider(),)) as emulator:
        yield emulator


@pytest.fixture
def client(running: Emulator) -> Iterator[httpx.Client]:
    """A client with a key."""
    with httpx.Client(base_url=running.base_url, headers=KEY, timeout=5) as client:
        yield client


def raw(emulator: Emulator, fault: str = "", path: str = PATH) -> tuple[bytes, bytes, str]:
    """Head, body and how it ended (``end`` or ``reset``) of one request on a socket."""
    port = int(emulator.base_url.rpartition(":")[2])
    extra = f"X-Docsworn-Fault: {fault}\r\n" if fault else ""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Key: k\r\n{extra}".encode())
        connection.sendall(b"Connection: close\r\n\r\n")
        received, ending = b"", "end"
        try:
            while piece := connection.recv(65536):
                received += piece
        except ConnectionResetError:
            ending = "reset"
    head, _, body = received.partition(b"\r\n\r\n")
    return head, body, ending


def test_every_fault_can_be_asked_for(running: Emulator, client: httpx.Client) -> None:
    """By the header of one request or by PUT; afterwards the answer is as before."""
    before = client.get(PATH).content
    small = {"deep-nesting": "levels=50", "huge-body": "megabytes=1", "gzip-bomb": "megabytes=1"}
    for name, kind in FAULTS.items():
        if name == "never-answers" or kind.at_once:
            continue
        head, body, ending = raw(running, f"{name}; {small[name]}" if name in small else name)
        if name.startswith("latency") or name == "slow-drip":
            assert (body, ending) == (before, "end")
        else:
            is_right = f"Content-Length: {len(before)}".encode() in head and b"application/json\r\n" in head
            assert body != before or ending == "reset" or not is_right, name
    assert client.get(PATH).content == before
    assert client.get(FAULTS_URL).json()["known"].keys() == FAULTS.keys()


@pytest.mark.parametrize(
    ("fault", "has_head", "part"), [("refused", False, 0), ("reset-before-body", True, 0),
                                    ("reset-inside-body; share=0.5", True, 0.5)]
)  # fmt: skip
def test_resets(running: Emulator, client: httpx.Client, fault: str, has_head: bool, part: float) -> None:
    """The connection breaks at once, after the head, or inside of the body."""
    whole = client.get(PATH).content
    head, body, ending = raw(running, fault)
    assert ending == "reset"
    assert bool(head) == has_head
    assert body == whole[: int(len(whole) * part)]


def test_a_body_that_ends_too_early(running: Emulator, client: httpx.Client) -> None:
    """The length is right in the header, the bytes are too few, the end is in order."""
    whole = client.get(PATH).content
    head, body, ending = raw(running, "truncated-body; share=0.25")
    assert (f"Content-Length: {len(whole)}".encode() in head, ending) == (True, "end")
    assert body == whole[: len(whole) // 4]
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(PATH, headers={"X-Docsworn-Fault": "truncated-body"})


def test_a_wrong_length(running: Emulator, client: httpx.Client) -> None:
    """Too small by default, so that a client sees half a JSON; too large as asked."""
    whole = client.get(PATH).content
    assert f"Content-Length: {len(whole) - 10}".encode() in raw(running, "wrong-content-length")[0]
    assert f"Content-Length: {len(whole) + 5}".encode() in raw(running, "wrong-content-length; by=5")[0]


def test_a_slow_drip(running: Emulator, client: httpx.Client) -> None:
    """All bytes come, in their time."""
    whole = client.get(PATH).content
    began = time.perf_counter()
    head, body, _ = raw(running, f"slow-drip; bytes={len(whole) // 4}; seconds=0.05")
    assert body == whole
    assert b"200 OK" in head
    assert time.perf_counter() - began >= 0.2


def test_what_never_answers(client: httpx.Client) -> None:
    """The client gives up; another one is answered meanwhile."""
    with pytest.raises(httpx.ReadTimeout):
        client.get(PATH, headers={"X-Docsworn-Fault": "never-answers"}, timeout=0.2)
    assert client.get(PATH).status_code == 200


def test_a_bad_chunk(running: Emulator, client: httpx.Client) -> None:
    """The second chunk's length is no number."""
    assert b"\r\nnot-a-length\r\n" in raw(running, "bad-chunk")[1]
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(PATH, headers={"X-Docsworn-Fault": "bad-chunk"})


def test_bodies_that_are_not_what_they_say(client: httpx.Client) -> None:
    """Each breaks its own rule of the text, and keeps the others."""
    bodies = {
        name: client.get(PATH, headers={"X-Docsworn-Fault": name})
        for name in ("invalid-utf8", "invalid-json", "nan", "duplicate-keys", "deep-nesting; levels=5000")
    }
    with pytest.raises(UnicodeDecodeError):
        bodies["invalid-utf8"].content.decode()
    with pytest.raises(json.JSONDecodeError):
        json.loads(bodies["invalid-json"].content)
    constants: list[str] = []
    json.loads(bodies["nan"].content, parse_constant=constants.append)
    assert constants == ["NaN"]
    pairs: list[list[tuple[str, Any]]] = []
    json.loads(bodies["duplicate-keys"].content, object_pairs_hook=lambda found: pairs.append(found))
    names = [name for name, _ in pairs[-1]]
    assert len(names) == len(set(names)) + 1
    assert b"[" * 5000 in bodies["deep-nesting; levels=5000"].content


def test_content_types(client: httpx.Client) -> None:
    """Another type, another charset, over the same bytes."""
    plain = client.get(PATH)
    typed = client.get(PATH, headers={"X-Docsworn-Fault": "wrong-content-type"})
    coded = client.get(PATH, headers={"X-Docsworn-Fault": "wrong-charset"})
    assert typed.headers["content-type"].startswith("text/plain")
    assert coded.headers["content-type"] == "application/json; charset=utf-16"
    assert typed.content == coded.content == plain.content


def test_huge_bodies_cost_no_memory_of_the_emulator(client: httpx.Client) -> None:
    """20 MB of valid JSON, and a bomb of 64 MB in less than 200 KB."""
    huge = client.get(PATH, headers={"X-Docsworn-Fault": "huge-body; megabytes=20"})
    assert len(huge.content) > 20 * 1024 * 1024
    assert set(client.get(PATH).json()) < set(huge.json())
    with client.stream("GET", PATH, headers={"X-Docsworn-Fault": "gzip-bomb; megabytes=64"}) as answer:
        packed = b"".join(answer.iter_raw())
    assert answer.headers["content-encoding"] == "gzip"
    assert len(packed) < 200_000
    unpacked = gzip.decompress(packed)
    assert len(unpacked) > 64 * 1024 * 1024
    assert json.loads(unpacked) == client.get(PATH).json()
    assert zlib.decompressobj(31).decompress(packed, 10) == b" " * 10


def test_statuses_and_when_to_come_back(client: httpx.Client) -> None:
    """429 in its three ways, 5xx, and a page in HTML."""
    answers = {
        name: client.get(PATH, headers={"X-Docsworn-Fault": name})
        for name in (
            "429",
            "429-seconds; retry_after=7",
            "429-date; retry_after=60",
            "500",
            "502",
            "503",
            "504",
        )
    }
    assert [each.status_code for each in answers.values()] == [429, 429, 429, 500, 502, 503, 504]
    assert "retry-after" not in answers["429"].headers
    assert answers["429-seconds; retry_after=7"].headers["retry-after"] == "7"
    until = parsedate_to_datetime(answers["429-date; retry_after=60"].headers["retry-after"])
    assert 50 <= until.timestamp() - time.time() <= 61
    page = client.get(PATH, headers={"X-Docsworn-Fault": "html-error; status=503"})
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")


def test_redirects(running: Emulator, client: httpx.Client) -> None:
    """To another place of this host, to another name of it, and round and round."""
    same, other, loop = (
        client.get(PATH, headers={"X-Docsworn-Fault": f"redirect-{where}"})
        for where in ("same-host", "other-host", "loop")
    )
    assert [each.status_code for each in (same, other, loop)] == [302, 302, 302]
    assert same.headers["location"] == f"{PATH}?docsworn_landed=1"
    port = running.base_url.rpartition(":")[2]
    assert other.headers["location"] == f"http://localhost:{port}{PATH}?docsworn_landed=1"
    assert loop.headers["location"] == PATH
    headers = {"X-Docsworn-Fault": "redirect-same-host; status=308"}
    assert client.get(PATH, headers=headers, follow_redirects=True).json() == client.get(PATH).json()
    with pytest.raises(httpx.TooManyRedirects):
        client.get(PATH, headers={"X-Docsworn-Fault": "redirect-loop"}, follow_redirects=True)


def test_latencies_add_up(client: httpx.Client) -> None:
    """Fixed, normal and long-tailed ones are one delay, before another fault."""
    faults = [
        {"fault": "latency", "seconds": 0.1},
        {"fault": "latency-normal", "mean": 0.1, "deviation": 0.001},
        {"fault": "latency-long-tail", "median": 0.05, "sigma": 0.1},
        {"fault": "503"},
    ]
    assert client.put(FAULTS_URL, json=faults).status_code == 200
    began = time.perf_counter()
    assert client.get(PATH).status_code == 503
    assert time.perf_counter() - began >= 0.2


def test_a_rate_and_a_seed(client: httpx.Client) -> None:
    """The same answers fail again for the same seed, about as many as the rate says."""

    def statuses(seed: int) -> list[int]:
        asked = {"fault": "500", "rate": 0.3, "seed": seed, "provider": "madeup"}
        assert client.put(FAULTS_URL, json=asked).json()["faults"] == [asked]
        return [client.get(PATH).status_code for _ in range(100)]

    first, again, other = statuses(1), statuses(1), statuses(2)
    assert first == again != other
    assert 15 <= first.count(500) <= 45
    assert client.delete(FAULTS_URL).json()["faults"] == []
    assert client.get(PATH).status_code == 200


def test_nobody_listens_once_the_answer_is_there(bundled: dict[str, Provider]) -> None:
    """Whoever has read the answer and asks anew at once is refused, time after time."""
    with Emulator((bundled["tavus"],), tls=True) as emulator, httpx.Client() as asking:
        ports = [int(url.rpartition(":")[2]) for url in (emulator.base_url, emulator.tls_url)]
        for _ in range(5):
            refused = {"fault": "refused", "seconds": 0.2}
            assert asking.put(f"{emulator.base_url}{FAULTS_URL}", json=refused).status_code == 200
            for port in ports:
                with pytest.raises(ConnectionRefusedError):
                    socket.create_connection(("127.0.0.1", port), timeout=5)
            time.sleep(0.4)


def test_nobody_listens_for_a_while(client: httpx.Client, running: Emulator) -> None:
    """Connections are refused, the control API's too; then it serves again at the same port."""
    assert client.put(FAULTS_URL, json={"fault": "refused", "seconds": 0.5}).status_code == 200
    refused = False
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            answer = httpx.get(f"{running.base_url}{PATH}", headers=KEY)
        except httpx.ConnectError:
            refused = True
        except httpx.TransportError:
            pass
        else:
            if refused:
                break
        time.sleep(0.02)
    assert refused
    assert answer.status_code == 200


def test_the_control_api_has_no_faults(client: httpx.Client, running: Emulator) -> None:
    """However broken the answers are, they can be mended; Python switches faults too."""
    running.faults(Fault("never-answers"), parse_fault({"fault": "500"}))
    assert len(client.get(FAULTS_URL).json()["faults"]) == 2
    assert client.get("/__docsworn/").status_code == 200
    running.faults()
    assert client.get(PATH).status_code == 200


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "the body is not JSON"),
        (b"3", "a fault is a JSON object"),
        (b"{}", "a fault needs its name"),
        (b'{"fault": 3}', "a fault needs its name"),
        (b'{"fault": "latancy"}', 'unknown fault "latancy": did you mean "latency"?'),
        (b'{"fault": "latency", "speed": 3}', 'latency takes seconds, rate, seed, provider, not "speed"'),
        (b'{"fault": "latency", "seconds": "3"}', "seconds is a number"),
        (b'{"fault": "latency", "seconds": true}', "seconds is a number"),
        (b'{"fault": "latency", "seconds": -1}', "seconds is a number from 0 to 600"),
        (b'{"fault": "500", "rate": 1.5}', "rate is a number from 0 to 1"),
        (b'{"fault": "500", "seed": 1.5}', "seed is a whole number"),
        (b'{"fault": "500", "provider": 1}', "provider is the name of a provider"),
        (b'{"fault": "500", "provider": "madeip"}', 'unknown provider "madeip": did you mean "madeup"?'),
        (b'{"fault": "certificate-expired"}', "needs an emulator that was started with --tls"),
        (b'{"fault": "refused", "seconds": 1, "rate": 0.5}', "takes no rate"),
        (b'{"fault": "refused", "seconds": 1, "provider": "madeup"}', "before anybody knows which provider"),
        (b"[" + b'{"fault": "500"},' * 40 + b'{"fault": "500"}]', "at most 32 faults"),
    ],
)
def test_bad_requests_for_faults(client: httpx.Client, body: bytes, sentence: str) -> None:
    """400 with a sentence, and nothing is switched on."""
    answer = client.put(FAULTS_URL, content=body)
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]
    assert client.get(FAULTS_URL).json()["faults"] == []


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("", "unknown fault"),
        ("latency; seconds", "key=value pairs"),
        ("latency; seconds=soon", "seconds is a number"),
        ("500; provider=tavus", "provider is not for a header"),
        ("latency; seed=1.5", "seed is a number"),
        ("certificate-expired", "comes before any header"),
        ("refused; seconds=3", "not for one request"),
    ],
)
def test_bad_headers(client: httpx.Client, header: str, sentence: str) -> None:
    """400 with a sentence instead of the answer."""
    answer = client.get(PATH, headers={"X-Docsworn-Fault": header})
    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_a_client_that_leaves_a_huge_body(client: httpx.Client) -> None:
    """Ten clients that go away in the middle of a gigabyte leave no one behind who still writes."""

    def leave() -> None:
        with client.stream("GET", PATH, headers={"X-Docsworn-Fault": "huge-body; megabytes=1000"}) as answer:
            next(answer.iter_raw())

    threads = [threading.Thread(target=leave) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    began = time.perf_counter()
    assert client.get(PATH).status_code == 200
    assert time.perf_counter() - began < 2

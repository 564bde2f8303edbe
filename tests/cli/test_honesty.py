"""A hostile API puts secrets wherever HTTP has room, the key among them: no command lets one out."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tests.cli.conftest import Docsworn

MARK = "Zq7"
KEY = f"{MARK}.key_0123456789"  # a short token: what may show of others
ID = f"{MARK}-call-of-alice"
SENTENCE = f"{MARK} said: keep it"
BODY = {
    "id": ID, "status": KEY, "transport": ID, "room_name": SENTENCE, KEY: 1, ID: [SENTENCE, {SENTENCE: KEY}],
    "end_reason": f"{MARK}/odd", "metadata": {KEY: ID, SENTENCE: [KEY]}, "started_at": KEY,
}  # fmt: skip
# status, reason phrase, headers, body
ANSWERS: dict[str, tuple[int, str, dict[str, str], bytes]] = {
    "good": (200, SENTENCE, {"Content-Type": "application/json"}, json.dumps(BODY).encode()),
    "escaped": (
        200, "OK", {"Content-Type": f"text/{MARK}"}, json.dumps(BODY).replace("Z", "\\u005a").encode()
    ),
    "cut": (200, "OK", {"Content-Type": "application/json"}, json.dumps(BODY).encode()[:-1]),
    "redirect": (302, SENTENCE, {"Location": f"https://{MARK}.example/?key={KEY}&said={SENTENCE}"}, b""),
    "refused": (
        401, SENTENCE, {"WWW-Authenticate": SENTENCE, "Content-Type": "application/json"},
        json.dumps({"error": f"no such key {KEY}", KEY: SENTENCE}).encode(),
    ),
    "failed": (500, SENTENCE, {"Content-Type": "text/html", f"X-{MARK}": KEY}, f"<p>{SENTENCE}</p>".encode()),
    "slower": (429, SENTENCE, {"Retry-After": KEY, "X-RateLimit-Reset": SENTENCE}, SENTENCE.encode()),
    "no http": (200, f"OK\r\n{MARK} {KEY}", {f"{MARK} {MARK}": KEY}, SENTENCE.encode()),
}  # fmt: skip


@pytest.fixture
def serve() -> Iterator[Callable[[str], str]]:
    """``serve("good")`` gives the base URL of an API that answers everything so."""
    servers: list[ThreadingHTTPServer] = []

    def start(name: str) -> str:
        status, phrase, headers, body = ANSWERS[name]

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(status, phrase)
                for header, value in {**headers, "Set-Cookie": KEY, "Content-Length": str(len(body))}.items():
                    self.send_header(header, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def clean(
    docsworn: Docsworn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Callable[..., int]:
    """Runs a command with a key and an id, and holds all that it printed, logged and wrote to be clean."""
    monkeypatch.setenv("SPEECHIFY_API_KEY", KEY)
    monkeypatch.setenv("SPEECHIFY_CONVERSATION_IDS", ID)
    caplog.set_level(logging.INFO)

    def call(*arguments: str) -> int:
        ended = docsworn(*arguments)
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        texts = {"stdout": ended.out, "stderr": ended.err, "log": caplog.text}
        found = [name for name, text in texts.items() if MARK in text]
        found += [path.name for path in files if MARK.encode() in path.read_bytes()]
        assert found == [], arguments
        return ended.code

    return call


@pytest.mark.parametrize("name", ANSWERS)
def test_check_and_what_it_writes(
    clean: Callable[..., int], serve: Callable[[str], str], tmp_path: Path, name: str
) -> None:
    """Every format, the history, and the coverage that is read from it."""
    exports = [
        part for each in ("json", "html", "console") for part in ("--export", f"{each}={tmp_path / each}")
    ]
    history = ("--history", str(tmp_path / "history.db"))
    code = clean(
        "check",
        "speechify",
        "--base-url",
        serve(name),
        "--junit",
        str(tmp_path / "j.xml"),
        *exports,
        *history,
    )
    assert code == (4 if name == "no http" else 1)
    assert clean("coverage", "speechify", *history, "--json") == 0
    assert clean("coverage", "speechify", *history) == 0


@pytest.mark.parametrize("name", ["good", "refused", "failed"])
def test_watch_and_its_metrics(clean: Callable[..., int], serve: Callable[[str], str], name: str) -> None:
    """Labels hold names of ours only."""
    assert clean("watch", "speechify", "--once", "--base-url", serve(name)) == 0


def test_fuzz_and_replay(clean: Callable[..., int], serve: Callable[[str], str], tmp_path: Path) -> None:
    """Findings, curl lines, the store, and the answer to a replay."""
    store, url = tmp_path / "store", serve("failed")
    fuzz = ("fuzz", "requests", "speechify", "--base-url", url, "--store", str(store), "--max-requests", "8")
    assert clean(*fuzz) == 1
    names = [file.stem for file in store.glob("*.json")]
    assert names
    for name in names:
        assert clean("replay", name, "--store", str(store), "--base-url", url) == 1


def test_recorded_responses(clean: Callable[..., int], tmp_path_factory: pytest.TempPathFactory) -> None:
    """What a file brings is no less private."""
    file = tmp_path_factory.mktemp("elsewhere") / "recorded.ndjson"
    shown = {**BODY, "status": SENTENCE, "transport": ID, "started_at": SENTENCE}
    del shown[KEY]
    line = {
        "status": 200,
        "id": ID,
        "headers": {"content-type": SENTENCE},
        "query": {"x": SENTENCE},
        "body": shown,
    }
    file.write_text(f"{json.dumps(line)}\n{json.dumps(SENTENCE)}\n{SENTENCE}\n", encoding="utf-8")
    assert clean("check", "speechify", "--recorded", str(file)) == 1
    assert clean("check", "speechify", "--recorded", str(file), "--json") == 1

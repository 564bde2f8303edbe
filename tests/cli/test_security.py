"""docs/security.md, claim by claim: what is sent where, what is stored, and what is never shown."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from docsworn.cli.main import VERBS
from docsworn.observe.history import History
from tests.cli.kites import PAGE, write_kites

KEY = "sk-planted-key-0123456789"
IDENTIFIER = "kite-of-alice-42"
SENTENCE = "planted words of a private conversation"
BODY = {"id": SENTENCE, "size": SENTENCE, "mood": SENTENCE, SENTENCE: SENTENCE, "more": [{"a": SENTENCE}]}
HEADERS = {"host", "accept", "accept-encoding", "user-agent"}
KEY_HEADER = "x-api-key"
OWN = ("--contracts", "own", "--base-url", "{api}")
REPORTS = ("--html", "r.html", "--junit", "r.xml", "--github", "--export", "json=r.json")
VERBS_THAT_ASK = {
    "check": ("docsworn", "check", "kites", *OWN, "--history", "h.db", *REPORTS),
    "watch": ("docsworn", "watch", "kites", *OWN, "--once", "--history", "h.db"),
    "triage": ("docsworn", "triage", "kites", *OWN, "--page", "{docs}/kites"),
    "fuzz requests": ("docsworn", "fuzz", "requests", "kites", *OWN, "--max-requests", "8", "--store", "s"),
    "compat --live": ("docsworn", "compat", "kites@v1", "kites@v1", "--live", "kites@v1", *OWN),
    "derive": ("docsworn", "derive", "{docs}/kites", "--facts"),
    "pytest": (
        *("pytest", "-p", "no:schemathesis", "--docsworn-provider", "kites"),
        *(word.replace("--", "--docsworn-") for word in OWN),
    ),
}
ASKS_THE_PAGE = {"triage", "derive"}
# Says whom a process wants to reach, by name or number, and where it listens.
AUDIT = """
import os, sys
def told(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname"):
        address = arguments[0] if event.startswith("socket.get") else arguments[1]
        with open(os.environ["AUDIT_FILE"], "a") as file:
            file.write(f"{event} {address[0] if isinstance(address, tuple) else address}\\n")
sys.addaudithook(told)
"""
# Each table of the history, and what it says: a new column belongs into docs/security.md, or not into here.
STORED = {
    "meta": "key value",
    "migration": "name position",
    "streak": "host provider operation revision context promise length first_conversation several"
    " absences missed",
    "ledger": "host provider operation revision promise kept broken not_evaluable last_seen state",
    "spent": "subject at",
    "mark": "subject name value",
    "last": "subject name at told",
    "run": "id host provider operation revision at verdict available reason kept broken unseen not_evaluable"
    " kinds fits notes not_evaluable_promises crashes",
    "exchange": "run position case_id purpose started status failure total dns connect tls send wait receive",
    "finding": "id host provider operation revision fingerprint promise kind severity pointer documented"
    " observed document line case_id reason waived first_seen last_seen since count state",
    "finding_state": "finding at state",
    "profile": "host provider operation contract situation revision state",
}


@dataclass(slots=True)
class Site:
    """A server on loopback, and every request that it had: method, path and headers."""

    server: ThreadingHTTPServer
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.server.server_port}"


def serve(text: str, media: str) -> Site:
    """A site that answers everything with one text; where a key is wanted, only the right one is taken."""

    class Handler(BaseHTTPRequestHandler):
        """Answers, and remembers who asked."""

        def do_GET(self) -> None:
            """The text."""
            taken = media != "application/json" or self.headers.get(KEY_HEADER) == KEY
            self.send_response(200 if taken else 401)
            self.send_header("Content-Type", media)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_request(self, *_: object) -> None:
            """Of every method, also of those that get no answer."""
            headers = {name.lower(): value for name, value in self.headers.items()}
            site.requests.append((self.command, self.path, headers))

        def log_message(self, *_: object) -> None:
            """Nothing is logged."""

    site = Site(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
    Thread(target=site.server.serve_forever, daemon=True).start()
    return site


@dataclass(frozen=True, slots=True)
class House:
    """A folder with the pack of kites, their API, the site of their documentation, and what was seen."""

    folder: Path
    api: Site
    docs: Site

    def environ(self) -> dict[str, str]:
        """That of a user with a key and an id; every process tells whom it wants to reach."""
        home = {"HOME": str(self.folder), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
        keys = {"KITES_API_KEY": KEY, "KITES_IDS": IDENTIFIER}
        audit = {"PYTHONPATH": str(self.folder / "audit"), "AUDIT_FILE": str(self.folder / "audit/told")}
        return {**home, **keys, **audit, "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md")}

    def run(self, *words: str) -> str:
        """All that a command prints."""
        filled = [word.format(api=self.api.address, docs=self.docs.address) for word in words]
        done = subprocess.run(
            filled, cwd=self.folder, env=self.environ(), capture_output=True, text=True, timeout=120
        )
        return done.stdout + done.stderr

    def reached(self, event: str) -> set[str]:
        """Whom the processes so far have named in one sort of event."""
        lines = (self.folder / "audit/told").read_text().splitlines()
        return {line.partition(" ")[2] for line in lines if line.startswith(f"{event} ")}

    def left(self) -> Iterator[tuple[str, str]]:
        """Every file that is there now and was not given, with what it holds."""
        for file in self.folder.rglob("*"):
            if file.is_file() and "own" not in file.parts and "test_own.py" not in file.parts:
                yield str(file), file.read_bytes().decode("utf-8", "replace")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """The house, before anything is asked."""
    write_kites(tmp_path)
    (tmp_path / "kites.yaml").unlink()
    (tmp_path / "test_own.py").write_text(
        "def test_own(docsworn_provider):\n    docsworn_provider('kites').assert_kept()\n"
    )
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit/sitecustomize.py").write_text(AUDIT)
    (tmp_path / "audit/told").touch()
    sites = [serve(json.dumps(BODY), "application/json"), serve(PAGE, "text/yaml")]
    yield House(tmp_path, *sites)
    for site in sites:
        site.server.shutdown()
        site.server.server_close()


@pytest.mark.parametrize("verb", VERBS_THAT_ASK)
def test_what_is_sent_where_and_what_is_left_of_it(verb: str, house: House) -> None:
    """GETs to the API and the page alone, the key to the API alone; no key, id or word is printed or kept."""
    told = house.run(*VERBS_THAT_ASK[verb])
    assert told
    assert house.reached("socket.connect") <= {"127.0.0.1"}
    assert house.reached("socket.getaddrinfo") | house.reached("socket.gethostbyname") <= {"127.0.0.1"}
    assert bool(house.docs.requests) == (verb in ASKS_THE_PAGE)
    assert bool(house.api.requests) == (verb != "derive")
    for method, path, headers in house.docs.requests:
        assert (method, set(headers)) == ("GET", HEADERS)
        assert path in ("/kites", "/kites.md")
    for method, _, headers in house.api.requests:
        assert method == "GET"
        assert set(headers) >= HEADERS
        assert verb == "fuzz requests" or set(headers) <= {*HEADERS, KEY_HEADER}  # fuzz draws some more
    if verb != "derive":
        assert KEY in {headers.get(KEY_HEADER) for _, _, headers in house.api.requests}
        assert any(IDENTIFIER in path for _, path, _ in house.api.requests)
    texts = [("output", told), *house.left()]
    for secret in (KEY, IDENTIFIER, SENTENCE):
        assert [name for name, text in texts if secret in text] == []


def test_a_dry_run_prints_what_is_sent_and_sends_nothing(house: House) -> None:
    """As many requests as the run that follows, to the same address, with the names of key and id."""
    printed = house.run("docsworn", "check", "kites", *OWN, "--dry-run").splitlines()
    assert (house.reached("socket.connect"), house.api.requests) == (set(), [])
    house.run("docsworn", "check", "kites", *OWN)
    assert len(printed) == len(house.api.requests) > 0
    assert all(f"GET {house.api.address}/kites/" in line for line in printed)
    assert "$KITES_IDS[1]" in printed[0]
    assert "(x-api-key: $KITES_API_KEY)" in printed[0]


def test_servers_listen_on_loopback(house: House) -> None:
    """The emulator, where nobody says otherwise; that of watch has the address in its help."""
    command = ["docsworn", "emulate", "kites", "--contracts", "own", "--port", "0"]
    with subprocess.Popen(command, cwd=house.folder, env=house.environ(), stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert house.reached("socket.bind") == {"127.0.0.1"}
    assert "127.0.0.1:9808" in house.run("docsworn", "watch", "--help")


def _options(command: Any, none: Any = None) -> Iterator[str]:
    for param in command.params:
        yield from (*param.opts, *param.secondary_opts)
    if isinstance(command, TyperGroup):
        for name in command.list_commands(none):
            yield from _options(command.get_command(none, name))


def test_no_option_takes_a_key_or_an_id() -> None:
    """What is on a command line can be read by everybody on the machine."""
    commands = (get_command(import_module(f"docsworn.cli.{verb}").app) for verb in VERBS)
    options = {option for command in commands for option in _options(command)}
    assert "--base-url" in options
    assert [option for option in options if re.search("key|token|secret|password|auth|-ids?$", option)] == []


def test_the_history_has_the_columns_that_the_page_tells_of(tmp_path: Path) -> None:
    """No column for a body, an id, a key, a path or a header."""
    History(tmp_path / "h.db").close()
    with closing(sqlite3.connect(tmp_path / "h.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        columns = {
            table: " ".join(row[1] for row in database.execute(f"PRAGMA table_info({table})"))
            for table in tables
            if not table.startswith("sqlite_")
        }
    assert columns == STORED

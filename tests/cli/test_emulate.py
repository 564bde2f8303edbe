"""`docsworn emulate` as a new user tries it, from an empty folder, with bad input too."""

from __future__ import annotations

import json
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import Docsworn

DOCUMENT = """\
{"openapi": "3.1.0", "info": {"title": "a", "version": "1"},
 "paths": {"/things/{id}": {"get": {
   "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
   "responses": {"200": {"description": "", "content": {"application/json": {"schema": {
      "type": "object", "properties": {"id": {"type": "string"}, "size": {"type": "integer"}}}}}}}}}}}
"""


@contextmanager
def emulating(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The command as a process, with what it says at its start; it must end with 0 after SIGTERM."""
    process = subprocess.Popen(
        [sys.executable, "-m", "docsworn", "emulate", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        lines = [process.stderr.readline()]
        if "--tls" in arguments:
            lines.append(process.stderr.readline())
        try:
            yield process, lines
            process.terminate()
            assert process.wait(5) == 0
        finally:
            process.kill()


def url_in(line: str) -> str:
    """The address in a line."""
    found = re.search(r"https?://[\d.]+:\d+", line)
    assert found is not None
    return found[0]


def test_all_providers_without_a_word() -> None:
    """Named none, it serves all that there are."""
    with emulating() as (_, (first, *_rest)):
        assert first.startswith("emulating on http://127.0.0.1:")
        listed = httpx.get(f"{url_in(first)}/__docsworn/").json()["providers"]
    assert listed.keys() == {"elevenlabs", "speechify", "tavus"}


def test_tls_and_where_its_certificate_is(empty_folder: Path) -> None:
    """HTTPS beside HTTP, trusted by the file that was asked for."""
    with emulating("tavus", "--tls", "--tls-port", "0", "--ca-out", "ca.crt") as (_, lines):
        trust = ssl.create_default_context(cafile=str(empty_folder / "ca.crt"))
        answer = httpx.get(f"{url_in(lines[1])}/__docsworn/", verify=trust)
        assert answer.status_code == 200
    assert "for clients that trust ca.crt" in lines[1]


def test_a_document_of_ones_own(empty_folder: Path) -> None:
    """No pack is needed."""
    (empty_folder / "things.json").write_text(DOCUMENT)
    with emulating("--openapi", "things.json") as (_, (first, *_rest)):
        assert httpx.get(f"{url_in(first)}/things/sample-1").json()["id"] == "sample-1"
        assert httpx.get(f"{url_in(first)}/__docsworn/").json()["providers"].keys() == {"things"}


def test_listing_drifts(docsworn: Docsworn) -> None:
    """One line each, an id and words; as JSON for programs."""
    ended = docsworn("emulate", "--list-drifts", "elevenlabs")
    lines = ended.out.splitlines()
    assert (ended.code, ended.err) == (0, "")
    assert len(lines) > 1000
    assert "get_conversation:/transcript/*/role:enum  a value that nobody has heard of" in lines
    assert all(re.fullmatch(r"get_conversation:\S*:[a-z\-]+(=\S+)?  \S.*", line) for line in lines)
    told = json.loads(docsworn("emulate", "--list-drifts", "--json", "tavus@v2-replica").out)
    assert told.keys() == {"tavus"}
    assert {"id", "kind", "pointer", "purpose", "words", "shown"} == told["tavus"][0].keys()
    every = docsworn("emulate", "--list-drifts", "speechify", "tavus").out.splitlines()
    assert {line.split()[0] for line in every} == {"speechify", "tavus"}


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("tavis",), 2, 'unknown provider "tavis": did you mean "tavus"?'),
        (("tavus@v9",), 2, 'unknown revision of tavus "v9"'),
        (("--port", "70000"), 2, "Invalid value for '--port'"),
        (("--port", "http"), 2, "Invalid value for '--port': Input should be a valid integer"),
        (("--seed", "x"), 2, "Invalid value for '--seed': Input should be a valid integer"),
        (("--openapi", "nowhere.yaml"), 2, "nowhere.yaml: cannot be read: no such file or directory"),
        (("--openapi", "."), 2, "cannot be read: is a directory"),
        (("--contracts", "nowhere"), 2, "nowhere: no such folder of contracts"),
        (("--ca-out", "ca.crt"), 2, "--ca-out goes with --tls"),
        (("--tls", "--ca-out", "nowhere/ca.crt"), 2, "nowhere/ca.crt: cannot be written: No such file"),
        (("--json",), 2, "--json goes with --list-drifts"),
        (("--fault", "500"), 2, "No such option"),
    ],
)
def test_bad_input(docsworn: Docsworn, arguments: tuple[str, ...], code: int, sentence: str) -> None:
    """A sentence on stderr and exit code 2, and no traceback."""
    ended = docsworn("emulate", *arguments)
    assert (ended.code, ended.out) == (code, "")
    assert sentence in ended.err
    assert "Traceback" not in ended.err


def test_a_document_that_is_none(docsworn: Docsworn, empty_folder: Path) -> None:
    """A contract that is not valid is exit code 3."""
    (empty_folder / "old.yaml").write_text('openapi: "3.0.1"\npaths: {}\n')
    ended = docsworn("emulate", "--openapi", "old.yaml")
    assert (ended.code, ended.err) == (3, "docsworn: old.yaml: is OpenAPI 3.0.1, and only 3.1 is read\n")


def test_a_port_that_is_taken(docsworn: Docsworn) -> None:
    """The second one says so."""
    with emulating("tavus") as (_, (first, *_rest)):
        port = url_in(first).rpartition(":")[2]
        ended = docsworn("emulate", "tavus", "--port", port)
    assert (ended.code, f"cannot listen on 127.0.0.1:{port}: the port is taken" in ended.err) == (2, True)

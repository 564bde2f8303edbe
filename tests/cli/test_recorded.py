"""``docsworn check --recorded``: NDJSON of responses or bodies is checked without any network."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from docsworn.emulate.server import Emulator
from tests.cli.conftest import Docsworn


@pytest.fixture
def body(emulator: Emulator) -> dict[str, Any]:
    """A good body of Speechify."""
    path = emulator.conversations("speechify")[0].path
    found: dict[str, Any] = httpx.get(emulator.base_url + path, headers={"Authorization": "Bearer x"}).json()
    return found


def check(docsworn: Docsworn, folder: Path, *lines: str) -> tuple[int, dict[str, Any]]:
    """Check these lines as Speechify's responses; the exit code and the run."""
    file = folder / "recorded.ndjson"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ended = docsworn("check", "speechify", "--recorded", str(file), "--json")
    assert ended.err == ""
    return ended.code, json.loads(ended.out)["runs"][0]


def test_bodies_and_responses_are_checked(docsworn: Docsworn, tmp_path: Path, body: dict[str, Any]) -> None:
    """A bare body is that of a 200; a response has its own status, headers, query and id."""
    response = {
        "status": 200,
        "headers": {"content-type": "application/json"},
        "query": {},
        "id": body["id"],
        "body": body,
    }
    raw = {"status": 200, "body": json.dumps(body)}
    code, run = check(docsworn, tmp_path, json.dumps(body), "", json.dumps(response), json.dumps(raw))
    assert (code, run["verdict"], run["exchanges"]) == (0, "kept", 3)
    assert run["promises"]["kept"] > 40


def test_what_is_broken_is_found_with_its_line(
    docsworn: Docsworn, tmp_path: Path, body: dict[str, Any]
) -> None:
    """Broken bodies, wrong ids, undocumented statuses and text that is no JSON are findings of their case."""
    wrong_id = {"status": 200, "id": "conv_another", "body": body}
    teapot = {"status": 418, "body": {}}
    code, run = check(
        docsworn,
        tmp_path,
        json.dumps({**body, "duration_ms": "long"}),
        json.dumps(wrong_id),
        json.dumps(teapot),
        "{not json",
        '{"id": NaN}',
    )
    assert code == 1
    found = {(f["case"].rsplit("/", 1)[-1], f["kind"], f["pointer"]) for f in run["findings"]}
    assert found >= {
        ("1", "type", "/duration_ms"),
        ("2", "identity", "/id"),
        ("3", "status", ""),
        ("4", "unparseable", ""),
    }


def test_standard_input_is_a_file_too(
    docsworn: Docsworn, monkeypatch: pytest.MonkeyPatch, body: dict[str, Any]
) -> None:
    """--recorded - reads from a pipe."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(body).encode())))
    assert docsworn("check", "speechify", "--recorded", "-").code == 0


def test_a_file_without_lines_is_refused(docsworn: Docsworn, tmp_path: Path) -> None:
    """An empty recording checks nothing, and says so."""
    (tmp_path / "empty.ndjson").write_text("\n \n", encoding="utf-8")
    ended = docsworn("check", "speechify", "--recorded", str(tmp_path / "empty.ndjson"))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "docsworn: empty.ndjson: is empty: one JSON response or body a line is expected\n"


def test_a_response_that_is_laid_out_wrongly_names_its_line(docsworn: Docsworn, tmp_path: Path) -> None:
    """Headers and query are objects of strings."""
    (tmp_path / "x.ndjson").write_text('{"status": 200, "body": {}, "query": [1]}\n', encoding="utf-8")
    ended = docsworn("check", "speechify", "--recorded", str(tmp_path / "x.ndjson"))
    assert (ended.code, ended.err) == (2, "docsworn: x.ndjson:1: query must be an object of strings\n")


def test_what_rests_on_an_unknown_request_is_not_evaluable(docsworn: Docsworn, tmp_path: Path) -> None:
    """A bare body may have been asked for with verbose=true or without: nothing is made of it."""
    (tmp_path / "x.ndjson").write_text('{"conversation_id": "c1", "events": []}\n', encoding="utf-8")
    arguments = ("check", "tavus", "--recorded", str(tmp_path / "x.ndjson"), "--json", "--only", "invariants")
    (run,) = json.loads(docsworn(*arguments).out)["runs"]
    assert run["findings"] == []
    told = {"status": 200, "query": {}, "body": {"conversation_id": "c1", "events": []}}
    (tmp_path / "x.ndjson").write_text(json.dumps(told), encoding="utf-8")
    (run,) = json.loads(docsworn(*arguments).out)["runs"]
    assert [finding["pointer"] for finding in run["findings"]] == ["/events"]


def test_the_report_says_which_revision_is_served(
    docsworn: Docsworn, emulator: Emulator, tmp_path: Path
) -> None:
    """Every response is held against all revisions: the share of promises that each keeps, best first."""
    path = emulator.conversations("tavus")[0].path
    body = httpx.get(emulator.base_url + path, headers={"x-api-key": "x"}).json()
    file = tmp_path / "recorded.ndjson"
    file.write_text(json.dumps(body) + "\n", encoding="utf-8")
    told = {}
    for revision in ("v2-face", "v2-replica"):
        arguments = ("check", f"tavus@{revision}", "--recorded", str(file), "--fail-on", "never")
        (run,) = json.loads(docsworn(*arguments, "--json").out)["runs"]
        assert list(run["serving"]) == ["v2-face", "v2-replica"]
        assert run["serving"]["v2-face"] == 1 > run["serving"]["v2-replica"]
        told[revision] = docsworn(*arguments).out
    assert "the responses are those of v2-face: v2-face 100%, v2-replica " in told["v2-face"]
    assert "another revision than v2-replica fits the responses better: v2-face 100%" in told["v2-replica"]

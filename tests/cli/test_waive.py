"""`docsworn waive`, and what it does to the runs that follow."""

from __future__ import annotations

import json
import shlex
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from docsworn.emulate.server import Emulator
from tests.cli.conftest import Docsworn, Ended

PROMISE = "get_conversation.200:/end_reason#enum"
WAIVE = ("waive", "speechify", PROMISE, "--pointer", "/end_reason", "--reason", "told them")
FILE = Path("contracts/waivers.yaml")
TODAY = datetime.now(UTC).date()


@pytest.fixture
def check(docsworn: Docsworn, emulator: Emulator) -> Any:
    """``check(reason)`` holds a good body with this end reason to the contract, and remembers it."""
    path = emulator.conversations("speechify")[0].path
    body = httpx.get(emulator.base_url + path, headers={"Authorization": "Bearer x"}).json()

    def call(reason: str, *options: str) -> Ended:
        Path("one.ndjson").write_text(json.dumps({**body, "end_reason": reason}) + "\n")
        said = ("check", "speechify", "--recorded", "one.ndjson", "--history", "h.db", "--fail-on", "new")
        return docsworn(*said, *options)

    call.good = body["end_reason"]  # type: ignore[attr-defined]
    return call


def test_the_life_of_a_finding_with_a_waiver(check: Any, docsworn: Docsworn) -> None:
    """New, open, fixed and back; the command that is shown waives it; after the last day it is back."""
    told = [check(reason) for reason in ("escalated", "escalated", check.good, "escalated")]
    assert [ended.code for ended in told] == [1, 0, 0, 1]
    assert [ended.out.split("\n\n")[1][:5] for ended in told] == ["NEW e", "OPEN ", "FIXED", "NEW A"]
    (line,) = (line for line in told[3].out.splitlines() if line.startswith("  waive "))
    assert docsworn(*shlex.split(line)[2:]).code == 0
    waived = check("escalated", "--fail-on", "warning")
    assert (waived.code, "waived enum /end_reason" in waived.out) == (0, True)
    mended = check(check.good)
    assert "FIXED" in mended.out
    assert "its waiver can go" in mended.out
    assert "1 fixed" in mended.out.splitlines()[-1]
    check("escalated")
    text = FILE.read_text()
    FILE.write_text(text.replace(str(TODAY + timedelta(days=30)), str(TODAY - timedelta(days=1))))
    over = check("escalated")
    assert (over.code, "NEW AGAIN" in over.out) == (1, True)
    assert f"the waiver of {PROMISE} ended on {TODAY - timedelta(days=1)}" in over.out
    assert check("escalated").code == 0


def test_it_says_where_and_until_when(docsworn: Docsworn) -> None:
    """Thirty days where nobody says how long; said again, the line has the new day and reason."""
    first = docsworn(*WAIVE)
    last = TODAY + timedelta(days=30)
    assert first.out == f"{FILE}: speechify {PROMISE} at /end_reason is waived until {last}\n"
    assert docsworn(*WAIVE, "--until", "2999-12-31").code == 0
    (_, line) = FILE.read_text().splitlines()
    assert line.endswith("until: 2999-12-31}")


def test_packs_of_ones_own_have_their_waivers_beside_them(docsworn: Docsworn, tmp_path: Path) -> None:
    """--contracts names the folder."""
    assert docsworn(*WAIVE, "--contracts", str(tmp_path)).code == 2  # holds no pack
    (tmp_path / "waivers.yaml").write_text("")
    assert docsworn(*WAIVE, "--contracts", str(tmp_path)).code == 0
    assert PROMISE in (tmp_path / "waivers.yaml").read_text()
    assert not FILE.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("waive", "spechify", PROMISE, "--reason", "why"), 'did you mean "speechify"'),
        (("waive", "speechify", f"{PROMISE}s", "--reason", "why"), f'did you mean "{PROMISE}"'),
        (WAIVE[:5], "--reason"),
        ((*WAIVE, "--reason", "  x "), "--reason says in one line why"),
        ((*WAIVE, "--reason", "two\nlines"), "--reason says in one line why"),
        ((*WAIVE, "--until", "31.12.2999"), "--until takes a day as 2"),
        ((*WAIVE, "--until", "2020-01-01"), "--until 2020-01-01 is past"),
        ((*WAIVE, "--pointer", "end"), "--pointer: a JSON pointer begins with /"),
    ],
)
def test_a_mistake_writes_nothing(docsworn: Docsworn, options: tuple[str, ...], said: str) -> None:
    """A promise that is not there, no reason, a day that is past: exit code 2 and a sentence."""
    ended = docsworn(*options)
    assert (ended.code, said in ended.err) == (2, True), ended.err
    assert not FILE.parent.exists()


def test_a_waiver_of_nothing_fails_the_check_of_packs(docsworn: Docsworn) -> None:
    """`contract check`, and so the hook, reads the waivers too."""
    assert docsworn(*WAIVE).code == 0
    assert docsworn("contract", "check").code == 0
    FILE.write_text(FILE.read_text().replace("#enum", "#enumm"))
    ended = docsworn("contract", "check")
    assert (ended.code, f'did you mean "{PROMISE}"' in ended.out) == (2, True), ended.out


def test_what_cannot_be_written_is_said(docsworn: Docsworn) -> None:
    """A file in the place of the folder, and a folder in the place of the file."""
    Path("contracts").write_text("")
    ended = docsworn(*WAIVE)
    assert (ended.code, ended.err) == (2, "docsworn: contracts: cannot be made: File exists\n")
    Path("contracts").unlink()
    FILE.mkdir(parents=True)
    ended = docsworn(*WAIVE)
    assert (ended.code, ended.err) == (
        2,
        "docsworn: contracts/waivers.yaml: cannot be read: Is a directory\n",
    )

"""``docsworn triage``: each of the six situations, with its facts and how sure it is."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from tests.cli.conftest import Docsworn
from tests.cli.kites import GOOD, record, write_kites, write_page
from tests.cli.test_derive import PAGES, needs_pages
from tests.derive.site import serving

SIZE_IS_TEXT = ("size: {type: number}", "size: {type: string}")
BIG = {**GOOD, "size": "big"}


class Triage:
    """Runs the verb on the made-up provider."""

    def __init__(self, docsworn: Docsworn, folder: Path) -> None:
        self._docsworn, self._folder = docsworn, folder
        self._contracts = write_kites(folder)

    def __call__(
        self, *bodies: object, changes: tuple[tuple[str, str], ...] = (), **more: Any
    ) -> dict[str, Any]:
        """The triage as data; its text and exit code agree with it."""
        page = write_page(self._folder, *changes) if changes else self._folder / "kites.yaml"
        extra = [part for name, value in more.items() for part in (f"--{name}", str(value))]
        ended = self._docsworn(
            "triage", "kites", "--contracts", str(self._contracts), "--page", str(page),
            "--recorded", str(record(self._folder, *bodies)), "--json", *extra,
        )  # fmt: skip
        data: dict[str, Any] = json.loads(ended.out)
        assert ended.code == (0 if data["situation"] == "all agree" else 1)
        return data


@pytest.fixture
def triage(docsworn: Docsworn, tmp_path: Path) -> Triage:
    """The verb, with the made-up provider's pack."""
    return Triage(docsworn, tmp_path)


def named(data: dict[str, Any]) -> list[tuple[str, str, str | None]]:
    """Situation, confidence and place of each fact."""
    return [(fact["situation"], fact["confidence"], fact["pointer"]) for fact in data["facts"]]


def test_all_agree(triage: Triage) -> None:
    """Nothing has moved; without a good answer that is only half known."""
    agreed = triage(GOOD)
    assert (agreed["situation"], agreed["confidence"], agreed["facts"]) == ("all agree", "high", [])
    unseen = triage({"status": 404, "body": ""})
    assert (unseen["situation"], unseen["confidence"]) == ("all agree", "low")


def test_announced(triage: Triage) -> None:
    """The documentation has moved; live keeps the contract."""
    sure = triage(GOOD, changes=(SIZE_IS_TEXT,))
    assert (sure["situation"], named(sure)) == ("announced", [("announced", "high", "/size")])
    assert sure["facts"][0]["documentation"] == "types: number -> string"
    assert sure["facts"][0]["line"] == 20
    unsure = triage(GOOD, changes=(("wild]", "wild, lost]"),))
    assert named(unsure) == [("announced", "medium", "/mood")]


def test_documented_change(triage: Triage) -> None:
    """Both have moved to the same place: take the new revision."""
    moved = triage(BIG, changes=(SIZE_IS_TEXT,))
    assert (moved["situation"], named(moved)) == (
        "documented change",
        [("documented change", "high", "/size")],
    )
    assert "take the new revision" in moved["advice"]
    tail = (
        "mood: {",
        "tail: {type: object, properties: {length: {type: number}}}\n                  mood: {",
    )
    grown = triage({**GOOD, "tail": {"length": 2}}, changes=(tail,))
    assert named(grown) == [
        ("documented change", "high", "/tail"), ("documented change", "high", "/tail/length"),
    ]  # fmt: skip


def test_silent_change(triage: Triage, tmp_path: Path) -> None:
    """Live has moved alone; history makes it sure."""
    assert named(triage(BIG)) == [("silent change", "low", "/size")]
    assert "no history" in triage(BIG)["why"]
    history = tmp_path / "history.sqlite"
    assert triage(GOOD, GOOD, history=history)["situation"] == "all agree"
    moved = triage(BIG, history=history)
    assert (moved["situation"], moved["confidence"]) == ("silent change", "high")
    assert moved["why"] == "live kept this 2 times before"
    assert moved["facts"][0]["live"].startswith("type: ")
    assert "big" not in json.dumps(moved)


def test_documentation_wrong(triage: Triage, tmp_path: Path) -> None:
    """Live never matched, as earlier rounds tell."""
    history = tmp_path / "history.sqlite"
    triage(BIG, BIG, history=history)
    wrong = triage(BIG, history=history)
    assert (wrong["situation"], wrong["confidence"]) == ("documentation wrong", "high")
    assert wrong["why"] == "live broke this 2 times before and never kept it"


def test_live_moved_elsewhere_than_the_page(triage: Triage) -> None:
    """A place where live keeps neither side is no documented change; each fact has its own situation."""
    elsewhere = triage(
        {**GOOD, "size": None, "mood": "lost"}, changes=(SIZE_IS_TEXT, ("wild]", "wild, lost]"))
    )
    assert elsewhere["situation"] == "changed apart"
    assert elsewhere["advice"] == "both have changed, differently: tell the provider"
    assert named(elsewhere) == [("changed apart", "low", "/size"), ("documented change", "high", "/mood")]


def test_no_longer_documented(triage: Triage) -> None:
    """A field that left the page: announced while live still sends it."""
    mood = ("\n                  mood: {type: string, enum: [calm, wild]}", "")
    assert named(triage(GOOD, changes=(mood,))) == [("announced", "high", "/mood")]
    assert named(triage({"id": "k1", "size": 1}, changes=(mood,))) == [("announced", "medium", "/mood")]


def test_people_read_it_too(docsworn: Docsworn, tmp_path: Path) -> None:
    """Situation, advice, and per fact what the documentation and live say; no value of a body."""
    contracts = write_kites(tmp_path)
    ended = docsworn(
        "triage", "kites", "--contracts", str(contracts), "--page", str(tmp_path / "kites.yaml"),
        "--recorded", str(record(tmp_path, BIG)),
    )  # fmt: skip
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "kites@v1: silent change (confidence low: no history: live may never have been otherwise)",
        "  live has changed, the documentation has not: tell the provider",
        "  silent change, low: 200 /size",
        "    documentation  unchanged: number (line 20)",
        "    live           type: string; no history: live may never have been otherwise",
    ]


def test_the_address_of_the_recipe_is_read(docsworn: Docsworn, tmp_path: Path) -> None:
    """Without --page the page is fetched from where the recipe says; without an address that is said."""
    recorded = ("--recorded", str(record(tmp_path, GOOD)))
    with serving() as site:
        contracts = write_kites(tmp_path, f"{site.url}/kites.yaml")
        site.put("/kites.yaml", (tmp_path / "kites.yaml").read_bytes(), "application/yaml")
        ended = docsworn("triage", "kites", "--contracts", str(contracts), *recorded)
    assert (ended.code, site.asked) == (0, ["/kites.yaml"])
    bare = docsworn("triage", "tavus", *recorded)
    assert (bare.code, bare.out) == (2, "")
    assert "names no address of its page: give --page FILE or URL" in bare.err


def test_options_that_exclude_each_other(docsworn: Docsworn, tmp_path: Path) -> None:
    """Recorded answers are not live ones."""
    contracts = write_kites(tmp_path)
    ended = docsworn(
        "triage", "kites", "--contracts", str(contracts), "--page", str(tmp_path / "kites.yaml"),
        "--recorded", str(record(tmp_path, GOOD)), "--emulator",
    )  # fmt: skip
    assert (ended.code, ended.out) == (2, "")


@needs_pages
@pytest.mark.parametrize(
    ("provider", "page"),
    [
        ("tavus", "tavus-get-conversation.newer.page.txt"),
        ("speechify", "speechify-get-conversation.page.txt"),
        ("elevenlabs", "elevenlabs-get-conversation.md"),
    ],
)
def test_the_emulator_agrees_with_its_page(docsworn: Docsworn, provider: str, page: str) -> None:
    """Documentation, contract and emulator of the three providers agree."""
    ended = docsworn("triage", provider, "--emulator", "--page", str(PAGES / page))
    assert (ended.code, ended.out.splitlines()[0].partition(" (")[0].partition(": ")[2]) == (0, "all agree")


@needs_pages
@pytest.mark.usefixtures("keys")
def test_a_drift_of_live_is_silent(docsworn: Docsworn, emulator: Emulator, tmp_path: Path) -> None:
    """Rounds over HTTP, first kept and then drifting, are a silent change that history makes sure."""
    page = str(PAGES / "speechify-get-conversation.page.txt")
    where = ("--base-url", emulator.base_url, "--history", str(tmp_path / "history.sqlite"), "--page", page)
    assert docsworn("triage", "speechify", *where).code == 0
    emulator.drift("speechify", Drift("retype", "/duration_ms", "string"))
    try:
        ended = docsworn("triage", "speechify", *where, "--json")
    finally:
        emulator.drift("speechify", None)
    data = json.loads(ended.out)
    assert (data["situation"], data["confidence"]) == ("silent change", "high")
    assert "/duration_ms" in [fact["pointer"] for fact in data["facts"]]


def test_nothing_reached_is_exit_4(
    docsworn: Docsworn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where live does not answer there is no situation to name."""
    monkeypatch.setenv("KITES_API_KEY", "sk-a-good-key")
    monkeypatch.setenv("KITES_IDS", "k1")
    contracts = write_kites(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    ended = docsworn(
        "triage", "kites", "--contracts", str(contracts), "--page", str(tmp_path / "kites.yaml"),
        "--base-url", f"http://127.0.0.1:{port}",
    )  # fmt: skip
    assert (ended.code, ended.out) == (4, "")

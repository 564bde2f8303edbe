"""``docsworn check`` against the emulator, from an empty folder, with good and bad input."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import junitparser
import pytest

from docsworn.contract.packs import load_contract, load_provider, pack_roots
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from tests.cli.conftest import PROVIDERS, Docsworn

FINDING_KEYS = {
    "promise", "kind", "severity", "pointer", "documented", "observed", "source", "case", "fingerprint",
}  # fmt: skip


@pytest.fixture
def closed_port() -> int:
    """A port on loopback where nobody listens."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.mark.usefixtures("keys")
def test_all_three_keep_their_contracts(docsworn: Docsworn, emulator: Emulator) -> None:
    """With keys and ids in the environment, every provider is asked and keeps its contract."""
    ended = docsworn("check", *PROVIDERS, "--base-url", emulator.base_url, "--json")
    assert (ended.code, ended.err) == (0, "")
    data = json.loads(ended.out)
    assert data["schema"] == 1
    assert [run["provider"] for run in data["runs"]] == list(PROVIDERS)
    for run in data["runs"]:
        assert run["verdict"] == "kept"
        assert run["operation"] == "get_conversation"
        assert run["exchanges"] > 5
        assert set(run["promises"]) == {"kept", "broken", "unseen", "not_evaluable"}
        assert run["promises"]["kept"] > 40
        assert run["promises"]["broken"] == 0
        assert run["findings"] == []


def test_the_emulator_option_needs_no_keys(docsworn: Docsworn) -> None:
    """--emulator starts the embedded emulator and checks every provider on it."""
    ended = docsworn("check", "--emulator")
    assert (ended.code, ended.err) == (0, "")
    assert "3 operations: 3 kept, 0 broken, 0 unseen; 0 errors, 0 warnings" in ended.out


@pytest.mark.usefixtures("keys")
def test_tavus_is_read_with_and_without_verbose(docsworn: Docsworn, emulator: Emulator) -> None:
    """--dry-run prints every request, sends none and shows neither key nor id."""
    ended = docsworn("check", "tavus", "--base-url", emulator.base_url, "--dry-run")
    assert ended.code == 0
    url = f"GET {emulator.base_url}/v2/conversations/$TAVUS_CONVERSATION_IDS[1]"
    assert f"{url}  (x-api-key: $TAVUS_API_KEY)" in ended.out
    assert f"{url}?verbose=true  (x-api-key: $TAVUS_API_KEY)" in ended.out
    assert "(no x-api-key)" in ended.out
    assert "sk-a-good-key" not in ended.out
    assert not any(identifier in ended.out for identifier in emulator.ids("tavus"))


@pytest.mark.usefixtures("keys")
def test_a_finding_has_every_part(docsworn: Docsworn, emulator: Emulator) -> None:
    """A drifted response is a finding with place, document line, shape and fingerprint; exit 1."""
    emulator.drift("elevenlabs", Drift("set", pointer="/status", value="a private sentence"))
    try:
        ended = docsworn("check", "elevenlabs", "--base-url", emulator.base_url, "--json")
    finally:
        emulator.drift("elevenlabs", None)
    assert ended.code == 1
    (run,) = json.loads(ended.out)["runs"]
    assert run["verdict"] == "broken"
    (finding,) = run["findings"]
    assert set(finding) >= FINDING_KEYS
    assert (finding["pointer"], finding["kind"], finding["severity"]) == ("/status", "enum", "error")
    assert finding["source"] == {"document": "elevenlabs-get-conversation.md", "line": 51}
    assert finding["observed"] == "string of 18 characters"
    assert "private" not in ended.out
    assert len(finding["fingerprint"]) == 16


def test_a_named_provider_without_a_key_is_an_error(docsworn: Docsworn) -> None:
    """Who names a provider wants it checked: no key is exit 2 and says which variable to set."""
    ended = docsworn("check", "tavus")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.splitlines() == [
        "docsworn: tavus: no key: set TAVUS_API_KEY or TAVUS_API_KEY_FILE",
        "docsworn: or use --allow-skip to go on without, --emulator to need none",
    ]


def test_providers_without_keys_are_skipped_and_named(
    docsworn: Docsworn, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without names those with a key are checked and the others are named on stderr."""
    monkeypatch.setenv("TAVUS_API_KEY", "sk-good")
    monkeypatch.setenv("TAVUS_CONVERSATION_IDS", emulator.ids("tavus")[0])
    ended = docsworn("check", "--base-url", emulator.base_url, "--json")
    assert ended.code == 0
    assert [run["provider"] for run in json.loads(ended.out)["runs"]] == ["tavus"]
    assert ended.err.splitlines() == [
        "skipped elevenlabs: no key: set ELEVENLABS_API_KEY or ELEVENLABS_API_KEY_FILE",
        "skipped speechify: no key: set SPEECHIFY_API_KEY or SPEECHIFY_API_KEY_FILE",
    ]
    allowed = docsworn("check", "tavus", "speechify", "--allow-skip", "--base-url", emulator.base_url)
    assert allowed.code == 0
    assert "skipped speechify" in allowed.err


def test_allow_skip_allows_to_skip_all(docsworn: Docsworn) -> None:
    """A fork without secrets stays green, and is told that nothing was checked."""
    ended = docsworn("check", "tavus", "--allow-skip", "--json")
    assert (ended.code, json.loads(ended.out)["runs"]) == (0, [])
    assert ended.err == "skipped tavus: no key: set TAVUS_API_KEY or TAVUS_API_KEY_FILE\n"


def test_no_key_at_all_checks_nothing_and_says_so(docsworn: Docsworn) -> None:
    """A run that could check nothing is not a success."""
    ended = docsworn("check")
    assert ended.code == 2
    assert ended.err.splitlines()[-1] == (
        "docsworn: no provider has a key: nothing was checked (--emulator needs none)"
    )


def test_a_key_may_come_from_a_file(
    docsworn: Docsworn, emulator: Emulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TAVUS_API_KEY_FILE names a file that holds the key."""
    (tmp_path / "key").write_text("sk-good\n", encoding="utf-8")
    monkeypatch.setenv("TAVUS_API_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("TAVUS_CONVERSATION_IDS", emulator.ids("tavus")[0])
    assert docsworn("check", "tavus", "--base-url", emulator.base_url).code == 0


def test_without_ids_only_the_error_contract_is_checked(
    docsworn: Docsworn, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says so, and no good request is sent."""
    monkeypatch.setenv("SPEECHIFY_API_KEY", "sk-good")
    ended = docsworn("check", "speechify", "--base-url", emulator.base_url)
    assert ended.code == 0
    assert (
        "SPEECHIFY_CONVERSATION_IDS names no conversation: only the error contract was checked" in ended.out
    )


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_key_that_no_longer_works_is_its_own_finding(
    docsworn: Docsworn, emulator: Emulator, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A key that is refused on a good request is told apart from a broken contract: reason auth."""
    monkeypatch.setenv(f"{name.upper()}_API_KEY", "invalid-by-now")
    monkeypatch.setenv(f"{name.upper()}_CONVERSATION_IDS", ",".join(emulator.ids(name)))
    ended = docsworn("check", name, "--base-url", emulator.base_url, "--json")
    assert ended.code == 1
    (run,) = json.loads(ended.out)["runs"]
    assert [(f["kind"], f["reason"], f["severity"]) for f in run["findings"]] == [("status", "auth", "error")]
    assert "invalid-by-now" not in ended.out


def test_all_unreachable_is_exit_4_and_some_exit_1(
    docsworn: Docsworn, emulator: Emulator, closed_port: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing reached is exit 4; one of two unreachable is a finding."""
    monkeypatch.setenv("TAVUS_API_KEY", "sk-good")
    monkeypatch.setenv("SPEECHIFY_API_KEY", "sk-good")
    monkeypatch.setenv("TAVUS_CONVERSATION_IDS", emulator.ids("tavus")[0])
    monkeypatch.setenv("SPEECHIFY_CONVERSATION_IDS", emulator.ids("speechify")[0])
    ended = docsworn("check", "tavus", "--base-url", f"http://127.0.0.1:{closed_port}")
    assert ended.code == 4
    assert ended.err == "docsworn: nothing could be reached: tavus\n"
    assert "unreachable" in ended.out

    own = copy_packs(tmp_path, {"tavus": f"http://127.0.0.1:{closed_port}", "speechify": emulator.base_url})
    some = docsworn("check", "tavus", "speechify", "--contracts", str(own), "--json")
    assert some.code == 1
    verdicts = {run["provider"]: run["verdict"] for run in json.loads(some.out)["runs"]}
    assert verdicts == {"tavus": "broken", "speechify": "kept"}


def copy_packs(folder: Path, urls: dict[str, str]) -> Path:
    """Packs of one's own: the bundled ones with other base URLs."""

    own = folder / "own"
    for name, url in urls.items():
        provider = load_provider(name, pack_roots())
        shutil.copytree(provider.directory, own / name)
        settings = own / name / "provider.yaml"
        text = settings.read_text(encoding="utf-8").replace(provider.settings.base_url, url)
        settings.write_text(text, encoding="utf-8")
    return own


def test_reports_are_written_in_the_same_run(docsworn: Docsworn, tmp_path: Path) -> None:
    """--junit and --export write files beside what is printed."""
    junit, html = tmp_path / "junit.xml", tmp_path / "report.html"
    ended = docsworn("check", "tavus", "--emulator", "--junit", str(junit), "--export", f"html={html}")
    assert ended.code == 0
    assert junitparser.JUnitXml.fromfile(str(junit)).tests > 3
    assert html.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_only_and_list(docsworn: Docsworn) -> None:
    """--list names the checks; --only runs the named ones."""
    listed = docsworn("check", "--list")
    assert listed.code == 0
    names = [line.split()[0] for line in listed.out.splitlines()]
    rows = json.loads(docsworn("check", "--list", "--json").out)["checks"]
    assert [row["name"] for row in rows] == names
    assert next(row["kinds"] for row in rows if row["name"] == "novel") == ["novel", "vanished"]
    assert {
        "reachable", "server_error", "status", "content_type", "parses", "body_schema", "undocumented",
        "invariants", "identity", "redirect", "latency", "certificate", "rate_limit", "headers",
        "error_contract", "presence",
    } <= set(names)  # fmt: skip
    only = docsworn("check", "speechify", "--emulator", "--only", "invariants", "--json")
    (run,) = json.loads(only.out)["runs"]
    assert run["promises"]["kept"] < 30


@pytest.mark.usefixtures("keys")
def test_the_error_contract_is_asked_once_and_can_be_left_out(docsworn: Docsworn) -> None:
    """No key, wrong key, unknown and malformed id: one GET each, none with --no-error-contract."""
    cases = {"no-key", "wrong-key", "unknown-id", "malformed-id"}
    for extra, wanted in (((), cases), (("--no-error-contract",), set())):
        ended = docsworn("check", "tavus", "--dry-run", "--json", *extra)
        rows = json.loads(ended.out)
        asked = [row["case"].rpartition("/")[2] for row in rows if "/good/" not in row["case"]]
        assert (sorted(asked), ended.code) == (sorted(wanted), 0)
        assert all(row["request"].startswith("GET ") for row in rows)


@pytest.mark.usefixtures("keys")
def test_history_makes_a_listed_field_missed(docsworn: Docsworn, emulator: Emulator, tmp_path: Path) -> None:
    """A field that the page only lists is missed once 20 responses of 2 conversations had it."""
    history = str(tmp_path / "history.db")
    arguments = ("check", "tavus", "--base-url", emulator.base_url, "--history", history, "--json")
    emulator.drift("tavus", Drift("drop", pointer="/status"))
    try:
        assert docsworn(*arguments).code == 0
        emulator.drift("tavus", None)
        for _ in range(6):
            assert docsworn(*arguments).code == 0
        emulator.drift("tavus", Drift("drop", pointer="/status"))
        ended = docsworn(*arguments)
    finally:
        emulator.drift("tavus", None)
    assert ended.code == 1
    (run,) = json.loads(ended.out)["runs"]
    assert [(f["kind"], f["pointer"], f["severity"]) for f in run["findings"]] == [
        ("vanished", "/status", "error")
    ]
    assert run["findings"][0]["source"]["line"] == 20


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("tavsu", 'unknown provider "tavsu": did you mean "tavus"?'),
        ("tavus@v9", 'unknown revision of tavus "v9": known: v2-face, v2-replica'),
        ("--emulator --only invariant", 'unknown check "invariant": did you mean "invariants"?'),
        ("--emulator --export htm=x", 'unknown format "htm": did you mean "html"?'),
        ("--emulator --export html", "--export takes FORMAT=FILE, as html=report.html"),
        ("--emulator --base-url http://127.0.0.1:1", "--emulator and --base-url exclude each other"),
        ("--revision v1", "--revision goes with one provider: write PROVIDER@REVISION for several"),
        ("--contracts nowhere --emulator", "nowhere: no such folder of contracts"),
        ("--contracts . --emulator", ".: holds no pack (a folder with a provider.yaml)"),
        ("tavus@ --emulator", '"tavus@" names no revision after the @'),
        ("tavus tavus@v2-replica", "tavus is named twice: check its revisions one after the other"),
        (
            "tavus@v2-face --revision v2-replica",
            "tavus@v2-face and --revision v2-replica contradict each other",
        ),
        (
            "tavus --recorded - --emulator",
            "--recorded sends nothing: leave out --emulator, --base-url and --dry-run",
        ),
        (
            "--emulator --history nowhere/h.db",
            "nowhere/h.db: there is no such folder: make it first",
        ),
        ("tavus --recorded gone.ndjson", "gone.ndjson: cannot be read: No such file or directory"),
        ("--recorded -", "--recorded goes with one provider: whose responses are they?"),
        (
            "tavus --base-url http://api.example",
            'plain http would show the key to the network: use https for "api.example"',
        ),
        ("--colour", "No such option: --colour (--help shows what fits)"),
    ],
)
def test_bad_usage_is_one_sentence(
    docsworn: Docsworn, monkeypatch: pytest.MonkeyPatch, arguments: str, message: str
) -> None:
    """Exit 2, nothing on stdout, one line that says what to do; no traceback."""
    monkeypatch.setenv("TAVUS_API_KEY", "sk-good")
    ended = docsworn("check", *arguments.split())
    assert (ended.code, ended.out, ended.err) == (2, "", f"docsworn: {message}\n")


@pytest.mark.parametrize("group", ["contract", "fuzz"])
def test_a_group_without_a_command_shows_its_help(docsworn: Docsworn, group: str) -> None:
    """The help as it is, on stderr, and exit 2."""
    ended = docsworn(group)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"Usage: docsworn {group}")
    assert "docsworn: " not in ended.err


def test_a_revision_may_be_named(docsworn: Docsworn) -> None:
    """--revision and PROVIDER@REVISION choose an older contract; the emulator follows."""
    for arguments in (("tavus", "--revision", "v2-replica"), ("tavus@v2-replica",)):
        ended = docsworn("check", *arguments, "--emulator", "--json")
        assert ended.code == 0
        (run,) = json.loads(ended.out)["runs"]
        assert run["revision"] == "v2-replica"


@pytest.mark.usefixtures("keys")
def test_the_revision_that_is_served_is_told(docsworn: Docsworn, emulator: Emulator) -> None:
    """Responses are held against every revision; where another one fits better, a note says so."""
    arguments = ("check", "--base-url", emulator.base_url, "--json")
    (current,) = json.loads(docsworn(*arguments, "tavus").out)["runs"]
    assert list(current["serving"]) == ["v2-face", "v2-replica"]
    assert current["serving"]["v2-face"] == 1
    assert current["serving"]["v2-replica"] < 1
    assert current["notes"][0].startswith("the responses are those of v2-face: v2-face 100%")
    (older,) = json.loads(docsworn(*arguments, "tavus@v2-replica").out)["runs"]
    assert older["serving"] == current["serving"]
    assert older["notes"][0].startswith("another revision than v2-replica fits the responses better: v2-face")
    (only,) = json.loads(docsworn(*arguments, "speechify").out)["runs"]
    assert only["serving"] == {}


@pytest.mark.usefixtures("keys")
def test_warnings_fail_only_when_asked(docsworn: Docsworn, emulator: Emulator) -> None:
    """An undocumented field warns: exit 0, and 1 with --fail-on warning."""
    emulator.drift("speechify", Drift("set", pointer="/brand_new", value=1))
    try:
        arguments = ("check", "speechify", "--base-url", emulator.base_url)
        kept, failed = docsworn(*arguments), docsworn(*arguments, "--fail-on", "warning")
    finally:
        emulator.drift("speechify", None)
    assert (kept.code, failed.code) == (0, 1)
    assert "/brand_new" in kept.out


def test_a_pack_without_settings_is_not_replaced_in_silence(docsworn: Docsworn, tmp_path: Path) -> None:
    """A folder of one's own with a misnamed file is an error, not the bundled pack of that name."""
    own = copy_packs(tmp_path, {"tavus": "https://tavus.example", "speechify": "https://speech.example"})
    (own / "tavus" / "provider.yaml").rename(own / "tavus" / "provider.yml")
    ended = docsworn("check", "tavus", "--emulator", "--contracts", str(own))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err == f"docsworn: {own}/tavus: has a revision but no provider.yaml\n"


@pytest.mark.usefixtures("keys")
def test_a_dry_run_is_for_programs_too(docsworn: Docsworn, emulator: Emulator) -> None:
    """--dry-run --json prints the requests as JSON."""
    rows = json.loads(
        docsworn("check", "speechify", "--base-url", emulator.base_url, "--dry-run", "--json").out
    )
    assert {"case", "request"} == set(rows[0])
    assert any("$SPEECHIFY_CONVERSATION_IDS[1]" in row["request"] for row in rows)


def test_the_contract_of_the_bundled_server_is_the_settings(docsworn: Docsworn) -> None:
    """provider.yaml's base URL is the server that the documentation names."""
    for name in PROVIDERS:
        provider = load_provider(name, pack_roots())
        assert provider.settings.base_url == load_contract(provider).server
    assert docsworn("--version").out.startswith("docsworn ")

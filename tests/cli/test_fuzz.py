"""``docsworn fuzz`` and ``docsworn replay`` as a user runs them, against servers on loopback."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from docsworn.cli.fuzz_requests import pause
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator
from tests.cli.conftest import Docsworn, Ended
from tests.fuzz.pack import IDS, KEY, SETTINGS, Answer, Api, Asked, as_json, serving, well_behaved, write_pack

PATH = re.compile(r"/v1/calls/[^/?#\\]+")
SECRET = "the patient said something private"


@pytest.fixture
def api() -> Iterator[Api]:
    """A server that keeps the contract until a test changes its answers."""
    with serving() as running:
        yield running


@pytest.fixture
def contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The made-up pack, with key and ids in the environment."""
    monkeypatch.setenv("MADEUP_KEY", KEY)
    monkeypatch.setenv("MADEUP_IDS", ",".join(IDS))
    return write_pack(tmp_path / "contracts")


Run = Callable[..., Ended]


@pytest.fixture
def fuzz(docsworn: Docsworn, api: Api, contracts: Path, tmp_path: Path) -> Run:
    """``fuzz("fuzz", "requests", "madeup", …)`` against the server, kept in a folder of its own."""

    def call(*arguments: str) -> Ended:
        where = ("--base-url", api.url, "--contracts", str(contracts), "--store", str(tmp_path / "store"))
        return docsworn(*arguments, *where)

    return call


def _findings(ended: Ended) -> list[dict[str, Any]]:
    return list(json.loads(ended.out)["findings"])


@pytest.mark.parametrize("count", [1, 7, 60])
def test_sends_so_many_gets_on_the_operations_path(fuzz: Run, api: Api, count: int) -> None:
    """A server that counts sees N requests, all GET, all on the path, each with the key as it is."""
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", str(count), "--seed", "3")
    assert ended.code == 0, ended
    assert len(api.asked) == count
    assert {asked.method for asked in api.asked} == {"GET"}
    assert all(PATH.fullmatch(asked.path) for asked in api.asked)
    keys = [[value for name, value in asked.headers if name.lower() == "x-key"] for asked in api.asked]
    assert keys == [[f"Token {KEY}"]] * count


def test_an_api_that_keeps_its_contract_has_no_findings(fuzz: Run, api: Api) -> None:
    """Known ids are right to be taken, unknown and malformed ones refused, odd parameters refused."""
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "150", "--json")
    assert (ended.code, _findings(ended)) == (0, [])
    assert set(json.loads(ended.out)["sorts"]) == {"known", "unknown", "malformed"}
    assert {asked.segment for asked in api.asked} >= set(IDS)
    assert any(asked.query for asked in api.asked)
    assert any(name == "X-Trace" for asked in api.asked for name, _ in asked.headers)


def _fragile(asked: Asked) -> Answer:
    """Fails on what is not ASCII."""
    return as_json(500, {}) if "%C3" in asked.segment or "%F" in asked.segment else well_behaved(asked)


@pytest.mark.parametrize("answers", [well_behaved, _fragile], ids=["kept", "failing"])
def test_the_same_seed_sends_the_same_requests(fuzz: Run, api: Api, answers: Any) -> None:
    """Twice the same seed is twice the same in the same order, another seed is something else."""
    api.answers = answers
    runs = []
    for seed in ("5", "5", "6"):
        api.asked.clear()
        fuzz("fuzz", "requests", "madeup", "--max-requests", "40", "--seed", seed)
        runs.append(list(api.asked))
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_the_same_seed_sends_the_same_in_another_process(
    fuzz: Run, api: Api, contracts: Path, tmp_path: Path
) -> None:
    """Modules that happen to be loaded here have no part in it, and no folder is left behind."""
    arguments = ["fuzz", "requests", "madeup", "--max-requests", "25", "--seed", "9"]
    fuzz(*arguments)
    here = list(api.asked)
    api.asked.clear()
    where = ["--base-url", api.url, "--contracts", str(contracts), "--store", str(tmp_path / "store")]
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "docsworn", *arguments, *where],
        cwd=folder,
        env={**os.environ, "HOME": str(folder)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert api.asked == here
    assert list(folder.iterdir()) == []


def test_a_server_error_is_shrunk_and_replayed(fuzz: Run, api: Api) -> None:
    """A 5xx is told with the smallest request that shows it; replay says when it is gone."""
    api.answers = lambda asked: as_json(500, {}) if "%" in asked.segment else well_behaved(asked)
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "80", "--json")
    assert ended.code == 1
    assert len(api.asked) == 80
    (finding,) = [each for each in _findings(ended) if each["promise"] == "get_call#server_error"]
    assert finding["observed"] == "status 500"
    assert re.fullmatch(r".*/v1/calls/(?:%[0-9A-F]{2}){1,4}", finding["curl"])
    api.asked.clear()
    again = fuzz("replay", finding["replay"])
    assert (again.code, again.out.splitlines()[0]) == (1, f"{finding['replay']}: still fails")
    assert [asked.path for asked in api.asked] == [finding["curl"].partition(api.url)[2]]
    api.answers = well_behaved
    gone = fuzz("replay", finding["replay"], "--json")
    assert (gone.code, json.loads(gone.out)["fails"]) == (0, False)


def test_the_command_that_is_printed_replays(fuzz: Run, docsworn: Docsworn, api: Api) -> None:
    """Where to send it and where it is kept are part of the line, as the stored file does not say."""
    api.answers = lambda asked: as_json(500, {}) if asked.segment in IDS else well_behaved(asked)
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "12")
    (line,) = [each.strip() for each in ended.out.splitlines() if each.startswith("    docsworn replay")]
    words = shlex.split(line)
    assert words[3::2] == ["--base-url", "--contracts", "--store"]
    assert "still fails" in docsworn(*words[1:]).out
    with serving() as gone:
        words[words.index("--base-url") + 1] = gone.url
    silent = docsworn(*words[1:])
    assert silent.code == 4
    assert silent.err == "docsworn: nothing could be reached: madeup (no connection (ECONNREFUSED))\n"


@pytest.mark.parametrize("store", ["file", "file/below"])
def test_where_failures_cannot_be_kept_nothing_is_sent(
    docsworn: Docsworn, api: Api, contracts: Path, store: str
) -> None:
    """Requests cost: that the store cannot be written is said before they are sent."""
    Path("file").touch()
    api.answers = lambda _: as_json(500, {})
    where = ("--base-url", api.url, "--contracts", str(contracts), "--store", store)
    ended = docsworn("fuzz", "requests", "madeup", *where)
    assert (ended.code, ended.out, api.asked) == (2, "", [])
    assert f"{store}: failed requests cannot be kept there" in ended.err


def test_what_cannot_be_kept_is_told_all_the_same(fuzz: Run, api: Api, tmp_path: Path) -> None:
    """A disk may be full once the requests are sent."""

    def answer(_: Asked) -> Answer:
        (tmp_path / "store").touch()
        return as_json(500, {})

    api.answers = answer
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "5")
    assert ended.code == 2
    assert "received status 500" in ended.out
    assert "docsworn replay" not in ended.out
    assert "store: failed requests cannot be kept there" in ended.err


def test_what_was_found_before_an_interruption_is_told(fuzz: Run, api: Api, tmp_path: Path) -> None:
    """Ctrl-C ends a run with what it found so far, and says so."""

    def answer(_: Asked) -> Answer:
        if len(api.asked) == 5:
            os.kill(os.getpid(), signal.SIGINT)
        return as_json(500, {})

    api.answers = answer
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "300", "--json")
    assert (ended.code, ended.err) == (130, "docsworn: interrupted\n")
    assert _findings(ended)
    assert "stopped early: interrupted" in json.loads(ended.out)["notes"]
    assert list((tmp_path / "store").iterdir())


def test_an_unknown_id_that_is_taken_is_a_finding(fuzz: Run, api: Api) -> None:
    """A random but well-formed id must be refused, a configured one need not be."""
    api.answers = lambda _: as_json(200, {"id": "a"})
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "60")
    assert ended.code == 1
    assert "accepted what it should reject" in ended.out
    assert "/v1/calls/call_00000000\n" in ended.out


def _odd_status(asked: Asked) -> Answer:
    return (418, b"") if asked.segment not in IDS else well_behaved(asked)


def _odd_body(asked: Asked) -> Answer:
    return as_json(404, {"error": SECRET}) if asked.segment not in IDS else well_behaved(asked)


def _fails_on_a_page(asked: Asked) -> Answer:
    return as_json(503, {}) if "page=" in asked.query and asked.segment in IDS else well_behaved(asked)


def _takes_all(asked: Asked) -> Answer:
    return as_json(200, {"id": asked.segment}) if asked.segment in IDS else well_behaved(asked)


@pytest.mark.parametrize(
    ("answers", "code", "observed", "sent"),
    [
        (_odd_status, 0, "status 418", "call_00000000"),
        (_odd_body, 1, "string of 34 characters", "call_00000000"),
        (_fails_on_a_page, 1, "status 503", "-f1)\"'?page="),
        (_takes_all, 0, "status 200: accepted what it should reject", '-f1)"'),
    ],
    ids=["undocumented status", "error body off contract", "known id and a query", "odd parameter taken"],
)
def test_finds(fuzz: Run, api: Api, answers: Any, code: int, observed: str, sent: str) -> None:
    """Each sort of failure is found, with the simplest request and without a value."""
    api.answers = answers
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "120")
    assert ended.code == code, ended.out
    assert observed in ended.out
    assert sent in ended.out
    assert SECRET not in ended.out


@pytest.mark.parametrize(
    ("provider", "drift", "kind", "told"),
    [
        ("speechify", Drift("set", "/id", "conv_5ec2e7"), "identity", "another id"),
        ("tavus", Drift("set", "/conversation_id", "c5ec2e7000"), "identity", "another id"),
        ("elevenlabs", Drift("set", "/status2", SECRET), "undocumented", "/status2"),
        ("speechify", Drift("set", "/message_count", 4_000), "invariant", "does not hold"),
        ("speechify", Drift("drop", "/status"), "missing", "no such field"),
    ],
    ids=["identity", "identity of tavus", "undocumented", "invariant", "missing"],
)
@pytest.mark.usefixtures("keys")
def test_a_good_answer_to_a_configured_id_is_held_to_the_contract(
    docsworn: Docsworn, emulator: Emulator, tmp_path: Path, provider: str, drift: Drift, kind: str, told: str
) -> None:
    """The id asked for, fields nobody documents, and what the prose promises: as a check would."""
    where = ("--base-url", emulator.base_url, "--store", str(tmp_path / "store"))
    emulator.drift(provider, drift)
    try:
        ended = docsworn("fuzz", "requests", provider, "--max-requests", "12", "--json", *where)
        (found,) = [each for each in _findings(ended) if each["kind"] == kind]
        again = docsworn("replay", found["replay"], *where)
    finally:
        emulator.drift(provider, None)
    assert told in found["observed"] + found["pointer"]
    assert f"${provider.upper()}_CONVERSATION_IDS" in found["curl"]
    assert again.out.splitlines()[0] == f"{found['replay']}: still fails"
    assert docsworn("replay", found["replay"], *where).out == f"{found['replay']}: no longer fails\n"
    assert SECRET not in ended.out + again.out
    assert "5ec2e7" not in ended.out + again.out


@pytest.fixture
def demanding(contracts: Path) -> Path:
    """The made-up pack, whose body must have 30 fields."""
    file = contracts / "madeup" / "v1" / "openapi.json"
    made = json.loads(file.read_text())
    names = ["id", *(f"f{number:02}" for number in range(29))]
    good = made["paths"]["/v1/calls/{call_id}"]["get"]["responses"]["200"]["content"]["application/json"]
    good["schema"] = {"type": "object", "required": names, "properties": {name: {} for name in names}}
    file.write_text(json.dumps(made))
    return contracts


@pytest.mark.usefixtures("demanding")
def test_one_bad_answer_is_one_finding_a_kind_with_its_places(fuzz: Run, api: Api) -> None:
    """Thirty fields that are not there are one failure, made small and replayed as one."""

    def poor(asked: Asked) -> Answer:
        status, body = well_behaved(asked)
        return as_json(200, {"a": 1, "b": 2}) if status == 200 else (status, body)

    api.answers = poor
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "30", "--json")
    missing, undocumented = _findings(ended)
    assert (missing["kind"], len(missing["places"])) == ("missing", 30)
    assert {place["pointer"] for place in missing["places"]} >= {"/id", "/f00", "/f28"}
    assert (undocumented["kind"], len(undocumented["places"])) == ("undocumented", 2)
    assert all("?" not in each["curl"] for each in (missing, undocumented))
    text = fuzz("fuzz", "requests", "madeup", "--max-requests", "30").out
    assert "\n  error missing at 30 places\n    /id: received no such field; documented" in text
    assert "\n    … and 10 more (--json has them all)\n" in text
    assert text.endswith("\n2 findings\n")
    name = missing["replay"]
    assert fuzz("replay", name).out.startswith(f"{name}: still fails\n  error missing at 30 places\n")
    api.answers = lambda asked: as_json(200, {"id": asked.segment, "f00": 1})
    assert fuzz("replay", name).out.startswith(f"{name}: still fails at 28 of 30 places\n")


def test_nothing_of_the_environment_or_an_answer_is_told_or_kept(fuzz: Run, api: Api, tmp_path: Path) -> None:
    """No key, no configured id and no value of an answer is in any output or file."""

    def leaky(asked: Asked) -> Answer:
        if asked.segment in IDS:
            return as_json(500 if asked.query else 200, {"id": 5, SECRET: KEY, "error": IDS})
        told = (KEY, *IDS)[len(asked.target) % 3]
        return as_json(404, {"error": told, told: told})

    api.answers = leaky
    api.more_headers = {"X-Private": SECRET}
    told = [fuzz("fuzz", "requests", "madeup", "--max-requests", "60", *more) for more in ((), ("--json",))]
    kept = list((tmp_path / "store").iterdir())
    assert kept
    told += [fuzz("replay", file.stem) for file in kept]
    texts = [text for ended in told for text in (ended.out, ended.err)]
    for text in (*texts, *(file.read_text() for file in kept)):
        for secret in (KEY, SECRET, *IDS):
            assert secret not in text


def test_curl_line_sends_the_same_request(
    fuzz: Run, api: Api, require: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is printed does in a shell what docsworn did, key and id from the environment."""
    require("curl")
    api.answers = lambda asked: as_json(500, {}) if asked.query or asked.headers[2:] else well_behaved(asked)
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "100", "--json")
    monkeypatch.setenv("no_proxy", "*")
    for finding in _findings(ended):
        api.asked.clear()
        fuzz("replay", finding["replay"])
        done = subprocess.run(["sh", "-c", f"{finding['curl']} -sS"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        ours, shells = api.asked
        assert (ours.method, ours.target) == (shells.method, shells.target)
        assert sorted(ours.headers) == sorted(shells.headers)
        assert finding["curl"].isascii()
        assert finding["curl"].isprintable()
        assert shlex.split(finding["curl"])[0] == "curl"


def test_the_key_goes_nowhere_else(fuzz: Run, api: Api) -> None:
    """A redirect is a finding and not followed."""
    with serving() as other:
        api.answers = lambda _: as_json(302, {})
        api.more_headers = {"Location": f"{other.url}/v1/calls/{IDS[0]}"}
        ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "20")
        assert ended.code == 1
        assert "not followed" in ended.out
        assert other.asked == []


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [(429, 0, "asked for fewer requests"), (401, 1, "the key is not accepted")],
)
def test_stops_where_going_on_would_harm(fuzz: Run, api: Api, status: int, code: int, said: str) -> None:
    """After a 429, or a refusal of the key, nothing more is sent."""
    api.answers = lambda asked: as_json(status, {}) if len(api.asked) > 4 else well_behaved(asked)
    ended = fuzz("fuzz", "requests", "madeup", "--max-requests", "50")
    assert (ended.code, len(api.asked)) == (code, 5)
    assert said in ended.out


def test_nothing_reached(docsworn: Docsworn, contracts: Path, tmp_path: Path) -> None:
    """Where nobody answers the exit code is 4, after three tries."""
    with serving() as gone:
        url = gone.url
    where = ("--base-url", url, "--contracts", str(contracts), "--store", str(tmp_path / "s"))
    ended = docsworn("fuzz", "requests", "madeup", *where)
    assert ended.code == 4
    assert "3 requests" in ended.out
    assert "3 times in a row" in ended.out


def test_the_providers_budget_holds(
    docsworn: Docsworn, api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more is sent than a day of the provider allows, whatever --max-requests says."""
    small = SETTINGS.replace("per_day: 100000", "per_day: 6")
    folder = write_pack(tmp_path / "small", settings=small)
    monkeypatch.setenv("MADEUP_KEY", KEY)
    where = ("--base-url", api.url, "--contracts", str(folder), "--store", str(tmp_path / "store"))
    ended = docsworn("fuzz", "requests", "madeup", "--max-requests", "50", *where)
    assert (ended.code, len(api.asked)) == (0, 6)
    assert "the budget of 6 requests a day is spent" in ended.out


@pytest.mark.parametrize("name", ["../../etc/passwd", "0123456789ag", "", "0" * 13])
def test_replay_refuses_what_is_no_id(fuzz: Run, api: Api, name: str) -> None:
    """A replay id never becomes a path."""
    ended = fuzz("replay", name)
    assert (ended.code, api.asked) == (2, [])
    assert "12 hex digits" in ended.err


def _tampered(**changes: Any) -> dict[str, Any]:
    request: dict[str, Any] = {"known": None, "text": "a", "query": [], "headers": []}
    return {
        "docsworn_fuzz": 1,
        "provider": "madeup",
        "revision": "v1",
        "operation": "get_call",
        "request": {**request, **changes},
        "finding": {"promise": "p", "kind": "status", "pointer": "", "documented": "d"},
    }


@pytest.mark.parametrize(
    "stored",
    [
        _tampered(text="../../admin"),
        _tampered(text="%2e%2e%2fadmin"),
        _tampered(headers=[["X-Key", "other"]]),
        _tampered(headers=[["Host", "elsewhere.example"]]),
        _tampered(headers=[["X-A", "a\r\nX-B: b"]]),
        _tampered(query=[["_method", "DELETE"]]),
        _tampered(known=3),
        {**_tampered(), "operation": "delete_call"},
        {**_tampered(), "base_url": "https://elsewhere.example"},
        {**_tampered(), "provider": "../madeup"},
        [],
    ],
    ids=[
        *("dot segments", "encoded dots", "another key", "another host", "header injection"),
        *("another method", "an id too many", "another operation", "a host", "a path", "a list"),
    ],
)
def test_a_stored_file_is_no_authority(fuzz: Run, api: Api, tmp_path: Path, stored: Any) -> None:
    """What docsworn would not draw it does not send either, whoever wrote the file."""
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "0123456789ab.json").write_text(json.dumps(stored))
    ended = fuzz("replay", "0123456789ab")
    assert (ended.code, api.asked) == (2, [])
    assert "fault" not in ended.err


@pytest.mark.parametrize("provider", ["tavus", "elevenlabs", "speechify"])
def test_the_emulator_keeps_its_contracts(docsworn: Docsworn, provider: str, tmp_path: Path) -> None:
    """The bundled providers on the emulator are fuzzed without an error."""
    store = str(tmp_path / "store")
    ended = docsworn("fuzz", "requests", provider, "--emulator", "--max-requests", "40", "--store", store)
    assert ended.code == 0, ended.out
    assert "40 requests with seed 0" in ended.out


def test_bodies_of_a_contract(docsworn: Docsworn) -> None:
    """A contract is tried without any network; the same seed says the same."""
    words = ("fuzz", "bodies", "speechify", "--max-bodies", "5", "--seed", "2", "--json")
    first, second = docsworn(*words), docsworn(*words)
    assert first == second
    assert first.code == 0
    (body,) = json.loads(first.out)["bodies"]
    assert (body["drawn"], body["problems"]) == (5, [])
    assert body["seen"] > 200
    assert body["mutants"] == body["seen"] + sum(bool(each["reason"]) for each in body["promises"])


def test_bodies_of_a_weak_contract_say_what_no_check_can_see(docsworn: Docsworn) -> None:
    """The older Tavus page requires nothing: that is said field by field, and is no problem of ours."""
    ended = docsworn("fuzz", "bodies", "tavus@v2-replica", "--max-bodies", "3")
    assert ended.code == 0
    assert "9 that no check can see: not required" in ended.out
    assert "/conversation_id presence" in ended.out
    assert ended.out.splitlines()[-1] == "0 problems"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("fuzz", "requests", "tavsu", "--emulator"), 'did you mean "tavus"?'),
        (("fuzz", "bodies", "tavus@v3"), "unknown revision"),
        (("fuzz", "requests", "tavus"), "no key"),
        (("fuzz", "requests", "tavus", "--emulator", "--max-requests", "0"), "--max-requests"),
    ],
)
def test_usage(docsworn: Docsworn, words: tuple[str, ...], said: str) -> None:
    """Mistakes on the command line are told in a sentence."""
    ended = docsworn(*words)
    assert ended.code == 2
    assert said in ended.err


@pytest.mark.parametrize(
    ("words", "unwanted"),
    [
        (["--help"], {"schemathesis", "hypothesis", "jsonschema"}),
        (["fuzz", "--help"], {"schemathesis", "hypothesis", "jsonschema"}),
        (["fuzz", "requests", "--help"], {"jsonschema"}),
    ],
    ids=["docsworn", "fuzz", "requests"],
)
def test_help_is_fast(words: list[str], unwanted: set[str]) -> None:
    """What takes long to import is imported only by what needs it."""
    program = (
        "import sys; from docsworn.cli.main import run; "
        f"code = run({words!r}); sys.exit(code or bool({unwanted!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_short_waits_are_not_told(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """After a wait of a minute come as many of milliseconds as there were requests: no line for each."""
    slept: list[float] = []
    monkeypatch.setattr("docsworn.cli.fuzz_requests.time.sleep", slept.append)
    for seconds in (59.2, 0.3):
        pause(seconds)
    assert slept == [59.2, 0.3]
    assert capfd.readouterr().err == "the budget of a minute is spent: waiting 59 s\n"

"""History learns from good responses of several conversations, and holds no value of a body."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsworn.check.hold import Held, hold
from docsworn.check.loader import load_checks
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.errors import ConfigError
from docsworn.model import Case, Credential, Exchange, Purpose, Severity, Timings
from docsworn.observe.history import ENOUGH_RESPONSES, History
from docsworn.observe.scope import Scope
from tests.contract.sample import BODY, SETTINGS, contract

SCOPE = Scope("host", "acme", "get_call", "v1")
PRESENCE = "get_call.200:/note#presence"
STEPS = "get_call.200:/steps#required"


@pytest.fixture(scope="module")
def compiled() -> CompiledContract:
    """The made-up contract; /note is listed, /steps required by inference, the state is at /type."""
    body = {**BODY, "x-unnamed": []}
    return compile_contract(contract(body), SETTINGS.model_copy(update={"context": ("/type",)}))


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """A history in a file."""
    with History(tmp_path / "history.db") as opened:
        yield opened


def good_body(identifier: str, **change: Any) -> dict[str, Any]:
    """A body that keeps everything, but for the change."""
    body = {"id": identifier, "type": "a", "note": "n", "face": "f", "steps": []}
    return {key: value for key, value in {**body, **change}.items() if value != "absent"}


def see(compiled: CompiledContract, history: History, *bodies: dict[str, Any]) -> Held:
    """Hold these bodies to the contract in one round, and learn from it."""
    exchanges = [
        Exchange(
            case=Case(
                id=f"get_call/good/{number}",
                operation="get_call",
                purpose=Purpose.GOOD,
                credential=Credential.KEY,
                path=f"/calls/{body.get('id')}",
                subject_id=str(body.get("id")),
            ),
            started=0.0,
            timings=Timings(total=0.01),
            status=200,
            headers=(("content-type", "application/json"),),
            body=json.dumps(body).encode(),
        )
        for number, body in enumerate(bodies, start=1)
    ]
    held = hold(
        compiled,
        "get_call",
        exchanges,
        learned=history.learned(SCOPE),
        checks=load_checks(),
        today=date(2026, 11, 20),
    )
    history.record(SCOPE, held, compiled.operation("get_call").promises)
    return held


def two_conversations(times: int) -> list[dict[str, Any]]:
    """Responses of two conversations in turn."""
    return [good_body(f"c{number % 2}") for number in range(times)]


def kinds(held: Held) -> list[tuple[str, str, Severity]]:
    """Kind, pointer and severity of each finding."""
    return [(finding.kind.value, finding.pointer, finding.severity) for finding in held.run.findings]


def test_a_listed_field_is_missed_after_twenty_responses(
    compiled: CompiledContract, history: History
) -> None:
    """Nineteen responses teach nothing yet; the twentieth makes the absence an error."""
    see(compiled, history, *two_conversations(ENOUGH_RESPONSES - 1))
    assert history.learned(SCOPE).steady == {}
    see(compiled, history, good_body("c1"))
    held = see(compiled, history, good_body("c1", note="absent"))
    assert kinds(held) == [("vanished", "/note", Severity.ERROR)]


def test_one_conversation_is_not_enough(compiled: CompiledContract, history: History) -> None:
    """However often one conversation is read, it may be the odd one."""
    see(compiled, history, *[good_body("c1") for _ in range(3 * ENOUGH_RESPONSES)])
    assert kinds(see(compiled, history, good_body("c1", note="absent"))) == []


def test_an_absence_starts_the_count_again(compiled: CompiledContract, history: History) -> None:
    """A field that is sometimes absent is never expected."""
    for _ in range(4):
        see(compiled, history, *two_conversations(12))
        assert kinds(see(compiled, history, good_body("c1", note="absent"))) == []


@pytest.mark.parametrize("odd", [0, 10, 25])
def test_who_never_had_a_field_does_not_lose_it(
    compiled: CompiledContract, history: History, odd: int
) -> None:
    """However many others stand between its reads, and in whatever order."""
    crowd = [good_body(f"c{at}", **({"note": "absent"} if at == odd else {})) for at in range(26)]
    assert [kinds(see(compiled, history, *crowd)) for _ in range(6)] == [[]] * 6


def test_what_is_there_again_elsewhere_was_not_gone(compiled: CompiledContract, history: History) -> None:
    """Who comes new without a field is told once: others have it still, so that evidence must double."""
    see(compiled, history, *two_conversations(ENOUGH_RESPONSES))
    gone = [("vanished", "/note", Severity.ERROR)]
    assert kinds(see(compiled, history, good_body("new", note="absent"))) == gone
    see(compiled, history, *two_conversations(ENOUGH_RESPONSES))
    assert kinds(see(compiled, history, good_body("newer", note="absent"))) == []
    see(compiled, history, *two_conversations(4 * ENOUGH_RESPONSES))
    assert kinds(see(compiled, history, good_body("new", note="absent"), good_body("newest", note="absent")))


def test_what_is_gone_for_all_is_told_for_ever(compiled: CompiledContract, history: History) -> None:
    """Nobody has it any more: run after run says so."""
    see(compiled, history, *two_conversations(ENOUGH_RESPONSES))
    without = [good_body(f"c{number % 2}", note="absent") for number in range(4)]
    told = [kinds(see(compiled, history, *without)) for _ in range(30)]
    assert told == [[("vanished", "/note", Severity.ERROR)]] * 30


def test_states_are_kept_apart(compiled: CompiledContract, history: History) -> None:
    """What state a has always had is not expected of state b; without a state, of all."""
    see(compiled, history, *two_conversations(ENOUGH_RESPONSES))
    assert kinds(see(compiled, history, good_body("c1", type="b", note="absent"))) == []
    held = see(compiled, history, good_body("c1", type="absent", note="absent"))
    assert ("vanished", "/note", Severity.ERROR) in kinds(held)


def test_what_is_inferred_warns_until_it_is_corroborated(
    compiled: CompiledContract, history: History
) -> None:
    """An inferred promise is a warning first, and an error once 20 responses have kept it."""
    assert kinds(see(compiled, history, good_body("c1", steps="absent"))) == [
        ("missing", "/steps", Severity.WARNING)
    ]
    see(compiled, history, *two_conversations(ENOUGH_RESPONSES))
    assert STEPS in history.learned(SCOPE).corroborated
    assert kinds(see(compiled, history, good_body("c1", steps="absent"))) == [
        ("missing", "/steps", Severity.ERROR)
    ]
    assert STEPS in history.learned(SCOPE).corroborated


def test_a_broken_response_teaches_nothing(compiled: CompiledContract, history: History) -> None:
    """Responses with an error do not count, in either direction."""
    see(compiled, history, *[good_body(f"c{n % 2}", labels={"x": "no"}) for n in range(30)])
    assert history.learned(SCOPE).corroborated == frozenset()
    see(compiled, history, *two_conversations(ENOUGH_RESPONSES))
    held = see(compiled, history, good_body("c1", note="absent", labels={"x": "no"}))
    assert ("vanished", "/note", Severity.ERROR) in kinds(held)


def test_hosts_are_kept_apart_and_files_last(compiled: CompiledContract, tmp_path: Path) -> None:
    """What one host taught is in the file, and says nothing of another host."""
    with History(tmp_path / "h.db") as first:
        see(compiled, first, *two_conversations(ENOUGH_RESPONSES))
    with History(tmp_path / "h.db") as again:
        assert PRESENCE in again.learned(SCOPE).steady[("a",)]
        assert again.learned(Scope("other", "acme", "get_call", "v1")).steady == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(secret=st.text("abcdefghij ", min_size=12, max_size=40).filter(lambda text: text.strip() == text))
def test_no_value_reaches_the_file(compiled: CompiledContract, tmp_path: Path, secret: str) -> None:
    """Ids and texts of bodies are nowhere in the database, whatever state they are in."""
    path = tmp_path / "leak.db"
    with History(path) as history:
        see(
            compiled,
            history,
            good_body(secret, note=secret, labels={secret: 1}),
            good_body(secret, steps=secret),
        )
    dump = "\n".join(sqlite3.connect(path).iterdump())
    assert secret not in dump


def test_two_writers_at_once_lose_nothing(compiled: CompiledContract, tmp_path: Path) -> None:
    """Two processes may share a file: every response of both counts."""

    def write(conversation: str) -> None:
        with History(tmp_path / "h.db") as own:
            for _ in range(ENOUGH_RESPONSES // 2):
                see(compiled, own, good_body(conversation))

    threads = [threading.Thread(target=write, args=(f"c{n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with History(tmp_path / "h.db") as history:
        assert PRESENCE in history.learned(SCOPE).steady[("a",)]


def test_many_may_make_the_same_file_at_once(tmp_path: Path) -> None:
    """Whoever comes first makes it; nobody is told that it is locked."""
    problems: list[str] = []

    def make(number: int) -> None:
        try:
            History(tmp_path / f"{number}.db").close()
        except ConfigError as error:
            problems.append(str(error))

    for number in range(60):
        threads = [threading.Thread(target=make, args=(number,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert problems == []


def test_what_is_no_history_is_refused(tmp_path: Path) -> None:
    """Another file, another database and a newer history are each a sentence."""
    (tmp_path / "text").write_text("not a database " * 100, encoding="utf-8")
    with pytest.raises(ConfigError, match="text: not a history file that can be used"):
        History(tmp_path / "text")
    other = sqlite3.connect(tmp_path / "other")
    other.execute("CREATE TABLE x (y)")
    other.commit()
    with pytest.raises(ConfigError, match="other: a database, but not a history of docsworn"):
        History(tmp_path / "other")
    History(tmp_path / "newer").close()
    newer = sqlite3.connect(tmp_path / "newer")
    newer.execute("PRAGMA user_version = 99")
    with pytest.raises(
        ConfigError, match=r"newer: written by a newer docsworn \(history version 99\): update docsworn"
    ):
        History(tmp_path / "newer")


@pytest.mark.parametrize("where", ["a.db", "b/a.db"])
def test_what_is_no_history_is_named_as_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """With its folder: jobs of a schedule have many of the same name."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "b").mkdir()
    Path(where).write_text("not a database " * 100, encoding="utf-8")
    with pytest.raises(ConfigError, match=f"^{where}: not a history file that can be used"):
        History(Path(where))
    with pytest.raises(ConfigError, match=r"^\.: not a history file that can be used"):
        History(Path())
    with pytest.raises(ConfigError, match=r"^c/a\.db: there is no such folder: make it first$"):
        History(Path("c/a.db"))

"""What may be a state: words that the page lists, or that come again and again; no value that came once."""

from __future__ import annotations

import copy
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.model import Exchange
from docsworn.observe.history import History
from tests.contract.sample import SETTINGS, contract
from tests.observe.boats import SCHEMA, SCOPE, answer, body, sail, see, voyages

LISTED = voyages()
# Short tokens of every form: names, ids, e-mail-like ones, words of a state.
SECRETS = tuple(
    form.format(number)
    for number in range(30)
    for form in ("zq7alice{}", "zq7-{:06}", "Zq7.Smith_{}", "{}zq7", "zq7{:x}c0ffee")
)


@pytest.fixture(scope="module")
def free() -> CompiledContract:
    """The voyages with any string as their state, as a page has it that lists no words."""
    schema = copy.deepcopy(SCHEMA)
    schema["properties"]["type"] = {"type": "string"}
    return compile_contract(contract(schema), SETTINGS.model_copy(update={"context": ("/type",)}))


def voyage(who: str, state: str, *gone: str) -> Exchange:
    """A voyage in a state, without some fields."""
    made = {**body(who), "type": state}
    return answer({name: value for name, value in made.items() if name not in gone}, who=who)


def among_secrets() -> Iterator[Exchange]:
    """Voyages in two usual states, and between them one for each secret, some of them several times."""
    for number, secret in enumerate(SECRETS):
        yield voyage(f"c{number % 3}", "ab"[number % 2])
        for _ in range(1 + 3 * (number % 5 == 0)):
            yield voyage(f"c{number % 3}", secret)


def test_no_value_at_a_place_of_states_reaches_the_file(free: CompiledContract, tmp_path: Path) -> None:
    """A name or an id that is sent as the state is in no byte of it, however early or often it comes."""
    file = tmp_path / "h.db"
    with History(file) as opened:
        for seen in among_secrets():
            see(free, opened, seen)
        before = _bytes(tmp_path)
    after = _bytes(tmp_path)
    assert [secret for secret in SECRETS if secret.encode() in before + after] == []


def _bytes(folder: Path) -> bytes:
    """All that SQLite has written: the database, and what waits beside it."""
    return b"\n".join(file.read_bytes() for file in folder.iterdir())


def test_where_the_page_lists_words_only_a_finding_shows_another(tmp_path: Path) -> None:
    """As the rules have it: a short token in what was observed, and nowhere in what was learned."""
    file = tmp_path / "h.db"
    with History(file) as opened:
        for seen in among_secrets():
            see(LISTED, opened, seen)
    with closing(sqlite3.connect(file)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        rows = {name: repr(database.execute(f"SELECT * FROM {name}").fetchall()).lower() for name in tables}
    assert [name for name, text in rows.items() if "zq7" in text] in ([], ["finding"])


def test_all_states_that_are_none_are_one(free: CompiledContract, tmp_path: Path) -> None:
    """An API that makes up states does not fill the file."""
    file = tmp_path / "h.db"
    with History(file) as opened:
        for seen in among_secrets():
            see(free, opened, seen)
    with closing(sqlite3.connect(file)) as database:
        contexts = {text for (text,) in database.execute("SELECT DISTINCT context FROM streak")}
        names = [json.loads(text)[-1] for (text,) in database.execute("SELECT situation FROM profile")]
    assert contexts == {"", '["?"]', '["a"]', '["b"]'}
    assert sorted(names, key=str) == [["?"], ["a"], ["b"], "any state"]


def test_a_word_that_comes_again_and_again_is_a_state(free: CompiledContract) -> None:
    """Each state then has its own fields: the page need not list it."""
    with History() as opened:
        for _ in range(40):
            for who in ("c1", "c2"):
                see(free, opened, voyage(who, "at-sea"), voyage(who, "sunk", "mood"))
        learned = opened.learned(SCOPE)
        assert learned.states == {"/type": frozenset({"at-sea", "sunk"})}
        assert see(free, opened, voyage("c1", "sunk", "mood")).run.findings == ()
        gone = see(free, opened, voyage("c1", "at-sea", "mood")).run.findings
    assert [(found.kind, found.pointer) for found in gone] == [("vanished", "/mood")]


def test_a_word_of_one_conversation_is_none(free: CompiledContract) -> None:
    """However often it comes: it may be the name of whoever the conversation is of."""
    with History() as opened:
        sail(free, opened, ("c1", "c2"), 6)
        for _ in range(30):
            see(free, opened, voyage("c3", "adaboat"))
        assert opened.learned(SCOPE).states == {"/type": frozenset({"a"})}


def test_a_word_of_the_page_is_a_state_at_once() -> None:
    """Its first response is compared with no other state."""
    with History() as opened:
        sail(LISTED, opened, ("c1", "c2"), 24)
        assert see(LISTED, opened, voyage("c1", "b", "mood")).run.findings == ()

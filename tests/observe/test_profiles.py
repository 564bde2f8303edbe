"""Profiles learn what bodies of a situation look like, tell what is new on evidence, and hold no value."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from docsworn.check.hold import Held
from docsworn.contract.compiled import CompiledContract
from docsworn.contract.look import Looker
from docsworn.model import Exchange, Purpose, Severity
from docsworn.observe.history import History
from docsworn.observe.profile import SituationProfile
from tests.observe.boats import BODY, SCOPE, Body, answer, body, judge, novel, sail, see, voyages

BOATS = voyages()
CREW = "/legs/*/crew"
TWO = ("c1", "c2")


@pytest.fixture(scope="module")
def compiled() -> CompiledContract:
    """The contract of the made-up provider."""
    return BOATS


@pytest.fixture
def history() -> Iterator[History]:
    """A history in memory."""
    with History() as opened:
        yield opened


@pytest.fixture(scope="module")
def taught(compiled: CompiledContract, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history file that has seen two voyages twelve times each."""
    path = tmp_path_factory.mktemp("taught") / "h.db"
    with History(path) as opened:
        sail(compiled, opened, TWO, 12)
    return path


def put(name: str, value: Any) -> Callable[[Body], Any]:
    """Sets a field."""
    return lambda made: made.__setitem__(name, value)


ROWS: tuple[tuple[str, Callable[[Body], Any], list[tuple[str, str]]], ...] = (
    ("nothing", lambda made: made, []),
    ("another text", put("name", "Bob Boat of the pier"), []),
    ("no zone", put("when", "2026-03-02T09:00:00"), [("novel", "/when")]),
    ("milliseconds", put("size", 12_000), [("novel", "/size")]),
    ("a larger number", put("size", 99), []),
    ("null", put("tide", None), [("novel", "/tide")]),
    ("another type", put("note", 7), [("novel", "/note")]),
    ("another word", put("mood", "wild"), [("novel", "/mood")]),
    ("an unknown state", put("type", "lost"), [("novel", "/type")]),
    ("a state the page has", put("type", "b"), []),
    ("a much longer text", put("name", "Boat " * 900), [("novel", "/name")]),
    ("no legs", put("legs", []), [("novel", "/legs")]),
    ("a field gone", lambda made: made.pop("mood"), []),  # presence tells it
    ("gone where not always", lambda made: made["legs"][0].pop("wind"), [("novel", "/legs/*/wind")]),
    ("gone beside a word", lambda made: made["legs"][1]["crew"].pop("mate"), [("novel", f"{CREW}/mate")]),
    ("another key of a map", put("tags", {"Mr Other": "red sky"}), []),
    ("a new field", put("mast", 1), []),  # undocumented tells it
)  # fmt: skip


@pytest.mark.parametrize(("change", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_what_is_new_is_told_at_its_place(
    compiled: CompiledContract,
    taught: Path,
    change: Callable[[Body], Any],
    expected: list[tuple[str, str]],
) -> None:
    """Each sort of novelty by itself, as a warning; what another check tells is not told twice."""
    with History(taught) as opened:
        held = see_only(compiled, opened, body("c1", change))
    assert novel(held) == expected
    assert all(found.severity is Severity.WARNING for found in held.run.findings if found.kind == "novel")


def see_only(compiled: CompiledContract, history: History, seen: Body) -> Held:
    """Hold a body without learning from it."""
    return judge(compiled, history.learned(SCOPE), answer(seen))


def test_a_message_says_what_was_usual_and_how_sure_that_is(compiled: CompiledContract, taught: Path) -> None:
    """The number of responses and the bound of three divided by it."""
    with History(taught) as opened:
        (found,) = see_only(compiled, opened, body("c1", put("mood", "wild"))).run.findings
    assert found.documented == "always one of: calm in 24 responses; otherwise in at most 12.5 % at 95 %"
    assert found.observed == 'string "wild"'


def test_a_field_of_several_conversations_vanishes(compiled: CompiledContract, taught: Path) -> None:
    """A nested field that every object here had, in 24 responses of two conversations."""
    with History(taught) as opened:
        held = see_only(compiled, opened, body("c1", lambda made: [leg.pop("role") for leg in made["legs"]]))
    assert ("vanished", "/legs/*/role") in {(found.kind, found.pointer) for found in held.run.findings}


def test_a_listed_field_that_vanishes_says_how_sure_that_is(
    compiled: CompiledContract, taught: Path, tmp_path: Path
) -> None:
    """The page lists it, 24 responses had it; the file and a later run say so too, once."""
    file = tmp_path / "h.db"
    shutil.copy(taught, file)
    with History(file) as opened:
        gone = [answer(body(who, lambda made: made.pop("mood")), who=who) for who in (*TWO, "c9")]
        held = see(compiled, opened, *gone)
        (known,) = opened.findings(SCOPE)
        again = see(compiled, opened, gone[0])
    (found,) = held.run.findings
    assert (found.kind, found.pointer, found.severity) == ("vanished", "/mood", Severity.WARNING)
    assert found.documented == "optional field"
    assert (
        found.observed
        == known.finding.observed
        == (
            "no such field; present in each of the last 24 relevant responses (2 conversations were read in"
            " this situation); absence has a probability of at most 12.5 % at 95 %"
        )
    )
    assert [each.fingerprint for each in again.run.findings] == [found.fingerprint]


def test_a_drop_is_told_once_where_conversations_differ(compiled: CompiledContract, history: History) -> None:
    """Two conversations of a state make it vanished, the only one of another novel: the first is surer."""

    def voyage(who: str, state: str, *gone: str) -> Exchange:
        made = body(who, put("type", state))
        return answer({name: value for name, value in made.items() if name not in gone}, who=who)

    for _ in range(14):
        see(compiled, history, voyage("c1", "a"), voyage("c2", "a"), voyage("c3", "b"))
    learned = history.learned(SCOPE)
    alone = judge(compiled, learned, voyage("c3", "b", "mood"))
    assert [(found.kind, found.pointer) for found in alone.run.findings] == [("novel", "/mood")]
    for order in (("c1", "a"), ("c3", "b")), (("c3", "b"), ("c1", "a")):
        both = judge(compiled, learned, *(voyage(who, state, "mood") for who, state in order))
        assert [(found.kind, found.pointer) for found in both.run.findings] == [("vanished", "/mood")]


@pytest.mark.parametrize(("who", "times"), [(TWO, 9), (("c1",), 60)], ids=["too few", "one conversation"])
def test_without_evidence_nothing_is_told(
    compiled: CompiledContract, history: History, who: tuple[str, ...], times: int
) -> None:
    """Fewer than twenty responses of known conversations, or of one conversation only."""
    sail(compiled, history, who, times)
    assert novel(see(compiled, history, answer(body("c1", put("mood", "wild"))))) == []


def test_a_conversation_nobody_knows_is_compared_with_twenty_others(compiled: CompiledContract) -> None:
    """Two voyages say little of a third, twenty-two a lot."""
    with History() as few, History() as many:
        sail(compiled, few, TWO, 12)
        sail(compiled, many, [f"c{number}" for number in range(22)], 2)
        strange = answer(body("new", put("tide", None)), who="new")
        assert novel(see(compiled, few, strange)) == []
        assert novel(see(compiled, many, strange)) == [("novel", "/tide")]


def test_a_place_that_changes_is_left_alone(compiled: CompiledContract, history: History) -> None:
    """Whoever was surprised asks for twice the evidence the next time, and again."""
    for number, mood in enumerate(("calm", "wild", "grey", "blue", "dull", "glad", "keen", "mild")):
        assert novel(see(compiled, history, answer(body("c1", put("mood", mood))))) == []
        sail(compiled, history, TWO, 2 + number % 2)


def test_a_broken_response_teaches_nothing(compiled: CompiledContract, history: History) -> None:
    """What came with a breach stays new."""
    sail(compiled, history, TWO, 12)
    wrong = body("c1", lambda made: made.update(size="12", tide=None))
    for _ in range(30):
        see(compiled, history, answer(wrong))
    assert novel(see(compiled, history, answer(body("c1", put("tide", None))))) == [("novel", "/tide")]


def test_a_novelty_that_stays_becomes_usual(compiled: CompiledContract, history: History) -> None:
    """It is told a hundred times, and not for ever."""
    sail(compiled, history, TWO, 12)
    dated = answer(body("c1", put("when", "2026-03-02T09:00:00")))
    for _ in range(5):
        see(compiled, history, *[dated] * 20)
    assert novel(see(compiled, history, dated)) == []


def test_refusals_that_nobody_documented_have_profiles(compiled: CompiledContract, history: History) -> None:
    """The body of a 404 is learned by its own situation."""

    def refused(seen: Any) -> Exchange:
        return answer(seen, status=404, purpose=Purpose.UNKNOWN_ID, who="nobody")

    for _ in range(12):
        sail(compiled, history, TWO, 1)
        see(compiled, history, refused({"error": "no such call"}))
    held = see(compiled, history, refused({"type": "about:blank", "title": "Not Found"}))
    assert novel(held) == [("novel", "/error")]


def test_two_histories_of_one_file_learn_together(compiled: CompiledContract, tmp_path: Path) -> None:
    """What one process learned the other knows, and no count is lost."""
    path = tmp_path / "h.db"
    with History(path) as one, History(path) as other:
        for _ in range(6):
            sail(compiled, one, ["c1"], 2)
            sail(compiled, other, ["c2"], 2)
        for opened in (one, other):
            profile = opened.learned(SCOPE).profiles['[200, "good", [], ["a"]]']
            assert isinstance(profile, SituationProfile)
            assert profile.is_ready
        assert novel(see(compiled, one, answer(body("c2", put("tide", None)), who="c2"))) == [
            ("novel", "/tide")
        ]


def test_a_settled_conversation_teaches_now_and_then(compiled: CompiledContract, taught: Path) -> None:
    """At first always; later one response in 32, by the millisecond at which it was sent."""
    with History(taught) as opened:
        sail(compiled, opened, TWO, 30)
        profile = opened.learned(SCOPE).profiles['[200, "good", [], ["a"]]']
    curious = [profile.is_curious("c1", number / 1000) for number in range(3200)]
    assert sum(curious) == 100
    assert profile.is_curious("somebody else", 0.001)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.floats(-1e3, 1e3)
    | st.sampled_from(["calm", "wild", "", "2026-03-02", "a b", "x" * 90, "c123456", "2026-03-02T09:00:00Z"]),
    lambda below: st.lists(below, max_size=3)
    | st.dictionaries(st.sampled_from(["role", "wind", "crew", "cook", "other"]), below, max_size=3),
    max_leaves=6,
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(change=st.dictionaries(st.sampled_from([*BODY, "legs", "extra"]), VALUES, max_size=3))
def test_the_fast_way_misses_nothing(taught: Path, change: Body) -> None:
    """Where the validator calls a body familiar, looking closer finds nothing new either."""
    with History(taught) as opened:
        profile = opened.learned(SCOPE).profiles['[200, "good", [], ["a"]]']
        profile.novelties(BOATS.operation(SCOPE.operation).responses["200"].looker.look(body("c1")), "c1")
    seen = body("c1", lambda made: made.update(change))
    response = BOATS.operation(SCOPE.operation).response_for(200)
    assert response is not None
    if profile.is_usual(seen, response.closed.schema):
        assert response.is_clean(seen)
        assert profile.is_familiar(seen)
    assert profile.is_usual(body("c1"), response.closed.schema)
    response = BOATS.operation("get_call").response_for(200)
    assert response is not None
    if profile.is_familiar(seen):
        assert profile.novelties(response.looker.look(seen), "c1") == ()


# All but the state: a short token at a place whose words the page lists is kept, as findings show it.
HOLDERS = sorted({*BODY, "extra"} - {"type"})
SECRET = "Zq7#secret sentence"
PLANTED = st.recursive(
    st.just(SECRET) | st.just("Zq7Johnson") | st.integers() | st.none(),
    lambda below: (
        st.lists(below, max_size=3)
        | st.dictionaries(st.sampled_from(["text", f"{SECRET} as a key"]), below, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(planted=st.dictionaries(st.sampled_from(HOLDERS), PLANTED), times=st.integers(1, 3))
def test_the_file_holds_no_value(tmp_path: Path, planted: Body, times: int) -> None:
    """Neither sentences nor keys of maps, and names only as what tells them apart."""
    path = tmp_path / "leak.db"
    path.unlink(missing_ok=True)
    with History(path) as opened:
        seen = body("Zq7#id", lambda made: made.update(planted))
        for _ in range(times):
            held = see(BOATS, opened, answer(seen, who="Zq7#id"), answer(seen, who="Zq7#other"))
    dump = "\n".join(sqlite3.connect(path).iterdump())
    assert "Zq7" not in dump + repr(held)
    assert "Ms Secret" not in dump
    assert "C. Ook" not in dump


def test_any_json_can_be_looked_at() -> None:
    """A body that nobody documented too; names that are no tokens are not shown."""
    look = Looker(None, {}).look({"a": [1, {"b c": None}], "n": -0.5, "big": 10**400})
    assert sorted(look) == ["", "/a", "/a/*", "/a/*/*", "/big", "/n"]

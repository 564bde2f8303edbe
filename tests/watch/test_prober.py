"""Rounds of one target against a real server: what is asked, and when it is not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from docsworn.model import FailureReason
from tests.derive.site import Site, serving
from tests.watch.kites import fly, probing, target, write_config

NOW = 1_800_000_000.0


class Clock:
    """Unix seconds that stand still until they are moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock of the test."""
    return Clock()


@pytest.fixture
def site() -> Iterator[Site]:
    """An API where every kite flies."""
    with serving() as found:
        fly(found)
        yield found


def test_every_id_and_scenario_has_its_turn(tmp_path: Path, site: Site, clock: Clock) -> None:
    """Rounds of two requests go through three ids in two scenarios, and a restart goes on where it was."""
    watched = target(
        tmp_path, site.url, "cases_per_round: 2", "scenarios: [{}, {wind: strong}]", "concurrency: 2"
    )
    file = tmp_path / "h.db"
    for _ in range(3):
        with probing(watched, clock, file) as (prober, _connectivity):
            assert prober.probe("default").sent == 2
    assert sorted(site.asked) == sorted(
        f"/kites/{name}{query}" for name in ("k1", "k2", "k3") for query in ("", "?wind=strong")
    )


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_pause_is_obeyed_over_a_restart(tmp_path: Path, site: Site, clock: Clock, form: str) -> None:
    """After a 429 nothing more is sent, in this round and by a new process, until the time is over."""
    until = {"seconds": "120", "date": formatdate(NOW + 120, usegmt=True)}[form]
    site.pages["/kites/k1"] = (429, {"Retry-After": until}, b"")
    watched, file = target(tmp_path, site.url), tmp_path / "h.db"
    with probing(watched, clock, file) as (prober, _):
        outcome = prober.probe("default")
    assert site.asked == ["/kites/k1"]
    assert [exchange.status for exchange in outcome.runs[0].exchanges] == [429]
    assert not any(counts.total() for counts in map(Counter, outcome.open.values()))
    assert outcome.hold_until == pytest.approx(NOW + 120, abs=5)
    clock.now = NOW + 100
    with probing(watched, clock, file) as (prober, _):
        assert prober.probe("default").held
        assert len(site.asked) == 1
        clock.now = NOW + 130
        fly(site)
        outcome = prober.probe("default")
    assert (outcome.sent, outcome.hold_until) == (3, 0.0)


def test_a_429_without_words_doubles_the_interval(tmp_path: Path, site: Site, clock: Clock) -> None:
    """Who does not say how long to wait is asked less and less, and as before once it answers again."""
    site.pages["/kites/k1"] = (429, {}, b"")
    watched = target(tmp_path, site.url, "interval: 100")
    with probing(watched, clock) as (prober, _):
        for wait in (200, 400, 800):
            outcome = prober.probe("default")
            assert outcome.hold_until - clock.now == pytest.approx(wait, abs=5)
            clock.now = outcome.hold_until + 1
        fly(site)
        assert prober.probe("default").hold_until == 0
        site.pages["/kites/k1"] = (429, {}, b"")
        assert prober.probe("default").hold_until - clock.now == pytest.approx(200, abs=5)


def test_a_retry_after_of_years_is_a_day(tmp_path: Path, site: Site, clock: Clock) -> None:
    """A mistake in a header does not end the watch."""
    site.pages["/kites/k1"] = (503, {"Retry-After": "999999999"}, b"")
    with probing(target(tmp_path, site.url), clock) as (prober, _):
        assert prober.probe("default").hold_until == pytest.approx(NOW + 86_400, abs=5)


def test_a_clock_that_was_set_back_holds_nobody_for_years(tmp_path: Path, site: Site, clock: Clock) -> None:
    """A pause that ends later than any pause may was written by a wrong clock."""
    site.pages["/kites/k1"] = (429, {"Retry-After": "60"}, b"")
    with probing(target(tmp_path, site.url), clock) as (prober, _):
        assert prober.probe("default").hold_until
        clock.now -= 400 * 86_400
        assert prober.held_until() == 0


def test_a_spent_budget_is_spent_for_the_next_process(tmp_path: Path, site: Site, clock: Clock) -> None:
    """Requests are counted before they are sent, in the file."""
    watched, file = target(tmp_path, site.url, "budget: {per_minute: 5, per_day: 7}"), tmp_path / "h.db"
    with probing(watched, clock, file) as (prober, _):
        assert prober.probe("default").remaining.minute == 2
    with probing(watched, clock, file) as (prober, _):
        outcome = prober.probe("default")
        assert len(site.asked) == 5
        failures = [exchange.failure for exchange in outcome.runs[0].exchanges if exchange.failure]
        assert [failure.reason for failure in failures] == [FailureReason.BUDGET]
        assert (outcome.remaining.minute, outcome.remaining.day) == (0, 2)
        clock.now += 61
        prober.probe("default")
        assert len(site.asked) == 7
        clock.now += 86_401
        assert prober.probe("default").remaining.day == 4


def test_a_conversation_that_is_gone_is_told_from_one_that_never_was(
    tmp_path: Path, site: Site, clock: Clock
) -> None:
    """404 on an id that was there before says when; on another it asks whether the id is right."""
    del site.pages["/kites/k3"]
    watched, file = target(tmp_path, site.url), tmp_path / "h.db"
    with probing(watched, clock, file) as (prober, _):
        assert [(gone.case, gone.last_seen) for gone in prober.probe("default").gone] == [
            ("get_kite/good/3", None)
        ]
    del site.pages["/kites/k1"]
    clock.now += 300
    with probing(watched, clock, file) as (prober, _):
        gone = prober.probe("default").gone
    assert [(one.case, one.last_seen) for one in gone] == [
        ("get_kite/good/1", NOW),
        ("get_kite/good/3", None),
    ]


def test_the_error_contract_is_asked_once_a_day(tmp_path: Path, site: Site, clock: Clock) -> None:
    """Wrong keys lock accounts: a process that is restarted again and again does not send more of them."""
    watched, file = target(tmp_path, site.url), tmp_path / "h.db"
    settings = tmp_path / "own" / "kites" / "provider.yaml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace(
            "error_cases: []", "error_cases: [{id: wrong-key, purpose: wrong_key}]"
        ),
        encoding="utf-8",
    )
    for lines, sizes in (((), [4, 3, 3]), (("error_contract: never",), [3, 3, 3])):
        watched = target(tmp_path, site.url, *lines)
        found = []
        for _ in range(3):
            with probing(watched, clock, tmp_path / f"{len(lines)}.db") as (prober, _):
                found.append(prober.probe("default").sent)
        assert found == sizes
    assert not file.exists()
    clock.now += 86_401
    with probing(target(tmp_path, site.url), clock, tmp_path / "0.db") as (prober, _):
        assert prober.probe("default").sent == 4


def test_no_request_is_begun_after_the_scrape_has_ended(tmp_path: Path, site: Site, clock: Clock) -> None:
    """What a scrape has no time for is not sent."""
    with probing(target(tmp_path, site.url), clock) as (prober, _):
        assert prober.probe("default", 0.0).sent == 0
        assert prober.probe("default", 30.0).sent == 3
    assert len(site.asked) == 3


def test_a_pause_ends_the_whole_round(tmp_path: Path, site: Site, clock: Clock) -> None:
    """A 429 to one operation keeps those after it from being asked too."""
    write_config(tmp_path, site.url)
    home = tmp_path / "own" / "kites"
    document = json.loads((home / "v1" / "openapi.json").read_text(encoding="utf-8"))
    nest = json.loads(json.dumps(document["paths"]["/kites/{id}"]).replace("get_kite", "get_nest"))
    document["paths"]["/nests/{id}"] = nest
    (home / "v1" / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    settings = (home / "provider.yaml").read_text(encoding="utf-8")
    second = settings.partition("operations:\n")[2].replace("get_kite", "get_nest")
    (home / "provider.yaml").write_text(settings + second, encoding="utf-8")
    with probing(target(tmp_path, site.url), clock) as (prober, _):
        assert [len(run.exchanges) for run in prober.probe("default").runs] == [3, 3]
        site.pages["/kites/k3"] = (429, {}, b"")
        before = len(site.asked)
        outcome = prober.probe("default")
    assert [len(run.exchanges) for run in outcome.runs] == [3, 0]
    assert len(site.asked) - before == 3

"""The log: each change of a state is a line, once, and holds no value."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from docsworn.watch.news import LINES, NETWORK, News, State, states
from tests.cli.kites import GOOD
from tests.derive.site import Site, serving
from tests.watch.kites import fly, probing, target

NOW = 1_800_000_000.0
RUNBOOKS = Path(__file__).parents[2] / "docs" / "runbooks.md"
BROKEN = json.dumps({**GOOD, "size": "a planted value"})


@pytest.fixture
def site() -> Iterator[Site]:
    """An API where every kite flies."""
    with serving() as found:
        fly(found)
        yield found


def test_each_change_is_told_once(tmp_path: Path, site: Site) -> None:
    """Down, broken, gone, paused, spent and back: one line each, however many rounds it lasts."""
    watched, news, now = target(tmp_path, site.url, "budget: {per_minute: 9, per_day: 80}"), News(), [NOW]

    def told(rounds: int = 2, later: float = 100.0) -> list[str]:
        lines = []
        for _ in range(rounds):
            now[0] += later
            lines += list(news.of("kites", states(watched, prober.probe("default"))))
        return lines

    with probing(watched, lambda: now[0]) as (prober, _):
        assert told() == []
        site.pages["/kites/k1"] = (503, {}, b"")
        assert told() == ["kites: down: get_kite: server_error (a status of 500 or above)"]
        site.put("/kites/k1", BROKEN, "application/json")
        assert told() == ["kites: up again: get_kite", "kites: the contract is broken: get_kite: type"]
        for name in ("k1", "k2", "k3"):
            site.pages[f"/kites/{name}"] = (503, {}, b"")
        assert told() == ["kites: down: get_kite: server_error (a status of 500 or above)"]
        fly(site)
        assert told() == ["kites: up again: get_kite", "kites: the contract is kept again: get_kite"]
        del site.pages["/kites/k2"]
        assert told() == [
            "kites: down: get_kite: fixture_gone (404 or 410 for a configured id)",
            "kites: a conversation is gone: get_kite/good/2",
        ]
        fly(site)
        assert told() == [
            "kites: up again: get_kite",
            "kites: a conversation is there again: get_kite/good/2",
        ]
        site.pages["/kites/k1"] = (429, {"Retry-After": "150"}, b"")
        paused = "kites: paused: the provider asks for no request until 2027-01-15 08:27:30 UTC"
        assert told(1) == [paused]
        assert told(1) == []
        fly(site)
        assert told() == ["kites: the pause is over"]
        assert told(4, 1.0) == ["kites: the budget of requests is spent: rounds are left out"]
        assert told() == ["kites: there is budget again"]


def test_a_restart_tells_what_is_bad_and_not_what_is_good() -> None:
    """What nobody knows yet counts as good; what was forgotten is told again."""
    news = News()
    down = State("availability", "get_kite", "dns", "dns (no name)")
    assert list(news.of("kites", iter([State("availability", "get_kite")]))) == []
    assert list(news.of("kites", iter([down, down]))) == ["kites: down: get_kite: dns (no name)"]
    news.forget("kites")
    assert list(news.of("kites", iter([down]))) == ["kites: down: get_kite: dns (no name)"]
    assert list(news.of(NETWORK, iter([State("network", trouble="gone")]))) == [LINES["network"][0]]


def test_the_runbooks_quote_what_the_log_says() -> None:
    """The table of lines in docs/runbooks.md is the table of the code."""
    rows = [
        line.split(" | ")
        for line in RUNBOOKS.read_text(encoding="utf-8").splitlines()
        if line.startswith("| `")
    ]
    quoted = {cell.strip("| `") for row in rows for cell in row[:2]}
    words = {"{0}": "…", "{1}": "…"}
    for pair in LINES.values():
        for line in pair:
            for old, new in words.items():
                line = line.replace(old, new)
            assert line in quoted

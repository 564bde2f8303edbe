"""What a process knows of the rounds of one before it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from docsworn.export.metrics import render
from docsworn.export.watch_metrics import WatchMetrics
from docsworn.observe.journal import Journal
from docsworn.watch.outcome import Outcome
from docsworn.watch.recall import keep_gauges, recall_gauges
from docsworn.watch.watched import Watched
from tests.cli.kites import GOOD
from tests.derive.site import Site, serving
from tests.watch.kites import KEY, fly, probing, target

NOW = 1_800_000_000.0
PLANTED = "a planted value"


@pytest.fixture
def site() -> Iterator[Site]:
    """An API where every kite flies."""
    with serving() as found:
        fly(found)
        yield found


def probe(watched: Watched, file: Path, at: float = NOW) -> Outcome:
    """One round of a process of its own."""
    with probing(watched, lambda: at, file) as (prober, _):
        prober.recall("default")
        return prober.probe("default")


def recalled(watched: Watched, file: Path, at: float = NOW) -> Outcome | None:
    """What a new process knows."""
    with probing(watched, lambda: at, file) as (prober, _):
        return prober.recall("default")


def test_a_new_process_knows_the_last_round(tmp_path: Path, site: Site) -> None:
    """All of it, the budget as it is now; not after a day, and not where the clock was set back."""
    site.put("/kites/k1", json.dumps({**GOOD, "mood": "odd"}), "application/json")
    watched, file = target(tmp_path, site.url), tmp_path / "h.db"
    outcome = probe(watched, file)
    assert outcome.runs[0].findings
    later = recalled(watched, file, NOW + 3600)
    assert later is not None
    assert later == replace(outcome, remaining=later.remaining)
    assert (outcome.remaining.minute, later.remaining.minute) == (27, 30)
    assert recalled(watched, file, NOW - 60) is None
    assert recalled(watched, file, NOW + 86_401) is None


def test_another_contract_or_host_begins_anew(tmp_path: Path, site: Site) -> None:
    """What was held to another contract, or said by another host, is nothing that we know."""
    watched, file = target(tmp_path, site.url), tmp_path / "h.db"
    probe(watched, file)
    other = replace(watched.contract, contract=replace(watched.contract.contract, sha256="0" * 64))
    assert recalled(replace(watched, contract=other), file) is None
    assert recalled(replace(watched, target=replace(watched.target, host="another:443")), file) is None


def test_what_cannot_be_read_is_not_known(tmp_path: Path, site: Site) -> None:
    """A file of another version of docsworn is no reason not to start."""
    watched, file = target(tmp_path, site.url), tmp_path / "h.db"
    probe(watched, file)
    with sqlite3.connect(file) as database:
        database.execute("UPDATE last SET told = '{}'")
    assert recalled(watched, file) is None


@pytest.mark.parametrize(
    "key",
    [
        ("nonsense", "kites", "get_kite"),
        ("probe_success", "kites"),
        ("probe_success", "hawks", "get_kite"),
        ("probe_success", "kites", "get_nest"),
        ("contract_violations_current", "kites", "get_kite", "odd", "error"),
        ("probes", "kites", "get_kite"),
        ("own_connectivity",),
    ],
)
def test_a_gauge_that_nobody_has_is_left_out(tmp_path: Path, site: Site, key: tuple[str, ...]) -> None:
    """Another version may have kept other names, labels and kinds."""
    watched, registry = target(tmp_path, site.url), CollectorRegistry()
    metrics = WatchMetrics(registry, [watched])
    before = scraped(registry)
    outcome = probe(watched, tmp_path / "h.db")
    metrics.restore(watched, outcome, ((key, 7.0),))
    gauges, counters = scraped(registry)
    assert counters == before[1]
    assert {
        line for line in gauges - before[0] if "budget_" not in line and "hold_until" not in line
    } == set()


def test_what_is_kept_holds_no_value(tmp_path: Path, site: Site) -> None:
    """No key, no id, no path, no header and nothing of a body."""
    site.put("/kites/k1", json.dumps({**GOOD, "size": PLANTED, PLANTED: PLANTED}), "application/json")
    site.pages["/kites/k2"] = (503, {"Retry-After": "9", "X-Secret": PLANTED}, PLANTED.encode())
    file = tmp_path / "h.db"
    probe(target(tmp_path, site.url), file)
    with sqlite3.connect(file) as database:
        told = " ".join(row[0] for row in database.execute("SELECT told FROM last"))
    assert "/size" in told
    for private in (KEY, PLANTED, "k1", "/kites/"):
        assert private not in told


def test_conversations_that_are_gone_stay_gone(tmp_path: Path, site: Site) -> None:
    """Where they take turns, a restart does not make one present that was not asked for since."""
    watched, file = target(tmp_path, site.url, "cases_per_round: 1"), tmp_path / "h.db"
    del site.pages["/kites/k1"]
    assert probe(watched, file, NOW).missing == {"get_kite": ("get_kite/good/1",)}
    assert probe(watched, file, NOW + 60).missing == {"get_kite": ("get_kite/good/1",)}
    fly(site)
    assert probe(watched, file, NOW + 120).missing == {"get_kite": ("get_kite/good/1",)}
    assert probe(watched, file, NOW + 180).missing == {"get_kite": ()}


def scraped(registry: CollectorRegistry) -> tuple[set[str], dict[str, float]]:
    """The gauges as lines, and the counters by series."""
    counting = ("_total", "_bucket", "_count", "_sum")
    lines = [line for line in render(registry).decode().splitlines() if not line.startswith("#")]
    counters = {line for line in lines if line.partition("{")[0].endswith(counting)}
    return set(lines) - counters, {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in counters
    }


def test_gauges_are_as_before_and_counters_at_zero(tmp_path: Path, site: Site) -> None:
    """A restart in a pause, after an outage and a break: no gauge differs, and no round is counted twice."""
    watched, file, now = target(tmp_path, site.url), tmp_path / "h.db", [NOW]
    registries = [CollectorRegistry(), CollectorRegistry()]
    before, after = (WatchMetrics(registry, [watched]) for registry in registries)
    with (
        probing(watched, lambda: now[0], file) as (prober, _),
        Journal(file, clock=lambda: now[0]) as journal,
    ):
        for at, broken in enumerate([(200, b"{}"), (503, b""), (404, b""), (429, b"")]):
            site.pages["/kites/k1"] = (broken[0], {"Content-Type": "application/json"}, broken[1])
            now[0] = NOW + 300 * at
            before.tell(watched, prober.probe("default"))
        keep_gauges(journal, watched, before.series.gauges("kites"), now[0])
    with (
        probing(watched, lambda: now[0], file) as (prober, _),
        Journal(file, clock=lambda: now[0]) as journal,
    ):
        outcome = prober.recall("default")
        assert outcome is not None
        after.restore(watched, outcome, recall_gauges(journal, watched, now[0]))
    shown, counted = zip(*map(scraped, registries), strict=True)
    assert shown[0] == shown[1]
    assert 'docsworn_probe_success{operation="get_kite",provider="kites"} 0.0' in shown[1]
    assert 'docsworn_fixture_present{operation="get_kite",provider="kites"} 0.0' in shown[1]
    assert any(line.startswith("docsworn_contract_violations_current{") for line in shown[1])
    assert counted[0].keys() >= counted[1].keys()
    assert set(counted[1].values()) == {0.0}

"""What watching costs the provider: two Prometheus cost what one does, and a crash loses no count."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
import yaml
from tests.cli.kites import GOOD, write_kites
from tests.monitoring.programs import Watch, prometheus, wait_for, watching
from tests.monitoring.providers import KEY, Page

from docsworn.export.catalogue import PREFIX

ENVIRONMENT = {"KITES_API_KEY": KEY, "KITES_IDS": "k1"}
PATIENCE = 60.0
MIN_INTERVAL = 2.0
BUDGET = 24


@dataclass(frozen=True, slots=True)
class Place:
    """An API that counts its requests, and the packs that describe it."""

    home: Path
    packs: Path
    api: Page

    def config(self, **settings: object) -> str:
        """A configuration of one target."""
        target = {"contract": "kites", "base_url": self.api.url, "jitter": 0, **settings}
        return yaml.safe_dump({"contracts": str(self.packs), "providers": {"kites": target}})


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """An API that always answers as it should."""
    with Page(json.dumps(GOOD), "application/json") as api:
        yield Place(tmp_path, write_kites(tmp_path), api)


def _metric(watch: Watch, series: str) -> float | None:
    """The value of a series as it is scraped."""
    lines = httpx.get(f"http://{watch.address}/metrics").text.splitlines()
    found = [line.rpartition(" ")[2] for line in lines if line.startswith(f"{PREFIX}_{series} ")]
    return float(found[0]) if found else None


def test_two_prometheus_cost_what_one_does(place: Place, require: Callable[[str], str]) -> None:
    """Both ask /probe every second, on the kit's multi-target file; the API is called every two seconds."""
    program = require("prometheus")
    config = place.config(scheduled=False, min_interval=MIN_INTERVAL)
    with watching(place.home, config, ENVIRONMENT) as watch, ExitStack() as stack:
        replaced = {
            "127.0.0.1:9808": watch.address,
            "127.0.0.1:9093": "127.0.0.1:1",
            "[tavus, elevenlabs, speechify]": "[kites]",
        }
        both = [
            stack.enter_context(prometheus(program, place.home / name, "multi-target.yml", replaced, 60))
            for name in ("one", "two")
        ]
        asked = 'sum_over_time(up{job="docsworn_probe", target="kites"}[1m])'
        began, before = time.monotonic(), place.api.requests
        wait_for(
            lambda: all((one.number(asked) or 0) >= 6 for one in both),
            lambda: str([one.query("up") for one in both]),
            PATIENCE,
        )
        calls, seconds = place.api.requests - before, time.monotonic() - began
        assert 2 <= calls <= seconds / MIN_INTERVAL + 1
        assert all(one.number('docsworn_probe_success{job="docsworn"}') == 1 for one in both)
        assert all(one.query('docsworn_probe_success{job="docsworn_probe"}') == [] for one in both)


def test_a_crash_loses_no_count_of_the_budget(place: Place) -> None:
    """Killed in the middle and started again, the watch sends just what was left of the day, and says so."""
    config = place.config(interval=0.2, budget={"per_minute": 1000, "per_day": BUDGET})
    remaining = 'budget_remaining{provider="kites",window="day"}'
    with watching(place.home, config, ENVIRONMENT) as watch:
        wait_for(lambda: place.api.requests > BUDGET / 3, watch.log.read_text, PATIENCE)
        watch.process.send_signal(signal.SIGKILL)
        watch.process.wait()
    sent = place.api.requests
    assert sent < BUDGET
    with watching(place.home, config, ENVIRONMENT) as watch:
        wait_for(lambda: _metric(watch, remaining) == 0, watch.log.read_text, PATIENCE)
        refused = 'probe_failures_total{operation="get_kite",provider="kites",reason="budget"}'
        wait_for(lambda: (_metric(watch, refused) or 0) > 1, watch.log.read_text, PATIENCE)
    assert sent < place.api.requests <= BUDGET
    assert place.api.requests >= BUDGET - 1  # the kill may fall between counting and sending

"""What a report tells beside a run: commands that work, waivers that fit, trees and charts that add up."""

from __future__ import annotations

import math
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsworn.contract.packs import load_contract, load_provider, pack_roots
from docsworn.export.charts import HEIGHT, WIDTH, draw
from docsworn.export.since_last import changes
from docsworn.export.tree import STATES, tree_of
from docsworn.export.view import observations
from docsworn.model import Verdict
from docsworn.observe.trend import Bucket
from docsworn.probe.curl import curl_lines
from tests.export.whole import BACKGROUNDS, NEW, RUNS, promises


def test_the_command_that_waives_names_the_finding_and_its_packs(tmp_path: Path) -> None:
    """Promise, place and the folder of packs stand as a shell takes them; 30 days are given."""
    (one, *_) = observations(RUNS[0], BACKGROUNDS[0])
    words = shlex.split(one.waive)
    assert words[:4] == ["docsworn", "waive", "acme", NEW.promise]
    options = dict(zip(words[4::2], words[5::2], strict=True))
    assert options == {"--pointer": NEW.pointer, "--reason": "why", "--until": "2026-04-30"}
    (own, *_) = observations(RUNS[0], replace(BACKGROUNDS[0], packs=str(tmp_path / "my packs")))
    assert shlex.split(own.waive)[6:8] == ["--contracts", str(tmp_path / "my packs")]


def test_what_cannot_be_typed_has_no_command() -> None:
    """A place with characters that are not shown would be another one when it is pasted."""
    hidden = replace(NEW, pointer="/a\u202eb")
    (one, *_) = observations(replace(RUNS[0], findings=(hidden,)), BACKGROUNDS[0])
    assert one.waive == ""


@pytest.mark.parametrize("name", ["tavus", "elevenlabs", "speechify"])
def test_curl_lines_hold_no_key_and_no_configured_id(name: str) -> None:
    """Key and ids stand as variables; a case that is not planned has no line."""
    provider = load_provider(name, pack_roots())
    settings, operation = provider.settings, load_contract(provider, None).operations["get_conversation"]
    cases = [f"get_conversation/good/{number}" for number in (1, 12)]
    lines = curl_lines(settings, operation, "https://api.example", [*cases, "get_conversation/nobody"])
    assert set(lines) == set(cases)
    for number, case in zip((1, 12), cases, strict=True):
        assert f"${settings.auth.env}" in lines[case]
        assert f'"${settings.operations["get_conversation"].ids_env}" | cut -d, -f{number})' in lines[case]
        assert "https://api.example" in lines[case]
        assert "\0" not in lines[case]


def test_a_tree_holds_every_promise_once() -> None:
    """Places within places, the counts of each state add up, and what is broken is named first."""
    roots = tree_of(promises())
    assert [root.name for root in roots] == ["get_call", "get_call.200", "get_call.401"]
    assert sum(root.counts[state] for root in roots for state in STATES) == len(promises())
    assert roots[1].summary == "2 broken, 2 kept, 1 not evaluable"
    assert list(roots[1].children["steps"].children["*"].children) == ["name", "at"]


@given(
    st.lists(
        st.tuples(st.integers(0, 99), st.integers(1, 50), st.floats(0, 30)), min_size=1, max_size=40,
        unique_by=lambda told: told[0],
    )
)  # fmt: skip
def test_no_bar_leaves_its_chart(told: list[tuple[int, int, float]]) -> None:
    """Every bar of every series lies within the picture, and every number is one."""
    buckets = [
        Bucket(60.0 * slot, 60, judged, judged, judged // 2, 0, mean, mean, (mean / 10,) * 6)
        for slot, judged, mean in sorted(told)
    ]
    trend = draw(buckets)
    assert trend is not None
    for series in (*trend.availability, *trend.latency):
        for x, bottom, width, height in re.findall(r"M(\S+) (\S+)h(\S+)v-(\S+)h-\S+z", series.path):
            assert 0 <= float(x) <= float(x) + float(width) <= WIDTH + 0.2
            assert -0.2 <= float(bottom) - float(height) <= float(bottom) <= HEIGHT + 0.2
            assert math.isfinite(float(width))


def test_what_changed_is_told() -> None:
    """Verdict, revision, findings and how much was tested; that nothing changed, and that nothing was."""
    told = changes(RUNS[0], BACKGROUNDS[0])
    assert told[0] == "The verdict was kept and is broken."
    assert "1 finding came: enum /status." in told
    assert "1 finding came back: undocumented /odd." in told
    first = replace(BACKGROUNDS[0], previous=None)
    assert changes(RUNS[0], first) == ("This is the first run that is remembered.",)
    previous = BACKGROUNDS[1].previous
    assert previous is not None
    same = replace(BACKGROUNDS[1], known={}, previous=replace(previous, fits=(), promises=RUNS[1].promises))
    assert RUNS[1].verdict is Verdict.KEPT
    assert changes(RUNS[1], same) == ("Nothing changed since 2026-03-30 06:00 UTC.",)

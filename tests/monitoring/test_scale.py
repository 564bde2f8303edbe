"""The tool that makes an hour of an alert pass in seconds."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.exporters_kit.kit import EXPORTERS, PROMETHEUS, RULES
from tests.monitoring.scale import scale_durations

FILES = [*RULES, *PROMETHEUS.glob("*.yml"), EXPORTERS / "alertmanager" / "alertmanager.yml"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_scale_of_one_changes_nothing(path: Path) -> None:
    """At scale 1 the live tests would run the committed file itself."""
    text = path.read_text(encoding="utf-8")
    assert scale_durations(text, 1) == text


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_duration_is_divided_and_nothing_else(path: Path) -> None:
    """No window or wait keeps its length, and what is left without the durations is what was there."""
    text = path.read_text(encoding="utf-8")
    scaled = scale_durations(text, 60)
    assert not re.findall(r"\[\d+[smhd]\]", scaled)
    assert not re.findall(r"(?:for|interval|wait|timeout): \d+[smhd]$", scaled, re.MULTILINE)
    durations = re.compile(r"(?<=\[)\d+m?[smhd](?=\])|(?<=: )\d+m?[smhd]$", re.MULTILINE)
    assert durations.sub("", scaled) == durations.sub("", text)


def test_durations_are_divided() -> None:
    """A window, a wait and an interval; a name and a text with a duration in it stay."""
    text = (
        "        expr: increase(x:ratio_rate1h[15m]) > 0\n        for: 15m\n"
        "  scrape_interval: 30s\n  summary: for 15m\n"
    )
    assert scale_durations(text, 200) == (
        "        expr: increase(x:ratio_rate1h[4500ms]) > 0\n        for: 4500ms\n"
        "  scrape_interval: 150ms\n  summary: for 15m\n"
    )


def test_scaled_rules_are_still_rules(require: Callable[[str], str], tmp_path: Path) -> None:
    """Prometheus takes what comes out."""
    for path in RULES:
        (tmp_path / path.name).write_text(scale_durations(path.read_text(encoding="utf-8"), 200))
    files = [str(tmp_path / path.name) for path in RULES]
    done = subprocess.run([require("promtool"), "check", "rules", *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr

"""The Grafana dashboard of the kit: made of its table, whole, and of queries that Prometheus can read."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import yaml
from tests.exporters_kit.dashboard import dashboard, filled, panels, queries
from tests.exporters_kit.kit import EXPORTERS, load, rules

from docsworn.export.catalogue import METRICS

GRAFANA = EXPORTERS / "grafana"


def test_committed_dashboard_is_what_the_script_makes() -> None:
    """The command in the script's docstring reproduces the committed JSON byte for byte."""
    done = subprocess.run(
        [sys.executable, GRAFANA / "dashboard.py"], capture_output=True, text=True, check=True
    )
    assert done.stdout == (GRAFANA / "dashboard.json").read_text(encoding="utf-8")


def test_every_panel_says_what_it_shows() -> None:
    """Each has a title of its own, a sentence and a unit."""
    shown = panels()
    assert len({panel["title"] for panel in shown}) == len(shown) > 10
    for panel in shown:
        assert panel["description"].endswith("."), panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"], panel["title"]
        assert panel["datasource"]["uid"] == "${datasource}"


def test_panels_lie_side_by_side() -> None:
    """No panel covers another, and none is wider than the grid."""
    taken: set[tuple[int, int]] = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {
            (place["x"] + right, place["y"] + down)
            for right in range(place["w"])
            for down in range(place["h"])
        }
        assert max(x for x, _ in cells) < 24
        assert not cells & taken, panel["title"]
        taken |= cells


def test_variables_and_annotations() -> None:
    """Data source, provider and operation are chosen above; new findings are marked."""
    made = dashboard()
    assert [variable["name"] for variable in made["templating"]["list"]] == [
        "datasource",
        "provider",
        "operation",
    ]
    assert [one["name"] for one in made["annotations"]["list"]] == ["New findings"]


def test_rates_are_over_the_interval_that_fits() -> None:
    """A rate is over $__rate_interval, or over the whole range where a number sums it up."""
    for query in queries():
        for window in re.findall(r"\[([^\]]+)\]", query):
            assert window in {"$__rate_interval", "$__range"}, query


def test_queries_are_promql_about_metrics_that_exist(require: Callable[[str], str], tmp_path: Path) -> None:
    """promtool parses every query, and each names only what docsworn exports or the rules record."""
    known = {metric.exported for metric in METRICS} | {rule.get("record") for rule in rules()}
    recorded = []
    for position, query in enumerate(queries()):
        named = set(re.findall(r"(?:\w+:)?docsworn_\w+(?::\w+)*", query))
        assert named, query
        assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in named} <= known, query
        recorded.append({"record": f"query_{position}", "expr": filled(query)})
    file = tmp_path / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": recorded}]}), encoding="utf-8")
    done = subprocess.run(
        [require("promtool"), "check", "rules", "--lint=none", str(file)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_provisioning_fits_the_compose_file() -> None:
    """What is provisioned lies where compose.yaml mounts it, and the data source is Prometheus's port."""
    mounts = dict(
        mount.split(":")[:2] for mount in load(EXPORTERS / "compose.yaml")["services"]["grafana"]["volumes"]
    )
    (provider,) = load(GRAFANA / "provisioning" / "dashboards" / "docsworn.yaml")["providers"]
    assert mounts["./grafana/dashboard.json"].startswith(provider["options"]["path"] + "/")
    (source,) = load(GRAFANA / "provisioning" / "datasources" / "prometheus.yaml")["datasources"]
    interval = load(EXPORTERS / "prometheus" / "prometheus.yml")["global"]["scrape_interval"]
    assert source["jsonData"]["timeInterval"] == interval


def test_dashboard_is_plain_json() -> None:
    """No key of a panel is an object of Python, and no text names a place of this machine."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            for inner in value.values():
                yield from texts(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from texts(inner)
        elif isinstance(value, str):
            yield value

    made = json.loads((GRAFANA / "dashboard.json").read_text(encoding="utf-8"))
    assert not [text for text in texts(made) if " object at 0x" in text or text.startswith("/")]

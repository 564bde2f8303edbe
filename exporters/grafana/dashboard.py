"""The Grafana dashboard: ``python exporters/grafana/dashboard.py > exporters/grafana/dashboard.json``.

Makes it of ``panels.yaml`` beside it. Needs grafana-foundation-sdk, which is in the extra ``dev``.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, statetimeline, timeseries
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.common import LegendDisplayMode, LegendPlacement
from grafana_foundation_sdk.models.dashboard import (
    DashboardCursorSync,
    DataSourceRef,
    Threshold,
    ThresholdsMode,
    ValueMap,
    ValueMappingResult,
    VariableOption,
    VariableRefresh,
    VariableSort,
)

PANELS = Path(__file__).with_name("panels.yaml")
WIDTH, HEIGHT = 12, 8  # of a panel, where nothing is said
SOURCE = DataSourceRef(type_val="prometheus", uid="${datasource}")

# A kind of violation is new where it was not there five minutes before.
_SEEN = (
    'docsworn_contract_violations_current{provider=~"$provider", operation=~"$operation",'
    ' kind!~"unreachable|timeout|latency|certificate"}'
)
NEW_FINDINGS = f"{_SEEN} > 0 unless ({_SEEN} offset 5m > 0)"

Panel = stat.Panel | timeseries.Panel | statetimeline.Panel


def render() -> str:
    """The dashboard as the JSON that is committed."""
    return JSONEncoder(sort_keys=True, indent=2).encode(build().build()) + "\n"


def build() -> dashboard.Dashboard:
    """The dashboard, not yet as JSON."""
    made = (
        dashboard.Dashboard("docsworn")
        .uid("docsworn")
        .description("Whether the watched APIs are up, how fast they are, whether they keep their contracts.")
        .tags(["docsworn"])
        .editable()
        .tooltip(DashboardCursorSync.CROSSHAIR)
        .time("now-6h", "now")
        .refresh("1m")
        .timezone("browser")
        .with_variable(dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus"))
        .with_variable(_variable("provider", "Provider", "docsworn_probes_total"))
        .with_variable(_variable("operation", "Operation", 'docsworn_probes_total{provider=~"$provider"}'))
        .annotation(_new_findings())
    )
    for row in yaml.safe_load(PANELS.read_text(encoding="utf-8")):
        made = made.with_row(dashboard.Row(row["row"]))
        for view in row["panels"]:
            made = made.with_panel(_panel(view))
    return made


def _variable(name: str, label: str, series: str) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(SOURCE)
        .query(f"label_values({series}, {name})")
        .refresh(VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(VariableSort.ALPHABETICAL_ASC)
        .multi(True)
        .include_all(True)
        .current(VariableOption(selected=True, text="All", value="$__all"))
    )


def _new_findings() -> dashboard.AnnotationQuery:
    return (
        dashboard.AnnotationQuery()
        .name("New findings")
        .datasource(SOURCE)
        .enable(True)
        .icon_color("orange")
        .expr(NEW_FINDINGS)
    )


def _panel(view: Mapping[str, Any]) -> Panel:
    panel = _LOOKS[view["look"]]()
    panel.title(view["title"]).description(view["description"]).datasource(SOURCE).unit(view["unit"])
    panel.span(view.get("width", WIDTH)).height(view.get("height", HEIGHT))
    for position, query in enumerate(view["queries"]):
        panel.with_target(_target(query, chr(ord("A") + position), view["look"]))
    if "words" in view:
        panel.mappings([_mapping(view["words"])])
    steps = [Threshold(color="green", value=None)]
    if "bad_at" in view:
        steps.append(Threshold(color="red", value=view["bad_at"]))
    panel.thresholds(dashboard.ThresholdsConfig().mode(ThresholdsMode.ABSOLUTE).steps(steps))
    return panel


def _number() -> Panel:
    return stat.Panel()


def _lines() -> Panel:
    legend = (
        common.VizLegendOptions()
        .display_mode(LegendDisplayMode.LIST)
        .placement(LegendPlacement.BOTTOM)
        .show_legend(True)
    )
    return timeseries.Panel().legend(legend).line_width(1).fill_opacity(8).min(0)


def _states() -> Panel:
    return statetimeline.Panel()


_LOOKS = {"stat": _number, "timeseries": _lines, "state-timeline": _states}


def _target(query: Mapping[str, str], ref_id: str, look: str) -> prometheus.Dataquery:
    made = prometheus.Dataquery().expr(query["expr"]).legend_format(query["legend"]).ref_id(ref_id)
    return made.instant() if look == "stat" else made.range()


def _mapping(words: Sequence[Mapping[str, str]]) -> ValueMap:
    return ValueMap(
        options={
            word["value"]: ValueMappingResult(text=word["text"], color=word["colour"], index=position)
            for position, word in enumerate(words)
        }
    )


if __name__ == "__main__":
    sys.stdout.write(render())

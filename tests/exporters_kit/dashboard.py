"""The committed Grafana dashboard, read; its queries as Prometheus takes them."""

from __future__ import annotations

import json
from typing import Any

from tests.exporters_kit.kit import EXPORTERS

_VARIABLES = {
    "$__rate_interval": "2m",
    "$__range": "6h",
    "$provider": ".+",
    "$operation": ".+",
}


def dashboard() -> dict[str, Any]:
    """The committed JSON."""
    made: dict[str, Any] = json.loads((EXPORTERS / "grafana" / "dashboard.json").read_text(encoding="utf-8"))
    return made


def panels() -> list[dict[str, Any]]:
    """Every panel but the titles of the rows."""
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def queries() -> list[str]:
    """Every query of panels and annotations, with Grafana's variables."""
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    return shown + [annotation["expr"] for annotation in dashboard()["annotations"]["list"]]


def filled(query: str, **values: str) -> str:
    """A query in which Grafana's variables have their values; ``values`` by the names without $ and __."""
    given = {f"$__{name}": value for name, value in values.items()}
    for name, value in {**_VARIABLES, **given}.items():
        query = query.replace(name, value)
    assert "$" not in query, query
    return query

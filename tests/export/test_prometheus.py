"""A real Prometheus scrapes the metrics server and answers queries about it."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client import CollectorRegistry

from docsworn.contract.compiled import CompiledContract
from docsworn.export.metrics import Metrics
from docsworn.export.pages import Pages
from docsworn.export.server import MetricsServer
from docsworn.model import Finding, Run

DEADLINE = 30.0

CONFIG = """\
global: {{scrape_interval: 200ms, scrape_timeout: 200ms}}
scrape_configs:
  - job_name: docsworn
    static_configs: [{{targets: ["{target}"]}}]
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(
    contract: CompiledContract, make_run: Callable[..., Run], make_finding: Callable[..., Finding]
) -> Iterator[MetricsServer]:
    """A metrics server after one round with a finding."""
    registry = CollectorRegistry()
    Metrics(registry, [contract]).record(make_run(make_finding()), contract, time.time())
    with MetricsServer(Pages(registry, lambda: True), listen="127.0.0.1:0") as running:
        yield running


@pytest.fixture
def prometheus(server: MetricsServer, tmp_path: Path, require: Callable[[str], str]) -> Iterator[str]:
    """The address of a Prometheus that scrapes the server five times a second."""
    program = require("prometheus")
    config = tmp_path / "prometheus.yml"
    config.write_text(CONFIG.format(target=server.url.removeprefix("http://")), encoding="utf-8")
    listen = f"127.0.0.1:{_free_port()}"
    command = [
        program,
        f"--config.file={config}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address={listen}",
        "--log.level=error",
    ]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            yield f"http://{listen}"
        finally:
            process.terminate()


def _query(client: httpx.Client, address: str, query: str) -> list[dict[str, Any]]:
    """The result of an instant query, as soon as there is one; fails after 30 s."""
    deadline = time.monotonic() + DEADLINE
    while time.monotonic() < deadline:
        try:
            response = client.get(f"{address}/api/v1/query", params={"query": query})
        except httpx.TransportError:
            response = None
        if response is not None and response.status_code == 200:
            result: list[dict[str, Any]] = response.json()["data"]["result"]
            if result:
                return result
        time.sleep(0.1)
    pytest.fail(f"no result for {query} in {DEADLINE:g} s")


def test_prometheus_reads_what_we_serve(prometheus: str) -> None:
    """Success, the violation with its labels, the types and the health of the scrape all arrive."""
    with httpx.Client(timeout=5) as client:
        (success,) = _query(client, prometheus, "docsworn_probe_success")
        assert success["metric"]["provider"] == "acme"
        assert success["value"][1] == "1"
        (violation,) = _query(client, prometheus, "docsworn_contract_violations_current > 0")
        assert (violation["metric"]["kind"], violation["metric"]["severity"]) == ("missing", "error")
        (quantile,) = _query(
            client, prometheus, "histogram_quantile(0.9, docsworn_probe_duration_seconds_bucket)"
        )
        assert 0 < float(quantile["value"][1]) <= 0.25
        (joined,) = _query(
            client,
            prometheus,
            "docsworn_contract_conforming"
            " * on(provider, operation) group_left(revision) docsworn_contract_info",
        )
        assert (joined["metric"]["revision"], joined["value"][1]) == ("v2", "0")
        metadata = client.get(f"{prometheus}/api/v1/targets/metadata", params={"metric": "docsworn_probes"})
        assert [one["type"] for one in metadata.json()["data"]] == ["counter"]

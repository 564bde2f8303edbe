"""Prometheus, Alertmanager and docsworn as real processes, on the kit's own files."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from tests.exporters_kit.kit import EXPORTERS, PROMETHEUS, RULES
from tests.monitoring.scale import scale_durations

START_SECONDS = 60.0
# Samples and evaluations come as often as a busy machine can take: a scrape may last as long as its interval.
SAMPLE_SECONDS = 1
_INTERVALS = re.compile(r"\b(scrape_interval|evaluation_interval|scrape_timeout): \d+ms\b")
T = TypeVar("T")


def wait_for(what: Callable[[], T | None], why: Callable[[], str], seconds: float) -> T:
    """The first value that is true, asked for ten times a second; fails with ``why`` after so many."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := what():
            return value
        time.sleep(0.1)
    pytest.fail(f"not within {seconds:g} s: {why()}")


@contextmanager
def running(
    command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process while the context lasts; what it says goes to a file."""
    with log.open("ab") as out, subprocess.Popen(command, stdout=out, stderr=out, env=env) as process:
        try:
            yield process
        finally:
            process.terminate()


class Prometheus:
    """A running Prometheus, asked over HTTP."""

    def __init__(self, url: str, client: httpx.Client) -> None:
        self.url = url
        self._client = client

    def query(self, expr: str) -> list[dict[str, Any]]:
        """The result of an instant query; empty as long as it does not serve."""
        try:
            response = self._client.get(f"{self.url}/api/v1/query", params={"query": expr})
        except httpx.TransportError:
            return []
        if response.status_code == 503:
            return []
        assert response.status_code == 200, (expr, response.text)
        result: list[dict[str, Any]] = response.json()["data"]["result"]
        return result

    def number(self, expr: str) -> float | None:
        """The value of a query with one result."""
        result = self.query(expr)
        return float(result[0]["value"][1]) if len(result) == 1 else None


@contextmanager
def prometheus(
    program: str, home: Path, configuration: str, replaced: Mapping[str, str], scale: int
) -> Iterator[Prometheus]:
    """Prometheus on a scrape file of the kit and its rules, faster by ``scale``, addresses replaced."""
    (home / "rules").mkdir(parents=True)
    for path in RULES:
        text = scale_durations(path.read_text(encoding="utf-8"), scale)
        (home / "rules" / path.name).write_text(text, encoding="utf-8")
    text = scale_durations((PROMETHEUS / configuration).read_text(encoding="utf-8"), scale)
    text = _INTERVALS.sub(rf"\1: {SAMPLE_SECONDS}s", text)
    (home / "prometheus.yml").write_text(_replace(text, replaced), encoding="utf-8")
    listen = f"127.0.0.1:{free_port()}"
    command = [
        program,
        f"--config.file={home / 'prometheus.yml'}",
        f"--storage.tsdb.path={home / 'data'}",
        f"--web.listen-address={listen}",
        "--log.level=warn",
    ]
    with running(command, home / "log"), httpx.Client(timeout=5) as client:
        yield Prometheus(f"http://{listen}", client)


@contextmanager
def alertmanager(program: str, home: Path, webhook: str, scale: int) -> Iterator[str]:
    """The address of an Alertmanager on the kit's routes and inhibition, faster by ``scale``."""
    home.mkdir()
    text = (EXPORTERS / "alertmanager" / "alertmanager.yml").read_text(encoding="utf-8")
    text = _replace(scale_durations(text, scale), {"127.0.0.1:9097": webhook})
    (home / "alertmanager.yml").write_text(text, encoding="utf-8")
    listen = f"127.0.0.1:{free_port()}"
    command = [
        program,
        f"--config.file={home / 'alertmanager.yml'}",
        f"--storage.path={home / 'data'}",
        f"--web.listen-address={listen}",
        "--cluster.listen-address=",
        "--log.level=warn",
    ]
    with running(command, home / "log"):
        yield listen


@contextmanager
def watching(home: Path, config: str, env: Mapping[str, str], name: str = "watch") -> Iterator[Watch]:
    """``docsworn watch`` on a configuration, as a process of its own; once it serves."""
    file = home / f"{name}.yaml"
    file.write_text(config, encoding="utf-8")
    log = home / f"{name}.log"
    log.write_bytes(b"")
    command: list[str | Path] = [
        Path(sys.executable).with_name("docsworn"),
        *("watch", "--config", file, "--listen", "127.0.0.1:0", "--history", home / "history.db"),
    ]
    inherited = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    with running(command, log, {**inherited, **env}) as process:

        def serving() -> str | None:
            assert process.poll() is None, log.read_text()
            found = re.search(r"http://(127\.0\.0\.1:\d+)", log.read_text())
            return found[1] if found else None

        yield Watch(wait_for(serving, log.read_text, START_SECONDS), process, log)


class Watch:
    """A running ``docsworn watch``: its address, its process and its log."""

    def __init__(self, address: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.address = address
        self.process = process
        self.log = log


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _replace(text: str, replaced: Mapping[str, str]) -> str:
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    return text

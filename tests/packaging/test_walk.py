"""docs/adding-a-provider.md, walked as it stands: a page on loopback, a live API on loopback, an alert."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import yaml
from tests.cli.kites import PAGE

from docsworn.contract.packs import load_provider
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator

ROOT = Path(__file__).parents[2]
WALK = (ROOT / "docs/adding-a-provider.md").read_text(encoding="utf-8")
ADDRESS = "https://docs.kites.example"
API = "https://api.kites.example"
PAGE_TEXT = f"""# Get a kite

GET {API}/kites/{{id}}

The size of a kite is greater than zero.

Reference: {ADDRESS}/get-kite

## OpenAPI Specification

```yaml
{PAGE}```
"""
STEP = re.compile(
    r"^```yaml\n# (?P<file>\S+)\n(?P<text>.+?)^```$|^ {4}(?P<command>\S[^\n]*)$", re.MULTILINE | re.DOTALL
)
SAYS = {
    "derive": "",
    "contract show": "one of: calm, wild",
    "contract check": "kites@v1: valid, 23 promises",
    "check --emulator": "1 operation: 1 kept",
    "check --dry-run": "(x-api-key: $KITES_API_KEY)",
    "check": "1 operation: 1 kept",
    "watch --check-config": "in all: 1 target",
    "watch --once": 'docsworn_probe_success{operation="getkite",provider="kites"} 1.0',
    "check rules": "SUCCESS",
}  # fmt: skip


class _Documentation(BaseHTTPRequestHandler):
    """One page."""

    def do_GET(self) -> None:
        """The page at its address, nothing elsewhere."""
        found = self.path == "/get-kite"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/markdown; charset=utf-8")
        self.end_headers()
        self.wfile.write(PAGE_TEXT.encode() if found else b"")

    def log_message(self, *_: object) -> None:
        """Nothing is logged."""


@contextmanager
def _documentation() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Documentation) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class Walker:
    """Somebody who follows the page in an empty folder; the API is there as soon as there is a contract."""

    def __init__(self, folder: Path, documentation: str) -> None:
        self.folder = folder
        self.documentation = documentation
        self.emulator: Emulator | None = None
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        self.environ = {"PATH": path, "HOME": str(folder), "LC_ALL": "C.UTF-8"}

    def write(self, file: str, text: str) -> None:
        """Make a file as the page shows it, and start the API once it is known what it promises."""
        (self.folder / file).write_text(text, encoding="utf-8")
        if file.endswith("provider.yaml"):
            self.emulator = Emulator([load_provider("kites", (self.folder / "own",))])
            self.emulator.__enter__()
            text = text.replace(API, self.emulator.base_url)
            (self.folder / file).write_text(text, encoding="utf-8")
            self.environ |= {"KITES_API_KEY": "planted-key", "KITES_IDS": self.emulator.ids("kites")[0]}

    def run(self, command: str) -> str:
        """Run a command as the page shows it; what it prints."""
        words = shlex.split(command.replace(ADDRESS, self.documentation))
        done = subprocess.run(
            words, cwd=self.folder, env=self.environ, capture_output=True, text=True, timeout=60
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        assert "planted-key" not in done.stdout + done.stderr
        return done.stdout


@pytest.fixture
def walker(tmp_path: Path) -> Iterator[Walker]:
    """A reader of the page with the kit at hand."""
    (tmp_path / "exporters").symlink_to(ROOT / "exporters")
    with _documentation() as address:
        walker = Walker(tmp_path, address)
        yield walker
        if walker.emulator is not None:
            walker.emulator.__exit__(None, None, None)


def _what_it_says(command: str) -> str:
    return SAYS[_verb(shlex.split(command))]


def _verb(words: list[str]) -> str:
    """A command without what it is about: ``check --dry-run``."""
    plain = [word for word in words[1:3] if word in ("derive", "contract", "show", "check", "watch", "rules")]
    flags = [word for word in words if word in ("--emulator", "--dry-run", "--check-config", "--once")]
    return " ".join([*plain, *flags])


def test_the_walk_leads_from_a_page_to_an_alert(walker: Walker, require: Callable[[str], str]) -> None:
    """Every file and command of the page in its order; then a promise breaks and the kit's rule fires."""
    require("promtool")
    walked = []
    for step in STEP.finditer(WALK):
        if step["command"]:
            assert _what_it_says(step["command"]) in walker.run(step["command"]), step["command"]
            walked.append(_verb(shlex.split(step["command"])))
        else:
            walker.write(step["file"], step["text"])
    assert walked == list(SAYS)
    assert walker.emulator is not None
    walker.emulator.drift("kites", Drift("set", pointer="/mood", value="loud"))
    metrics = walker.run("docsworn watch --config docsworn.yaml --once")
    series = [
        line for line in metrics.splitlines() if line.startswith("docsworn_contract_violations_current{")
    ]
    (broken,) = (
        line.rpartition(" ")[0] for line in series if 'kind="enum"' in line and line.endswith(" 1.0")
    )
    _assert_fires(walker, broken)


def _assert_fires(walker: Walker, series: str) -> None:
    """Prometheus, given this series at 0 and then at 1, fires the alert for kites."""
    test = {
        "rule_files": [str(ROOT / "exporters/prometheus/rules/contract.yml")],
        "evaluation_interval": "1m",
        "tests": [{
            "interval": "1m",
            "input_series": [{"series": series, "values": "0 0 1x10"}],
            "promql_expr_test": [{
                "expr": 'count(ALERTS{alertname="DocswornContractBroken",provider="kites"})',
                "eval_time": "5m",
                "exp_samples": [{"labels": "{}", "value": 1}],
            }],
        }],
    }  # fmt: skip
    assert 'provider="kites"' in series
    (walker.folder / "alert_test.yml").write_text(yaml.safe_dump(test))
    assert "SUCCESS" in walker.run("promtool test rules alert_test.yml")

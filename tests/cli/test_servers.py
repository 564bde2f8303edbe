"""The verbs that live: emulate, watch and demo as processes of their own, on real sockets."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.cli.conftest import PROVIDERS, Docsworn

COMMAND = [sys.executable, "-m", "docsworn"]


@contextmanager
def running(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A docsworn process and the first line that it says on stderr."""
    process = subprocess.Popen(
        [*COMMAND, *arguments], stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        yield process, process.stderr.readline()
    finally:
        process.kill()
        process.communicate()


def url_in(line: str) -> str:
    """The URL in a line that a server printed."""
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, line
    return found.group()


def ends_within(process: subprocess.Popen[str], seconds: float) -> float:
    """Send SIGTERM; how long the process takes to end with code 0."""
    started = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(seconds) == 0
    return time.monotonic() - started


def test_emulate_serves_three_providers_on_one_port() -> None:
    """Any key is taken but one that begins with invalid; all conversations are listed."""
    with running("emulate", "--port", "0") as (process, line):
        base = url_in(line)
        listed = httpx.get(f"{base}/__docsworn/").json()["providers"]
        assert set(listed) == set(PROVIDERS)
        headers = {"elevenlabs": "xi-api-key", "tavus": "x-api-key", "speechify": "Authorization"}
        for name, found in listed.items():
            path = found["scenarios"][0]["path"]
            prefix = "Bearer " if name == "speechify" else ""
            answers = [
                httpx.get(base + path, headers={headers[name]: f"{prefix}{key}"}).status_code
                for key in ("anything", "invalid-key")
            ]
            assert answers == [200, 401]
        ends_within(process, 3)


def test_watch_serves_metrics_until_it_is_told_to_stop() -> None:
    """/metrics has every provider's series, /-/ready turns ready after the first round; SIGTERM ends it."""
    with running("watch", "--emulator", "--interval", "0.2", "--listen", "127.0.0.1:0") as (process, line):
        base = url_in(line)
        wait_for(lambda: httpx.get(f"{base}/-/ready").status_code == 200)
        wait_for(lambda: count(base, "docsworn_probes_total", "tavus") >= 3)
        for name in PROVIDERS:
            assert count(base, "docsworn_probe_success", name) == 1
            assert count(base, "docsworn_contract_conforming", name) == 1
        ends_within(process, 5)


def test_watch_tries_a_wrong_key_once_a_day_only() -> None:
    """The error contract is asked in the first round, and not again with every round."""
    with running("watch", "tavus", "--emulator", "--interval", "0.1", "--listen", "127.0.0.1:0") as (_, line):
        base = url_in(line)
        wait_for(lambda: count(base, "docsworn_probes_total", "tavus") >= 5)
        text = httpx.get(f"{base}/metrics").text
        refused = re.search(r'^docsworn_responses_total{code="4xx"[^}]*} (\S+)$', text, re.MULTILINE)
        assert refused
        assert float(refused.group(1)) == 4


def count(base: str, metric: str, provider: str) -> float:
    """The value of one series of a provider."""
    text = httpx.get(f"{base}/metrics").text
    found = re.search(rf'^{metric}{{[^}}]*provider="{provider}"[^}}]*}} (\S+)$', text, re.MULTILINE)
    return float(found.group(1)) if found else -1


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_watch_once_prints_the_metrics(docsworn: Docsworn) -> None:
    """watch --once probes once and prints what Prometheus would see."""
    ended = docsworn("watch", "--once", "--emulator", "speechify")
    assert (ended.code, ended.err) == (0, "")
    assert 'docsworn_probe_success{operation="get_conversation",provider="speechify"} 1.0' in ended.out
    assert "tavus" not in ended.out


def test_watch_once_says_when_nothing_is_reached(docsworn: Docsworn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing reached is exit 4, with the metrics printed all the same."""
    monkeypatch.setenv("TAVUS_API_KEY", "sk-good")
    monkeypatch.setenv("TAVUS_CONVERSATION_IDS", "c1")
    ended = docsworn("watch", "--once", "tavus", "--base-url", "http://127.0.0.1:9")
    assert ended.code == 4
    assert 'docsworn_probe_success{operation="get_conversation",provider="tavus"} 0.0' in ended.out


def test_watch_says_when_the_schedule_is_over_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """A schedule that cannot fit the budget is said at start."""
    monkeypatch.setenv("TAVUS_API_KEY", "sk-good")
    monkeypatch.setenv("TAVUS_CONVERSATION_IDS", "c1")
    arguments = ("watch", "tavus", "--base-url", "http://127.0.0.1:9", "--interval", "1")
    with running(*arguments, "--listen", "127.0.0.1:0") as (_, line):
        assert line.startswith("tavus: a round every 1 s needs 120 requests a minute, and the budget is 30")


@pytest.mark.timeout(120)
def test_the_demo_catches_three_drifts(tmp_path: Path) -> None:
    """The demo learns, drifts, catches, prints metrics and the report's place; exit 0 within 60 s."""
    started = time.monotonic()
    ended = subprocess.run(
        [*COMMAND, "demo", "--out", str(tmp_path / "out")], capture_output=True, text=True, check=False
    )
    assert time.monotonic() - started < 60
    assert (ended.returncode, ended.stderr) == (0, "")
    caught = re.findall(
        r"caught +(\S+), (\S+)\n +place +(\S+)\n +documented +(.+)\n +seen +(.+)\n +promised by (\S+):(\d+)",
        ended.stdout,
    )
    assert [(severity, kind, place) for severity, kind, place, *_ in caught] == [
        ("error", "enum", "/status"),
        ("error", "vanished", "/status"),
        ("error", "invariant", "/status"),
    ]
    assert [int(line) for *_, line in caught] == [51, 20, 59]
    assert 'docsworn_contract_conforming{operation="get_conversation",provider="tavus"} ' in (
        tmp_path / "out" / "metrics.prom"
    ).read_text(encoding="utf-8")
    assert str(tmp_path / "out" / "report.html") in ended.stdout
    assert (tmp_path / "out" / "report.html").is_file()


def test_a_reader_that_leaves_is_no_finding() -> None:
    """``docsworn contract show elevenlabs | head -1`` ends quietly and well."""
    process = subprocess.Popen(
        [*COMMAND, "contract", "show", "elevenlabs"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(20) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()


def test_a_reader_that_leaves_does_not_change_the_verdict(tmp_path: Path) -> None:
    """``docsworn check … | head -1`` in a job of CI is red where the check is."""
    (tmp_path / "recorded.ndjson").write_text('{"status": 200, "body": {}}\n', encoding="utf-8")
    arguments = ("check", "speechify", "--recorded", "recorded.ndjson")
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert (process.wait(30), process.stderr.read()) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_not_our_fault() -> None:
    """Output that cannot be written is said in a sentence."""
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [*COMMAND, "contract", "schema", "tavus"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith("docsworn: the output cannot be written: no space is left\n")


@pytest.mark.parametrize("arguments", ["check speechify --emulator --only status", "check --list"])
def test_a_stdout_that_is_closed_is_no_fault_of_ours(tmp_path: Path, arguments: str) -> None:
    """A shell's ``>&-``: the exit code is the answer."""
    command = f"{sys.executable} -m docsworn {arguments} >&-"
    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


LOST = """
import time
from docsworn.cli.interrupts import keep_interrupts

class Callback:
    def __del__(self):
        raise KeyboardInterrupt

keep_interrupts()
callback = Callback()
del callback
started = time.monotonic()
try:
    time.sleep(60)
except KeyboardInterrupt:
    print("interrupted", "while it waits" if time.monotonic() - started < 50 else "late")
"""


def test_an_interruption_in_a_callback_comes_again(tmp_path: Path) -> None:
    """Python would print a traceback and go on: Ctrl-C in a library's callback must not be lost."""
    done = subprocess.run(
        [sys.executable, "-c", LOST], cwd=tmp_path, capture_output=True, text=True, timeout=90, check=False
    )
    assert (done.stdout, done.stderr) == ("interrupted while it waits\n", "")

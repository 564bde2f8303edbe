"""A thousand targets on one core: docsworn beside prometheus-blackbox-exporter, probing the same URLs.

    python benchmarks/prober.py [--targets N] [--interval SECONDS] [--seconds N]

The emulator answers on one core. On another one `docsworn watch` probes every target at its interval and
holds every body to its contract; after it the blackbox exporter probes the same URLs at the same pace and
looks at the status only (apt-get install prometheus-blackbox-exporter; without it the benchmark says so).
It prints targets a second beside those that the interval wants, and memory (RSS) at the beginning and at the
end. Rounds come in step with the interval, so measure for a multiple of it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROVIDER = "tavus"
BLACKBOX = "prometheus-blackbox-exporter"
KEY = "benchmark"
MODULE = {"modules": {"get": {"prober": "http", "timeout": "5s", "http": {"headers": {"x-api-key": KEY}}}}}


@dataclass(frozen=True, slots=True)
class Load:
    """How many targets, how often each (seconds), and for how many seconds it is measured."""

    targets: int
    interval: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Found:
    """Probes in the time measured, how many of them were good, and memory in MB before and after."""

    probes: int
    good: int
    seconds: float
    before: float
    after: float
    cpu: float


@contextmanager
def running(command: Sequence[str], core: int, **more: object) -> Iterator[subprocess.Popen[str]]:
    """A process that may use one core only."""
    pinned = ["taskset", "--cpu-list", str(core), *command] if shutil.which("taskset") else list(command)
    with subprocess.Popen(pinned, stderr=subprocess.PIPE, text=True, **more) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.terminate()


def said_url(process: subprocess.Popen[str]) -> str:
    """The URL in what a process says on stderr."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return found[0]
    sys.exit("a server did not start")


def fetch(url: str) -> str:
    """The text of a page."""
    with urllib.request.urlopen(url, timeout=60) as answer:
        return str(answer.read().decode())


def usage(process: subprocess.Popen[str]) -> tuple[float, float]:
    """Resident memory in MB and seconds of CPU of a process."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    stat = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(stat[11]) + int(stat[12])
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return int(found[1]) / 1024 if found else 0.0, ticks / os.sysconf("SC_CLK_TCK")


def totals(url: str) -> tuple[int, int]:
    """Rounds so far, and how many of them failed."""
    text = fetch(f"{url}/metrics")
    rounds, failures = (
        sum(float(value) for value in re.findall(rf"^docsworn_{name}{{.*}} (\S+)$", text, re.MULTILINE))
        for name in ("probes_total", "probe_failures_total")
    )
    return int(rounds), int(failures)


def measure_docsworn(load: Load, emulator: str, identifier: str, core: int, folder: Path) -> Found:
    """`docsworn watch` with so many targets, from when each has had a round."""
    target = {
        "contract": PROVIDER,
        "base_url": emulator,
        "interval": load.interval,
        "cases_per_round": 1,
        "scenarios": [{}],
        "error_contract": "never",
        "budget": {"per_minute": 100_000, "per_day": 10**8},
    }
    config = folder / "docsworn.yaml"
    names = [f"target-{number}" for number in range(load.targets)]
    config.write_text(json.dumps({"providers": dict.fromkeys(names, target), "history": "history.db"}))
    command = [sys.executable, "-m", "docsworn", "watch", "--config", str(config), "--listen", "127.0.0.1:0"]
    environ = {**os.environ, "TAVUS_API_KEY": KEY, "TAVUS_CONVERSATION_IDS": identifier}
    with running(command, core, env=environ) as process:
        url = said_url(process)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                fetch(f"{url}/-/ready")
                break
            except urllib.error.HTTPError:
                time.sleep(0.2)
        rounds, failed = totals(url)
        before, cpu = usage(process)
        began = time.monotonic()
        time.sleep(load.seconds)
        took = time.monotonic() - began
        after, cpu_after = usage(process)
        rounds_after, failed_after = totals(url)
    probes = rounds_after - rounds
    return Found(probes, probes - (failed_after - failed), took, before, after, cpu_after - cpu)


def measure_blackbox(load: Load, target: str, core: int, folder: Path) -> Found:
    """The blackbox exporter, asked for each target at its interval as Prometheus would."""
    config = folder / "blackbox.yml"
    config.write_text(json.dumps(MODULE))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    command = [BLACKBOX, f"--config.file={config}", f"--web.listen-address={listen}", "--log.level=error"]
    with running(command, core, stdout=subprocess.DEVNULL) as process:
        url = f"http://{listen}/probe?module=get&target={target}"
        for _ in range(50):
            try:
                fetch(url)
                break
            except OSError:
                time.sleep(0.1)
        before, cpu = usage(process)
        began = time.monotonic()

        def probe(number: int) -> bool:
            time.sleep(max(0.0, began + number * load.interval / load.targets - time.monotonic()))
            return "\nprobe_success 1" in fetch(url)

        with ThreadPoolExecutor(16) as pool:
            count = int(load.targets * load.seconds / load.interval)
            good = sum(pool.map(probe, range(count)))
        took = time.monotonic() - began
        after, cpu_after = usage(process)
    return Found(count, good, took, before, after, cpu_after - cpu)


def tell(name: str, found: Found, load: Load) -> None:
    """One line of the table."""
    rate, wanted = found.probes / found.seconds, load.targets / load.interval
    print(f"{name:<12} {wanted:>9.1f} {rate:>10.1f} {found.good / max(1, found.probes):>7.1%} "
          f"{found.before:>9.0f} {found.after:>8.0f} {found.cpu / found.seconds:>8.0%} "
          f"{1000 * found.cpu / max(1, found.probes):>9.2f}")  # fmt: skip


def main() -> None:
    """Prints a table with one line for each prober."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--targets", type=int, default=1000)
    parser.add_argument("--interval", type=float, default=15.0)
    parser.add_argument("--seconds", type=float, default=30.0)
    load = Load(**vars(parser.parse_args()))
    cores = sorted(os.sched_getaffinity(0))
    with (
        tempfile.TemporaryDirectory() as name,
        running([sys.executable, "-m", "docsworn", "emulate", PROVIDER, "--port", "0"], cores[-1]) as process,
    ):
        emulator = said_url(process)
        (scenario, *_) = json.loads(fetch(f"{emulator}/__docsworn/"))["providers"][PROVIDER]["scenarios"]
        print(f"{load.targets} targets, each every {load.interval:g} s, measured for {load.seconds:g} s\n")
        print(f"{'prober':<12} {'wanted/s':>9} {'targets/s':>10} {'good':>7} {'RSS MB':>9} {'at end':>8} "
              f"{'of core':>8} {'ms each':>9}")  # fmt: skip
        found = measure_docsworn(load, emulator, scenario["id"], cores[0], Path(name))
        tell("docsworn", found, load)
        if shutil.which(BLACKBOX) is None:
            print(f"{BLACKBOX} is not installed: apt-get install {BLACKBOX}")
        else:
            tell("blackbox", measure_blackbox(load, emulator + scenario["path"], cores[0], Path(name)), load)


if __name__ == "__main__":
    main()

"""Requests per second of the emulator beside a bare aiohttp handler that answers the same bytes.

    python benchmarks/emulator.py [--seconds N] [--connections N] [--rounds N]

Both are processes of their own, measured in turns by `wrk` (apt-get install wrk), so that what else the
machine does hits both. The target is 0.7 of aiohttp.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

BARE = """\
import sys
from pathlib import Path
from aiohttp import web

body = Path(sys.argv[1]).read_bytes()

async def handle(request):
    return web.Response(body=body, content_type="application/json")

app = web.Application()
app.router.add_get(sys.argv[2], handle)
web.run_app(app, host="127.0.0.1", port=0, access_log=None, print=lambda text: print(text, flush=True))
"""
EMULATED = (
    ("tavus", "x-api-key: k", "active", "/v2/conversations/c4d91f7a2e6b03581"),
    ("tavus", "x-api-key: k", "ended, verbose", "/v2/conversations/c1b62d8f4a9e07c35?verbose=true"),
    ("elevenlabs", "xi-api-key: k", "done", "/v1/convai/conversations/conv_3k8v2m7q9x4t1z6c5b0n8f2h7j4d"),
    (
        "elevenlabs",
        "xi-api-key: k",
        "done-workflow",
        "/v1/convai/conversations/conv_8m3p6s0v4y7b1e5h9k2n6r0u4x8a",
    ),
)


@dataclass(frozen=True, slots=True)
class Load:
    """How wrk asks."""

    seconds: int
    connections: int
    rounds: int


@contextmanager
def serving(*command: str, quiet: bool = False) -> Iterator[str]:
    """A server process, and its URL, which is in the first line that it prints."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL if quiet else subprocess.PIPE,
        stderr=subprocess.PIPE if quiet else None, text=True,
    )  # fmt: skip
    with process:
        stream = process.stderr if quiet else process.stdout
        assert stream is not None
        found = None
        while found is None:
            found = re.search(r"http://127\.0\.0\.1:\d+", stream.readline())
        yield found[0]
        process.terminate()


def measure(url: str, header: str, load: Load) -> float:
    """Requests per second by wrk; an error among the answers ends the benchmark."""
    done = subprocess.run(
        ["wrk", "-t1", f"-c{load.connections}", f"-d{load.seconds}s", "-H", header, url],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        sys.exit(f"not all answers were good:\n{done.stdout}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)
    assert found is not None
    return float(found[1])


def compare(provider: str, header: str, path: str, load: Load, folder: Path) -> tuple[int, float, float]:
    """Bytes of the body, and the medians of aiohttp alone and of the emulator."""
    with ExitStack() as stack:
        emulate = (sys.executable, "-m", "docsworn", "emulate", provider, "--port", "0")
        emulated = stack.enter_context(serving(*emulate, quiet=True)) + path
        name, _, value = header.partition(": ")
        request = urllib.request.Request(emulated, headers={name: value})
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
        file = folder / "body.json"
        file.write_bytes(body)
        bare = (
            stack.enter_context(serving(sys.executable, "-c", BARE, str(file), path.partition("?")[0])) + path
        )
        found: dict[str, list[float]] = {bare: [], emulated: []}
        for _ in range(load.rounds):
            for url, figures in found.items():
                figures.append(measure(url, header, load))
    return len(body), statistics.median(found[bare]), statistics.median(found[emulated])


def main() -> None:
    """Prints a table with one line for each body."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    load = Load(**vars(parser.parse_args()))
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: apt-get install wrk")
    print(f"{'body':<26} {'bytes':>7} {'aiohttp/s':>10} {'emulator/s':>11} {'share':>6}")
    with tempfile.TemporaryDirectory(prefix="docsworn-benchmark-") as folder:
        for provider, header, name, path in EMULATED:
            size, bare, emulated = compare(provider, header, path, load, Path(folder))
            label, share = f"{provider} {name}", emulated / bare
            print(f"{label:<26} {size:>7} {bare:>10.0f} {emulated:>11.0f} {share:>6.2f}", flush=True)


if __name__ == "__main__":
    main()

"""How long docsworn takes to start: whole processes, cold imports, beside ``python -c pass`` in one run.

    python benchmarks/startup.py [--rounds N]

In each round every command runs once, in turns, so that what else the machine does hits all of them. The
bounds hold for a machine on which `python -c pass` takes 15 ms; on a slower or busier one they are as much
longer, and the exit code is 1 above them. CPU is user and system time, which others hardly change. The
emulator is part of the check; a live one has none.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence

DOCSWORN = (sys.executable, "-m", "docsworn")
PASS = "python -c pass"
PASS_SECONDS = 0.015
# Each command with its bound in seconds; None where there is none.
COMMANDS: Mapping[str, tuple[tuple[str, ...], float | None]] = {
    PASS: ((sys.executable, "-c", "pass"), None),
    "docsworn --help": ((*DOCSWORN, "--help"), 0.25),
    "docsworn check --emulator (three providers)": ((*DOCSWORN, "check", "--emulator"), 1.5),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print a row a command, and say whether the bounds hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args(arguments).rounds
    with tempfile.TemporaryDirectory() as state:
        seconds = measure(rounds, {**os.environ, "XDG_STATE_HOME": state})
    base = statistics.median(wall for wall, _ in seconds[PASS])
    base_cpu = statistics.median(cpu for _, cpu in seconds[PASS])
    slower = max(1.0, base / PASS_SECONDS)
    head = "".join(f"{name:>9}" for name in ("median", "best", "bound", "of pass", "CPU", "of pass"))
    print(f"{'command':<46}{head}   ({rounds} rounds)")
    late = False
    for name, (_, bound) in COMMANDS.items():
        median = statistics.median(wall for wall, _ in seconds[name])
        best = min(wall for wall, _ in seconds[name])
        cpu = statistics.median(cpu for _, cpu in seconds[name])
        late = late or (bound is not None and median > bound * slower)
        said = "-" if bound is None else f"{bound * slower:.2f} s"
        walls = f"{median:>7.3f} s{best:>7.3f} s{said:>9}{median / base:>8.1f}x"
        print(f"{name:<46}{walls}{cpu:>7.3f} s{cpu / base_cpu:>8.1f}x")
    return int(late)


def measure(rounds: int, environ: Mapping[str, str]) -> Mapping[str, list[tuple[float, float]]]:
    """The seconds of each command and those of its CPU, by name, once a round."""
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, (command, _bound) in COMMANDS.items():
            started, spent = time.perf_counter(), _cpu()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environ)
            seconds[name].append((time.perf_counter() - started, _cpu() - spent))
    return seconds


def _cpu() -> float:
    """User and system seconds of all processes that have ended so far."""
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    sys.exit(main())

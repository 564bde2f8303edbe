"""A program that forks writers and kills them in the middle: ``python -m tests.observe.killed FILE TIMES``.

It forks from one warm process because a hundred cold ones would take a minute. It prints what is wrong.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
from pathlib import Path

from docsworn.observe.history import History
from docsworn.observe.scope import Scope
from tests.observe.rounds import GOOD, sample, see

COMPILED = sample()
NUMBER_BYTES = 4


def write_for_ever(path: Path, scope: Scope, told: int) -> None:
    """Record one run after the other, and say the number of each once it is recorded."""
    with History(path) as history:
        number = len(history.runs(scope))
        while True:
            number += 1
            see(COMPILED, history, {**GOOD, "type": "zzz"}, GOOD, at=float(number), scope=scope)
            os.write(told, number.to_bytes(NUMBER_BYTES, "big"))


def kill_one(path: Path, scope: Scope, rng: random.Random) -> int:
    """Let a writer write for some milliseconds, kill it, and return the last number that it told."""
    reading, told = os.pipe()
    if (child := os.fork()) == 0:
        os.close(reading)
        write_for_ever(path, scope, told)
    os.close(told)
    first = os.read(reading, NUMBER_BYTES)
    time.sleep(rng.uniform(0.0, 0.012))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as rest:
        numbers = first + rest.read()
    return int.from_bytes(numbers[-NUMBER_BYTES:], "big")


def problems(path: Path, scope: Scope, last: int) -> list[str]:
    """What is wrong with the file after a writer died that had told ``last``."""
    database = sqlite3.connect(path)
    count = "SELECT count(*) FROM {} JOIN run ON run.id = run WHERE host = ?"
    (whole,) = database.execute("PRAGMA integrity_check").fetchone()
    (runs,) = database.execute("SELECT count(*) FROM run WHERE host = ?", (scope.host,)).fetchone()
    (exchanges,) = database.execute(count.format("exchange"), (scope.host,)).fetchone()
    (seen,) = database.execute("SELECT max(count) FROM finding WHERE host = ?", (scope.host,)).fetchone()
    (kept,) = database.execute("SELECT max(kept) FROM ledger WHERE host = ?", (scope.host,)).fetchone()
    broken = database.execute("PRAGMA foreign_key_check").fetchall()
    database.close()
    facts = {
        f"integrity: {whole}": whole == "ok",
        f"foreign keys: {len(broken)}": not broken,
        f"{runs} runs, {last} told": last <= runs <= last + 1,
        f"{exchanges} exchanges of {runs} runs": exchanges == 2 * runs,
        f"a finding seen {seen} times in {runs} runs": seen == runs,
        f"{kept} kept in {runs} runs": kept == 2 * runs,
    }
    return [problem for problem, fine in facts.items() if not fine]


def main(path: Path, times: int) -> None:
    """Kill so many writers, and look at the file after each."""
    rng, scope = random.Random(8), Scope("host", "acme", "get_call", "v1")
    for time_ in range(times):
        for problem in problems(path, scope, kill_one(path, scope, rng)):
            print(f"after {time_ + 1} writers: {problem}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))

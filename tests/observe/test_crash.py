"""A crash loses at most the run in progress, and two processes may write at once."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from docsworn.observe.history import History
from docsworn.observe.scope import Scope

ROOT = Path(__file__).parents[2]
KILLS = 100
RUNS = 40


def test_a_hundred_writers_that_are_killed_lose_nothing(tmp_path: Path) -> None:
    """After each ``kill -9`` the file is whole, and has every run that was told to be recorded."""
    path = tmp_path / "history.db"
    done = subprocess.run(
        [sys.executable, "-m", "tests.observe.killed", str(path), str(KILLS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 0)
    with History(path) as history:
        assert len(history.runs()) >= KILLS


def test_two_processes_write_at_once(tmp_path: Path) -> None:
    """Every run, exchange and sight of both is there, also where both write of the same host."""
    path = tmp_path / "history.db"
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.observe.writer", str(path), host, str(RUNS)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
        )
        for host in ("one", "two")
    ]
    assert [writer.communicate()[1] for writer in writers] == [b"", b""]
    with History(path) as history:
        for host, runs in (("one", RUNS), ("two", RUNS), ("shared", 2 * RUNS)):
            scope = Scope(host, "acme", "get_call", "v1")
            assert len(history.runs(scope)) == runs
            assert [known.count for known in history.findings(scope)] == [runs]

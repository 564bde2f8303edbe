"""The example workflow for pull requests that update a dependency: its last step, run in a repository."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = yaml.safe_load((ROOT / "docs/examples/compat.yml").read_text())
(COMPARE,) = (step for step in WORKFLOW["jobs"]["compat"]["steps"] if "BASE" in step.get("env", {}))


@pytest.mark.parametrize(
    ("after", "uses", "code"),
    [
        ("tavus@v2-face", "/replica_id", 1),
        ("tavus@v2-face", "/status", 0),
        ("tavus@v2-replica", "/replica_id", 1),
    ],
    ids=["the SDK moves and we read what moves", "we read other fields", "the provider has moved"],
)
def test_comparing_says_what_an_update_breaks(
    tmp_path: Path, require: Callable[[str], str], after: str, uses: str, code: int
) -> None:
    """The contract of the base branch is held against that of the update, or against the current one."""
    git = (require("git"), "-c", "user.name=n", "-c", "user.email=e@example.org")
    contract = tmp_path / "docsworn-contract.txt"
    contract.write_text("tavus@v2-replica\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "base"]):
        subprocess.run([*git, *words], cwd=tmp_path, check=True)
    contract.write_text(f"{after}\n")
    (tmp_path / "uses.txt").write_text(f"{uses}\n")
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", COMPARE["run"]],
        cwd=tmp_path,
        env={"PATH": path, "HOME": str(tmp_path), "BASE": "HEAD"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    assert ("::error" in done.stdout) == bool(code), done.stdout

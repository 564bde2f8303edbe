"""The pre-commit hook, run by its entry as pre-commit runs it."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tests.cli.kites import write_kites

ROOT = Path(__file__).parents[2]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with one valid pack in contracts/; its page is in the repository's root."""
    write_kites(tmp_path).rename(tmp_path / "contracts")
    return tmp_path


def _hook(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        shlex.split(HOOK["entry"]),
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), **environ},
        capture_output=True,
        text=True,
    )


def test_hook_has_what_pre_commit_asks_for() -> None:
    """The fields that pre-commit must have, and only packs wake it."""
    assert {"id", "name", "entry", "language"} <= set(HOOK)
    assert (HOOK["id"], HOOK["language"], HOOK["pass_filenames"]) == ("docsworn-packs", "python", False)
    assert re.search(HOOK["files"], "contracts/kites/v1/openapi.json")
    assert not re.search(HOOK["files"], "src/contracts.py")


def test_valid_packs_pass_without_their_pages(repository: Path) -> None:
    """Where the page is not at hand the hook passes and says so."""
    done = _hook(repository)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^kites@v1: valid, \d+ promises$", done.stdout, re.MULTILINE)
    assert done.stderr == "kites@v1: not derived again: kites.yaml is not at hand\n"


def test_packs_are_derived_again_where_the_page_is_at_hand(repository: Path) -> None:
    """The same passes; an edit by hand fails, with file and line."""
    pages = {"DOCSWORN_PAGES": str(repository)}
    done = _hook(repository, **pages)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "kites@v1: same"), done.stderr
    document = repository / "contracts/kites/v1/openapi.json"
    document.write_text(document.read_text().replace('"calm"', '"still"'))
    done = _hook(repository, **pages)
    assert done.returncode == 1
    assert re.search(r"kites@v1: different \(openapi.json:\d+ differs\)", done.stdout)


@pytest.mark.parametrize(
    ("file", "text", "code", "complaint"),
    [
        ("v1/openapi.json", "{", 3, "kites@v1: kites/v1/openapi.json"),
        ("provider.yaml", "provider: kites\n", 2, "kites: kites/provider.yaml:1"),
        (
            "v1/invariants.yaml",
            "- {id: a, operation: get_kite, pointer: /size, hold: body.size >, documented: b, line: 1}\n",
            3,
            "kites@v1: kites/v1/invariants.yaml:1: get_kite.200:invariant/a: is not CEL: ",
        ),
    ],
)
def test_an_invalid_pack_fails(repository: Path, file: str, text: str, code: int, complaint: str) -> None:
    """What cannot be loaded fails with the file and without a traceback."""
    (repository / "contracts/kites" / file).write_text(text)
    done = _hook(repository)
    assert done.returncode == code, done.stdout + done.stderr
    assert complaint in done.stdout
    assert "Traceback" not in done.stderr

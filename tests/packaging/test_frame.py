"""The frame around the code: make targets, README, and what no committed file may hold."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Written in two parts, so that this file does not hold them either.
REGISTRIES = ("pypi" + ".org", "python" + "hosted.org", "npm" + "js.org", "deb.debian" + ".org")
MACHINE = re.compile(r"(?<![\w.])/(work|root)/" + r"|\.lib" + r"rary/")


def _committed(require: Callable[[str], str]) -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = [require("git"), "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    names = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in names.split("\0") if name and (ROOT / name).is_file()]


def _make(require: Callable[[str], str], *words: str) -> str:
    done = subprocess.run([require("make"), *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("target", ["setup", "demo", "test", "check", "format"])
def test_make_target_exists_and_is_told(require: Callable[[str], str], target: str) -> None:
    """Each target can be run, sets itself up first, and stands in `make help`."""
    assert ".ci/setup" in _make(require, "--dry-run", target)
    assert re.search(rf"^make {target} +\S", _make(require), re.MULTILINE)


def test_readme_leads_with_the_two_commands() -> None:
    """The first thing a newcomer is told to type is make demo, then make test."""
    shown = re.findall(r"^ {4}(\S.*?)(?: +#.*)?$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert shown[:2] == ["make demo", "make test"]


def test_licence_is_apache() -> None:
    """LICENSE is the Apache License 2.0, in full."""
    text = (ROOT / "LICENSE").read_text()
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_changelog_has_the_form_it_claims() -> None:
    """Keep a Changelog: an Unreleased section and only the six kinds of change."""
    text = (ROOT / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in text
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= kinds


def test_no_committed_file_names_a_registry_or_a_path_of_a_machine(require: Callable[[str], str]) -> None:
    """Where packages come from, and where the checkout lies, is the machine's business."""
    found = []
    for path in _committed(require):
        text = path.read_text(errors="replace")
        found += [f"{path.name}: {host}" for host in REGISTRIES if host in text]
        found += [f"{path.name}: {match.group()}" for match in MACHINE.finditer(text)]
    assert found == []


def test_pages_point_at_what_exists(require: Callable[[str], str]) -> None:
    """Every relative link, and every path of docs that is named, leads to a file of the checkout."""
    broken = []
    for page in (path for path in _committed(require) if path.suffix == ".md"):
        if "tests" in page.relative_to(ROOT).parts:
            continue
        text = page.read_text()
        targets = [page.parent / link for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text)]
        targets += [ROOT / path for path in re.findall(r"\bdocs/[\w/-]+\.md\b", text)]
        broken += [f"{page.name}: {target}" for target in targets if not target.exists()]
    assert broken == []

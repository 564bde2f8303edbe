"""The GitHub workflows and the action: valid by their schema, and clean by a security linter."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted([*(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "docs/examples").glob("*.yml")])
TOOLS = Path(sys.executable).parent


def _run(*words: str | Path) -> None:
    done = subprocess.run([TOOLS / words[0], *words[1:]], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_workflow_fits_the_schema(workflow: Path) -> None:
    """Each workflow fits the schema that comes with check-jsonschema: nothing is fetched."""
    _run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", workflow)


def _examples() -> list[str]:
    return re.findall(r"```yaml\n(.+?)```", (ROOT / "docs/ci.md").read_text(), re.DOTALL)


def test_shown_workflow_fits_the_schema_and_the_action(tmp_path: Path) -> None:
    """The workflow of docs/ci.md fits the schema, and gives the action inputs that it has."""
    shown = tmp_path / "live.yml"
    shown.write_text(_examples()[0])
    _run("check-jsonschema", "--builtin-schema", "vendor.github-workflows", shown)
    (_checkout, step) = yaml.safe_load(shown.read_text())["jobs"]["live"]["steps"]
    assert set(step["with"]) <= set(yaml.safe_load((ROOT / "action.yml").read_text())["inputs"])


def test_shown_hook_exists() -> None:
    """The configuration of pre-commit in docs/ci.md names the hook that there is."""
    (repository,) = yaml.safe_load(_examples()[1])["repos"]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in repository["hooks"]] == [hook["id"] for hook in hooks]


def test_action_fits_the_schema() -> None:
    """The action that others use does too."""
    _run("check-jsonschema", "--builtin-schema", "vendor.github-actions", "action.yml")


def test_workflows_are_secure() -> None:
    """zizmor finds nothing, at its strictest: pins by commit, least permissions, no credentials kept."""
    assert WORKFLOWS
    _run(
        "zizmor",
        "--offline",
        "--no-progress",
        "--persona",
        "pedantic",
        ".github",
        "action.yml",
        "docs/examples",
    )

"""The pytest plugin in a suite of one's own: it asks providers, and costs nothing where nobody asks."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from docsworn.contract.packs import load_provider, pack_roots
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator

HEAVY = (
    "httpx",
    "jsonschema_rs",
    "schemathesis",
    "hypothesis",
    "pydantic",
    "aiohttp",
    "cel",
    "typer",
    "rich",
)

SUITE = """
import pytest


def test_kept(docsworn_provider):
    docsworn_provider("tavus").assert_kept()


@pytest.mark.docsworn("tavus")
def test_looks_itself(docsworn_provider):
    tavus = docsworn_provider("tavus")
    assert tavus is docsworn_provider("tavus@v2-face")
    assert tavus.revision == "v2-face"
    assert [run.operation for run in tavus.runs] == ["get_conversation"]
    assert any(exchange.status == 200 for exchange in tavus.exchanges)
    assert not tavus.errors, "errors were found"


def test_has_no_key(docsworn_provider):
    docsworn_provider("elevenlabs")


@pytest.mark.docsworn("elevenlabs")
def test_is_marked():
    pytest.fail("was run")


def test_unknown(docsworn_provider):
    docsworn_provider("tavsu")


def test_other_revision(docsworn_provider):
    docsworn_provider("tavus@v2-replica")
"""

WITHOUT_NEIGHBOUR = ("-p", "no:schemathesis")  # whose start takes longer than ours and all tests

# A test of schemathesis's, whose plugin pytest loads beside ours.
NEIGHBOUR = """
import schemathesis

schema = schemathesis.openapi.from_dict({
    "openapi": "3.1.0",
    "info": {"title": "kites", "version": "1"},
    "paths": {"/kites": {"get": {"responses": {"200": {"description": "kites"}}}}},
})


@schema.include(method="GET").parametrize()
def test_of_schemathesis(case):
    assert case.path == "/kites"
"""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    """Tavus on a free port."""
    with Emulator([load_provider("tavus", pack_roots())]) as served:
        yield served


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The folder of somebody's own suite."""
    (tmp_path / "pytest.ini").write_text("[pytest]\nstrict = true\n")
    (tmp_path / "test_own.py").write_text(SUITE)
    return tmp_path


def _pytest(folder: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    ours = ("PYTEST", "TAVUS", "ELEVENLABS", "SPEECHIFY")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:cacheprovider", *words],
        cwd=folder,
        env={**clean, **environ},
        capture_output=True,
        text=True,
    )


def _asks(emulator: Emulator) -> tuple[list[str], dict[str, str]]:
    """Options and environment of a user who asks the emulator as if it were Tavus."""
    keys = {"TAVUS_API_KEY": "sk-planted-key", "TAVUS_CONVERSATION_IDS": emulator.ids("tavus")[0]}
    return ["--docsworn-base-url", emulator.base_url], keys


def test_a_suite_of_ones_own_asks_and_asserts(emulator: Emulator, own: Path) -> None:
    """Kept passes, a missing key skips, a wrong name fails with a guess; schemathesis's tests run."""
    options, keys = _asks(emulator)
    (own / "test_schema.py").write_text(NEIGHBOUR)
    out = _pytest(own, *options, **keys).stdout
    for name in (
        "own.py::test_kept",
        "own.py::test_looks_itself",
        "schema.py::test_of_schemathesis[GET /kites]",
    ):
        assert f"PASSED test_{name}" in out, out
    assert out.count("elevenlabs: no key: set ELEVENLABS_API_KEY or ELEVENLABS_API_KEY_FILE") == 2
    assert 'unknown provider "tavsu": did you mean "tavus"?' in out
    assert "tavus@v2-replica: this session asks tavus@v2-face" in out
    assert "3 passed" in out
    assert "2 failed" in out
    assert "2 skipped" in out


def test_what_is_broken_fails_without_a_value(emulator: Emulator, own: Path) -> None:
    """Findings fail both ways of asserting, and neither prints a value or the key."""
    emulator.drift("tavus", Drift("set", pointer="/conversation_id", value="planted words of a body"))
    options, keys = _asks(emulator)
    try:
        ended = _pytest(own, *WITHOUT_NEIGHBOUR, "-vv", "-k", "kept or itself", *options, **keys)
    finally:
        emulator.drift("tavus", None)
    assert "2 failed" in ended.stdout, ended.stdout
    assert "error identity at /conversation_id" in ended.stdout
    assert "planted" not in ended.stdout + ended.stderr
    assert keys["TAVUS_CONVERSATION_IDS"] not in ended.stdout + ended.stderr


def test_named_providers_are_chosen_and_must_have_a_key(own: Path) -> None:
    """--docsworn-provider leaves out marked tests of others; without its key a named one fails."""
    out = _pytest(own, *WITHOUT_NEIGHBOUR, "--docsworn-provider", "elevenlabs").stdout
    assert "FAILED test_own.py::test_has_no_key" in out, out
    assert "ERROR test_own.py::test_is_marked" in out  # it is told when the test is set up
    assert "test_looks_itself" not in out
    assert "--docsworn-provider does not name tavus" in out


def test_embedded_emulator_needs_no_key(own: Path) -> None:
    """--docsworn-emulator serves the revision that is asked for."""
    options = ["--docsworn-emulator", "--docsworn-provider", "tavus@v2-replica"]
    out = _pytest(own, *WITHOUT_NEIGHBOUR, "-k", "kept or other_revision", *options).stdout
    assert "2 passed" in out, out


def test_the_example_of_the_page_runs(tmp_path: Path) -> None:
    """The suite in docs/ci.md passes on the embedded emulator as it stands there."""
    page = (Path(__file__).parents[2] / "docs/ci.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(.+?)```", page, re.DOTALL)
    (tmp_path / "test_example.py").write_text(example)
    out = _pytest(tmp_path, *WITHOUT_NEIGHBOUR, "--docsworn-emulator", "-o", "addopts=").stdout
    assert "2 passed" in out, out


def test_idle_plugin_imports_nothing_heavy(tmp_path: Path) -> None:
    """Where no test asks, the plugin imports no library and nothing of docsworn but itself."""
    (tmp_path / "spy.py").write_text(
        "import sys\ndef pytest_unconfigure(): print('LOADED', *sorted(sys.modules), sep=chr(10))\n"
    )
    quiet = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(tmp_path)}
    words = ["--collect-only", "-q", "-p", "docsworn.cli.pytest_plugin", "-p", "spy"]
    loaded = set(_pytest(tmp_path, *words, **quiet).stdout.partition("LOADED")[2].split())
    assert not loaded & set(HEAVY)
    own = {name for name in loaded if name.partition(".")[0] == "docsworn"}
    assert own == {"docsworn", "docsworn.cli", "docsworn.cli.pytest_plugin"}


def test_pytest_finds_the_plugin_by_itself() -> None:
    """The installed package says so under pytest's entry point."""
    (found,) = entry_points(group="pytest11", name="docsworn")
    assert found.value == "docsworn.cli.pytest_plugin"

"""Every command that the pages for users and contributors show is run, on loopback, as it is shown."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from tests.cli.kites import PAGE as KITES

from docsworn.cli.main import run
from docsworn.contract.packs import load_provider, pack_roots
from docsworn.emulate.server import Emulator

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "CONTRIBUTING.md", "exporters/README.md", "docs/*.md")
EMULATED = ("--emulator",)


@dataclass(frozen=True, slots=True)
class Shown:
    """How a shown command is run: what is added to keep it on loopback, and what must come of it."""

    says: str
    extra: tuple[str, ...] = ()
    code: int = 0


RUN = {
    "docsworn check": Shown("3 operations: 3 kept", EMULATED),
    "docsworn check tavus --emulator": Shown("1 operation: 1 kept"),
    "docsworn check --list": Shown("body_schema"),
    "docsworn coverage tavus --history history.db": Shown("promises exercised"),
    "docsworn check --dry-run": Shown("(x-api-key: $TAVUS_API_KEY)"),
    "docsworn check speechify --recorded responses.ndjson": Shown("1 operation: 1 kept"),
    "docsworn check --html report.html --junit report.xml --json": Shown('"schema": 1', EMULATED),
    "docsworn check --fail-on new": Shown("3 operations: 3 kept", EMULATED),
    **dict.fromkeys(
        (
            "docsworn waive speechify 'get_conversation.200:/end_reason#enum' --reason \"ticket 12\"",
            "docsworn waive speechify 'get_conversation.200:/end_reason#enum' --pointer /end_reason"
            ' --reason "ticket 12"',
        ),
        Shown("is waived until"),
    ),
    "docsworn report --history history.db --html report.html": Shown("operation"),
    "docsworn history show --history history.db": Shown("1 run"),
    "docsworn history show --runs 20 --history history.db": Shown("67 kept, 0 broken"),
    "docsworn history prune --keep 90d --history history.db": Shown("left out 0 runs"),
    "pytest checks --provider tavus": Shown("passed", EMULATED),
    "docsworn watch --once": Shown("docsworn_probe_success", EMULATED),
    "docsworn watch --config docsworn.yaml --check-config": Shown("in all: 1 target, at most"),
    "docsworn check --fail-on new --history history.db --junit report.xml --html report.html": Shown(
        "3 operations: 3 kept", EMULATED
    ),
    "docsworn check tavus --only invariants --emulator": Shown("1 operation: 1 kept"),
    "docsworn contract check": Shown("tavus@v2-face: valid"),
    "docsworn contract show elevenlabs": Shown("/conversation_id"),
    "docsworn contract schema tavus@v2-replica": Shown("json-schema.org/draft/2020-12"),
    "docsworn emulate --list-drifts elevenlabs": Shown("get_conversation:/transcript/*/role:enum"),
    "docsworn derive PAGE": Shown('"openapi": "3.1.0"'),
    "docsworn derive --check": Shown("page absent", code=2),
    "docsworn derive PAGE --facts": Shown("documented  25"),
    "docsworn derive PAGE --facts --json": Shown('"pointer": "/kite_id"'),
    "docsworn derive PAGE --against speechify": Shown("the documentation has changed", code=1),
    "docsworn derive PAGE --out kite.json": Shown(""),
    "docsworn derive PAGE --operation 'GET /v3/kites/{kite_id}'": Shown('"/v3/kites/{kite_id}"'),
    "docsworn derive PAGE --base tavus@v2-replica --facts": Shown("/kite_id"),
    "docsworn derive PAGE --write own/kites/v1": Shown(""),
    "docsworn triage speechify --page PAGE --recorded responses.ndjson": Shown("announced", code=1),
    "docsworn compat tavus@v2-replica tavus@v2-face --direction both": Shown(
        "field replica_id is called face_id now", code=1
    ),
    "docsworn fuzz requests tavus --emulator": Shown("25 requests with seed 0"),
    "docsworn fuzz requests tavus --max-requests 25 --seed 1": Shown("25 requests with seed 1", EMULATED),
    "docsworn fuzz bodies tavus@v2-replica": Shown("0 problems"),
    "docsworn fuzz bodies speechify --max-bodies 10 --seed 1 --json": Shown('"drawn": 10'),
    "promtool check rules --lint=all exporters/prometheus/rules/contract.yml": Shown("SUCCESS"),
    "promtool test rules exporters/prometheus/tests/contract_test.yml": Shown("SUCCESS"),
    "docsworn watch --config exporters/docsworn.yaml --check-config": Shown("in all: 3 targets"),
    # Of the runbooks, where PROVIDER and FILE are the reader's own.
    "docsworn check PROVIDER": Shown("1 operation: 1 kept", EMULATED),
    "docsworn check PROVIDER --json": Shown('"serving"', EMULATED),
    "docsworn derive PAGE --against PROVIDER": Shown("the documentation has changed", code=1),
    "docsworn triage PROVIDER --page PAGE": Shown("announced", EMULATED, code=1),
    "docsworn watch --config FILE --check-config": Shown("in all: 1 target, at most"),
    "python3 exporters/grafana/dashboard.py": Shown('"title": "docsworn"'),
    "amtool check-config exporters/alertmanager/alertmanager.yml": Shown("SUCCESS"),
    """python3 -c 'from docsworn.bundled import bundled_dir; print(bundled_dir("exporters"))'""": Shown(
        "exporters"
    ),
}

# What stands for a reader's own in a command.
FILLED = {"PROVIDER": "speechify", "FILE": "docsworn.yaml"}

# Run until they are told to stop; what they say once they serve.
SERVE = {
    "docsworn emulate": ("--port", "0"),
    "docsworn emulate --openapi my-api.yaml": ("--port", "0"),
    "docsworn emulate --tls": ("--port", "0", "--tls-port", "0"),
    "docsworn emulate tavus@v2-replica --port 0": (),
    "docsworn watch": ("--emulator", "--listen", "127.0.0.1:0"),
    "docsworn watch --emulator": ("--listen", "127.0.0.1:0"),
    "docsworn emulate --port 8808": ("--port", "0"),
}

_CHECKS = """python3 -c 'from docsworn.bundled import bundled_dir; print(bundled_dir("checks"))'"""

# Shown, but not run here, and why.
ELSEWHERE = {
    "docsworn watch --config docsworn.yaml": "tests/cli/test_watch.py runs it in many ways",
    "docsworn watch --config exporters/docsworn.yaml": "it would ask the live APIs; --check-config is run",
    "docker compose --file exporters/compose.yaml up --build": "test_deployment.py holds it to its schema",
    "docker build --file exporters/Dockerfile --tag docsworn .": "test_deployment.py lints it",
    "cp exporters/systemd/docsworn.service /etc/systemd/system/": "test_deployment.py lets systemd verify it",
    "kubectl apply -f exporters/kubernetes/deployment.yaml -f exporters/kubernetes/service.yaml"
    " -f exporters/kubernetes/servicemonitor.yaml": "test_deployment.py holds them to Kubernetes's schemas",
    "kubectl apply -f exporters/kubernetes/sharded.yaml": "likewise",
    "docker compose logs docsworn": "the reader's own container",
    "kubectl logs": "the reader's own cluster",
    "docsworn replay ID": "a placeholder: tests/cli/test_fuzz.py replays what it found",
    "pytest -p docsworn.compat.pytest_uses --uses-file uses.txt": "tests/compat/test_record.py runs it",
    **dict.fromkeys(
        (
            "docsworn derive https://docs.kites.example/get-kite --write own/kites/v1",
            "docsworn contract show kites --contracts own",
            "docsworn contract check --contracts own",
            "docsworn check kites --contracts own --emulator",
            "docsworn check kites --contracts own --dry-run",
            "docsworn check kites --contracts own",
            "docsworn watch --config docsworn.yaml --once",
        ),
        "test_walk.py runs them one after the other",
    ),
    "pytest --docsworn-emulator": "test_plugin.py runs the page's example with it",
    "pytest --docsworn-provider tavus": "test_plugin.py runs suites with it",
    "pytest --help": "named in a sentence",
    "make demo": "test_wheel.py runs the demo",
    "make test": "it is running",
    "pytest -rP tests/check/test_every_fault.py": "it is running",
    "make check": "CI's other half",
    "make ajv": "CI runs it before the tests",
    "make axe": "CI runs it before the tests",
    "make format": "it would rewrite the checkout",
    "make test ARGS=tests/probe": "it is running",
    "docsworn derive": "named in a sentence",
    "docsworn waive": "named in a sentence",
    "docsworn triage": "named in a sentence",
    "docsworn derive SOURCE": "named in a sentence",
    "docsworn derive https://docs.kites.example/get-kite": (
        "tests/cli/test_derive_sources.py reads addresses on loopback"
    ),
    f"""pytest "$({_CHECKS})" --provider tavus""": ("tests/checks_suite runs the suite from there"),
    "docsworn contract show <provider>": "a placeholder of `docsworn contract show elevenlabs`",
    "docsworn check <provider> --emulator": "a placeholder of `docsworn check tavus --emulator`",
    'prometheus --config.file exporters/prometheus/prometheus.yml --storage.tsdb.path "$(mktemp -d)"': (
        "promtool has checked the file, and the port is taken or not by whom it is"
    ),
}

PROGRAMS = "amtool|cp|docker|docsworn|kubectl|make|prometheus|promtool|pytest|python3"


def _shown() -> set[str]:
    found: set[str] = set()
    for page in (page for pattern in PAGES for page in ROOT.glob(pattern)):
        text = page.read_text()
        blocks = re.findall(rf"^ {{4}}((?:{PROGRAMS}) .+?)(?: {{2,}}#.*)?$", text, re.MULTILINE)
        found.update(blocks, re.findall(rf"`((?:{PROGRAMS}) [^`]+)`", text))
    return found


def test_every_shown_command_is_accounted_for() -> None:
    """A command that a page shows is run here, or it is said why not; nothing is run that no page shows."""
    assert _shown() == set(RUN) | set(SERVE) | set(ELSEWHERE)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a reader has at hand: a history, a recorded response, a saved page, the checkout's folders."""
    made = tmp_path_factory.mktemp("reader")
    for name in ("checks", "exporters"):
        (made / name).symlink_to(ROOT / name)
    assert run(["check", "tavus", "--emulator", "--history", str(made / "history.db")]) == 0
    (example,) = re.findall(r"```yaml\n(.+?)```", (ROOT / "docs/watching.md").read_text(), re.DOTALL)
    theirs = re.sub(r"^ *(?:contracts|ca):.*\n", "", example, flags=re.MULTILINE)  # files of the reader's own
    (made / "docsworn.yaml").write_text(theirs)
    (made / "PAGE").write_bytes((ROOT / "tests/derive/pages/fern-openapi.md").read_bytes())
    speechify = load_provider("speechify", pack_roots())
    with Emulator([speechify]) as emulator:
        (first, *_) = emulator.ids("speechify")
        url = f"{emulator.base_url}/v1/agents/conversations/{first}"
        with urlopen(Request(url, headers={"Authorization": "Bearer a-key"})) as answer:
            (made / "responses.ndjson").write_bytes(answer.read().replace(b"\n", b" ") + b"\n")
    return made


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """A copy of it, for one command."""
    return shutil.copytree(prepared, tmp_path / "reader", symlinks=True)


def _environment(folder: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return {"PATH": path, "HOME": str(folder), "DOCSWORN_PAGES": str(folder / "none"), "LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize("command", RUN)
def test_shown_command_runs(command: str, folder: Path, require: Callable[[str], str]) -> None:
    """The command ends as the page lets one expect."""
    shown = RUN[command]
    program = command.split()[0]
    if program in ("amtool", "promtool"):
        require(program)
    done = subprocess.run(
        [*(FILLED.get(word, word) for word in shlex.split(command)), *shown.extra],
        capture_output=True,
        text=True,
        cwd=folder,
        env=_environment(folder),
        timeout=120,
    )
    assert done.returncode == shown.code, done.stdout + done.stderr
    assert shown.says in done.stdout


@pytest.mark.parametrize("command", SERVE)
def test_shown_server_serves_until_it_is_told_to_stop(command: str, tmp_path: Path) -> None:
    """The command says where it serves, serves there, and ends in peace."""
    (tmp_path / "my-api.yaml").write_text(KITES)
    with _served([*shlex.split(command), *SERVE[command]], tmp_path) as process:
        assert process.stderr is not None
        address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
        assert address
        path = "/metrics" if "watch" in command else "/__docsworn/"
        with urlopen(address.group() + path) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


@contextmanager
def _served(words: list[str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=_environment(folder)
    ) as process:
        try:
            yield process
        finally:
            process.kill()

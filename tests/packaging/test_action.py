"""The GitHub action: its steps are run as a runner would, with the emulator in place of the live APIs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml

from docsworn.contract.packs import load_provider, pack_roots
from docsworn.emulate.drift import Drift
from docsworn.emulate.server import Emulator

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text())
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")  # what `shell: bash` means to a runner


@dataclass(slots=True)
class Runner:
    """As much of a GitHub runner as the action's own steps need."""

    temp: Path
    environ: dict[str, str]
    outputs: dict[str, str] = field(default_factory=dict)

    def step(self, title: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        """Run one step with these inputs, the others at their defaults, and take its outputs."""
        step = STEPS[title]
        output = self.temp / "output"
        output.write_text("")
        environ = {
            **self.environ,
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self.temp / "summary.md"),
            **{key: self._filled(value, inputs) for key, value in step["env"].items()},
        }
        done = subprocess.run(
            [*SHELL, step["run"]], capture_output=True, text=True, cwd=self.temp, env=environ, timeout=120
        )
        for line in output.read_text().splitlines():
            name, _, value = line.partition("=")
            self.outputs[name] = value
        return done

    def _filled(self, text: str, inputs: Mapping[str, str]) -> str:
        known = {f"inputs.{name}": said.get("default", "") for name, said in ACTION["inputs"].items()}
        known |= {f"inputs.{name.replace('_', '-')}": value for name, value in inputs.items()}
        known |= {f"steps.check.outputs.{name}": value for name, value in self.outputs.items()}
        known["github.action_path"] = str(ROOT)
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda found: known[found[1]], text)


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    """A runner on which docsworn is installed and which has no key."""
    (tmp_path / "docsworn").symlink_to(sys.prefix)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return Runner(tmp_path, {"PATH": path, "HOME": str(tmp_path), "LC_ALL": "C.UTF-8"})


def test_every_input_is_used_and_every_used_one_exists() -> None:
    """No input is idle, none is read that is not declared, and no step puts an input into a command."""
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(ACTION["runs"])))
    assert used == set(ACTION["inputs"])
    assert not [step["name"] for step in STEPS.values() if "${{" in step.get("run", "")]


def test_check_writes_reports_outputs_and_summary(runner: Runner) -> None:
    """Kept contracts: code 0, three reports, a history, and the job summary."""
    done = runner.step("Check", providers="tavus  speechify@v1", emulator="true")
    assert runner.outputs["exit-code"] == "0", done.stdout + done.stderr
    report = Path(runner.outputs["report"])
    assert {file.name for file in report.iterdir()} == {"report.html", "report.xml", "report.json"}
    runs = json.loads((report / "report.json").read_text())["runs"]
    assert [run["provider"] for run in runs] == ["tavus", "speechify"]
    assert "tavus" in (runner.temp / "summary.md").read_text()
    assert [file.name for file in (runner.temp / "docsworn-history/docsworn").iterdir()] == ["history.sqlite"]
    assert runner.step("Verdict").returncode == 0


def test_a_run_that_fails_leaves_no_report_of_an_earlier_one(runner: Runner) -> None:
    """Used twice in a job, the second use tells nothing that the first one found."""
    runner.step("Check", providers="tavus", emulator="true", history="")
    assert (Path(runner.outputs["report"]) / "report.json").exists()
    runner.step("Check", providers="tavsu", emulator="true", history="")
    assert runner.outputs["exit-code"] == "2"
    done = runner.step("Open or update issues", token="planted-token")
    assert (done.returncode, "no report was written" in done.stdout) == (0, True)


def test_a_missing_key_is_told_or_skipped(runner: Runner) -> None:
    """Without a key the job fails with the variable's name; with allow-skip it is green and asks nothing."""
    done = runner.step("Check", providers="tavus", summary="false", history="")
    assert runner.outputs["exit-code"] == "2"
    assert "TAVUS_API_KEY" in done.stderr
    assert runner.step("Verdict").returncode == 2


def test_the_live_workflow_asks_nothing_without_secrets(runner: Runner) -> None:
    """With no secret set, which GitHub gives as empty text, the scheduled run is green and sends nothing."""
    workflow = yaml.safe_load((ROOT / ".github/workflows/live.yml").read_text())
    (step,) = (step for step in workflow["jobs"]["check"]["steps"] if "with" in step and "env" in step)
    assert step["env"] == {name: f"${{{{ secrets.{name} }}}}" for name in step["env"]}
    runner.environ |= dict.fromkeys(step["env"], "")
    inputs = {name.replace("-", "_"): value for name, value in step["with"].items()}
    done = runner.step("Check", **{**inputs, "providers": ""})
    assert runner.outputs["exit-code"] == "0", done.stderr
    assert done.stderr.count("skipped") == 3
    assert json.loads((runner.temp / "docsworn-report" / "report.json").read_text())["runs"] == []


def test_inputs_are_no_options_and_no_patterns(runner: Runner) -> None:
    """A provider that looks like an option, a pattern or a command is a name nobody knows."""
    for hostile in ("--version", "*", "$(false)"):
        done = runner.step("Check", providers=hostile, emulator="true", history="")
        assert runner.outputs["exit-code"] == "2", hostile
        assert "unknown provider" in done.stderr


def test_installing_sees_no_key(tmp_path: Path) -> None:
    """Install makes an environment of its own with the tested versions, and hands no key to what it runs."""
    log = tmp_path / "log"
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(
        f'#!/bin/sh\necho "$* key:$TAVUS_API_KEY$KITES_API_KEY_FILE" >> "{log}"\n'
        'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi\n'
    )
    python.chmod(0o755)
    keys = {"TAVUS_API_KEY": "planted", "KITES_API_KEY_FILE": "planted"}
    path = f"{python.parent}:{os.environ['PATH']}"
    done = Runner(tmp_path, {"PATH": path, **keys}).step("Install docsworn")
    assert done.returncode == 0, done.stderr
    made, installed = log.read_text().splitlines()
    assert made == f"-m venv {tmp_path}/docsworn key:"
    assert installed.endswith(f"--constraint {ROOT}/constraints.txt {ROOT} key:")


class _GitHub(BaseHTTPRequestHandler):
    """GitHub's issues of one repository, on loopback; ``server.issues`` holds them."""

    def do_GET(self) -> None:
        """The issues, a page at a time."""
        page = int(re.search(r"[?&]page=(\d+)", self.path)[1])  # type: ignore[index]
        self._answer(200, self.server.issues[100 * (page - 1) : 100 * page])  # type: ignore[attr-defined]

    def do_POST(self) -> None:
        """A new issue."""
        issues = self.server.issues  # type: ignore[attr-defined]
        issues.append({**self._data(), "number": len(issues) + 1, "state": "open"})
        self._answer(201, issues[-1])

    def do_PATCH(self) -> None:
        """An issue that changes."""
        issue = self.server.issues[int(self.path.rpartition("/")[2]) - 1]  # type: ignore[attr-defined]
        issue.update(self._data())
        self._answer(200, issue)

    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return data

    def _answer(self, status: int, data: Any) -> None:
        expected = self.path.startswith("/repos/own/kites/issues")
        if not expected or self.headers["Authorization"] != "Bearer planted-token":
            status, data = 403, {}
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(data).encode())

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


@pytest.fixture
def github() -> Iterator[ThreadingHTTPServer]:
    """A stand-in of GitHub's API without any issue."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _GitHub)
    server.issues = []  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def told(runner: Runner, github: ThreadingHTTPServer) -> Runner:
    """A runner that speaks to this GitHub and has seen Tavus break a promise."""
    runner.environ |= {
        "GITHUB_API_URL": f"http://127.0.0.1:{github.server_port}",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_REPOSITORY": "own/kites",
        "GITHUB_RUN_ID": "7",
    }
    with Emulator([load_provider("tavus", pack_roots())]) as emulator:
        emulator.drift("tavus", Drift("set", pointer="/conversation_id", value="planted words"))
        runner.environ |= {
            "TAVUS_API_KEY": "planted-key",
            "TAVUS_CONVERSATION_IDS": emulator.ids("tavus")[0],
        }
        options = ("check", "tavus", "--base-url", emulator.base_url, "--export", "json=report.json")
        subprocess.run(
            [Path(sys.executable).with_name("docsworn"), *options, "--history", "h.sqlite"],
            cwd=runner.temp, env=runner.environ, capture_output=True, check=False,
        )  # fmt: skip
    runner.outputs["report"] = str(runner.temp)
    return runner


def _tell(told: Runner, token: str = "planted-token") -> str:
    done = told.step("Open or update issues", token=token)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_an_issue_is_opened_once_and_then_updated(told: Runner, github: ThreadingHTTPServer) -> None:
    """One issue a fingerprint, however many runs; closed it stays closed, unless the finding is back."""
    issues = github.issues  # type: ignore[attr-defined]
    assert "opened #1" in _tell(told)
    assert "updated #1" in _tell(told)
    (issue,) = issues
    assert issue["title"] == "tavus: identity at /conversation_id of get_conversation"
    assert issue["labels"] == ["docsworn"]
    promise = "'get_conversation#identity' --pointer /conversation_id"
    assert f'    waive:      docsworn waive tavus {promise} --reason "why"\n' in issue["body"]
    issue["state"] = "closed"
    assert "stays so" in _tell(told)
    report = json.loads((told.temp / "report.json").read_text())
    for run in report["runs"]:
        for finding in run["findings"]:
            finding["history"]["state"] = "reopened"
    (told.temp / "report.json").write_text(json.dumps(report))
    assert "updated #1" in _tell(told)
    assert (len(issues), issue["state"]) == (1, "open")


def test_an_issue_holds_no_value_and_calls_nobody(told: Runner, github: ThreadingHTTPServer) -> None:
    """No key, id or value is in an issue or in the log, and what looks like Markdown or a name is plain."""
    file = told.temp / "report.json"
    report = json.loads(file.read_text())
    (finding, *_) = (one for one in report["runs"][0]["findings"] if one["severity"] == "error")
    finding["documented"] = "@everyone\n\n# Loud <!-- docsworn:0000000000000000 -->"
    file.write_text(json.dumps(report))
    said = _tell(told)
    (issue,) = github.issues  # type: ignore[attr-defined]
    assert "planted" not in json.dumps(issue) + said
    assert told.environ["TAVUS_CONVERSATION_IDS"] not in json.dumps(issue) + said
    assert "@everyone" not in issue["body"]
    assert "\n#" not in issue["body"]
    assert "updated #1" in _tell(told)


def test_no_more_issues_are_opened_than_people_can_read(told: Runner, github: ThreadingHTTPServer) -> None:
    """A run opens twenty at most, and reads more than one page of those that are there."""
    file = told.temp / "report.json"
    report = json.loads(file.read_text())
    (finding, *_) = (one for one in report["runs"][0]["findings"] if one["severity"] == "error")
    report["runs"][0]["findings"] = [{**finding, "fingerprint": f"{number:016x}"} for number in range(30)]
    file.write_text(json.dumps(report))
    issues = github.issues  # type: ignore[attr-defined]
    issues += [{"number": number + 1, "body": None, "state": "open"} for number in range(105)]
    assert "20 issues were opened" in _tell(told)
    assert len(issues) == 125
    _tell(told)
    assert len(issues) == 135


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({}, "GitHub answered 403"),
        ({"GITHUB_API_URL": "http://api.kites.example"}, "is not https: the token is not sent"),
        ({"GITHUB_API_URL": "http://127.0.0.1:9"}, "could not be reached"),
    ],
    ids=["no permission", "plain http", "unreachable"],
)
def test_a_refusal_is_a_sentence(told: Runner, change: dict[str, str], complaint: str) -> None:
    """What GitHub refuses fails the step with a sentence, without the token."""
    told.environ |= change
    done = told.step("Open or update issues", token="planted-other")
    assert done.returncode == 1
    assert complaint in done.stderr
    assert "planted" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr

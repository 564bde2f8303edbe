"""Every fault of the emulator against a check: what it finds, how long it takes, what it costs.

    python benchmarks/faults.py             # the table of docs/faults.md
    python -m benchmarks.fault_pairs        # each fault with each other one

Each row runs in a process of its own: a round with the faults, one more round without, which must be
unharmed. The memory is what the process takes beyond one that meets no fault; the rows that need TLS
have it. Connections to any other address than the emulator's are counted by an audit hook.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from docsworn.check.loader import load_checks
from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.packs import load_contract, load_provider, pack_roots
from docsworn.contract.settings import Objectives
from docsworn.emulate.faults import CERTIFICATES, FAULTS
from docsworn.emulate.server import Emulator
from docsworn.export.formats import console
from docsworn.export.formats import json as json_report
from docsworn.export.report import ReportInfo
from docsworn.model import Run
from docsworn.observe.history import History
from docsworn.observe.rounds import check_round
from docsworn.probe.budget import Budget
from docsworn.probe.client import Client
from docsworn.probe.target import Key, resolve_target

PROVIDER = "tavus"
KEY = "planted-key-Zq7-0123456789"
DEADLINE = 2.0
OBJECTIVE = 0.8  # seconds for an answer
# What a fault is asked for with, where its own defaults are too quick to show or too slow to wait for.
AS_RUN: Mapping[str, Mapping[str, float]] = {
    "latency": {"seconds": 1.1},  # two of them together are well beyond the deadline
    "latency-normal": {"mean": 1.1, "deviation": 0.01},
    "latency-long-tail": {"median": 1.1, "sigma": 0.01},
    "slow-drip": {"seconds": 0.5},
    "huge-body": {"megabytes": 10_000},
    "gzip-bomb": {"megabytes": 10_000},
}

Steps = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one row showed: per step its findings as (kind, severity, reason, observed) and its seconds."""

    steps: Steps
    found: tuple[tuple[tuple[str, str, str | None, str], ...], ...]
    seconds: tuple[float, ...]
    after: str
    elsewhere: tuple[str, ...]
    leaked: bool
    requests: int
    megabytes: float = 0.0
    crashed: str = ""


class Counted(Budget):
    """A budget that says how many requests have left."""

    sent = 0

    def spend(self) -> None:
        """Count one request."""
        super().spend()
        self.sent += 1


def singles() -> list[Steps]:
    """Each fault alone."""
    return [((name,),) for name in FAULTS]


def run_rows(rows: Sequence[Steps], deadline: float = DEADLINE) -> Iterator[Seen]:
    """Run rows against an emulator of their own, checked from another process."""
    provider = load_provider(PROVIDER, pack_roots())
    with Emulator([provider], tls=True) as emulator, tempfile.TemporaryDirectory() as folder:
        ca = Path(folder) / "ca.crt"
        ca.write_bytes(emulator.authority)
        job = {
            "url": emulator.base_url,
            "tls_url": emulator.tls_url,
            "ca": str(ca),
            "id": emulator.ids(PROVIDER)[0],
            "deadline": deadline,
            "rows": rows,
        }
        command = [sys.executable, __file__, "--worker"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdin is not None
            assert worker.stdout is not None
            worker.stdin.write(json.dumps(job))
            worker.stdin.close()
            for line in worker.stdout:
                yield _seen(json.loads(line))


def _seen(data: Mapping[str, Any]) -> Seen:
    return Seen(
        steps=tuple(map(tuple, data["steps"])),
        found=tuple(tuple(tuple(finding) for finding in step) for step in data["found"]),
        seconds=tuple(data["seconds"]),
        after=data["after"],
        elsewhere=tuple(data["elsewhere"]),
        leaked=data["leaked"],
        requests=data["requests"],
        megabytes=data["megabytes"],
        crashed=data["crashed"],
    )


def _contract(deadline: float) -> CompiledContract:
    """The provider's contract with one request a round."""
    provider = load_provider(PROVIDER, pack_roots())
    own = {
        name: each.model_copy(update={"variants": ({},), "error_cases": ()})
        for name, each in provider.settings.operations.items()
    }
    settings = provider.settings.model_copy(
        update={
            "operations": own,
            "deadline_seconds": deadline,
            "objectives": Objectives(latency_seconds=OBJECTIVE),
        }
    )
    return compile_contract(load_contract(provider), settings)


def _work() -> None:
    """The other process: a child for each row, whose peak of memory the system tells."""
    job = json.load(sys.stdin)
    contract = _contract(job["deadline"])
    load_checks()
    _, base = _in_child(contract, job, [[]])
    for steps in job["rows"]:
        seen, peak = _in_child(contract, job, steps)
        print(json.dumps({**seen, "megabytes": max(peak - base, 0.0)}), flush=True)


def _in_child(contract: CompiledContract, job: Mapping[str, Any], steps: Any) -> tuple[dict[str, Any], float]:
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            told = asdict(_row(contract, job, steps))
        except BaseException as error:  # told to the parent, which has the terminal
            told = asdict(Seen(steps, (), (), "", (), False, 0, crashed=f"{type(error).__name__}: {error}"))
        with os.fdopen(writer, "w") as pipe:
            json.dump(told, pipe)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        seen = json.load(pipe)
    _, _, usage = os.wait4(child, 0)
    return seen, usage.ru_maxrss / 1024


def _row(contract: CompiledContract, job: Mapping[str, Any], steps: Any) -> Seen:
    needs_tls = any(name in CERTIFICATES for step in steps for name in step)
    url = job["tls_url"] if needs_tls else job["url"]
    ca = Path(job["ca"]) if needs_tls else None
    target = resolve_target(contract.settings, {}, base_url=url, ca=ca)
    target = replace(target, key=Key(KEY), ids=(job["id"],))
    budget = Counted(target.budget, time.time)
    elsewhere = _watch_connections({job["url"], job["tls_url"]})
    found, seconds, told = [], [], []
    with History() as history, Client(target, budget) as client:

        def one_round() -> Run:
            (run,) = check_round(
                contract, target, client, history=history, checks=load_checks(), clock=time.time
            )
            told.append(_reports(run))
            return run

        for step in steps:
            _put(job["url"], step)
            began = time.monotonic()
            run = one_round()
            seconds.append(time.monotonic() - began)
            found.append(tuple((f.kind.value, f.severity.value, f.reason, f.observed) for f in run.findings))
        _put(job["url"], ())
        after = one_round()
    leaked = any(secret in text for text in told for secret in (KEY, "Traceback"))
    return Seen(
        tuple(map(tuple, steps)), tuple(found), tuple(seconds), after.verdict.value, tuple(elsewhere), leaked,
        budget.sent,
    )  # fmt: skip


def _reports(run: Run) -> str:
    info = ReportInfo(datetime.fromtimestamp(0, UTC), "0")
    return console.render([run], info) + json_report.render([run], info)


def _put(url: str, names: Sequence[str]) -> None:
    faults = [{"fault": name, **AS_RUN.get(name, {})} for name in names]
    request = Request(f"{url}/__docsworn/faults", json.dumps(faults).encode(), method="PUT")
    with urlopen(request, timeout=10) as answer:
        answer.read()


def _watch_connections(own: set[str]) -> list[str]:
    """What this process connects to or looks up beside its own addresses, as it happens."""
    known = {tuple(url.rpartition("/")[2].split(":")) for url in own}
    seen: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "socket.connect":
            host, port = arguments[1][:2]
            if (host, str(port)) not in known:
                seen.append(f"{host}:{port}")
        elif event == "socket.getaddrinfo" and arguments[0] not in ("127.0.0.1", b"127.0.0.1"):
            seen.append(str(arguments[0]))

    sys.addaudithook(hook)
    return seen


def table(seen: Sequence[Seen]) -> str:
    """The rows as Markdown."""
    lines = ["| fault | kind | severity | what is said | seconds | MB |", "|---|---|---|---|---|---|"]
    for row in seen:
        name = " + ".join(f"`{name}`" for name in row.steps[0])
        for kind, severity, _, said in row.found[0] or (("-", "-", None, "-"),):
            lines.append(
                f"| {name} | `{kind}` | {severity} | {said} | {row.seconds[0]:.1f} | {row.megabytes:.0f} |"
            )
    return "\n".join(lines)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--deadline", type=float, default=DEADLINE)
    options = parser.parse_args()
    if options.worker:
        _work()
    else:
        print(table(list(run_rows(singles(), options.deadline))))


if __name__ == "__main__":
    main()

"""What other validators see of the same responses: jsonschema, schemathesis, and Prism where it is there."""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import jsonschema
import orjson
import requests
import schemathesis
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.transport import Response as SchemathesisResponse

from detecting.bench import Bench
from docsworn.emulate.drift import Drift
from docsworn.model import Case, Credential, Exchange

_START_SECONDS = 60.0
_VIOLATIONS = "sl-violations"  # the header in which Prism tells what it saw

_KEYS = {Credential.KEY: "emulator", Credential.WRONG: "wrong", Credential.NONE: ""}


class Others:
    """The validators that need nothing but a response."""

    def __init__(self, bench: Bench) -> None:
        success = bench.compiled.response_for(200)
        assert success is not None
        self._plain = jsonschema.Draft202012Validator(
            success.response.schema or {}, format_checker=jsonschema.FormatChecker()
        )
        loaded = schemathesis.openapi.from_dict(dict(bench.contract.contract.document))
        operation = bench.compiled.operation
        self._schemathesis = loaded[operation.path][operation.method]
        self._request = requests.Request("GET", bench.target.base_url).prepare()

    def plain_sees(self, exchanges: Iterable[Exchange]) -> bool:
        """Whether plain jsonschema refuses the body of a 200."""
        return any(self._plain_refuses(exchange) for exchange in exchanges)

    def schemathesis_sees(self, exchanges: Iterable[Exchange]) -> bool:
        """Whether schemathesis's own validation refuses a response."""
        return any(self._schemathesis_refuses(exchange) for exchange in exchanges)

    def _plain_refuses(self, exchange: Exchange) -> bool:
        if exchange.status != 200:
            return False
        try:
            return not self._plain.is_valid(orjson.loads(exchange.body or b""))
        except orjson.JSONDecodeError:
            return True

    def _schemathesis_refuses(self, exchange: Exchange) -> bool:
        response = SchemathesisResponse(
            status_code=exchange.status or 0,
            headers={name: [value] for name, value in exchange.headers},
            content=exchange.body or b"",
            request=self._request,
            elapsed=exchange.timings.total,
            verify=False,
        )
        try:
            self._schemathesis.validate_response(response)
        except (Failure, FailureGroup):
            return True
        return False


@dataclass(frozen=True)
class Prism:
    """Stoplight Prism as a validating proxy in front of the emulator."""

    client: httpx.Client
    bench: Bench

    def sees(self, cases: Sequence[Case], drift: Drift, usual: Mapping[str, Any]) -> bool:
        """Whether Prism tells of a drift what it does not tell without it."""
        self.bench.emulator.drift(self.bench.name, drift)
        try:
            return any(self.tells(case) != usual[case.id] for case in cases)
        finally:
            self.bench.emulator.drift(self.bench.name, None)

    def tells(self, case: Case) -> tuple[str, ...]:
        """The violations that Prism tells of one answer."""
        target = self.bench.target
        key = _KEYS[case.credential]
        headers = {target.auth.header: f"{target.auth.prefix}{key}"} if key else {}
        answer = self.client.get(case.path, params=dict(case.query), headers=headers)
        said = answer.headers.get(_VIOLATIONS, "[]")
        if said.startswith("Too many"):  # what follows is cut in the middle
            return (said,)
        told = json.loads(said)
        return tuple(sorted(json.dumps(each) for each in told if "response" in each.get("location", ())))


@contextmanager
def prism_before(bench: Bench, binary: str | None) -> Iterator[Prism | None]:
    """Prism in front of the emulator; None without a binary."""
    if binary is None:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="docsworn-prism-") as folder:
        document = Path(folder) / "openapi.json"
        document.write_bytes(orjson.dumps(dict(bench.contract.contract.document)))
        command = [binary, "proxy", str(document), bench.target.base_url, "--port", "0", "-h", "127.0.0.1"]
        log = Path(folder) / "log"
        with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
            try:
                with httpx.Client(base_url=_address(log, process), timeout=30) as client:
                    yield Prism(client, bench)
            finally:
                process.terminate()


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Where Prism says that it listens."""
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        told = re.search(r"listening on (http://127\.0\.0\.1:[1-9]\d*)", log.read_text(errors="replace"))
        if told:
            return told[1]
        time.sleep(0.2)
    raise RuntimeError(f"Prism does not listen: {log.read_text(errors='replace')[-500:]}")

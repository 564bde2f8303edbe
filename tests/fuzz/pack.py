"""A made-up provider with one operation, and a server of it that remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import yaml

from docsworn.contract.compiled import CompiledContract, compile_contract
from docsworn.contract.openapi import read_operations
from docsworn.contract.settings import ProviderSettings
from docsworn.model import Contract

SETTINGS = """\
provider: madeup
title: Made up
base_url: https://api.madeup.example
revisions: [v1]
current: v1
auth: {header: X-Key, prefix: "Token ", env: MADEUP_KEY}
operations:
  get_call:
    id_parameter: call_id
    ids_env: MADEUP_IDS
    error_cases:
      - {id: unknown, purpose: unknown_id, value: call_00000000, expect: ["404"]}
budget: {per_minute: 10000, per_day: 100000}
deadline_seconds: 5
"""
IDS = ("call_5ec2e7aa", "call_5ec2e7bb")
KEY = "sk-planted-secret-key"

_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {"error": {"type": "string", "enum": ["not found", "not valid"]}},
}
PARAMETERS: list[dict[str, Any]] = [
    {
        "name": "call_id",
        "in": "path",
        "required": True,
        "schema": {"type": "string", "pattern": "^call_[0-9a-f]{8}$"},
    },
    {"name": "verbose", "in": "query", "schema": {"type": "boolean"}},
    {"name": "page", "in": "query", "schema": {"type": "integer", "minimum": 1}},
    {"name": "X-Trace", "in": "header", "schema": {"type": "string", "pattern": "^[0-9]{1,4}$"}},
]


def document(parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The OpenAPI document of the made-up provider."""
    body = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    responses = {"200": body, "404": _ERROR, "422": _ERROR}
    return {
        "openapi": "3.1.0",
        "info": {"title": "made up", "version": "1"},
        "paths": {
            "/v1/calls/{call_id}": {
                "get": {
                    "operationId": "get_call",
                    "security": [{"apiKey": []}],
                    "parameters": PARAMETERS if parameters is None else parameters,
                    "responses": {
                        status: {"description": "", "content": {"application/json": {"schema": schema}}}
                        for status, schema in responses.items()
                    },
                }
            }
        },
        "components": {"securitySchemes": {"apiKey": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
    }


def made_up(
    *, settings: str = SETTINGS, parameters: Any = None, **components: dict[str, Any]
) -> CompiledContract:
    """The made-up provider's contract without any file; ``components`` are schemas to refer to."""
    made = document(parameters)
    made["components"]["schemas"] = components
    contract = Contract(
        provider="madeup",
        revision="v1",
        sha256="0" * 64,
        server="",
        document=made,
        operations=read_operations(made, file="madeup/v1/openapi.json"),
        invariants=(),
    )
    return compile_contract(contract, ProviderSettings.model_validate(yaml.safe_load(settings)))


def write_pack(folder: Path, *, settings: str = SETTINGS, parameters: Any = None) -> Path:
    """A folder of contracts with the made-up provider; returns the folder."""
    (folder / "madeup" / "v1").mkdir(parents=True)
    (folder / "madeup" / "provider.yaml").write_text(settings)
    (folder / "madeup" / "v1" / "openapi.json").write_text(json.dumps(document(parameters)))
    return folder


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: the target is raw, headers are in their order without the usual ones."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]

    @property
    def path(self) -> str:
        """The raw path."""
        return self.target.partition("?")[0]

    @property
    def segment(self) -> str:
        """The raw last segment of the path."""
        return self.path.rpartition("/")[2]

    @property
    def query(self) -> str:
        """The raw query."""
        return self.target.partition("?")[2]


Answer = tuple[int, bytes]
Answers = Callable[[Asked], Answer]


@dataclass(slots=True)
class Api:
    """A running server; ``answers`` may be changed while it runs."""

    url: str
    answers: Answers
    asked: list[Asked] = field(default_factory=list)
    more_headers: Mapping[str, str] = field(default_factory=dict)


def as_json(status: int, body: Any) -> Answer:
    """An answer with a JSON body."""
    return status, json.dumps(body).encode()


def well_behaved(asked: Asked) -> Answer:
    """An API that keeps its contract."""
    if asked.segment not in IDS:
        return as_json(404, {"error": "not found"})
    if asked.query or any(name == "X-Trace" for name, _ in asked.headers):
        for pair in filter(None, asked.query.split("&")):
            name, _, value = pair.partition("=")
            good = {"verbose": value in ("true", "false"), "page": value.isdecimal() and value[0] != "0"}
            if not good.get(name, True):
                return as_json(422, {"error": "not valid"})
        for name, value in asked.headers:
            if name == "X-Trace" and not (value.isdecimal() and value.isascii() and len(value) < 5):
                return as_json(422, {"error": "not valid"})
    return as_json(200, {"id": asked.segment})


_USUAL = frozenset({"host", "connection", "user-agent", "accept-encoding"})


@contextmanager
def serving(answers: Answers = well_behaved) -> Iterator[Api]:
    """A server on a free port of loopback."""
    api = Api("", answers)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or head and body wait 40 ms for each other

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except ConnectionError:
                self.close_connection = True

        def _answer(self) -> None:
            headers = tuple((k, v) for k, v in self.headers.items() if k.lower() not in _USUAL)
            api.asked.append(Asked(self.command, self.path, headers))
            status, body = api.answers(api.asked[-1])
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            for name, value in api.more_headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    for method in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"):
        setattr(Handler, f"do_{method}", Handler._answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

"""The providers of the live test: one emulator for each, so that each can be broken alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import httpx
from tests.cli.kites import write_kites

from docsworn.contract.packs import load_provider, pack_roots
from docsworn.emulate.faults import Fault
from docsworn.emulate.server import Emulator

LATENCY_OBJECTIVE = 1.2  # seconds
OBJECTIVES = f"objectives: {{latency_seconds: {LATENCY_OBJECTIVE}, availability: 0.999}}\n"
KEY = "planted-key-0123456789-0123456789"


class Providers:
    """Emulators of a made-up API, by the names that they have in the watch."""

    def __init__(self, packs: Path, emulators: Mapping[str, Emulator], ca: Path) -> None:
        self.packs = packs
        self._emulators = emulators
        self._ca = ca

    @property
    def environment(self) -> dict[str, str]:
        """The key, and the conversations that every one of them has."""
        ids = next(iter(self._emulators.values())).ids("kites")
        return {"KITES_API_KEY": KEY, "KITES_IDS": ",".join(ids)}

    def settings(self, name: str) -> dict[str, Any]:
        """How a configuration of the watch names one."""
        emulator = self._emulators[name]
        settings: dict[str, Any] = {"contract": "kites", "base_url": emulator.tls_url or emulator.base_url}
        return {**settings, "ca": str(self._ca)} if emulator.tls_url else settings

    def fault(self, name: str, fault: Fault) -> None:
        """Break one."""
        self._emulators[name].faults(fault)

    def drift(self, name: str, drift: str) -> None:
        """Let one leave its contract, by the id of a listed drift."""
        emulator = self._emulators[name]
        response = httpx.put(f"{emulator.base_url}/__docsworn/drifts/kites", json={"id": drift})
        assert response.status_code == 200, response.text

    def repair(self) -> None:
        """End every fault and drift."""
        for emulator in self._emulators.values():
            emulator.faults()
            emulator.drift("kites", None)

    def close_all(self, seconds: float) -> None:
        """Nobody listens anywhere for so long, as if a cable had been pulled."""
        for emulator in self._emulators.values():
            fault = {"fault": "refused", "seconds": seconds}
            response = httpx.put(f"{emulator.base_url}/__docsworn/faults", json=fault)
            assert response.status_code == 200, response.text


@contextmanager
def emulated(home: Path, names: Mapping[str, bool]) -> Iterator[Providers]:
    """An emulator for each name, with TLS where it says True."""
    packs = write_kites(home)
    with (packs / "kites" / "provider.yaml").open("a", encoding="utf-8") as settings:
        settings.write(OBJECTIVES)
    provider = load_provider("kites", pack_roots(packs))
    with ExitStack() as stack:
        emulators = {name: stack.enter_context(Emulator([provider], tls=tls)) for name, tls in names.items()}
        ca = home / "ca.pem"
        ca.write_bytes(b"".join(emulator.authority for emulator in emulators.values()))
        yield Providers(packs, emulators, ca)


class Page:
    """What answers every GET with one text, which somebody may change; it counts how often it was asked."""

    def __init__(self, text: str, media_type: str) -> None:
        self.text = text
        self.requests = 0
        page = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page.requests += 1
                body = page.text.encode()
                self.send_response(200)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

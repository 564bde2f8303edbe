"""What takes Alertmanager's notifications, as somebody's pager would."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True, slots=True, order=True)
class Told:
    """An alert as somebody was told of it: its name, whom it is about, and by which receiver."""

    alert: str
    provider: str | None
    receiver: str


class Webhook:
    """A receiver on loopback; it keeps which alerts came, and which of them have ended since."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._states: dict[Told, str] = {}
        self.bodies: list[bytes] = []
        receive = self._receive

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receive(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def told(self) -> frozenset[Told]:
        """Everything that came since the last ``forget``."""
        with self._lock:
            return frozenset(self._states)

    @property
    def firing(self) -> frozenset[Told]:
        """What has not ended, as far as we were told."""
        with self._lock:
            return frozenset(told for told, state in self._states.items() if state == "firing")

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._states.clear()

    def _receive(self, body: bytes) -> None:
        message = json.loads(body)
        with self._lock:
            self.bodies.append(body)
            for alert in message["alerts"]:
                labels = alert["labels"]
                told = Told(labels["alertname"], labels.get("provider"), message["receiver"])
                self._states[told] = alert["status"]

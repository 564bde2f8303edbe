"""A line per provider on standard error while a check runs; nothing where that is no terminal."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import TextIO

from docsworn.model import Case, Exchange, Run
from docsworn.observe.rounds import Sender

BAR = 24  # columns


class Progress:
    """Draws how many requests of each provider were answered; use as a context, which clears it."""

    def __init__(self, totals: Mapping[str, int], stream: TextIO, environ: Mapping[str, str]) -> None:
        self._stream, self._totals = stream, totals
        self._done = dict.fromkeys(totals, 0)
        self._verdicts: dict[str, str] = {}
        self._lock = threading.Lock()
        self._shown = stream.isatty() and environ.get("TERM") != "dumb"

    def __enter__(self) -> Progress:
        self._draw(first=True)
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown and self._totals:
            self._stream.write(f"\x1b[{len(self._totals)}A\x1b[J")
            self._stream.flush()

    def counted(self, provider: str, client: Sender) -> Sender:
        """A client that counts what it sends."""
        return _Counted(self, provider, client)

    def sent(self, provider: str) -> None:
        """One more request of a provider was answered, or failed."""
        with self._lock:
            self._done[provider] += 1
            self._draw()

    def done(self, provider: str, runs: Sequence[Run]) -> None:
        """All of a provider was asked."""
        with self._lock:
            self._verdicts[provider] = ", ".join(dict.fromkeys(run.verdict.value for run in runs))
            self._draw()

    def _draw(self, *, first: bool = False) -> None:
        if not self._shown or not self._totals:
            return
        width = max(map(len, self._totals))
        up = "" if first else f"\x1b[{len(self._totals)}A"
        lines = (f"\x1b[2K{name:<{width}}  {self._row(name)}\n" for name in self._totals)
        self._stream.write(up + "".join(lines))
        self._stream.flush()

    def _row(self, name: str) -> str:
        done, total = self._done[name], self._totals[name]
        filled = BAR * done // total if total else BAR
        return f"{'#' * filled:.<{BAR}} {done}/{total}  {self._verdicts.get(name, '')}".rstrip()


class _Counted:
    def __init__(self, progress: Progress, provider: str, client: Sender) -> None:
        self._progress, self._provider, self._client = progress, provider, client

    def send(self, case: Case) -> Exchange:
        """Send a case, and count it."""
        exchange = self._client.send(case)
        self._progress.sent(self._provider)
        return exchange

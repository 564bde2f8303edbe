"""Serves metrics from a background thread, on loopback unless told otherwise."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from aiohttp import web
from prometheus_client import CollectorRegistry

from docsworn.errors import ConfigError
from docsworn.export.listen import LOOPBACK, address, parse_listen
from docsworn.export.pages import make_app

DEFAULT_LISTEN = f"{LOOPBACK}:9808"
_START_SECONDS = 10.0
_SHUTDOWN_SECONDS = 0.5  # how long open requests may take to end

_REFUSALS = {
    errno.EADDRINUSE: "the port is taken",
    errno.EACCES: "this user may not use the port",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}

_Started = tuple[int, Callable[[], object]]  # the port, and what stops the server


class MetricsServer:
    """A context manager that serves ``/metrics``, ``/-/healthy`` and ``/-/ready`` of one registry.

    ``ready`` says whether the first round is done. Entering raises ConfigError where it cannot listen.
    """

    def __init__(
        self, registry: CollectorRegistry, *, listen: str = DEFAULT_LISTEN, ready: Callable[[], bool]
    ) -> None:
        self._registry = registry
        self._ready = ready
        self._host, self._port = parse_listen(listen)
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        started: Future[_Started] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(started,), name="docsworn-metrics", daemon=True
        )
        self._thread.start()
        try:
            self._port, self._stop = started.result(_START_SECONDS)
        except OSError as error:
            where = address(self._host, self._port)
            raise ConfigError(f"cannot listen on {where}: {_why(error)}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        if self._thread is not None:
            self._thread.join()

    @property
    def url(self) -> str:
        """Where it serves, as ``http://127.0.0.1:9808``."""
        return f"http://{address(self._host, self._port)}"

    def _run(self, started: Future[_Started]) -> None:
        try:
            asyncio.run(self._serve(started))
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)  # to whoever waits for the start

    async def _serve(self, started: Future[_Started]) -> None:
        stop, loop = asyncio.Event(), asyncio.get_running_loop()
        runner = web.AppRunner(
            make_app(self._registry, self._ready),
            access_log=None,
            logger=_silent_logger(),
            shutdown_timeout=_SHUTDOWN_SECONDS,
        )
        try:
            await runner.setup()
            await web.TCPSite(runner, self._host, self._port).start()
            port = int(runner.addresses[0][1])
            started.set_result((port, lambda: loop.call_soon_threadsafe(stop.set)))
            await stop.wait()
        finally:
            await runner.cleanup()


def _why(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "no such host"
    number = error.errno or 0
    return _REFUSALS.get(number) or os.strerror(number).lower()


def _silent_logger() -> logging.Logger:
    # What scrapers send is theirs: nothing of it, garbage included, goes to a log.
    logger = logging.Logger("docsworn.metrics")
    logger.addHandler(logging.NullHandler())
    return logger

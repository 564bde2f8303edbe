"""Serves an aiohttp application on a socket: in the foreground, or from a background thread."""

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

from docsworn.errors import ConfigError

_START_SECONDS = 10.0
_SHUTDOWN_SECONDS = 0.3  # how long open requests may take to end

_REFUSALS = {
    errno.EADDRINUSE: "the port is taken",
    errno.EACCES: "this user may not use the port",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}

_Started = tuple[int, Callable[[], object]]  # the port, and what stops the server


async def serve_app(
    make_app: Callable[[], web.Application],
    host: str,
    port: int,
    stop: asyncio.Event,
    started: Callable[[int], None],
) -> None:
    """Serve until ``stop`` is set; ``started`` is told the port. ConfigError where it cannot listen."""
    runner = web.AppRunner(
        make_app(), access_log=None, logger=_silent_logger(), shutdown_timeout=_SHUTDOWN_SECONDS
    )
    try:
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise ConfigError(f"cannot listen on {address(host, port)}: {_why(error)}") from None
        started(int(runner.addresses[0][1]))
        await stop.wait()
    finally:
        await runner.cleanup()


class BackgroundServer:
    """A context manager that serves an application from a daemon thread; ``port`` 0 takes a free one.

    Entering raises what making the application raises, and ConfigError where it cannot listen.
    """

    def __init__(self, make_app: Callable[[], web.Application], *, host: str, port: int, name: str) -> None:
        self._make_app = make_app
        self._host, self._port, self._name = host, port, name
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        started: Future[_Started] = Future()
        self._thread = threading.Thread(target=self._run, args=(started,), name=self._name, daemon=True)
        self._thread.start()
        self._port, self._stop = started.result(_START_SECONDS)
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
        async def serve() -> None:
            stop, loop = asyncio.Event(), asyncio.get_running_loop()

            def tell(port: int) -> None:
                started.set_result((port, lambda: loop.call_soon_threadsafe(stop.set)))

            await serve_app(self._make_app, self._host, self._port, stop, tell)

        try:
            asyncio.run(serve())
        except BaseException as error:
            if started.done():
                raise
            started.set_exception(error)  # to whoever waits for the start


def address(host: str, port: int) -> str:
    """Host and port as they stand in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _why(error: OSError) -> str:
    if isinstance(error, socket.gaierror):
        return "no such host"
    number = error.errno or 0
    return _REFUSALS.get(number) or os.strerror(number).lower()


def _silent_logger() -> logging.Logger:
    # What clients send is theirs: nothing of it, garbage included, goes to a log. Not in the
    # registry of loggers either, where somebody's settings would find it.
    logger = logging.Logger("docsworn.serving")
    logger.addHandler(logging.NullHandler())
    return logger

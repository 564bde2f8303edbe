"""Serves an aiohttp application on sockets: in the foreground, or from a background thread."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from aiohttp import web

from docsworn.errors import ConfigError

_START_SECONDS = 10.0
_LINGER_SECONDS = 1.0  # how long the rest of a refused upload is read and thrown away
_RETRY_SECONDS = 0.2  # after which a port that was taken meanwhile is tried again
_SHUTDOWN_SECONDS = 0.3  # how long open requests may take to end

_REFUSALS = {
    errno.EADDRINUSE: "the port is taken",
    errno.EACCES: "this user may not use the port",
    errno.EADDRNOTAVAIL: "this machine has no such address",
}

_Started = tuple[tuple[int, ...], Callable[[], object]]  # the ports, and what stops the server


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to listen; ``port`` 0 takes a free one, with ``tls`` the endpoint speaks HTTPS."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None


class Listener:
    """The open endpoints of an application, found in it as ``app[LISTENER]``."""

    def __init__(self) -> None:
        self._runner: web.AppRunner | None = None
        self._endpoints: list[Endpoint] = []
        self._sites: list[web.BaseSite] = []
        self._pause: asyncio.TimerHandle | None = None

    @property
    def ports(self) -> tuple[int, ...]:
        """The port of each endpoint, in the order in which they were given."""
        return tuple(each.port for each in self._endpoints)

    async def open(self, runner: web.AppRunner, endpoints: Sequence[Endpoint]) -> None:
        """Listens everywhere; ConfigError where it cannot."""
        self._runner = runner
        for endpoint in endpoints:
            site = web.TCPSite(runner, endpoint.host, endpoint.port, ssl_context=endpoint.tls)
            try:
                await site.start()
            except OSError as error:
                where = address(endpoint.host, endpoint.port)
                raise ConfigError(f"cannot listen on {where}: {_why(error)}") from None
            self._sites.append(site)
            port = int(runner.addresses[-1][1])
            self._endpoints.append(Endpoint(endpoint.host, port, endpoint.tls))

    async def close_for(self, seconds: float) -> None:
        """Closes every endpoint and every connection that is idle, then listens again where it did."""
        if self._runner is None or self._runner.server is None or self._pause is not None:
            return
        for site in self._sites:
            await site.stop()
        self._sites.clear()
        for connection in self._runner.server.connections:
            connection.close()
        self._wait(seconds)

    def _wait(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self._pause = loop.call_later(seconds, lambda: loop.create_task(self._reopen()))

    async def _reopen(self) -> None:
        self._pause = None
        if self._runner is None or self._runner.server is None:
            return
        endpoints, self._endpoints = self._endpoints, []
        try:
            await self.open(self._runner, endpoints)
        except ConfigError:  # somebody has taken a port meanwhile: until they give it back
            for site in self._sites:
                await site.stop()
            self._sites.clear()
            self._endpoints = endpoints
            self._wait(_RETRY_SECONDS)


LISTENER = web.AppKey("listener", Listener)


async def serve_app(
    make_app: Callable[[], web.Application],
    endpoints: Sequence[Endpoint],
    stop: asyncio.Event,
    started: Callable[[tuple[int, ...]], None],
) -> None:
    """Serve until ``stop`` is set; ``started`` is told the ports. ConfigError where it cannot listen."""
    app = make_app()
    app[LISTENER] = listener = Listener()
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_silent_logger(),
        shutdown_timeout=_SHUTDOWN_SECONDS,
        lingering_time=_LINGER_SECONDS,
    )
    try:
        await runner.setup()
        await listener.open(runner, endpoints)
        started(listener.ports)
        await stop.wait()
    finally:
        transports = [each.transport for each in runner.server.connections] if runner.server else []
        await runner.cleanup()
        for transport in transports:  # what nobody reads would keep its connection open for ever
            if isinstance(transport, asyncio.WriteTransport):
                with suppress(AttributeError):  # TLS that is closed already, up to Python 3.11.4
                    transport.abort()
        await asyncio.sleep(0)


class BackgroundServer:
    """A context manager that serves an application from a daemon thread; ``port`` 0 takes a free one.

    With ``tls`` it also serves HTTPS, on a free port. Entering raises what making the application
    raises, and ConfigError where it cannot listen.
    """

    def __init__(
        self,
        make_app: Callable[[], web.Application],
        *,
        host: str,
        port: int,
        name: str,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._make_app = make_app
        self._host, self._port, self._name = host, port, name
        self._tls, self._tls_port = tls, 0
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        started: Future[_Started] = Future()
        self._thread = threading.Thread(target=self._run, args=(started,), name=self._name, daemon=True)
        self._thread.start()
        ports, self._stop = started.result(_START_SECONDS)
        self._port, self._tls_port = ports[0], ports[-1]
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        if self._thread is not None:
            self._thread.join()

    @property
    def url(self) -> str:
        """Where it serves, as ``http://127.0.0.1:9808``."""
        return f"http://{address(self._host, self._port)}"

    @property
    def tls_url(self) -> str:
        """Where it serves HTTPS, as ``https://127.0.0.1:9809``; empty where it does not."""
        return f"https://{address(self._host, self._tls_port)}" if self._tls else ""

    def _run(self, started: Future[_Started]) -> None:
        async def serve() -> None:
            stop, loop = asyncio.Event(), asyncio.get_running_loop()

            def tell(ports: tuple[int, ...]) -> None:
                started.set_result((ports, lambda: loop.call_soon_threadsafe(stop.set)))

            endpoints = [Endpoint(self._host, self._port)]
            if self._tls is not None:
                endpoints.append(Endpoint(self._host, 0, self._tls))
            await serve_app(self._make_app, endpoints, stop, tell)

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

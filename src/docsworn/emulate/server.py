"""The emulator as a server: embedded in a background thread, or in the foreground for a person."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from types import TracebackType
from typing import Self

from aiohttp import web

from docsworn.contract.packs import Provider
from docsworn.emulate.app import make_app
from docsworn.emulate.control import ROOT
from docsworn.emulate.drift import Drift
from docsworn.emulate.player import Player
from docsworn.emulate.stage import Conversation
from docsworn.errors import ConfigError, UnknownNameError

_HOST = "127.0.0.1"
_SHUTDOWN_SECONDS = 0.2  # how long open requests may take to end
_START_SECONDS = 10.0

_Started = tuple[int, Callable[[], object]]  # the port, and what stops the server


class Emulator:
    """A context manager that serves providers on loopback from a background thread.

    ``port`` 0 takes a free one; ``revisions`` names a revision for a provider other than its current
    one. Entering raises ConfigError where the port is taken and ContractError where a pack is wrong.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        port: int = 0,
        seed: int = 0,
        revisions: Mapping[str, str] | None = None,
    ) -> None:
        self._players = _make_players(providers, seed, revisions or {})
        self._port = port
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], object] = lambda: None

    def __enter__(self) -> Self:
        started: Future[_Started] = Future()
        self._thread = threading.Thread(
            target=_run, args=(self._players, self._port, started), name="docsworn-emulator", daemon=True
        )
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
    def base_url(self) -> str:
        """Where it serves, as ``http://127.0.0.1:PORT``."""
        return f"http://{_HOST}:{self._port}"

    def ids(self, provider: str) -> tuple[str, ...]:
        """The conversation ids of a provider."""
        return self._player(provider).ids

    def conversations(self, provider: str) -> tuple[Conversation, ...]:
        """The conversations of a provider: id, scenario name and path."""
        return self._player(provider).conversations

    def drift(self, provider: str, drift: Drift | None) -> None:
        """Puts a provider under a drift, or ends it; ConfigError where it would change nothing."""
        self._player(provider).drift = drift

    def _player(self, name: str) -> Player:
        if name not in self._players:
            raise UnknownNameError("provider", name, self._players)
        return self._players[name]


def _run(players: Mapping[str, Player], port: int, started: Future[_Started]) -> None:
    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def tell(bound: int) -> None:
            started.set_result((bound, lambda: loop.call_soon_threadsafe(stop.set)))

        await _serve_until(players, _HOST, port, stop, tell)

    try:
        asyncio.run(run())
    except BaseException as error:
        if started.done():
            raise
        started.set_exception(error)  # to whoever waits for the start


def serve(
    providers: Sequence[Provider],
    *,
    host: str = _HOST,
    port: int,
    seed: int = 0,
    revisions: Mapping[str, str] | None = None,
) -> None:
    """Serves providers in the foreground until SIGINT or SIGTERM; says on stderr what is where.

    Raises ConfigError where the port is taken and ContractError where a pack is wrong.
    """
    players = _make_players(providers, seed, revisions or {})

    async def run() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for name in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(name, stop.set)
        await _serve_until(players, host, port, stop, lambda bound: _announce(players, host, bound))

    asyncio.run(run())


def _make_players(
    providers: Sequence[Provider], seed: int, revisions: Mapping[str, str]
) -> dict[str, Player]:
    players = {
        each.settings.provider: Player(each, revisions.get(each.settings.provider), seed=seed)
        for each in providers
    }
    for name in revisions:
        if name not in players:
            raise UnknownNameError("provider", name, players)
    return players


async def _serve_until(
    players: Mapping[str, Player], host: str, port: int, stop: asyncio.Event, started: Callable[[int], None]
) -> None:
    runner = web.AppRunner(
        make_app(tuple(players.values())),
        access_log=None,
        logger=_silent_logger(),
        shutdown_timeout=_SHUTDOWN_SECONDS,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        raise ConfigError(
            f"cannot listen on {host}:{port}: {(error.strerror or 'refused').lower()}"
        ) from None
    try:
        started(int(runner.addresses[0][1]))
        await stop.wait()
    finally:
        await runner.cleanup()


def _silent_logger() -> logging.Logger:
    # What clients send is theirs: nothing of it, garbage included, goes to a log. Not in the
    # registry of loggers either, where somebody's settings would find it.
    logger = logging.Logger("docsworn.emulate")
    logger.addHandler(logging.NullHandler())
    return logger


def _announce(players: Mapping[str, Player], host: str, port: int) -> None:
    lines = [f"emulating on http://{host}:{port} ({ROOT}/ lists all conversations)"]
    for name, player in players.items():
        for stage in player.stages:
            example = next(iter(stage.conversations), "")
            lines.append(
                f"  {name} {player.revision}: {stage.operation.method} {stage.operation.path}  e.g. {example}"
            )
    print("\n".join(lines), file=sys.stderr, flush=True)

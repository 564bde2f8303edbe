"""The emulator as a server: embedded in a background thread, or in the foreground for a person."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence

from docsworn.contract.packs import Provider
from docsworn.emulate.app import make_app
from docsworn.emulate.control import ROOT
from docsworn.emulate.drift import Drift
from docsworn.emulate.player import Player
from docsworn.emulate.stage import Conversation
from docsworn.errors import UnknownNameError
from docsworn.serving import BackgroundServer, serve_app

_HOST = "127.0.0.1"


class Emulator(BackgroundServer):
    """A context manager that serves providers on loopback from a background thread.

    ``port`` 0 takes a free one; ``revisions`` names a revision for a provider other than its current
    one. Making one raises ContractError where a pack is wrong, entering ConfigError for a taken port.
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
        players = tuple(self._players.values())
        super().__init__(lambda: make_app(players), host=_HOST, port=port, name="docsworn-emulator")

    @property
    def base_url(self) -> str:
        """Where it serves, as ``http://127.0.0.1:PORT``."""
        return self.url

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
        await serve_app(
            lambda: make_app(tuple(players.values())),
            host,
            port,
            stop,
            lambda bound: _announce(players, host, bound),
        )

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


def _announce(players: Mapping[str, Player], host: str, port: int) -> None:
    lines = [f"emulating on http://{host}:{port} ({ROOT}/ lists all conversations)"]
    for name, player in players.items():
        for stage in player.stages:
            example = next(iter(stage.conversations), "")
            lines.append(
                f"  {name} {player.revision}: {stage.operation.method} {stage.operation.path}  e.g. {example}"
            )
    print("\n".join(lines), file=sys.stderr, flush=True)

"""The emulator as a server: embedded in a background thread, or in the foreground for a person."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from docsworn.contract.packs import Provider
from docsworn.emulate.app import make_app
from docsworn.emulate.board import FaultBoard
from docsworn.emulate.control import ROOT
from docsworn.emulate.dice import Dice
from docsworn.emulate.drift import Drift
from docsworn.emulate.faults import Fault
from docsworn.emulate.player import Player, player_of
from docsworn.emulate.script import Script
from docsworn.emulate.stage import Conversation
from docsworn.emulate.tls import Certificates
from docsworn.errors import UnknownNameError
from docsworn.serving import BackgroundServer, Endpoint, address, serve_app

_HOST = "127.0.0.1"


class Emulator(BackgroundServer):
    """A context manager that serves providers on loopback from a background thread.

    ``port`` 0 takes a free one; ``revisions`` names a revision for a provider other than its current
    one; ``scripts`` come beside the packs; ``tls`` also serves HTTPS at ``tls_url``. Making one raises
    ContractError where a pack is wrong, entering ConfigError for a taken port.
    """

    def __init__(
        self,
        providers: Sequence[Provider],
        *,
        port: int = 0,
        seed: int = 0,
        revisions: Mapping[str, str] | None = None,
        scripts: Sequence[Script] = (),
        tls: bool = False,
    ) -> None:
        self._players = make_players(providers, seed, revisions or {}, scripts)
        self._board = board = FaultBoard()
        self._certificates = Certificates(board.certificate) if tls else None
        players = tuple(self._players.values())
        super().__init__(
            lambda: make_app(players, board, has_tls=tls),
            host=_HOST,
            port=port,
            name="docsworn-emulator",
            tls=self._certificates.context if self._certificates else None,
        )

    @property
    def base_url(self) -> str:
        """Where it serves, as ``http://127.0.0.1:PORT``."""
        return self.url

    @property
    def authority(self) -> bytes:
        """The certificate, PEM, that a client of ``tls_url`` trusts; empty without ``tls``."""
        return self._certificates.pem if self._certificates else b""

    def ids(self, provider: str) -> tuple[str, ...]:
        """The conversation ids of a provider."""
        return self._player(provider).ids

    def conversations(self, provider: str) -> tuple[Conversation, ...]:
        """The conversations of a provider: id, scenario name and path."""
        return self._player(provider).conversations

    def drift(self, provider: str, drift: Drift | None, *, rate: float = 1.0, seed: int = 0) -> None:
        """Puts a provider under a drift, or ends it; ConfigError where it would change nothing."""
        self._player(provider).set_drift(drift, Dice(rate, seed))

    def faults(self, *faults: Fault) -> None:
        """Switches these faults on, and every other one off."""
        self._board.put(faults)

    def move(self, provider: str, conversation: str, state: str | None = None) -> str:
        """Moves a conversation (by its id) on in its life; returns the state that it came to.

        ConfigError where the state cannot follow.
        """
        player = self._player(provider)
        return player.move(player.find(conversation), conversation, state)

    def _player(self, name: str) -> Player:
        if name not in self._players:
            raise UnknownNameError("provider", name, self._players)
        return self._players[name]


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to serve; with ``tls`` also HTTPS on ``tls_port``, its authority written to ``ca`` for clients.

    Port 0 takes a free one; without ``ca`` it is a temporary file, gone when the server is.
    """

    host: str = _HOST
    port: int = 0
    tls: bool = False
    tls_port: int = 0
    ca: Path | None = None


def serve(players: Sequence[Player], listening: Listening) -> None:
    """Serves in the foreground until SIGINT or SIGTERM; says on stderr what is where.

    Raises ConfigError where a port is taken or the authority cannot be written.
    """
    board, endpoints = FaultBoard(), [Endpoint(listening.host, listening.port)]
    with ExitStack() as stack:
        ca: Path | None = None
        if listening.tls:
            certificates = Certificates(board.certificate)
            ca = listening.ca or _temporary(stack) / "ca.crt"
            certificates.write(ca)
            endpoints.append(Endpoint(listening.host, listening.tls_port, certificates.context))

        async def run() -> None:
            stop, loop = asyncio.Event(), asyncio.get_running_loop()
            for name in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(name, stop.set)
            await serve_app(
                lambda: make_app(players, board, has_tls=listening.tls),
                endpoints,
                stop,
                lambda ports: _announce(players, listening.host, ports, ca),
            )

        asyncio.run(run())


def make_players(
    providers: Sequence[Provider],
    seed: int,
    revisions: Mapping[str, str],
    scripts: Sequence[Script] = (),
) -> dict[str, Player]:
    """A player for each provider and script, by name; UnknownNameError for a revision of none of them."""
    players = {
        each.settings.provider: player_of(each, revisions.get(each.settings.provider), seed=seed)
        for each in providers
    }
    for name in revisions:
        if name not in players:
            raise UnknownNameError("provider", name, players)
    return players | {script.name: Player(script, seed=seed) for script in scripts}


def _temporary(stack: ExitStack) -> Path:
    return Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="docsworn-emulator-")))


def _announce(players: Sequence[Player], host: str, ports: Sequence[int], ca: Path | None) -> None:
    lines = [f"emulating on http://{address(host, ports[0])} ({ROOT}/ lists all conversations)"]
    if ca is not None:
        lines.append(f"and on https://{address(host, ports[-1])}, for clients that trust {ca}")
    for player in players:
        for stage in player.stages:
            example = next(iter(stage.conversations), "")
            lines.append(
                f"  {player.name} {player.revision}: {stage.operation.method} {stage.operation.path}"
                f"  e.g. {example}"
            )
    print("\n".join(lines), file=sys.stderr, flush=True)

"""The control API: what is emulated, and drifts that come and go while it runs. It takes no key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web

from docsworn.emulate.drift import describe_drift, parse_drift
from docsworn.emulate.player import Player
from docsworn.errors import ConfigError, UnknownNameError

ROOT = "/__docsworn"

_PLAYERS = web.AppKey("players", Mapping[str, Player])


def add_control(app: web.Application, players: Mapping[str, Player]) -> None:
    """Adds the control API's routes to an application, which answers ConfigError with 400.

    UnknownNameError it answers with 404.
    """
    app[_PLAYERS] = players
    app.router.add_get(f"{ROOT}/", _list, allow_head=False)
    drifts = app.router.add_resource(f"{ROOT}/drifts/{{provider}}")
    drifts.add_route("GET", _show_drift)
    drifts.add_route("PUT", _set_drift)
    drifts.add_route("DELETE", _remove_drift)


def json_response(data: Any, status: int = 200) -> web.Response:
    """A JSON response."""
    return web.Response(status=status, body=orjson.dumps(data), content_type="application/json")


def error_response(status: int, sentence: str) -> web.Response:
    """A refusal of the emulator itself, as ``{"error": sentence}``."""
    return json_response({"error": sentence}, status)


async def _list(request: web.Request) -> web.Response:
    providers = {
        name: {
            "revision": player.revision,
            "scenarios": [
                {"id": each.id, "name": each.name, "path": each.path} for each in player.conversations
            ],
        }
        for name, player in request.app[_PLAYERS].items()
    }
    return json_response({"providers": providers})


async def _show_drift(request: web.Request) -> web.Response:
    return _told(_player(request))


async def _set_drift(request: web.Request) -> web.Response:
    player = _player(request)
    try:
        data = orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise ConfigError("the body is not JSON") from None
    player.drift = parse_drift(data)
    return _told(player)


async def _remove_drift(request: web.Request) -> web.Response:
    player = _player(request)
    player.drift = None
    return _told(player)


def _told(player: Player) -> web.Response:
    return json_response({"provider": player.name, "drift": describe_drift(player.drift)})


def _player(request: web.Request) -> Player:
    players, name = request.app[_PLAYERS], request.match_info["provider"]
    if name not in players:
        raise UnknownNameError("provider", name[:64], players)
    return players[name]

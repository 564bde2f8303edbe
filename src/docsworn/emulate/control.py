"""The control API: what is emulated, and drifts, faults and lives while it runs. It takes no key."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson
from aiohttp import web

from docsworn.emulate.board import FaultBoard
from docsworn.emulate.dice import Dice
from docsworn.emulate.drift import Drift, describe
from docsworn.emulate.drift_request import parse_drift
from docsworn.emulate.faults import CERTIFICATES, FAULTS, Fault, describe_fault, parse_faults
from docsworn.emulate.player import Player
from docsworn.emulate.stage import Stage
from docsworn.errors import ConfigError, UnknownNameError
from docsworn.serving import LISTENER

ROOT = "/__docsworn"


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the control API controls."""

    players: Mapping[str, Player]
    board: FaultBoard
    has_tls: bool


_DESK = web.AppKey("desk", _Desk)


def add_control(
    app: web.Application, players: Mapping[str, Player], board: FaultBoard, *, has_tls: bool
) -> None:
    """Adds the control API's routes to an application, which answers ConfigError with 400.

    UnknownNameError it answers with 404.
    """
    app[_DESK] = _Desk(players, board, has_tls)
    app.router.add_get(f"{ROOT}/", _list, allow_head=False)
    drifts = app.router.add_resource(f"{ROOT}/drifts/{{provider}}")
    drifts.add_route("GET", _show_drift)
    drifts.add_route("PUT", _set_drift)
    drifts.add_route("DELETE", _remove_drift)
    app.router.add_get(f"{ROOT}/drifts/{{provider}}/list", _list_drifts, allow_head=False)
    faults = app.router.add_resource(f"{ROOT}/faults")
    faults.add_route("GET", _show_faults)
    faults.add_route("PUT", _set_faults)
    faults.add_route("DELETE", _remove_faults)
    lives = app.router.add_resource(f"{ROOT}/lives/{{provider}}/{{id}}")
    lives.add_route("GET", _show_life)
    lives.add_route("PUT", _move)
    lives.add_route("DELETE", _restart)


def json_response(data: Any, status: int = 200) -> web.Response:
    """A JSON response."""
    return web.Response(status=status, body=orjson.dumps(data), content_type="application/json")


def error_response(status: int, sentence: str) -> web.Response:
    """A refusal of the emulator itself, as ``{"error": sentence}``."""
    return json_response({"error": sentence}, status)


def listed(drift: Drift) -> dict[str, Any]:
    """A listed drift as JSON data: its id, class, place and words, and who shows it."""
    shown = asdict(drift.shown) if drift.shown is not None else None
    if shown is not None:
        shown["query"] = dict(shown["query"])
    return {
        "id": drift.id,
        "kind": drift.kind,
        "pointer": drift.pointer,
        "purpose": drift.purpose,
        "words": drift.words,
        "shown": shown,
    }


async def _list(request: web.Request) -> web.Response:
    providers = {
        name: {
            "revision": player.revision,
            "scenarios": [
                {"id": each.id, "name": each.name, "path": each.path} for each in player.conversations
            ],
        }
        for name, player in request.app[_DESK].players.items()
    }
    return json_response({"providers": providers})


async def _show_drift(request: web.Request) -> web.Response:
    return _told(_player(request))


async def _set_drift(request: web.Request) -> web.Response:
    player = _player(request)
    asked = parse_drift(await _json(request))
    drift = asked.drift
    if asked.id is not None:
        drift = asked.of(await asyncio.to_thread(player.listed_drift, asked.id))
    player.set_drift(drift, Dice(asked.rate, asked.seed))
    return _told(player)


async def _remove_drift(request: web.Request) -> web.Response:
    player = _player(request)
    player.drift = None
    return _told(player)


async def _list_drifts(request: web.Request) -> web.Response:
    player = _player(request)
    drifts = await asyncio.to_thread(lambda: player.listed_drifts)
    return json_response({"provider": player.name, "drifts": [listed(each) for each in drifts]})


def _told(player: Player) -> web.Response:
    drift = player.drift
    return json_response({"provider": player.name, "drift": None if drift is None else describe(drift)})


async def _show_faults(request: web.Request) -> web.Response:
    return _told_faults(request)


async def _set_faults(request: web.Request) -> web.Response:
    desk = request.app[_DESK]
    faults = parse_faults(await _json(request))
    for fault in faults:
        _check_fault(fault, desk)
    desk.board.put([each for each in faults if not _closes(each)])
    for fault in faults:
        if _closes(fault):
            # before the answer, which still goes out: nobody gets in who has read it
            await request.app[LISTENER].close_for(fault.setting("seconds"))
    return _told_faults(request)


async def _remove_faults(request: web.Request) -> web.Response:
    request.app[_DESK].board.put(())
    return _told_faults(request)


def _closes(fault: Fault) -> bool:
    """Whether a fault is that nobody listens for a while."""
    return fault.name == "refused" and fault.setting("seconds") > 0


def _check_fault(fault: Fault, desk: _Desk) -> None:
    if fault.provider is not None and fault.provider not in desk.players:
        raise ConfigError(str(UnknownNameError("provider", fault.provider[:64], desk.players)))
    if fault.name in CERTIFICATES and not desk.has_tls:
        raise ConfigError(f"{fault.name} needs an emulator that was started with --tls")
    whole = fault.rate == 1 and fault.provider is None
    if (_closes(fault) or fault.name in CERTIFICATES) and fault.provider is not None:
        raise ConfigError(f"{fault.name} happens before anybody knows which provider is asked for")
    if _closes(fault) and not whole:
        raise ConfigError("refused for some seconds takes no rate: nobody listens at all")


def _told_faults(request: web.Request) -> web.Response:
    known = {
        name: {
            "words": kind.words,
            "parameters": {key: each.default for key, each in kind.parameters.items()},
        }
        for name, kind in FAULTS.items()
    }
    active = [describe_fault(each) for each in request.app[_DESK].board.faults]
    return json_response({"faults": active, "known": known})


async def _show_life(request: web.Request) -> web.Response:
    player, stage, identifier = _conversation(request)
    return _told_life(player, stage, identifier)


async def _move(request: web.Request) -> web.Response:
    player, stage, identifier = _conversation(request)
    data = await _json(request) if request.can_read_body else {}
    if not isinstance(data, dict) or data.keys() - {"state"}:
        raise ConfigError('a move is {"state": NAME}, or an empty object for the usual next state')
    state = data.get("state")
    if state is not None and not isinstance(state, str):
        raise ConfigError("state is the name of a scenario")
    player.move(stage, identifier, state)
    return _told_life(player, stage, identifier)


async def _restart(request: web.Request) -> web.Response:
    player, stage, identifier = _conversation(request)
    player.restart(stage, identifier)
    return _told_life(player, stage, identifier)


def _conversation(request: web.Request) -> tuple[Player, Stage, str]:
    player, identifier = _player(request), request.match_info["id"]
    return player, player.find(identifier), identifier


def _told_life(player: Player, stage: Stage, identifier: str) -> web.Response:
    state, later = player.state(stage, identifier), player.later(stage, identifier)
    return json_response({"provider": player.name, "id": identifier, "state": state, "later": later})


async def _json(request: web.Request) -> Any:
    try:
        return orjson.loads(await request.read())
    except orjson.JSONDecodeError:
        raise ConfigError("the body is not JSON") from None


def _player(request: web.Request) -> Player:
    players, name = request.app[_DESK].players, request.match_info["provider"]
    if name not in players:
        raise UnknownNameError("provider", name[:64], players)
    return players[name]

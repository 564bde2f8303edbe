"""The emulator's web application: routes of the emulated operations, and errors in JSON."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus

from aiohttp import web

from docsworn.emulate.board import FaultBoard, delay_of
from docsworn.emulate.control import add_control, error_response
from docsworn.emulate.dice import Dice
from docsworn.emulate.drift import Drift
from docsworn.emulate.faults import LATENCIES, Fault, parse_header
from docsworn.emulate.player import Player
from docsworn.emulate.refusals import Answer
from docsworn.emulate.spoil import Asked, Play, spoil
from docsworn.emulate.stage import Stage
from docsworn.emulate.wire import PlayedResponse
from docsworn.errors import ConfigError, UnknownNameError

MAX_UPLOAD = 1024 * 1024  # bytes of a control request's body
FAULT_HEADER = "X-Docsworn-Fault"
DRIFT_HEADER = "X-Docsworn-Drift"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PARAMETER = re.compile(r"\{([^{}/]*)\}")
_NO_QUERY: Mapping[str, str] = {}


def make_app(players: Sequence[Player], board: FaultBoard, *, has_tls: bool = False) -> web.Application:
    """The application that serves these providers; ConfigError where two of them serve one path."""
    app = web.Application(middlewares=[_errors_as_json], client_max_size=MAX_UPLOAD)
    taken: dict[tuple[str, str], str] = {}
    for player in players:
        for stage in sorted(player.stages, key=_literal_first):
            method, path = stage.operation.method, stage.operation.path
            owner = taken.setdefault((method, _PARAMETER.sub("{}", path)), player.name)
            if owner != player.name:
                raise ConfigError(
                    f"{owner} and {player.name} both serve {method} {path}: emulate them on two ports"
                )
            app.router.add_route(method, _route(path), _serve(player, stage, board))
    add_control(app, {player.name: player for player in players}, board, has_tls=has_tls)
    return app


def _literal_first(stage: Stage) -> str:
    return _PARAMETER.sub("\uffff", stage.operation.path)


def _route(path: str) -> str:
    """A path template as aiohttp takes it: parameters by position, for their names may be any."""
    count = iter(range(path.count("{")))
    return _PARAMETER.sub(lambda _: f"{{p{next(count)}}}", path)


def _serve(player: Player, stage: Stage, board: FaultBoard) -> Handler:
    names = _PARAMETER.findall(stage.operation.path)
    key = f"p{names.index(stage.id_parameter)}" if stage.id_parameter in names else ""

    async def handle(request: web.Request) -> web.StreamResponse:
        identifier, headers = request.match_info.get(key, ""), request.headers
        query = request.query if request.query_string else _NO_QUERY
        drift = await _asked_drift(player, headers[DRIFT_HEADER]) if DRIFT_HEADER in headers else None
        answer = player.answer(stage, identifier, query, headers, drift)
        if FAULT_HEADER in headers:
            fault = parse_header(headers[FAULT_HEADER])
            if fault.name in LATENCIES:
                return await _faulty(request, answer, delay_of(fault, Dice(seed=fault.seed)), None)
            return await _faulty(request, answer, 0.0, fault)
        if not board.is_quiet:
            return await _faulty(request, answer, *board.throw(player.name))
        return web.Response(status=answer.status, body=answer.body, content_type=answer.media_type)

    return handle


async def _asked_drift(player: Player, identifier: str) -> Drift:
    """A listed drift; the first one that is asked for takes a second to be listed, in a thread."""
    return await asyncio.to_thread(player.listed_drift, identifier)


async def _faulty(
    request: web.Request, answer: Answer, delay: float, fault: Fault | None
) -> web.StreamResponse:
    if delay:
        await asyncio.sleep(delay)
    asked = Asked(str(request.url), request.path_qs)
    spoiled = spoil(fault, answer, asked) if fault is not None else None
    if spoiled is None:
        return web.Response(status=answer.status, body=answer.body, content_type=answer.media_type)
    if isinstance(spoiled, Play):
        return PlayedResponse(spoiled)
    return web.Response(status=spoiled.status, body=spoiled.body, headers=spoiled.headers)


@web.middleware
async def _errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except UnknownNameError as error:
        return error_response(404, str(error))
    except ConfigError as error:
        return error_response(400, str(error))
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        response = error_response(error.status, _SENTENCES.get(error.status, error.reason.lower()))
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response


_SENTENCES = {
    404: "no operation has this path; GET /__docsworn/ lists what there is",
    405: "the operation at this path has other methods",
    413: f"the body is larger than {MAX_UPLOAD} bytes",
}

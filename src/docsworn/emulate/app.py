"""The emulator's web application: routes of the emulated operations, and errors in JSON."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus

from aiohttp import web

from docsworn.emulate.control import add_control, error_response
from docsworn.emulate.player import Player
from docsworn.emulate.stage import Stage
from docsworn.errors import ConfigError, UnknownNameError

MAX_UPLOAD = 1024 * 1024  # bytes of a control request's body

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_PARAMETER = re.compile(r"\{([^{}/]*)\}")


def make_app(players: Sequence[Player]) -> web.Application:
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
            app.router.add_route(method, _route(path), _serve(player, stage))
    add_control(app, {player.name: player for player in players})
    return app


def _literal_first(stage: Stage) -> str:
    return _PARAMETER.sub("\uffff", stage.operation.path)


def _route(path: str) -> str:
    """A path template as aiohttp takes it: parameters by position, for their names may be any."""
    count = iter(range(path.count("{")))
    return _PARAMETER.sub(lambda _: f"{{p{next(count)}}}", path)


def _serve(player: Player, stage: Stage) -> Handler:
    names = _PARAMETER.findall(stage.operation.path)
    key = f"p{names.index(stage.id_parameter)}" if stage.id_parameter in names else ""

    async def handle(request: web.Request) -> web.Response:
        identifier = request.match_info.get(key, "")
        answer = player.answer(stage, identifier, request.query, request.headers)
        return web.Response(status=answer.status, body=answer.body, content_type=answer.media_type)

    return handle


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

"""Plays bytes on a connection that no HTTP library would send."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import Any

from aiohttp import web

from docsworn.emulate.spoil import Play

_LOOK_SECONDS = 0.05  # how often a silent answer looks whether its client has gone


class PlayedResponse(web.StreamResponse):
    """A response of raw bytes; the connection ends with it."""

    def __init__(self, play: Play) -> None:
        super().__init__()
        self.force_close()
        self._play = play

    async def prepare(self, request: web.BaseRequest) -> Any:
        """Plays everything; a client that has gone ends it."""
        with contextlib.suppress(ConnectionError):
            await _play(request, self._play)
        return None

    async def write_eof(self, data: bytes = b"") -> None:
        """Nothing: what had to be sent was sent."""


async def _play(request: web.BaseRequest, play: Play) -> None:
    _write(request, play.head)
    for piece in play.body:
        if play.pause:
            await asyncio.sleep(play.pause)
        _write(request, piece)
        await request.writer.drain()
        await asyncio.sleep(0)  # a body without end must not keep the others waiting
    if play.ending == "hang":
        while request.transport is not None and not request.transport.is_closing():
            await asyncio.sleep(_LOOK_SECONDS)
    elif request.transport is not None:
        if play.ending == "reset":
            reset(request.transport)
        else:
            request.transport.close()


def _write(request: web.BaseRequest, data: bytes) -> None:
    transport = request.transport
    if transport is None or transport.is_closing():
        raise ConnectionResetError
    if data and isinstance(transport, asyncio.WriteTransport):
        transport.write(data)


def reset(transport: asyncio.BaseTransport) -> None:
    """Ends a connection with a TCP reset instead of a farewell."""
    connection = transport.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()

"""What the metrics server answers: metrics, probes, health, readiness, reload and a landing page."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from aiohttp import web
from prometheus_client import CollectorRegistry

from docsworn.export.exposition import expose
from docsworn.export.landing import landing
from docsworn.export.probe_page import probe
from docsworn.watch.desk import Desk

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
POLICY = {"Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'"}


@dataclass(frozen=True, slots=True)
class Pages:
    """What is served; ``ready`` says whether the first rounds are done.

    ``desk`` answers probes. ``reload`` reads the configuration again and says what is wrong with it,
    or None; it is None itself where there is no file. ``writing`` are answers that are being written.
    """

    registry: CollectorRegistry
    ready: Callable[[], bool]
    desk: Desk | None = None
    reload: Callable[[], str | None] | None = None
    writing: dict[str, asyncio.Future[tuple[bytes, str]]] = field(default_factory=dict, init=False)

    async def metrics(self, request: web.Request) -> web.Response:
        """All metrics, as text or OpenMetrics."""
        # In a thread: a thousand targets take a second to write down, and health must not wait for it.
        # Who asks meanwhile gets the same: two hundred scrapes at once are not two hundred seconds.
        accept = request.headers.get("Accept", "")
        writing = self.writing.get(accept)
        if writing is None:
            writing = asyncio.ensure_future(asyncio.to_thread(expose, self.registry, accept))
            self.writing[accept] = writing
            writing.add_done_callback(lambda _: self.writing.pop(accept))
        body, media_type = await asyncio.shield(writing)
        # Not content_type: that refuses the parameters that the format needs.
        return web.Response(body=body, headers={**HEADERS, "Content-Type": media_type})

    async def probe(self, request: web.Request) -> web.Response:
        """The metrics of one target."""
        if self.desk is None:
            raise web.HTTPNotFound
        return await probe(request, self.desk, HEADERS)

    async def landing(self, _: web.Request) -> web.Response:
        """A page for people."""
        page = landing(self.desk, reloads=self.reload is not None, clock=time.time())
        return web.Response(text=page, content_type="text/html", headers={**HEADERS, **POLICY})

    async def healthy(self, _: web.Request) -> web.Response:
        """That the process answers."""
        return web.Response(text="healthy\n", headers=HEADERS)

    async def readiness(self, _: web.Request) -> web.Response:
        """Whether every scheduled target has had its first round."""
        if self.ready():
            return web.Response(text="ready\n", headers=HEADERS)
        return web.Response(text="the first round is not done\n", status=503, headers=HEADERS)

    async def reloading(self, request: web.Request) -> web.Response:
        """Reads the configuration again, unless a page of another origin asks for it."""
        if self.reload is None:
            text = "there is no configuration file: start with --config FILE\n"
            return web.Response(text=text, status=404, headers=HEADERS)
        origin = request.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return web.Response(text="not from another site\n", status=403, headers=HEADERS)
        problems = await asyncio.to_thread(self.reload)
        if problems is None:
            return web.Response(text="reloaded\n", headers=HEADERS)
        return web.Response(
            text=f"{problems}\nthe configuration before is in use\n", status=500, headers=HEADERS
        )


def make_app(pages: Pages) -> web.Application:
    """The application; every other path is 404 and every other method 405."""
    app = web.Application(client_max_size=1024)
    app.router.add_get("/", pages.landing)
    app.router.add_get("/metrics", pages.metrics)
    app.router.add_get("/probe", pages.probe)
    app.router.add_get("/-/healthy", pages.healthy)
    app.router.add_get("/-/ready", pages.readiness)
    app.router.add_post("/-/reload", pages.reloading)
    return app

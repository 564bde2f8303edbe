"""What the metrics server answers: metrics, health, readiness and a landing page."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from prometheus_client import CollectorRegistry

from docsworn import __version__
from docsworn.export.exposition import expose

LANDING = f"""\
<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>docsworn</title></head>
<body>
<h1>docsworn {__version__}</h1>
<ul>
<li><a href="metrics">metrics</a></li>
<li><a href="-/healthy">healthy</a></li>
<li><a href="-/ready">ready</a></li>
</ul>
</body>
</html>
"""

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
POLICY = {"Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'"}


def make_app(registry: CollectorRegistry, ready: Callable[[], bool]) -> web.Application:
    """The application of one registry; every other path is 404 and every other method 405."""

    async def metrics(request: web.Request) -> web.Response:
        body, media_type = expose(registry, request.headers.get("Accept", ""))
        # Not content_type: that refuses the parameters that the format needs.
        return web.Response(body=body, headers={**HEADERS, "Content-Type": media_type})

    async def landing(_: web.Request) -> web.Response:
        return web.Response(text=LANDING, content_type="text/html", headers={**HEADERS, **POLICY})

    async def healthy(_: web.Request) -> web.Response:
        return web.Response(text="healthy\n", headers=HEADERS)

    async def readiness(_: web.Request) -> web.Response:
        if ready():
            return web.Response(text="ready\n", headers=HEADERS)
        return web.Response(text="the first round is not done\n", status=503, headers=HEADERS)

    app = web.Application()
    app.router.add_get("/", landing)
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/-/healthy", healthy)
    app.router.add_get("/-/ready", readiness)
    return app

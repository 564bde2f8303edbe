"""Serves metrics from a background thread, on loopback unless told otherwise."""

from __future__ import annotations

from docsworn.export.pages import Pages, make_app
from docsworn.serving import BackgroundServer
from docsworn.watch.listen import LOOPBACK, parse_listen

DEFAULT_LISTEN = f"{LOOPBACK}:9808"


class MetricsServer(BackgroundServer):
    """A context manager that serves some pages; entering raises ConfigError where it cannot listen."""

    def __init__(self, pages: Pages, *, listen: str = DEFAULT_LISTEN) -> None:
        host, port = parse_listen(listen)
        super().__init__(lambda: make_app(pages), host=host, port=port, name="docsworn-metrics")

"""Serves metrics from a background thread, on loopback unless told otherwise."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry

from docsworn.export.listen import LOOPBACK, parse_listen
from docsworn.export.pages import make_app
from docsworn.serving import BackgroundServer

DEFAULT_LISTEN = f"{LOOPBACK}:9808"


class MetricsServer(BackgroundServer):
    """A context manager that serves ``/metrics``, ``/-/healthy`` and ``/-/ready`` of one registry.

    ``ready`` says whether the first round is done. Entering raises ConfigError where it cannot listen.
    """

    def __init__(
        self, registry: CollectorRegistry, *, listen: str = DEFAULT_LISTEN, ready: Callable[[], bool]
    ) -> None:
        host, port = parse_listen(listen)
        super().__init__(lambda: make_app(registry, ready), host=host, port=port, name="docsworn-metrics")

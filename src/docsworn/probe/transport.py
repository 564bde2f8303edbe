"""The one way out: a request passes the guard and the budget here, or it is not sent."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterator
from typing import Any

import httpcore
import httpx

from docsworn.errors import DocswornError
from docsworn.model import FailureReason
from docsworn.probe.budget import BudgetSpent, Purse
from docsworn.probe.meter import ExchangeError, Meter
from docsworn.probe.network import BoundedBackend
from docsworn.probe.tls import expiry_of

METER = "docsworn.meter"
_MAX_CONNECTIONS = 8
_KEEPALIVE_SECONDS = 30.0

# httpcore's trace events: which phase each one starts or stops.
_STARTS = {"http11.send_request_headers.started": "send", "http11.receive_response_headers.started": "wait"}
_STOPS = {"http11.send_request_body.complete": "send", "http11.receive_response_headers.complete": "wait"}


class GuardedTransport(httpx.BaseTransport):
    """Sends GET to one origin within one budget and deadline; anything else is our own fault.

    A request's extension ``docsworn.meter`` may hold its Meter, else ``deadline_seconds`` bounds it.
    ExchangeError says why no response came, also while the body is read.
    """

    def __init__(
        self, base_url: str, budget: Purse, *, deadline_seconds: float, tls: ssl.SSLContext | None = None
    ) -> None:
        self._origin = _origin(httpx.URL(base_url))
        self._budget = budget
        self._deadline_seconds = deadline_seconds
        self._backend = BoundedBackend()
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls,
            max_connections=_MAX_CONNECTIONS,
            keepalive_expiry=_KEEPALIVE_SECONDS,
            network_backend=self._backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response with its body still to be read, in the same thread."""
        self._guard(request)
        meter = request.extensions.get(METER) or Meter(self._deadline_seconds, time.monotonic)
        self._spend()
        try:
            answer = self._exchange(request, meter)
        except ExchangeError as failed:
            if not _may_retry(failed, meter):
                raise
            answer = self._retry(request, meter, failed)
        stream = answer.extensions["network_stream"]
        meter.certificate_expiry = expiry_of(stream.get_extra_info("ssl_object"))
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer, meter))

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def _guard(self, request: httpx.Request) -> None:
        if request.method != "GET":
            raise DocswornError(f"refused to send {request.method}: only GET leaves docsworn")
        if _origin(request.url) != self._origin:
            raise DocswornError("refused to send a request to another origin than the target's own")

    def _spend(self) -> None:
        try:
            self._budget.spend()
        except BudgetSpent as spent:
            raise ExchangeError(FailureReason.BUDGET, str(spent)) from None

    def _retry(self, request: httpx.Request, meter: Meter, failed: ExchangeError) -> httpcore.Response:
        """The server closed a kept connection as we took it: once more, if the budget allows."""
        try:
            self._budget.spend()
        except BudgetSpent:
            raise failed from None
        return self._exchange(request, meter)

    def _exchange(self, request: httpx.Request, meter: Meter) -> httpcore.Response:
        self._backend.enter(meter)
        raw = httpcore.Request(
            request.method,
            httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            extensions={"trace": _tracer(meter), "timeout": {"pool": meter.remaining()}},
        )
        try:
            return self._pool.handle_request(raw)
        except Exception as error:
            raise _translate(error, meter) from None


class _Body(httpx.SyncByteStream):
    """The body as it arrives, with failures in our words; ends the phase ``receive``."""

    def __init__(self, answer: httpcore.Response, meter: Meter) -> None:
        self._answer = answer
        self._meter = meter

    def __iter__(self) -> Iterator[bytes]:
        with self._meter.phase("receive"):
            try:
                yield from self._answer.iter_stream()
            except Exception as error:
                raise _translate(error, self._meter) from None

    def close(self) -> None:
        self._answer.close()


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    default = 443 if url.scheme == "https" else 80
    return (url.scheme, url.host, url.port or default)


def _may_retry(failed: ExchangeError, meter: Meter) -> bool:
    """Only where a kept connection turned out closed, and nobody can have answered."""
    return failed.failure.reason is FailureReason.RESET and not meter.connected and meter.received == 0


def _tracer(meter: Meter) -> Any:
    def trace(event: str, _info: object) -> None:
        if event in _STARTS:
            meter.start(_STARTS[event])
        elif event in _STOPS:
            meter.stop(_STOPS[event])

    return trace


def _translate(error: Exception, meter: Meter) -> Exception:
    """What httpcore raised as a failure in our words; its own may quote the response."""
    if isinstance(error, httpcore.TimeoutException):
        return meter.timeout()
    if isinstance(error, httpcore.NetworkError):
        return ExchangeError(FailureReason.RESET, "the connection was reset")
    if isinstance(error, httpcore.RemoteProtocolError):
        return _protocol_failure(meter)
    return error


def _protocol_failure(meter: Meter) -> ExchangeError:
    if not meter.peer_closed:
        return ExchangeError(FailureReason.PROTOCOL, "the answer is not HTTP/1.1")
    if meter.received:
        return ExchangeError(FailureReason.TRUNCATED, "the connection was closed within the response")
    return ExchangeError(FailureReason.RESET, "the connection was closed before any response")
